"""The alphabet has a text for every cell that its languages cut out of all texts."""

import itertools
import math
import random
import sys

import pytest

from conduitc.ir import types as t
from conduitc.passes.alphabet import _around, _floats, _ints, _lengths, _limits, _spellings, alphabet, meeting
from conduitc.passes.language import Values
from conduitc.passes.scalars import GRAMMAR

INT, FLOAT, STR = t.Scalar("int"), t.Scalar("float"), t.Scalar("str")


def bounded(converter: str, **bounds: t.Literal) -> Values:
    base = t.Scalar(converter)
    return Values(converter, t.Constrained(base, tuple(sorted(bounds.items()))))


def cells(languages: list[Values], single: tuple[str, ...], texts: list[str]) -> set[tuple[object, ...]]:
    return {(text if text in single else None, *(one.accepts(text) for one in languages)) for text in texts}


def others(dice: random.Random, languages: list[Values]) -> str:
    """Some text, more often than not close to where the languages change."""
    limits = [value for one in languages for _, value in one.bounds if isinstance(value, int | float)]
    limit = dice.choice([*limits, 0, 10**17, -(10**17), 10**18, dice.randint(-(10**18), 10**18)])
    number = int(limit) + dice.randint(-8, 8)
    close = math.nextafter(float(limit), dice.choice((-math.inf, float(limit), math.inf)))
    return dice.choice(
        (
            str(number),
            str(number),
            repr(close),
            f"{close:.17f}".rstrip("0") + "0" * dice.randint(1, 5),
            f"{number}.0",
            f"{number // 4}" + dice.choice((".5", ".25", ".125", ".5000", "e0")),
            f"{dice.randint(0, 9)}e{dice.randint(-9, 9)}",
            "q" * max(1, min(int(limit) + dice.randint(-1, 1), 20)),
            "q" * dice.randint(1, 4),
            f"20{dice.randint(10, 99)}-0{dice.randint(1, 9)}-0{dice.randint(1, 9)}",
            f"{dice.randint(0, 10**8 - 1):08}-aaaa-4bbb-8ccc-000000000000",
        )
    )


def language(dice: random.Random) -> Values:
    def some(low: list[str], high: list[str], values: list[t.Literal]) -> dict[str, t.Literal]:
        keys = dice.choice(([dice.choice(low)], [dice.choice(high)], [dice.choice(low), dice.choice(high)]))
        return {key: dice.choice(values) for key in keys}

    kind = dice.choice(("int", "int", "float", "str", "plain", "date"))
    big = [2**53 - 1, 2**53, 2**53 + 1, 2**55 + 3, 10**17 - 1, 10**17, -(2**54) - 1]
    if kind == "int":
        bounds = some(["ge", "gt"], ["le", "lt"], [-7, 0, 1, 5, 12, *big])
        if dice.random() < 0.4:
            bounds["multiple_of"] = dice.choice((2, 3, 7))
        return bounded("int", **bounds)
    if kind == "float":
        return bounded(
            "float", **some(["ge", "gt"], ["le", "lt"], [-1.5, 0.0, 0.25, 3.0, 5.5, float(2**53), 1e300])
        )
    if kind == "str":
        return bounded("str", **some(["min_length"], ["max_length"], [1, 2, 3, 5, 10]))
    if kind == "date":
        return Values("str", t.Scalar("date"))
    return Values(dice.choice(("int", "float", "uuid", "str")))


@pytest.mark.parametrize("seed", range(200))
def test_no_text_is_of_a_kind_that_the_alphabet_lacks(seed: int) -> None:
    dice = random.Random(seed)
    languages = [language(dice) for _ in range(dice.randint(1, 4))]
    single = tuple(dice.sample(["0", "7", "-0", "1.5", "x", "xx", "2000-01-01", "5", "-1", "2.50"], 4))
    assert all(one.exact() for one in languages)
    known = cells(languages, single, list(alphabet(languages, single)))
    asked = [*single, *(others(dice, languages) for _ in range(300))]
    missing = [text for text in asked if not cells(languages, single, [text]) <= known]
    taken = [text for text in missing if any(one.accepts(text) for one in languages)]
    assert taken == [], (languages, single)


