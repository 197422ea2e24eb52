"""What a path segment takes, held against the runtime that will read it; texts that match patterns."""

import datetime
import decimal
import enum
import re
import typing
import uuid

import msgspec
import pytest
from conduit._abi import path_reader, refiner

from conduitc.ir import types as t
from conduitc.passes.alphabet import meeting
from conduitc.passes.language import GRAMMAR, Values
from conduitc.passes.patterns import example

INT, STR, FLOAT = t.Scalar("int"), t.Scalar("str"), t.Scalar("float")
Meta = msgspec.Meta


class Word(enum.Enum):
    A = "a"
    ONE = "1"


class Number(enum.IntEnum):
    ZERO = 0
    SEVEN = 7


ENUMS = {"schema:app.Word": ("a", "1"), "schema:app.Number": (0, 7)}

#: converter, annotation, the type as the compiler knows it, its name for the runtime's fast path.
ANNOTATED = [
    ("int", typing.Annotated[int, Meta(ge=1)], t.Constrained(INT, (("ge", 1),)), "int"),
    ("int", typing.Annotated[int, Meta(gt=0, lt=8)], t.Constrained(INT, (("gt", 0), ("lt", 8))), "int"),
    ("int", typing.Annotated[int, Meta(multiple_of=7)], t.Constrained(INT, (("multiple_of", 7),)), "int"),
    ("int", typing.Literal[1, 7], t.LiteralOf((1, 7)), "other"),
    ("int", Number, t.Ref("schema:app.Number"), "other"),
    ("float", typing.Annotated[float, Meta(le=1.5)], t.Constrained(FLOAT, (("le", 1.5),)), "float"),
    ("str", bool, t.Scalar("bool"), "bool"),
    ("str", datetime.date, t.Scalar("date"), "date"),
    ("str", datetime.time, t.Scalar("time"), "time"),
    ("str", datetime.datetime, t.Scalar("datetime"), "datetime"),
    ("str", datetime.timedelta, t.Scalar("timedelta"), "timedelta"),
    ("str", decimal.Decimal, t.Scalar("decimal"), "decimal"),
    ("str", uuid.UUID, t.Scalar("uuid"), "uuid"),
    ("str", Word, t.Ref("schema:app.Word"), "other"),
    ("str", Number, t.Ref("schema:app.Number"), "other"),
    ("str", typing.Literal["a", 7], t.LiteralOf(("a", 7)), "other"),
    ("str", int | bool, t.UnionOf((INT, t.Scalar("bool"))), "other"),
    ("str", Word | None, t.UnionOf((t.Ref("schema:app.Word"), t.NONE)), "other"),
    ("str", typing.Annotated[str, Meta(pattern="^a")], t.Constrained(STR, (("pattern", "^a"),)), "str"),
    ("str", typing.Annotated[str, Meta(max_length=2)], t.Constrained(STR, (("max_length", 2),)), "str"),
    (
        "str",
        typing.Annotated[datetime.datetime, Meta(tz=True)],
        t.Constrained(t.Scalar("datetime"), (("tz", True),)),
        "datetime",
    ),
    ("path", typing.Literal["a/b", ""], t.LiteralOf(("a/b", "")), "other"),
]  # fmt: skip
TEXTS = [
    "", "a", "b", "ab", "abc", "A", "1", "7", "0", "-0", "-1", "8", "14", "01", "1.5", "2.0", "1e3", "nan",
    "true", "True", "no", "a/b", "é", "\n", "2000-01-31", "20000131", "2000-13-01", "12:00:00", "12:00",
    "2000-01-31T12:00:00", "2000-01-31T12:00:00Z", "2000-01-31 12:00:00", "P1D", "PT5M", "1D", "NaN", "1E5",
    "+1", "00000000-0000-4000-8000-000000000000", "00000000000040008000000000000000", "9" * 18, "9" * 19,
]  # fmt: skip

_CONVERT = {"int": int, "float": float, "str": str, "path": str}


@pytest.mark.parametrize(("converter", "annotation", "type_", "kind"), ANNOTATED)
def test_accepts_what_the_runtime_accepts(
    converter: str, annotation: object, type_: t.Type, kind: str
) -> None:
    plain = kind if t.strip_optional(type_)[0] == t.Scalar(kind) else "other"
    takes = refiner([path_reader(0, annotation, plain)])
    values = Values(converter, type_, ENUMS)
    for text in TEXTS:
        if Values(converter).accepts(text):
            assert values.accepts(text) == takes(("entry", _CONVERT[converter](text))), text
        else:
            assert not values.accepts(text), text


