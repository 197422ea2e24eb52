"""What is cheap."""

from conduit import Router
from shop import store
from shop.schemas import StoredItem

router = Router(prefix="/offers")


@router.get("")
def offers() -> list[StoredItem]:
    return [StoredItem(number, item) for number, item in store.ITEMS.items() if item.price < 10]