@pytest.mark.parametrize(
    "value", [0.0, 1.0, -1.5, 0.1, 1e22, 12345678.25, 5e-324, -1e-7, 2.0**53, 1e308, 1e100]
)
def test_spellings_are_many_and_equal(value: float) -> None:
    found = list(_spellings(value))
    assert len(found) > 5
    assert len(set(found)) == len(found)
    assert [len(text) for text in found] == sorted(len(text) for text in found)
    for text in found:
        assert GRAMMAR["float"].fullmatch(text)
        assert not GRAMMAR["int"].fullmatch(text)
        assert float(text) == value


def test_the_shortest_spelling_is_there() -> None:
    assert {"0.0", "0e0", "0E0"} <= set(_spellings(0.0))
    assert {"1.5e0", "1.5E+00", "15e-1", "1.50000000000000000", "15.0e-001"} <= set(_spellings(1.5))
    shortest = {0.0: 3, 1.0: 3, 0.5: 3, -0.5: 4, 1e6: 3, 1.5e6: 4, 0.001: 4, 12.25: 5, 1e-9: 4}
    for value, length in shortest.items():
        assert len(next(iter(_spellings(value)))) == length, value


def test_spellings_of_every_length_that_counts() -> None:
    languages = [
        bounded("str", min_length=5, max_length=5),
        bounded("float", ge=0.5, le=0.5),
        Values("float"),
    ]
    texts = list(alphabet(languages, ("0.5", "0.500")))
    half = {text for text in texts if "." in text and float(text) == 0.5} - {"0.5", "0.500"}
    assert {len(text) for text in half} >= {4, 5, 6}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (bounded("int", ge=2**53, le=2**53 + 1), bounded("float", gt=2**53)),
        (bounded("int", ge=2**53 + 1, le=2**53 + 1), bounded("float", le=float(2**53))),
        (bounded("int", ge=10**17), Values("float")),
        (bounded("int", le=-(10**17)), Values("float")),
        (bounded("int", gt=10**17 - 2), Values("float")),
        (bounded("int", lt=0, multiple_of=60), bounded("float", ge=-60, le=-60)),
        (bounded("int", lt=0, multiple_of=60), bounded("float", gt=-60, lt=0)),
        (bounded("float", gt=1.0, lt=math.nextafter(1.0, 2)), Values("float")),
        (bounded("float", gt=1.0, le=math.nextafter(1.0, 2)), Values("float")),
    ],
)
def test_meetings_at_the_edge(one: Values, other: Values) -> None:
    """Where floats are rarer than ints, where ints have one digit more, between two neighbours."""

    def integer(text: int) -> bool:
        return one.accepts(str(text)) and other.accepts(str(text))

    edges = (2**53, 10**17, -(10**17), -60, 0)
    near = any(integer(edge + step) for edge in edges for step in range(-130, 131))
    floats = [repr(value) for value in (1.0, math.nextafter(1.0, 2), 1.5, -60.0)]
    expected = near or any(one.accepts(text) and other.accepts(text) for text in floats)
    for pair in ((one, other), (other, one)):
        text = meeting(*pair)
        assert (text is not None) == expected
        assert text is None or (one.accepts(text) and other.accepts(text))


@pytest.mark.parametrize(("step", "exact"), [(1, True), (60, True), (61, False), (0.5, False)])
def test_remainders_that_are_told_apart(step: float, exact: bool) -> None:
    assert bounded("int", multiple_of=step).exact() is exact


@pytest.mark.parametrize(
    ("values", "exact"),
    [
        (Values("path"), True),
        (Values("path", t.LiteralOf(("a",))), True),
        (bounded("path", min_length=2), False),
        (Values("str", t.Scalar("date")), True),
        (Values("str", t.Scalar("datetime")), False),
        (Values("str", t.Scalar("time")), False),
        (bounded("str", pattern="x"), False),
        (bounded("str", min_length=2, title="long"), True),
        (Values("str", t.UnionOf((STR, t.NONE))), True),
        (Values("str", t.UnionOf((INT, t.Scalar("bool")))), False),
        (Values("str", t.Constrained(t.UnionOf((STR, t.NONE)), (("min_length", 3),))), True),
        (bounded("float", multiple_of=0.5), False),
        (bounded("float", ge=1), True),
        (Values("str", t.Scalar("decimal")), False),
    ],
)
def test_what_an_alphabet_can_answer_for(values: Values, exact: bool) -> None:
    assert values.exact() is exact


