"""Annotations as types; schemas as msgspec sees the same classes."""

from pathlib import Path

import msgspec
import pytest

from conduitc.ir.types import Unknown as UnknownType
from conduitc.ir.types import text, walk
from tests.frontend.programs import app_of, executed

HEADER = """
from __future__ import annotations
import collections.abc
import datetime as dt
import decimal
import typing
import typing as t
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Dict, List, Literal, NewType, Optional, Tuple, Union, TYPE_CHECKING
import numpy
from conduit import Conduit, Request, HTTPRequest, Query, Header, Body, Cookie
from msgspec import Meta
if TYPE_CHECKING:
    from elsewhere import Late

app = Conduit()
UserId = NewType("UserId", int)
Ids = list[int]
Maybe = Union[int, None]
Short = Annotated[str, Meta(max_length=3)]
LIMIT = 7
BOUND = Meta(ge=1, le=LIMIT)
Recursive = list["Recursive"]
Token = Annotated[str, Header("x-token")]

class Color(Enum):
    RED = "red"

@dataclass
class Item:
    name: str

class Outer:
    class Inner(Enum):
        A = 1

"""

TYPES = {
    "int": "int",
    "Any": "Any",
    "object": "Any",
    "None": "None",
    "'Item'": "Item",
    "list['Item']": "list[Item]",
    "list": "list[Any]",
    "List": "list[Any]",
    "List[int]": "list[int]",
    "t.List[int]": "list[int]",
    "typing.Sequence[str]": "list[str]",
    "Sequence[str]": "list[str]",
    "collections.abc.Mapping[str, int]": "dict[str, int]",
    "Dict[str, List[int]]": "dict[str, list[int]]",
    "dict": "dict",
    "set[int]": "set[int]",
    "frozenset[str]": "frozenset[str]",
    "tuple[int, ...]": "tuple[int, ...]",
    "tuple[int, str]": "tuple[int, str]",
    "Tuple[()]": "tuple[()]",
    "tuple": "tuple[Any, ...]",
    "Optional[int]": "int | None",
    "Union[int, str, None]": "int | str | None",
    "int | None": "int | None",
    "int | (str | None)": "int | str | None",
    "Optional[Union[int, int]]": "int | None",
    "Literal['a', 1, True, None, -1]": "Literal['a', 1, True, None, -1]",
    "Literal[Color.RED]": "Literal['red']",
    "Annotated[int, Meta(ge=1, le=LIMIT)]": "Annotated[int, Meta(ge=1, le=7)]",
    "Annotated[int, Meta(gt=-1, description='x')]": "Annotated[int, Meta(gt=-1)]",
    "Annotated[int, BOUND]": "Annotated[int, Meta(ge=1, le=7)]",
    "Annotated[int, 'ignored']": "int",
    "list[Annotated[str, Meta(min_length=1)]]": "list[Annotated[str, Meta(min_length=1)]]",
    "Short": "Annotated[str, Meta(max_length=3)]",
    "Short | None": "Annotated[str, Meta(max_length=3)] | None",
    "UserId": "int",
    "Ids": "list[int]",
    "Maybe": "int | None",
    "uuid.UUID": "UUID",
    "dt.datetime": "datetime",
    "dt.date": "date",
    "decimal.Decimal": "Decimal",
    "Color": "Color",
    "Outer.Inner": "Inner",
    "Request": "Request",
    "HTTPRequest": "Request",
    "numpy.ndarray": "ndarray",
    "'list[Item] | None'": "list[Item] | None",
    "Token": "str",
}

UNKNOWN = {
    "Late": "Late is imported only under TYPE_CHECKING",
    "missing": "missing is not defined at module level",
    "list[missing.X]": "missing is not defined at module level",
    "1 + 2": "it is not a type",
    "'1 +'": "it is not an expression",
    "Recursive": "the alias refers to itself",
    "LIMIT": "it is not a type",
    "Color.RED": "it is not a type",
    "len": "it is not a type",
}


def parameter_types(folder: Path, annotations: list[str]) -> list[object]:
    body = "".join(f"def f{n}(p: {one}): ...\n" for n, one in enumerate(annotations))
    app = app_of(folder, HEADER + body)
    functions = {one.name: one for one in app.functions}
    return [functions[f"f{n}"].parameters[0] for n in range(len(annotations))]


def test_types(tmp_path: Path) -> None:
    found = parameter_types(tmp_path, list(TYPES))
    assert dict(zip(TYPES, [text(one.type) for one in found], strict=True)) == TYPES


def test_unknown_types_say_why(tmp_path: Path) -> None:
    found = parameter_types(tmp_path, list(UNKNOWN))
    reasons = [next(one.reason for one in walk(p.type) if isinstance(one, UnknownType)) for p in found]
    assert dict(zip(UNKNOWN, reasons, strict=True)) == UNKNOWN


def test_markers(tmp_path: Path) -> None:
    places = {
        "Annotated[int, Query()]": ("Query", None),
        "Annotated[int, Query('page')]": ("Query", "page"),
        "Annotated[str, Header(name='x-a')]": ("Header", "x-a"),
        "Annotated[Item, Body()]": ("Body", None),
        "Annotated[str, Cookie]": ("Cookie", None),
        "Token": ("Header", "x-token"),
        "int": (None, None),
    }
    found = parameter_types(tmp_path, list(places))
    assert dict(zip(places, [(p.marker, p.marker_name) for p in found], strict=True)) == places


