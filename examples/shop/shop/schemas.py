"""What goes over the wire."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, NotRequired, TypedDict
from uuid import UUID

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Count = Annotated[int, Meta(ge=1, le=1000)]


class Category(Enum):
    """Where an item stands in the shop."""

    BOOKS = "books"
    TOOLS = "tools"
    TOYS = "toys"


@dataclass
class Item:
    """A thing for sale."""

    name: Name
    price: Annotated[float, Meta(ge=0)]
    category: Category = Category.TOYS
    tags: list[str] = field(default_factory=list)
    available_from: date | None = None


@dataclass
class StoredItem:
    """An item with its number."""

    id: int
    item: Item


@dataclass
class Change:
    """What may be changed of an item; what is not given stays."""

    price: Annotated[float, Meta(ge=0)] | None = None
    tags: list[str] | None = None


class Card(Struct, tag="card"):
    """Payment by card."""

    number: Annotated[str, Meta(pattern=r"^\d{4}$", description="last four digits")]


class Invoice(Struct, tag="invoice"):
    """Payment by invoice."""

    company: str
    days: int = 30


class Line(Struct):
    """One line of an order."""

    item: int
    count: Count = 1


class Order(Struct):
    """What a customer wants."""

    lines: Annotated[list[Line], Meta(min_length=1)]
    payment: Card | Invoice
    note: str | None = None


class Placed(Struct):
    """An order that was taken."""

    number: UUID
    lines: list[Line]
    total: Decimal


class Address(TypedDict):
    """Where parcels go."""

    street: str
    city: str
    country: NotRequired[str]


@dataclass
class Customer:
    """A customer as kept; the secret never leaves the house."""

    name: str
    email: str
    secret: str


@dataclass
class Public:
    """A customer as others see one."""

    name: str
