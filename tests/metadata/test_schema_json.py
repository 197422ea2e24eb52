"""ir types → JSON Schema, held against what msgspec itself says of the same Python types."""

import datetime
import decimal
import enum
import uuid
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Optional, TypedDict

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec import Meta

from conduitc.codegen.schema_json import Components, default_of
from conduitc.ir.nodes import Computed, Constant, Field, Schema
from conduitc.ir.types import (
    ANY,
    NONE,
    ArrayOf,
    Constrained,
    DictOf,
    External,
    LiteralOf,
    Ref,
    Scalar,
    TupleOf,
    Type,
    UnionOf,
)
from tests.metadata.apps import app, at, constant
from tests.metadata.apps import field as one

STR, INT, FLOAT = Scalar("str"), Scalar("int"), Scalar("float")


class Cat(msgspec.Struct, tag="cat"):
    """Meows."""

    lives: int


class Dog(msgspec.Struct, tag="dog"):
    tricks: list[str] = []


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Node:
    """A tree.

    With branches."""

    value: Annotated[int, Meta(ge=1, lt=10, title="The value", description="From 1 to 9")]
    parent: Optional["Node"] = None
    colour: Colour = Colour.RED
    children: list["Node"] = field(default_factory=list)


class Partial(TypedDict, total=False):
    a: int


SCHEMAS = (
    Schema("schema:m.Cat", "Cat", "m", "struct", (one("lives", INT),), "Meows.", at(1), tag=("type", "cat")),
    Schema(
        "schema:m.Dog",
        "Dog",
        "m",
        "struct",
        (Field("tricks", "tricks", ArrayOf("list", STR), False, Computed("[]"), None, at(1)),),
        None,
        at(1),
        tag=("type", "dog"),
    ),
    Schema(
        "schema:m.Colour",
        "Colour",
        "m",
        "enum",
        (),
        None,
        at(1),
        members=(("RED", constant("red")), ("BLUE", constant("blue"))),
    ),
    Schema(
        "schema:m.Node",
        "Node",
        "m",
        "dataclass",
        (
            one(
                "value",
                Constrained(
                    INT, (("description", "From 1 to 9"), ("ge", 1), ("lt", 10), ("title", "The value"))
                ),
            ),
            one("parent", UnionOf((Ref("schema:m.Node"), NONE)), None),
            Field(
                "colour",
                "colour",
                Ref("schema:m.Colour"),
                False,
                Constant("red", "Colour.RED", "m.Colour.RED"),
                None,
                at(1),
            ),
            Field(
                "children",
                "children",
                ArrayOf("list", Ref("schema:m.Node")),
                False,
                Computed("list"),
                None,
                at(1),
            ),
        ),
        "A tree.\n\nWith branches.",
        at(1),
    ),
    Schema(
        "schema:m.Partial",
        "Partial",
        "m",
        "typeddict",
        (Field("a", "a", INT, False, None, None, at(1)),),
        None,
        at(1),
    ),
)
CAT, DOG, COLOUR, NODE = (Ref(f"schema:m.{name}") for name in ("Cat", "Dog", "Colour", "Node"))