def test_every_kind_meets_itself() -> None:
    kinds = [bounded("str", min_length=n, max_length=n) for n in (1, 2, 9, 50)]
    kinds += [bounded("int", ge=n, le=n) for n in (-(10**18) + 1, -5, 0, 10**18 - 1)]
    kinds += [bounded("float", ge=x, le=x) for x in (-1e308, -0.3, 0.0, 7.0, 1e-300)]
    for one, other in itertools.product(kinds, repeat=2):
        if one.converter == other.converter:
            assert (meeting(one, other) is not None) == (one == other)


# -- the cells, one by one: what each part of an alphabet is made of


def rows(*starts: int, period: int) -> list[int]:
    """From one before each start to a whole period of remainders after it."""
    return sorted({start + step for start in starts for step in range(-1, period + 1)})


ENDS = (10**17, -(10**17), 10**18, -(10**18))


def test_ints_stand_in_rows_around_every_limit_and_where_digits_end() -> None:
    found = [int(text) for text in _ints({40}, 3, False)]
    assert found[:-1] == rows(40, 39, *ENDS, period=3)
    assert list(_ints({40}, 3, False))[-1] == "-0"


def test_where_lengths_count_there_are_ints_of_every_length() -> None:
    powers = [sign * 10**digits for digits in range(18) for sign in (1, -1)]
    assert [int(text) for text in _ints({0}, 1, True)][:-1] == rows(0, -1, *powers, *ENDS, period=1)


def test_around_a_limit() -> None:
    assert set(_around(5)) == {5, 4}
    assert set(_around(-2.5)) == {-3}
    assert set(_around(2**54)) == {2**54, 2**54 - 1, 2**54 + 2}
    assert float(2**54 + 2) == 2**54 < float(2**54 + 3)
    assert float(2**54 - 1) == 2**54 > float(2**54 - 2)


def test_limits_are_those_of_bounds_and_of_single_numbers() -> None:
    languages = [bounded("int", ge=3, multiple_of=50), bounded("int", gt=4), bounded("float", le=5.5, lt=6.5)]
    languages += [bounded("str", min_length=70, max_length=80), Values("int")]
    assert _limits(languages, ("x", "9", "-0", "2.5", "1e999")) == {
        0,
        3,
        4,
        5.5,
        6.5,
        9,
        2.5,
        sys.float_info.max,
    }
    assert {type(one) for one in _limits([], ("9",))} <= {int, float}
    assert _limits([bounded("int", le=10**30, ge=-(10**30))], ()) == {0, 10**18, -(10**18)}
    assert _limits([bounded("float", le=math.nan, ge=-math.inf)], ()) == {0, -sys.float_info.max}


def test_lengths_are_those_at_and_beside_the_limits() -> None:
    assert _lengths([Values("str")]) == [1]
    assert _lengths([bounded("str", min_length=5, max_length=9), Values("int")]) == [1, 4, 5, 6, 8, 9, 10]
    assert _lengths([bounded("str", max_length=1)]) == [1, 2]


def test_floats_are_the_limits_and_their_neighbours_once_or_of_every_length() -> None:
    below, above = math.nextafter(2.5, 0), math.nextafter(2.5, 9)
    assert [float(text) for text in _floats({2.5}, (), ())] == [below, 2.5, above]
    assert list(_floats({2.5}, ("2.5",), ()))[1] == "2.50"
    texts = [text for text in _floats({2.5}, ("2.50",), (3, 4, 5, 6)) if float(text) == 2.5]
    assert sorted({len(text) for text in texts}) == [3, 5, 6]
    assert "2.50" not in texts


def test_words_uuids_and_dates_only_where_they_count() -> None:
    date, uuid = Values("str", t.Scalar("date")), Values("uuid")
    assert list(alphabet([Values("str")])) == ["x"]
    assert list(alphabet([Values("str")], ("x", "y"))) == ["z", "x", "y"]
    assert list(alphabet([uuid], ("a",))) == ["00000000-0000-4000-8000-000000000000", "a"]
    assert list(alphabet([date])) == ["x", "2000-01-31"]
    assert list(alphabet([date], ("2000-01-31",))) == ["x", "2001-01-31", "2000-01-31"]
    assert list(alphabet([bounded("str", max_length=2)])) == ["x", "xx", "xxx"]
    assert list(alphabet([Values("str", t.LiteralOf(("a",)))])) == ["x", "a"]
    assert not any("." in text or "e" in text for text in alphabet([Values("int")]))
    assert "10000" not in alphabet([Values("int"), Values("str")])
    assert "10000" in alphabet([Values("int"), bounded("str", min_length=5)])
