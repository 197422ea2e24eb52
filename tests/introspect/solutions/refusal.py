"""What makes a small present."""

from conduit import HTTPError, Router
from shop import store
from shop.schemas import Item

router = Router(prefix="/gifts")


@router.get("/{id:int}")
def get_gift(id: int) -> Item:
    item = store.ITEMS.get(id)
    if item is None or item.price >= 10:
        raise HTTPError(404, "no such gift")
    return item