CASES: list[tuple[Type, Any]] = [
    *(
        (Scalar(kind), python)
        for kind, python in {
            "any": Any,
            "none": None,
            "bool": bool,
            "int": int,
            "float": float,
            "str": str,
            "bytes": bytes,
            "uuid": uuid.UUID,
            "date": datetime.date,
            "time": datetime.time,
            "datetime": datetime.datetime,
            "timedelta": datetime.timedelta,
            "decimal": decimal.Decimal,
        }.items()
    ),
    (ArrayOf("list", INT), list[int]),
    (ArrayOf("set", STR), set[str]),
    (ArrayOf("frozenset", STR), frozenset[str]),
    (ArrayOf("tuple", INT), tuple[int, ...]),
    (ArrayOf("list", ANY), list),
    (TupleOf((INT, STR)), tuple[int, str]),
    (TupleOf(()), tuple[()]),
    (DictOf(STR, INT), dict[str, int]),
    (DictOf(Constrained(STR, (("min_length", 2),)), INT), dict[Annotated[str, Meta(min_length=2)], int]),
    (DictOf(ANY, ANY, bare=True), dict),
    (UnionOf((INT, NONE)), int | None),
    (UnionOf((NONE, INT, STR)), None | int | str),
    (LiteralOf(("z", 1, None, "a")), Literal["z", 1, None, "a"]),
    (CAT, Cat),
    (UnionOf((CAT, NONE)), Cat | None),
    (UnionOf((CAT, DOG)), Cat | Dog),
    (UnionOf((CAT, DOG, NONE)), Cat | Dog | None),
    (UnionOf((INT, CAT, DOG)), int | Cat | Dog),
    (COLOUR, Colour),
    (NODE, Node),
    (ArrayOf("list", Ref("schema:m.Partial")), list[Partial]),
    (
        Constrained(FLOAT, (("gt", 1), ("le", 4), ("multiple_of", 0.5))),
        Annotated[float, Meta(gt=1, le=4, multiple_of=0.5)],
    ),
    (
        Constrained(STR, (("max_length", 4), ("min_length", 1), ("pattern", "^a"))),
        Annotated[str, Meta(max_length=4, min_length=1, pattern="^a")],
    ),
    (Constrained(Scalar("bytes"), (("max_length", 4),)), Annotated[bytes, Meta(max_length=4)]),
    (
        Constrained(ArrayOf("list", INT), (("max_length", 4), ("min_length", 1))),
        Annotated[list[int], Meta(max_length=4, min_length=1)],
    ),
    (Constrained(DictOf(STR, INT), (("min_length", 1),)), Annotated[dict[str, int], Meta(min_length=1)]),
    (Constrained(Scalar("datetime"), (("tz", True),)), Annotated[datetime.datetime, Meta(tz=True)]),
    (Constrained(Scalar("time"), (("tz", False),)), Annotated[datetime.time, Meta(tz=False)]),
    (Constrained(NODE, (("description", "a node"),)), Annotated[Node, Meta(description="a node")]),
    (UnionOf((Constrained(INT, (("ge", 1),)), NONE)), Annotated[int, Meta(ge=1)] | None),
]


@pytest.mark.parametrize(("type_", "python"), CASES, ids=lambda value: str(value)[:40])
def test_as_msgspec(type_: Type, python: Any) -> None:
    components = Components(app(schemas=SCHEMAS))
    made = components.of(type_)
    (expected,), definitions = msgspec.json.schema_components([python], ref_template="#/$defs/{name}")
    assert made == expected
    assert components.definitions() == {k: _published(v) for k, v in definitions.items()}
    Draft202012Validator.check_schema({**made, "$defs": components.definitions()})


def _published(schema: dict[str, Any]) -> dict[str, Any]:
    """msgspec's schema less what we leave out: empty ``required``, other defaults, indentation."""
    properties = schema.get("properties", {})
    for value in properties.values():
        if isinstance(value.get("default"), list):
            del value["default"]
    if schema.get("required") == []:
        del schema["required"]
    if "description" in schema:
        schema["description"] = schema["description"].replace("\n    ", "\n")
    return schema


def test_what_has_no_schema_is_open() -> None:
    components = Components(app())
    assert components.of(External("numpy.ndarray")) == {}
    assert components.of(ArrayOf("list", Ref("schema:m.Gone"))) == {"type": "array"}


def test_constraints_reach_through_optional() -> None:
    made = Components(app()).of(Constrained(UnionOf((INT, NONE)), (("ge", 1), ("title", "N"))))
    assert made == {"title": "N", "anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}


def test_names_that_collide_are_qualified() -> None:
    twins = tuple(Schema(f"schema:{m}.Item", "Item", m, "dataclass", (), None, at(1)) for m in ("a", "b.c"))
    components = Components(app(schemas=twins), "#/x/")
    made = components.of(TupleOf((Ref("schema:a.Item"), Ref("schema:b.c.Item"))))
    assert made["prefixItems"] == [{"$ref": "#/x/a.Item"}, {"$ref": "#/x/b.c.Item"}]
    assert list(components.definitions()) == ["a.Item", "b.c.Item"]
    assert components.free_name("a.Item") == "conduit_a.Item"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, True),
        (True, True),
        (3, True),
        (2.5, True),
        ("hello", True),
        ("", True),
        (float("inf"), False),
        (2**70, False),
        ("/home/ann/x", False),
        (b"x", False),
        ([], False),
        ((1,), False),
        ({}, False),
        ("sk-" + "abcdefghijklmnop1234", False),
    ],
)
def test_defaults_that_may_be_published(value: object, shown: bool) -> None:
    assert default_of(Constant(value, repr(value)), "x")[0] is shown


def test_defaults_of_secret_names_are_not() -> None:
    assert default_of(constant("hunter2"), "password")[0] is False
    assert default_of(Computed("make()"), "x") == (False, None)
    assert default_of(None, "x") == (False, None)
