"""Orders: for customers only, so the whole group stands behind a middleware."""

from uuid import UUID, uuid5

from conduit import HTTPError, Router

from shop import store
from shop.middleware import no_store, signed_in
from shop.schemas import Order, Placed

SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")

router = Router(prefix="/orders", middleware=[signed_in], tags=["orders"])
lines = Router(prefix="/{number:uuid}/lines")


@router.post("/", status=201, middleware=[no_store])
async def place(order: Order, request) -> Placed:
    total = store.take(order.lines)
    number = uuid5(SPACE, f"{request.state['customer']} {len(store.ORDERS)}")
    store.ORDERS[number] = Placed(number, order.lines, total)
    return store.ORDERS[number]


@router.get("/{number:uuid}")
def get_order(number: UUID) -> Placed:
    return found(number)


@lines.get("")
def get_lines(number: UUID):
    return found(number).lines


@lines.get("/{index:int}")
def get_line(number: UUID, index: int):
    order = found(number)
    if index >= len(order.lines):
        raise HTTPError(404, "no such line")
    return order.lines[index]


def found(number):
    if number not in store.ORDERS:
        raise HTTPError(404, "no such order")
    return store.ORDERS[number]


router.include(lines)
