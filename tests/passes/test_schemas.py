"""Types without schema, and unions: what the pass says of a union is what msgspec says."""

import datetime
import decimal
import enum
import itertools
import typing
import uuid
from dataclasses import dataclass

import msgspec
import pytest

from conduitc import passes
from conduitc.ir import types as t
from conduitc.ir.nodes import Constant, Field, Schema
from conduitc.passes.unions import clash, tuple_beside_bounds
from tests.passes.build import INT, STR, app, route, span
from tests.passes.build import enum as made_enum


class Word(enum.Enum):
    A = "a"


class Number(enum.IntEnum):
    A = 1


@dataclass
class Plain:
    x: int


@dataclass
class Other:
    y: int


class Keys(typing.TypedDict):
    x: int


class Untagged(msgspec.Struct):
    x: int


class Cat(msgspec.Struct, tag=True):
    x: int


class Dog(msgspec.Struct, tag=True):
    x: int


class AlsoCat(msgspec.Struct, tag="Cat"):
    x: int


class Elsewhere(msgspec.Struct, tag_field="kind", tag="e"):
    x: int


def schema(cls: type, kind: str, tag: tuple[str, str] | None = None, *values: object) -> Schema:
    members = tuple((f"M{i}", Constant(value, repr(value))) for i, value in enumerate(values))
    return Schema(f"schema:app.{cls.__name__}", cls.__name__, "app", kind, (), None, span(1), members, tag)


SCHEMAS = [
    schema(Word, "enum", None, "a"), schema(Number, "enum", None, 1), schema(Plain, "dataclass"),
    schema(Other, "dataclass"), schema(Keys, "typeddict"), schema(Untagged, "struct"),
    schema(Cat, "struct", ("type", "Cat")), schema(Dog, "struct", ("type", "Dog")),
    schema(AlsoCat, "struct", ("type", "Cat")), schema(Elsewhere, "struct", ("kind", "e")),
]  # fmt: skip
BY_ID = {one.id: one for one in SCHEMAS}


def ref(cls: type) -> tuple[object, t.Type]:
    return cls, t.Ref(f"schema:app.{cls.__name__}")


def scalar(real: object, kind: str) -> tuple[object, t.Type]:
    return real, t.Scalar(kind)


MEMBERS = [
    scalar(int, "int"), scalar(float, "float"), scalar(bool, "bool"), scalar(str, "str"),
    scalar(bytes, "bytes"), scalar(datetime.datetime, "datetime"), scalar(datetime.date, "date"),
    scalar(datetime.time, "time"), scalar(datetime.timedelta, "timedelta"), scalar(uuid.UUID, "uuid"),
    scalar(decimal.Decimal, "decimal"), scalar(None, "none"),
    (list[int], t.ArrayOf("list", INT)), (set[str], t.ArrayOf("set", STR)),
    (tuple[int, str], t.TupleOf((INT, STR))),
    (dict[str, int], t.DictOf(STR, INT)),
    (typing.Literal[1, 2], t.LiteralOf((1, 2))), (typing.Literal["a"], t.LiteralOf(("a",))),
    (typing.Literal["b", 3], t.LiteralOf(("b", 3))),
    (typing.Annotated[int, msgspec.Meta(ge=1)], t.Constrained(INT, (("ge", 1),))),
    *map(ref, (Word, Number, Plain, Other, Keys, Untagged, Cat, Dog, AlsoCat, Elsewhere)),
]  # fmt: skip


def told_apart(*members: object) -> bool:
    try:
        msgspec.json.Decoder(typing.Union[members])  # noqa: UP007
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("size", [2, 3])
def test_unions_as_msgspec_judges_them(size: int) -> None:
    wrong = []
    for some in itertools.combinations(MEMBERS, size):
        if tuple_beside_bounds(t.UnionOf(tuple(ours for _, ours in some))):
            continue  # asking msgspec would end the process
        verdict = clash(t.UnionOf(tuple(ours for _, ours in some)), BY_ID)
        # typing itself merges what is equal but for the annotation
        if (verdict is None) != told_apart(*(real for real, _ in some)):
            wrong.append((some, verdict))
    assert not wrong


