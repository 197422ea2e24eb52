"""What goes wrong in a shop, and how it is told."""

from conduit import JSON, Response


class OutOfStock(Exception):
    """There is not enough of an item."""

    def __init__(self, item):
        super().__init__(f"item {item} is out of stock")
        self.item = item


async def as_conflict(request, error):
    return JSON({"error": str(error), "item": error.item}, status=409)


def as_problem(request, error):
    return Response(b"the till is broken", status=503, headers={"retry-after": "60"}, media_type="text/plain")
