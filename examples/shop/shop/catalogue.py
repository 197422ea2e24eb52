"""Items: looked at by all, changed through bodies."""

from typing import Annotated

from conduit import HTTPError, Router
from msgspec import Meta

from shop import store
from shop.schemas import Category, Change, Item, StoredItem

router = Router(prefix="/items", tags=["catalogue"])


@router.get("")
def list_items(
    category: Category | None = None,
    tag: set[str] | None = None,
    limit: Annotated[int, Meta(ge=1, le=100)] = 20,
) -> list[StoredItem]:
    """Items, all or those of a category or with every given tag."""
    found = []
    for number, item in store.ITEMS.items():
        in_category = category is None or item.category == category
        if in_category and (tag is None or tag.issubset(item.tags)):
            found.append(StoredItem(number, item))
    return found[:limit]


@router.post("", status=201)
async def create_item(item: Item, notify: bool = False) -> StoredItem:
    """Puts an item on the shelf."""
    return store.add(item)


@router.post("/many", status=201)
def create_items(items: list[Item]) -> list[StoredItem]:
    return [store.add(item) for item in items]


@router.get("/cheapest")
def cheapest() -> Item:
    """Never hidden by the route with a number: static goes before typed."""
    return min(store.ITEMS.values(), key=lambda item: item.price)


@router.get("/:id<int>")
def get_item(id: int) -> Item:
    if id not in store.ITEMS:
        raise HTTPError(404, "no such item")
    return store.ITEMS[id]


@router.patch("/{id:int}")
def change_item(id: int, change: Change) -> Item:
    item = get_item(id)
    if change.price is not None:
        item.price = change.price
    if change.tags is not None:
        item.tags = change.tags
    return item


@router.delete("/{id}")
def remove_item(id: int) -> None:
    store.ITEMS.pop(id, None)


@router.get("/by-category/{category}")
def by_category(category: Category) -> list[Item]:
    """A category that does not exist is no route: 404."""
    return [item for item in store.ITEMS.values() if item.category == category]
