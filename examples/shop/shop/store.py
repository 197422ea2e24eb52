"""Everything the shop knows, in memory."""

from contextlib import asynccontextmanager
from decimal import Decimal
from uuid import UUID

from shop.errors import OutOfStock
from shop.schemas import Category, Customer, Item, Line, Placed, StoredItem

ITEMS: dict[int, Item] = {}
STOCK: dict[int, int] = {}
ORDERS: dict[UUID, Placed] = {}
CUSTOMERS = [Customer("Ada", "ada@example.com", "engine"), Customer("Alan", "alan@example.com", "bombe")]


@asynccontextmanager
async def open_store(app):
    """Fills the shelves when the server starts and empties them when it stops."""
    ITEMS[1] = Item("A Book of Hours", 12.5, Category.BOOKS, ["old"])
    ITEMS[2] = Item("Hammer", 9.0, Category.TOOLS)
    STOCK.update({1: 5, 2: 0})
    yield
    ITEMS.clear()
    STOCK.clear()


async def close_store():
    ORDERS.clear()


def add(item):
    number = max(ITEMS, default=0) + 1
    ITEMS[number] = item
    STOCK[number] = 10
    return StoredItem(number, item)


def take(lines: list[Line]) -> Decimal:
    """Takes what an order wants from the shelves and gives the price.

    Raises:
        OutOfStock: there is not enough of an item.
    """
    for line in lines:
        if STOCK.get(line.item, 0) < line.count:
            raise OutOfStock(line.item)
    for line in lines:
        STOCK[line.item] -= line.count
    return sum((Decimal(str(ITEMS[line.item].price)) * line.count for line in lines), Decimal(0))
