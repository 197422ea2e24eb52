"""JSON bodies: what decodes, what validates, and how each fault is told."""

from dataclasses import dataclass, field
from typing import Annotated, Generic, NotRequired, TypedDict, TypeVar

import msgspec
import pytest
from conduit import HTTPError, _abi
from msgspec import Meta

T = TypeVar("T")


@dataclass
class Item:
    name: str
    price: Annotated[float, Meta(ge=0)]
    kind: str = "thing"
    tags: list[str] = field(default_factory=list)


@dataclass
class Order:
    items: list[Item]
    extra: dict[str, Item] | None = None


@dataclass
class Tree:
    below: list["Tree"]
    name: str = "leaf"


@dataclass
class Box(Generic[T]):
    content: T
    mark: str = "none"


@dataclass
class Shelf:
    box: Box[int]


class Patch(TypedDict):
    name: str
    price: NotRequired[int]


class Cat(msgspec.Struct, tag=True):
    lives: int


class Dog(msgspec.Struct, tag=True):
    good: bool = True


def body(raw, annotation, headers=(), default=_abi.REQUIRED, optional=False):
    faults = []
    scope = {"headers": [(b"content-type", kind) for kind in headers]}
    value = _abi.body_reader(annotation, default, optional)(raw, scope, faults)
    return faults or value


def test_bodies():
    assert body(b'{"name":"a","price":1}', Item) == Item("a", 1.0)
    assert body(b'{"name":"a","price":1,"zz":[1]}', Item) == Item("a", 1.0)
    assert body(b'[{"name":"a","price":1}]', list[Item]) == [Item("a", 1.0)]
    assert body(b'{"name":"a"}', Patch) == {"name": "a"}
    assert body(b'{"type":"Dog"}', Cat | Dog) == Dog()
    assert body(b"null", Item | None, optional=True) is None
    assert body(b'{"a":[1]}', dict) == {"a": [1]}


def test_a_decoded_dataclass_is_whole():
    """Fields that were not sent are the instance's own, so they are there when it is encoded again."""
    order = body(b'{"items":[{"name":"a","price":1}],"extra":{"x":{"name":"b","price":2,"kind":"k"}}}', Order)
    assert order.items[0].__dict__ == {"name": "a", "price": 1.0, "kind": "thing", "tags": []}
    assert order.extra["x"].kind == "k"
    (item,) = body(b'[{"name":"a","price":1}]', list[Item])
    assert item.__dict__["kind"] == "thing"
    assert body(b'{"name":"a","price":1}', Item).__dict__["kind"] == "thing"
    tree = body(b'{"below":[{"below":[],"name":"x"}]}', Tree)
    assert tree.__dict__["name"] == "leaf"
    assert tree.below[0].__dict__["name"] == "x"
    box = body(b'{"content":{"content":1}}', Box[Box[int]])
    assert box.__dict__["mark"] == box.content.__dict__["mark"] == "none"
    assert body(b'{"box":{"content":1}}', Shelf).box.__dict__["mark"] == "none"
    assert body(b'{"items":[]}', Order).__dict__ == {"items": [], "extra": None}


def test_no_body():
    assert body(b"", Item) == [("body", "$", "Missing")]
    assert body(b"", Item, default=None) is None
    assert body(b"", Item | None, optional=True) is None
    assert body(b"", Item, headers=[b"text/plain"], default=None) is None


@pytest.mark.parametrize(
    ("raw", "path", "message"),
    [
        (b'{"name":"a"}', "$.price", "Object missing required field `price`"),
        (b'{"name":1,"price":1}', "$.name", "Expected `str`, got `int`"),
        (b'{"name":"a","price":-1}', "$.price", "Expected `float` >= 0.0"),
        (b"[]", "$", "Expected `object`, got `array`"),
        (b'{"name":"a","price":1,"tags":["x",1]}', "$.tags[1]", "Expected `str`, got `int`"),
    ],
)
def test_bodies_that_do_not_validate(raw, path, message):
    assert body(raw, Item) == [("body", path, message)]


def test_paths_go_down():
    assert body(b'{"items":[{"name":"a","price":1},{"name":"a"}]}', Order) == [
        ("body", "$.items[1].price", "Object missing required field `price`")
    ]
    assert body(b'{"a":{"x":1}}', dict[str, dict[int, int]]) == [
        ("body", "key in $[...]", "Expected `int`, got `str`")
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"nope",
        b'{"name":"a","price":1}x',
        b'{"name":1,"price":',
        b'{"name":"\xff","price":1}',
        b'{"name":"a","price":1,"zz":"\xff"}',
        b'{"name":"\\ud800","price":1}',
        b'{"name":NaN}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"zz":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b" ",
    ],
)
def test_bodies_that_do_not_decode_are_400(raw):
    with pytest.raises(HTTPError) as caught:
        body(raw, Item)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "kind",
    [
        b"application/json",
        b"application/json; charset=utf-8",
        b"Application/JSON",
        b"application/merge-patch+json",
        b"application/vnd.api+json;x=y",
        b"",
    ],
)
def test_types_that_are_json(kind):
    assert body(b'{"name":"a","price":1}', Item, headers=[kind]) == Item("a", 1.0)


@pytest.mark.parametrize(
    "kind",
    [
        b"text/plain",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=x",
        b"application/xml",
        b"json",
        b"text/json+x",
        b"application/jsonx",
    ],
)
def test_types_that_are_not_are_415(kind):
    with pytest.raises(HTTPError) as caught:
        body(b'{"name":"a","price":1}', Item, headers=[kind])
    assert caught.value.status == 415


def test_post_init_speaks_for_itself():
    class Even(msgspec.Struct):
        n: int

        def __post_init__(self):
            if self.n % 2:
                raise ValueError("odd")
            if self.n == 4:
                raise KeyError("four")

    assert body(b'{"n":3}', Even) == [("body", "$", "odd")]
    with pytest.raises(KeyError):
        body(b'{"n":4}', Even)