@pytest.mark.parametrize(("converter", "annotation", "type_", "kind"), ANNOTATED)
def test_samples_and_finite_values_are_accepted(
    converter: str, annotation: object, type_: t.Type, kind: str
) -> None:
    values = Values(converter, type_, ENUMS)
    assert values.samples()
    assert all(map(values.accepts, values.samples()))
    few = values.finite()
    if few is not None:
        assert {text for text in TEXTS if values.accepts(text)} <= set(few)


@pytest.mark.parametrize("converter", ["int", "float", "uuid", "str", "path"])
def test_samples_of_converters(converter: str) -> None:
    assert all(GRAMMAR[converter].fullmatch(text) for text in Values(converter).samples())
    assert Values(converter).finite() is None


def test_covering() -> None:
    word = Values("str", t.Ref("schema:app.Word"), ENUMS)
    assert Values("str").covers(word)
    assert Values("str").covers(Values("int"))
    assert Values("float").covers(bounded(FLOAT, ge=1))
    assert Values("int").covers(bounded(INT, multiple_of=61))
    assert not Values("float").covers(Values("int"))  # of 18 digits
    assert not bounded(INT, ge=1).covers(Values("int"))
    assert not word.covers(Values("path", t.Ref("schema:app.Word"), ENUMS))
    assert word.covers(word)
    assert not word.covers(Values("str"))
    assert not Values("int").covers(Values("float"))
    assert not Values("uuid").covers(Values("int"))
    assert not Values("str").covers(Values("path"))


def bounded(base: t.Type, **bounds: t.Literal) -> Values:
    converter = "int" if base == INT else "float" if base == FLOAT else "str"
    return Values(converter, t.Constrained(base, tuple(sorted(bounds.items()))), ENUMS)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Values("int"), Values("float"), "1"),
        (bounded(INT, ge=10), Values("float"), "10"),
        (bounded(INT, ge=10), bounded(INT, le=10), "10"),
        (bounded(INT, ge=10), bounded(INT, lt=10), None),
        (bounded(INT, multiple_of=7, ge=1), bounded(INT, ge=6), "7"),
        (Values("str"), bounded(STR, pattern="^[0-9]{4}-(a|b)$"), "1111-a"),
        (bounded(STR, min_length=3), Values("str"), "abc"),
        (bounded(STR, pattern="^[a-f]+$"), bounded(STR, pattern="^[^a-f]$"), None),
        (Values("str", t.Scalar("date")), Values("str", t.LiteralOf(("20000131",))), None),
        (Values("str", t.Scalar("date")), Values("str", t.LiteralOf(("2000-01-31",))), "2000-01-31"),
        (Values("str", t.Scalar("bool")), Values("str", t.LiteralOf((1,))), "1"),
    ],
)
def test_where_two_segments_meet(one: Values, other: Values, expected: str | None) -> None:
    assert meeting(one, other) == meeting(one, other)
    assert meeting(one, other) == expected
    back = meeting(other, one)
    assert (back is None) == (expected is None)


@pytest.mark.parametrize(
    "pattern",
    [
        "^[0-9]{4}$", r"^\d+-\w{2,3}$", "^(cat|dog)s?$", "[^/]+", "^a.c$", r"^\D\S\W$", "^[^x1]{3}$", "x*",
        "^$", r"^[\w.]+@[a-z]+\.com$", "(?i)^abc$", "^(?:ab){2}$", "^[\u00e9\u00e8]$", "^(?P<name>z)$",
        "^a{0}b$",
    ],
)  # fmt: skip
def test_examples_of_patterns(pattern: str) -> None:
    text = example(pattern)
    assert text is not None
    assert re.search(pattern, text)


@pytest.mark.parametrize("pattern", ["(", r"(a)\1(?=b)$", "^(?!a)$a", "a{99999}"])
def test_patterns_without_an_example_do_no_harm(pattern: str) -> None:
    assert example(pattern) is None


