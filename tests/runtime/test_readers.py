"""Readers: scalars, lists and path values, and what is said where they are wrong."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Literal, NewType, Union
from uuid import UUID

import pytest
from conduit import _abi
from conduit.http.headers import Values
from msgspec import Meta


class Colour(Enum):
    RED = "red"
    NONE = ""


class Level(IntEnum):
    LOW = 1
    HIGH = 2


def read(values, kind, annotation=None, default=_abi.REQUIRED, optional=False):
    reader = _abi.scalar_reader("query", "q", kind, annotation, default, optional)
    faults = []
    value = reader(Values({} if values is None else {"q": values}), faults)
    return faults or value


@pytest.mark.parametrize("text", ["0", "-0", "7", "-7", "123456789012345678", "-123456789012345678"])
def test_int(text):
    assert read([text], "int") == int(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "+1",
        "01",
        "-01",
        "1.0",
        "1e3",
        " 1",
        "1 ",
        "1_0",
        "1234567890123456789",
        "٣",
        "0x1",
        "1\n",
        "null",
    ],
)
def test_no_int(text):
    assert read([text], "int") == [("query", "q", "Expected `int`")]


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-0",
        "1.5",
        "-1.5",
        "1e3",
        "1E+3",
        "1.25e-300",
        "12345678901234567",
        "0.12345678901234567",
        "1e308",
    ],
)
def test_float(text):
    assert read([text], "float") == float(text)


@pytest.mark.parametrize(
    "text",
    ["", "nan", "inf", "-inf", "Infinity", "1e309", "-1e999", ".5", "5.", "1.", "01.5", "+1.5", "1e",
     "1e1000", "123456789012345678", "0.123456789012345678", "1_0.0", " 1.5", "1,5"],
)  # fmt: skip
def test_no_float(text):
    assert read([text], "float") == [("query", "q", "Expected `float`")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("1", True),
        ("false", False),
        ("fAlSe", False),
        ("0", False),
    ],
)
def test_bool(text, value):
    assert read([text], "bool") is value


@pytest.mark.parametrize("text", ["", "yes", "no", "on", "2", "t", " true"])
def test_no_bool(text):
    assert read([text], "bool") == [("query", "q", "Expected `bool`")]


def test_str_takes_anything_an_empty_value_too():
    assert read([""], "str") == ""
    assert read(["null"], "str") == "null"


def test_missing():
    assert read(None, "int") == [("query", "q", "Missing")]
    assert read(None, "int", default=5) == 5
    assert read(None, "int", Union[int, None], None, True) is None  # noqa: UP007
    assert read(None, "int", Union[int, None], _abi.REQUIRED, True) == [("query", "q", "Missing")]  # noqa: UP007


def test_twice():
    assert read(["1", "1"], "int") == [("query", "q", "Given more than once")]
    assert read(["1", "1"], "str", default="x") == [("query", "q", "Given more than once")]


UserId = NewType("UserId", int)


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (int | None, "5", 5),
        (Union[str, None], "null", "null"),  # noqa: UP007
        (Union[str, None], "", ""),  # noqa: UP007
        (Annotated[int, Meta(ge=1)], "5", 5),
        (Annotated[int, Meta(ge=1)] | None, "5", 5),
        (Annotated[int | None, Meta(ge=1)], "5", 5),
        (Annotated[str, Meta(max_length=2)], "ab", "ab"),
        (Annotated[float, Meta(gt=0)], "0.5", 0.5),
        (UserId, "5", 5),
        (Colour, "red", Colour.RED),
        (Colour, "", Colour.NONE),
        (Level, "2", Level.HIGH),
        (Literal["a", "b"], "b", "b"),
        (Literal[1, 2], "2", 2),
        (Literal["1"], "1", "1"),
        (int | str, "5", 5),
        (int | str, "x", "x"),
        (int | str, "1e3", "1e3"),
        (float | bool, "true", True),
        (int | float, "1.5", 1.5),
        (date, "2026-01-02", date(2026, 1, 2)),
        (time, "12:30:00", time(12, 30)),
        (datetime, "2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5)),
        (timedelta, "PT5S", timedelta(seconds=5)),
        (date | None, "2026-01-02", date(2026, 1, 2)),
        (Decimal, "1.50", Decimal("1.50")),
        (Decimal, "-12345678901234567890.1e5", Decimal("-12345678901234567890.1e5")),
        (UUID, "6BA7B810-9dad-11d1-80b4-00c04fd430c8", UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")),
    ],
)
def test_annotations_decide(annotation, text, value):
    got = read([text], "other", annotation)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("annotation", "text", "message"),
    [
        (int | None, "null", "Expected `int`"),
        (int | None, "", "Expected `int`"),
        (Annotated[int, Meta(ge=1)], "0", "Expected `int` >= 1"),
        (Annotated[int, Meta(ge=1)], "1.0", "Expected `int`"),
        (Annotated[str, Meta(max_length=2)], "abc", "Expected `str` of length <= 2"),
        (Colour, "blue", "Invalid enum value 'blue'"),
        (Level, "3", "Invalid enum value 3"),
        (Level, "01", "Expected `int`"),
        (Level, "LOW", "Expected `int`"),
        (Literal[1, 2], "3", "Invalid enum value 3"),
        (date, "", "Invalid RFC3339 encoded date"),
        (date, "02.01.2026", "Invalid RFC3339 encoded date"),
        (Decimal, "nan", "Expected `decimal`"),
        (Decimal, "1_0", "Expected `decimal`"),
        (Decimal, "", "Expected `decimal`"),
        (UUID, "6ba7b8109dad11d180b400c04fd430c8", "Expected `uuid`"),
        (int | bool, "x", "Expected `bool`"),
    ],
)
def test_annotations_refuse(annotation, text, message):
    assert read([text], "other", annotation) == [("query", "q", message)]


def many(values, annotation, kind="other", default=_abi.REQUIRED):
    reader = _abi.list_reader("header", "q", annotation, kind, default)
    faults = []
    value = reader(Values({} if values is None else {"q": values}), faults)
    return faults or value


@pytest.mark.parametrize(
    ("annotation", "kind", "texts", "value"),
    [
        (list[str], "str", ["a"], ["a"]),
        (list[str], "str", ["a,b", ""], ["a,b", ""]),
        (list[int], "int", ["1", "2"], [1, 2]),
        (set[int], "int", ["1", "1"], {1}),
        (frozenset[str], "str", ["a"], frozenset("a")),
        (tuple[int, ...], "int", ["1", "2"], (1, 2)),
        (list[int] | None, "int", ["1"], [1]),
        (Annotated[list[int], Meta(max_length=2)], "int", ["1"], [1]),
        (list[Annotated[int, Meta(ge=1)]], "int", ["1"], [1]),
        (list[Colour], "other", ["red"], [Colour.RED]),
        (set[Level], "other", ["1"], {Level.LOW}),
        (list[date], "date", ["2026-01-02"], [date(2026, 1, 2)]),
        (
            list[UUID],
            "uuid",
            ["6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
            [UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")],
        ),
        (list, "str", ["a"], ["a"]),
    ],
)
def test_lists(annotation, kind, texts, value):
    assert many(texts, annotation, kind) == value


def test_lists_refuse():
    assert many(None, list[int], "int") == [("header", "q", "Missing")]
    assert many(None, list[int], "int", ()) == ()
    assert many(["1", "x", "01"], list[int], "int") == [
        ("header", "q[1]", "Expected `int`"),
        ("header", "q[2]", "Expected `int`"),
    ]
    assert many(["1", "2", "3"], Annotated[list[int], Meta(max_length=2)], "int") == [
        ("header", "q", "Expected `array` of length <= 2")
    ]
    assert many(["1", "0"], list[Annotated[int, Meta(ge=1)]], "int") == [
        ("header", "q[1]", "Expected `int` >= 1")
    ]


@dataclass
class Item:
    name: str


@pytest.mark.parametrize(
    ("annotation", "kind", "value", "good"),
    [
        (Annotated[int, Meta(ge=1)], "int", 1, 1),
        (Colour, "other", "red", Colour.RED),
        (Level, "other", "2", Level.HIGH),
        (Level, "other", 2, Level.HIGH),
        (date, "date", "2026-01-02", date(2026, 1, 2)),
        (bool, "bool", "TRUE", True),
        (Decimal, "decimal", "1.5", Decimal("1.5")),
        (UUID, "uuid", UUID(int=1), UUID(int=1)),
        (Annotated[str, Meta(pattern="^a")], "str", "ab", "ab"),
    ],
)
def test_path_values(annotation, kind, value, good):
    assert _abi.path_reader(1, annotation, kind)((None, "other", value)) == good


def test_path_values_refuse():
    ge1 = _abi.path_reader(0, Annotated[int, Meta(ge=1)], "int")
    colour = _abi.path_reader(1, Colour, "other")
    accepts = _abi.refiner([ge1, colour])
    assert accepts((None, 1, "red"))
    assert not accepts((None, 0, "red"))
    assert not accepts((None, 1, "blue"))


def sample(
    a: int,
    b: "Item | None" = None,
    /,
    c: "Annotated[int, Meta(ge=1)]" = 3,
    *,
    d: list["Item"] = (),  # type: ignore[assignment]
    e: "Item" = None,  # type: ignore[assignment]
) -> "list[Item]":
    return []


def test_annotations_are_found():
    assert _abi.annotation_of(sample, "a") is int
    assert _abi.annotation_of(sample, "b") == Item | None
    assert _abi.annotation_of(sample, "c") == Annotated[int, Meta(ge=1)]
    assert _abi.annotation_of(sample, "d") == list[Item]
    assert _abi.annotation_of(sample, "e") is Item
    assert _abi.return_of(sample) == list[Item]


def test_defaults_are_found():
    assert _abi.default_of(sample, "b") is None
    assert _abi.default_of(sample, "c") == 3
    assert _abi.default_of(sample, "d") == ()
    assert _abi.default_of(sample, "e") is None


def test_wrappers_are_looked_through():
    import functools

    @functools.wraps(sample)
    def wrapper(*args, **kwargs):
        return sample(*args, **kwargs)

    class Callable:
        def __call__(self, x: int = 4) -> str:
            return ""

    assert _abi.default_of(wrapper, "c") == 3
    assert _abi.annotation_of(functools.partial(wrapper, 1), "a") is int
    assert _abi.default_of(functools.cache(sample), "c") == 3
    assert _abi.default_of(Callable(), "x") == 4
    assert _abi.return_of(Callable()) is str