def test_parameters(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        """
        from app import X
        X = 5
        def f(a, /, b: int = X, *rest: str, c=None, d: list = [], e: int = int("3"), **more) -> "list[int]":
            "Doc."
        """.replace("from app import X\n", "").replace("        ", ""),
    )
    function = app.functions[0]
    kinds = [(one.name, one.kind) for one in function.parameters]
    assert kinds == [
        ("a", "positional_only"),
        ("b", "positional"),
        ("rest", "varargs"),
        ("c", "keyword_only"),
        ("d", "keyword_only"),
        ("e", "keyword_only"),
        ("more", "varkw"),
    ]
    defaults = {one.name: one.default for one in function.parameters if one.default is not None}
    assert {name: getattr(one, "value", "computed") for name, one in defaults.items()} == {
        "b": 5,
        "c": None,
        "d": [],
        "e": "computed",
    }
    assert defaults["b"].text == "X"
    assert text(function.returns) == "list[int]"
    assert function.doc == "Doc."


SCHEMAS = """
from __future__ import annotations
import datetime
import enum
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, NotRequired, Required, TypedDict
from msgspec import Meta, Struct
from msgspec import field as column
from conduit import Conduit

app = Conduit()
DEFAULT = "none"

class Kind(str, enum.Enum):
    A = "a"
    B = "b"

@dataclass
class Base:
    "The base."
    id: int
    count: ClassVar[int] = 0

@dataclass(kw_only=True)
class Item(Base):
    name: str = DEFAULT
    tags: list[str] = field(default_factory=list)
    kind: Kind = Kind.A
    parent: Item | None = None
    size: float = field(default=1.5)
    plain: int = field(repr=False)

@dataclass
class Same(Item):
    id: int = 3

class Point(Struct, rename="camel", tag=True, tag_field="kind"):
    first_value: int
    second_value: Annotated[int, Meta(ge=0)] = 0
    third: list[int] = []
    other: int = column(name="OTHER", default=4)
    last: int = column(default_factory=int)

class Deep(Point, tag="deep", kw_only=True):
    more_of_it: str

class Kebab(Struct, rename="kebab", tag="k"):
    a_b: int

class Pascal(Struct, rename="pascal"):
    a_b: int
    _x__y: int = 1

class Mapped(Struct, rename={"a": "b"}):
    a: int

class Row(TypedDict):
    a: int
    b: NotRequired[int]

class Loose(Row, total=False):
    c: int
    d: Required[int]

class Outer:
    class Kind(enum.IntEnum):
        X = 1

    @dataclass
    class Inner:
        kind: Kind
        "The kind."
"""


def test_schemas_are_what_msgspec_sees(tmp_path: Path) -> None:
    app = app_of(tmp_path, SCHEMAS)
    schemas = {one.id: one for one in app.schemas}
    checked = 0
    with executed(tmp_path, "app") as module:
        for schema in schemas.values():
            if schema.kind == "enum":
                continue
            cls = module
            for name in schema.id.partition("app.")[2].split("."):
                cls = getattr(cls, name)
            info = msgspec.inspect.type_info(cls)
            wanted = {
                one.name: (one.encode_name, one.required) for one in sorted(info.fields, key=lambda f: f.name)
            }
            found = {
                one.attribute: (one.name, one.required)
                for one in sorted(schema.fields, key=lambda f: f.attribute)
            }
            assert found == wanted, schema.id
            if schema.kind == "struct":
                tag = (info.tag_field, info.tag) if info.tag is not None else None
                assert schema.tag == tag, schema.id
            checked += 1
    assert checked == 11


def test_enums_docs_and_defaults(tmp_path: Path) -> None:
    app = app_of(tmp_path, SCHEMAS)
    schemas = {one.id.partition("app.")[2]: one for one in app.schemas}
    assert [(name, value.value) for name, value in schemas["Kind"].members] == [("A", "a"), ("B", "b")]
    assert schemas["Base"].doc == "The base."
    item = {one.name: one for one in schemas["Item"].fields}
    assert list(item) == ["id", "name", "tags", "kind", "parent", "size", "plain"]
    assert item["name"].default.value == "none"
    assert item["kind"].default.enum == "app.Kind.A"
    assert item["tags"].default.text == "list"
    assert text(item["parent"].type) == "Item | None"
    assert schemas["Outer.Inner"].fields[0].doc == "The kind."
    assert schemas["Outer.Inner"].fields[0].type.id == "schema:app.Kind"
    assert "app.Base" in schemas["Item"].bases


@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_same_name_twice(tmp_path: Path, future: str) -> None:
    app = app_of(
        tmp_path,
        future
        + """
from dataclasses import dataclass
from conduit import Conduit
app = Conduit()

@dataclass
class Body:
    a: int

@app.post("/a")
def one(body: Body): ...

@dataclass
class Body:
    b: int

@app.post("/b")
def two(body: Body): ...
""",
    )
    found = {one.name: one.parameters[0].type.id for one in app.functions}
    fields = {one.id: one.fields[0].name for one in app.schemas}
    # text is evaluated when the app is bound, so with the import both mean the second
    assert fields[found["one"]] == ("b" if future else "a")
    assert fields[found["two"]] == "b"


NAMES = ["a_b", "_x__y", "aB_cD", "x_", "foo_bar2_baz", "foo_2bar", "_a_b_", "ABC_DEF", "aBC", "a1b_c"]


@pytest.mark.parametrize("rename", ["camel", "pascal", "kebab", "lower", "upper"])
def test_renaming_is_msgspecs(tmp_path: Path, rename: str) -> None:
    classes = "".join(
        f'class S{n}(Struct, rename="{rename}"):\n    {name}: int\n' for n, name in enumerate(NAMES)
    )
    app = app_of(tmp_path, "from msgspec import Struct\n" + classes)
    wanted = [
        msgspec.defstruct("S", [(name, int)], rename=rename).__struct_encode_fields__[0] for name in NAMES
    ]
    assert [schema.fields[0].name for schema in app.schemas] == wanted