@pytest.mark.parametrize("limit", [float("inf"), float("-inf"), float("nan"), 10**400, -(10**400), 1e308])
def test_limits_beyond_all_numbers_do_no_harm(limit: float) -> None:
    for base in (INT, FLOAT):
        for other in ({}, {"multiple_of": 3}, {"multiple_of": limit}, {"le": 5}):
            values = bounded(base, **{"ge": limit, **other})
            values.finite(), values.samples(), values.exact()
            meeting(values, bounded(base, gt=limit))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (bounded(INT, ge=-1, le=1), ["-1", "0", "-0", "1"]),
        (bounded(INT, gt=-1, lt=2), ["0", "-0", "1"]),
        (bounded(INT, ge=1, le=64), [str(number) for number in range(1, 65)]),
        (bounded(INT, ge=1, le=65), None),
        (bounded(INT, ge=-5, le=58), [*map(str, range(-5, 1)), "-0", *map(str, range(1, 59))]),
        (bounded(INT, ge=1), None),
        (bounded(INT, le=1), None),
        (bounded(INT, ge=6, le=20, multiple_of=7), ["7", "14"]),
        (bounded(FLOAT, ge=1, le=2), None),
        (Values("str", t.LiteralOf(("a", 0, True))), ["a", "0", "-0", "1"]),
        (Values("str", t.LiteralOf((1.5,))), None),
        (Values("str", t.UnionOf((t.LiteralOf(("a",)), STR))), None),
        (Values("str", t.UnionOf((t.LiteralOf(("a",)), t.LiteralOf(("b", "a"))))), ["a", "b"]),
        (Values("str", t.Constrained(t.LiteralOf(("a", "bc")), ())), ["a", "bc"]),
        (Values("str"), None),
    ],
)
def test_few_values(values: Values, expected: list[str] | None) -> None:
    found = values.finite()
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert set(expected) <= set(found)
        assert all(map(values.accepts, found))
        assert len(set(found)) == len(found)
        if not any(text.lower() == "true" for text in found):
            assert sorted(found) == sorted(expected)


def test_bools_in_every_spelling() -> None:
    found = Values("str", t.Scalar("bool")).finite()
    assert found is not None
    assert len(found) == 2**4 + 2**5 + 2
    assert {"true", "TRUE", "tRuE", "False", "fALSE", "1", "0"} <= set(found)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (bounded(INT, ge=5), bounded(INT, lt=5), False),  # not sure
        (bounded(INT, ge=6), bounded(INT, le=5), True),
        (bounded(INT, le=5), bounded(INT, gt=6), True),
        (bounded(INT, gt=6, le=9), bounded(INT, ge=1, le=9), False),
        (bounded(FLOAT, ge=6), bounded(FLOAT, lt=5), True),
        (bounded(INT, ge=6), bounded(FLOAT, le=5), False),
        (bounded(INT, ge=6), Values("int"), False),
        (bounded(STR, min_length=6), bounded(STR, max_length=5), False),
    ],
)
def test_bounds_that_keep_apart(one: Values, other: Values, apart: bool) -> None:
    assert one.apart(other) is apart
    assert other.apart(one) is apart


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (Values("int"), ("1", "0", "-1")),
        (Values("float"), ("1.5", "1", "-1.5")),
        (Values("str"), ("x", "1", "abc", "A")),
        (Values("path"), ("x", "")),
        (Values("str", t.Scalar("bool")), ("true", "false", "1", "0")),
        (Values("str", t.Scalar("date")), ("2000-01-31",)),
        (Values("str", t.Scalar("datetime")), ("2000-01-31T12:00:00Z", "2000-01-31T12:00:00")),
        (Values("str", t.Scalar("decimal")), ("1.5", "1")),
        (bounded(INT, ge=10), ("10", "11")),
        (bounded(INT, lt=-10), ("-11",)),
        (bounded(INT, ge=10, multiple_of=61), ("61", "62")[:1]),
        (bounded(FLOAT, ge=2.5), ("2.5", "3")),
        (bounded(STR, min_length=4), ("xxxx",)),
        (Values("str", t.UnionOf((t.Scalar("date"), INT))), ("2000-01-31", "1", "0", "-1")),
    ],
)
def test_samples_are_plain(values: Values, first: tuple[str, ...]) -> None:
    assert values.samples()[: len(first)] == first
