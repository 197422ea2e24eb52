"""Answers that are not JSON."""

from conduit import HTML, File, Redirect, Response, Router, Stream, Text

router = Router(tags=["pages"])


@router.get("/")
def home() -> HTML:
    return "<h1>Shop</h1>"


@router.get("/robots.txt")
def robots():
    return Text("User-agent: *\nDisallow: /admin/\n")


@router.get("/terms")
def terms():
    return File("assets/terms.txt")


@router.get("/logo")
def logo():
    return b"\x89PNG", 200


@router.get("/old/*rest")
def old(rest: str):
    return Redirect(f"/{rest}", status=301)


@router.get("/numbers/{upto:int}")
async def numbers(upto: int):
    async def lines():
        for number in range(upto):
            yield f"{number}\n".encode()

    return Stream(lines(), media_type="text/plain")


@router.get("/price/{amount:float}")
def price(amount: float):
    return round(amount * 1.2, 2)


@router.head("/ping")
def ping():
    return Response(status=204)


@router.options("/ping")
def ping_options():
    return Response(status=204, headers={"allow": "HEAD"})
