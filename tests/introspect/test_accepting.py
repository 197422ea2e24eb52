"""Texts of path segments: judged as the compiler and msgspec judge them, or said to be unknown."""

from typing import Any

import pytest
from conduit.introspect.accepting import accepted, converts

from conduitc.codegen.metadata.accepts import accepts
from conduitc.ir.types import (
    NONE,
    ArrayOf,
    Constrained,
    External,
    LiteralOf,
    Ref,
    Scalar,
    Type,
    UnionOf,
)
from conduitc.passes.scalars import GRAMMAR, reads
from tests.dispatch.tables import VALUES

ENUMS: dict[str, tuple[object, ...]] = {"schema:a.E": ("red", "7", "ü"), "schema:a.N": (1, 2, -3)}
TEXTS = (
    *{text for texts in VALUES.values() for text in texts},
    *(
        "red",
        "7",
        "8",
        "-3",
        "1",
        "2",
        "10",
        "15",
        "ü",
        "true",
        "False",
        "abc",
        "abcdef",
        "2024-02-29",
        "2023-02-29",
    ),
    *(
        "2024-2-9",
        "0001-01-01",
        "0000-01-01",
        "20240229",
        "2024-W09-4",
        "1.50",
        "1e3",
        "1e-3",
        "00",
        "9" * 40,
    ),
)
TYPES: tuple[Type, ...] = (
    *(Scalar(kind) for kind in ("int", "float", "bool", "str", "uuid", "decimal", "date")),
    Constrained(Scalar("int"), (("ge", 1), ("lt", 10))),
    Constrained(Scalar("int"), (("multiple_of", 5),)),
    Constrained(Scalar("float"), (("gt", 0.5), ("le", 1000.0))),
    Constrained(Scalar("float"), (("multiple_of", 0.5),)),
    Constrained(Scalar("str"), (("max_length", 3), ("min_length", 2))),
    Constrained(Scalar("str"), (("pattern", "^[a-z]+$"),)),
    Constrained(Scalar("str"), (("description", "said to people"), ("max_length", 3))),
    LiteralOf(("a", "red", 7)),
    Ref("schema:a.E"),
    Ref("schema:a.N"),
    UnionOf((Scalar("int"), NONE)),
    UnionOf((Scalar("int"), Ref("schema:a.E"), NONE)),
    Constrained(UnionOf((Ref("schema:a.E"), NONE)), (("title", "x"),)),
)


@pytest.mark.parametrize("type_", TYPES, ids=str)
def test_as_the_compiler_judges(type_: Type) -> None:
    alternatives: Any = accepts(type_, ENUMS)
    judged = {text: reads(text, type_, ENUMS) for text in TEXTS if text}
    assert {text: accepted(alternatives, text) for text in judged} == judged
    assert any(judged.values()) and (type_ == Scalar("str") or not all(judged.values()))


@pytest.mark.parametrize("converter", ["int", "float", "uuid", "str", "path"])
def test_converters(converter: str) -> None:
    for text in TEXTS:
        expected = GRAMMAR[converter].fullmatch(text) is not None and not (
            converter == "float" and float(text) in (float("inf"), float("-inf"))
        )
        assert converts(converter, text) is expected, text


@pytest.mark.parametrize(
    "type_",
    [
        Scalar("datetime"),
        Scalar("timedelta"),
        ArrayOf("list", Scalar("int")),
        External("app.Odd"),
        Constrained(Scalar("date"), (("ge", 1),)),
        Constrained(Scalar("time"), (("tz", True),)),
        Constrained(Scalar("str"), (("pattern", "ann@example.com"),)),
        Constrained(Scalar("str"), (("pattern", "("),)),
        LiteralOf(("ann@example.com",)),
        LiteralOf(("sk-" + "abcdefghijklmnop1234", "b")),
    ],
    ids=str,
)
def test_what_cannot_be_told_is_unknown(type_: Type) -> None:
    alternatives: Any = accepts(type_, ENUMS)
    assert accepted(alternatives, "2024-02-29") is None
    assert "example.com" not in str(alternatives) and "abcdefgh" not in str(alternatives)


def test_one_that_takes_it_is_enough() -> None:
    alternatives: Any = accepts(UnionOf((Scalar("datetime"), Scalar("int"))), ENUMS)
    assert (accepted(alternatives, "7"), accepted(alternatives, "x")) == (True, None)