def test_a_union_that_crashes_msgspec_is_refused() -> None:
    pair = t.TupleOf((INT, INT))
    assert body(t.UnionOf((pair, t.Constrained(INT, (("ge", 1),))))) == ["CDT444"]
    assert body(t.UnionOf((pair, t.Constrained(STR, (("pattern", "a"),))))) == []
    assert body(t.UnionOf((t.ArrayOf("tuple", INT), t.Constrained(INT, (("ge", 1),))))) == []


def test_any_takes_everything() -> None:
    assert clash(t.UnionOf((STR, t.Scalar("date"), t.ANY)), BY_ID) is None


@pytest.mark.parametrize("name", ["ge", "multiple_of", "min_length", "pattern", "tz"])
def test_constraints_as_msgspec_judges_them(name: str) -> None:
    value = {"pattern": "a", "tz": True}.get(name, 1)
    union = (int | None, t.UnionOf((INT, t.NONE)))
    for real, ours in [*MEMBERS, union]:
        if isinstance(ours, t.Constrained) or real is None:
            continue
        bound = t.Constrained(ours, ((name, value),))
        said = codes(app(route("POST /", x=t.ArrayOf("list", bound), y=INT), schemas=tuple(SCHEMAS)))
        try:
            msgspec.json.Decoder(typing.Annotated[real, msgspec.Meta(**{name: value})])
            fits = True
        except TypeError:
            fits = False
        if "CDT344" not in said:
            assert ("CDT442" not in said) == fits, (real, name)


def codes(one: object) -> list[str]:
    return [d.rule.code for d in passes.run(one)[1] if d.severity != "info"]  # type: ignore[arg-type]


def body(type_: t.Type, *more: Schema) -> list[str]:
    field = Field("x", "x", type_, True, None, None, span(5))
    item = Schema("schema:app.Item", "Item", "app", "dataclass", (field,), None, span(4))
    return codes(app(route("POST /", item=t.Ref(item.id)), schemas=(item, *more)))


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (t.ANY, []),
        (t.BARE_DICT, []),
        (t.External("app.Thing"), ["CDT440"]),
        (t.Unknown("Foo", "Foo is not defined"), ["CDT440"]),
        (t.ArrayOf("list", t.External("app.Thing")), ["CDT440"]),
        (t.DictOf(t.TupleOf((INT, INT)), INT), ["CDT440"]),
        (t.DictOf(t.Scalar("bool"), INT), ["CDT440"]),
        (t.DictOf(t.Scalar("uuid"), INT), []),
        (t.UnionOf((STR, t.Scalar("date"))), ["CDT441"]),
        (t.Ref("schema:app.Item"), []),
    ],
)
def test_fields_of_a_body(type_: t.Type, expected: list[str]) -> None:
    assert body(type_) == expected


def test_in_text_the_optional_is_taken_off_before_the_bounds_apply() -> None:
    bounded = t.Constrained(t.UnionOf((INT, t.NONE)), (("ge", 1),))
    assert codes(app(route("GET /", x=bounded))) == []
    assert body(bounded) == ["CDT442"]


def test_literals_of_other_kinds() -> None:
    assert body(t.LiteralOf(("a", 1, None))) == []
    assert body(t.LiteralOf((True,))) == ["CDT440"]
    assert codes(app(route("GET /", x=t.LiteralOf((True,))))) == ["CDT440"]


def test_enum_of_mixed_values() -> None:
    assert body(t.Ref("schema:app.Odd"), made_enum("Odd", "a", 1)) == ["CDT443"]
    assert body(t.Ref("schema:app.Odd"), made_enum("Odd", "a", "b")) == []


def test_each_field_is_reported_once() -> None:
    field = Field("x", "x", t.External("app.T"), True, None, None, span(5))
    item = Schema("schema:app.Item", "Item", "app", "dataclass", (field,), None, span(4))
    routes = [route(f"POST /{i}", item=t.Ref(item.id)) for i in range(3)]
    assert codes(app(*routes, schemas=(item,))) == ["CDT440"]
