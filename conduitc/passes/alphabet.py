"""Some languages of a segment → texts enough to tell them apart.

In: languages whose membership is known exactly (``Values.exact``) and single texts. Out: at least one text
for every combination of them that any text has. So where no text of the alphabet is in two languages, none
is; and where each that one language takes is taken by another, all are.

A number belongs to a language by where it lies between the limits of all bounds, by its remainder, and by
whether it is spelled as an int; a word by its length; any text by whether it is one of the single texts. The
alphabet has each of these cells: the numbers at and beside every limit, as many in a row as remainders
repeat, in a spelling of every length that counts, and in one that is no single text.
"""

import math
import sys
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, count, islice
from typing import TypeGuard

from conduitc.ir.types import Scalar, strip_optional
from conduitc.passes.language import Values
from conduitc.passes.scalars import GRAMMAR

_LIMITS = frozenset(["ge", "gt", "le", "lt"])

#: What has so many digits is no longer a float that is spelled as an int, or no longer an int.
_ENDS = (10**17, 10**18)

#: The most digits after a float's point.
_DIGITS = 17


def alphabet(languages: Collection[Values], texts: Collection[str] = ()) -> Iterator[str]:
    """The texts, those first that are most likely in one language only."""
    single = {*texts, *chain.from_iterable(one.finite() or () for one in languages)}
    kinds = {one.converter for one in languages}
    lengths = _lengths(languages)
    if "str" in kinds:
        yield from (_word(length, single) for length in lengths)
    if "uuid" in kinds:
        yield _first(_uuids(), single)
    if any(one.type is not None and strip_optional(one.type)[0] == Scalar("date") for one in languages):
        yield _first(_dates(), single)
    if kinds & {"int", "float"}:
        limits = _limits(languages, single)
        worded = len(lengths) > 1
        yield from _ints(limits, _period(languages), worded)
        if "float" in kinds:
            yield from _floats(limits, single, lengths if worded else ())
    yield from sorted(single)


def _first(texts: Iterable[str], single: Collection[str]) -> str:
    return next(text for text in texts if text not in single)


def _word(length: int, single: Collection[str]) -> str:
    """Letters only, so that it is neither a number nor a uuid."""
    letters = chain("xyzabcw", map(chr, count(0x3B1)))
    return _first((letter * length for letter in letters), single)


def _uuids() -> Iterator[str]:
    return (f"00000000-0000-4000-8000-{number:012x}" for number in count())


def _dates() -> Iterator[str]:
    return (f"{year}-01-31" for year in count(2000))


def _lengths(languages: Iterable[Values]) -> list[int]:
    """One of every stretch of lengths that no language tells apart."""
    limits = [
        value for one in languages for name, value in one.bounds if name in {"min_length", "max_length"}
    ]
    near = {limit + step for limit in limits if isinstance(limit, int) for step in (-1, 0, 1)}
    return [1, *sorted(length for length in near if length > 1)]


def _limits(languages: Iterable[Values], single: Iterable[str]) -> set[int | float]:
    found: set[int | float] = {0}
    for one in languages:
        found.update(_held(value) for name, value in one.bounds if name in _LIMITS and _is_number(value))
    for text in single:
        if GRAMMAR["float"].fullmatch(text):
            found.add(_held(float(text)))
            found.add(_held(int(text)) if GRAMMAR["int"].fullmatch(text) else 0)
    return found


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int) or (isinstance(value, float) and not math.isnan(value))


def _held(limit: int | float) -> int | float:
    """``limit``, or where the numbers end that can be written."""
    if isinstance(limit, int):
        return max(-_ENDS[1], min(limit, _ENDS[1]))
    return max(-sys.float_info.max, min(limit, sys.float_info.max))


def _period(languages: Iterable[Values]) -> int:
    steps = [value for one in languages for name, value in one.bounds if name == "multiple_of"]
    return math.lcm(*(step for step in steps if isinstance(step, int)))


def _ints(limits: Iterable[int | float], period: int, worded: bool) -> Iterator[str]:
    """A row of ints from every place where something may change."""
    starts = {edge for end in _ENDS for edge in (end, -end)}
    for limit in limits:
        starts.update(_around(limit))
    if worded:
        starts.update(edge for digits in range(18) for edge in (10**digits, -(10**digits)))
    numbers = {start + step for start in starts for step in range(-1, period + 1)}
    yield from map(str, sorted(numbers))
    yield "-0"


def _around(limit: int | float) -> Iterator[int]:
    """Where ints, or the floats that they become, pass ``limit``: far out, floats are rarer than ints."""
    yield math.floor(limit)
    for beside in _beside(float(limit)):
        yield (math.floor(beside) + math.floor(limit)) // 2


def _beside(value: float) -> list[float]:
    """``value`` and its neighbours."""
    found = (math.nextafter(value, -math.inf), value, math.nextafter(value, math.inf))
    return [one for one in found if math.isfinite(one)]


def _floats(limits: Iterable[int | float], single: Collection[str], lengths: Iterable[int]) -> Iterator[str]:
    """Every limit and what lies beside it, in spellings that no int has and no single text is."""
    for value in sorted({value for limit in limits for value in _beside(float(limit))}):
        spelled = [text for text in _spellings(value) if text not in single]
        yield from spelled[:1]
        for length in lengths:
            yield from islice((text for text in spelled if len(text) == length), 1)


def _spellings(value: float) -> Iterator[str]:
    """Ways to write a float, none of them an int's, the shortest first."""
    mantissa, _, exponent = repr(value).partition("e")
    found = set(_padded(mantissa, int(exponent or 0)))
    digits, _, power = f"{value:.16e}".partition("e")
    whole = digits.replace(".", "").rstrip("0") or "0"
    found.update(_padded(whole, int(power) + 1 - len(whole.lstrip("-"))))  # 15e-1
    fit = (text for text in found if GRAMMAR["float"].fullmatch(text) and not GRAMMAR["int"].fullmatch(text))
    yield from sorted((text for text in fit if float(text) == value), key=lambda text: (len(text), text))


def _padded(mantissa: str, power: int) -> Iterator[str]:
    """The same number with zeros after it, and the exponent in all its forms."""
    whole, _, fraction = mantissa.partition(".")
    signs = ("", "+") if power >= 0 else ("-",)
    ends = {f"{e}{sign}{abs(power):0{width}}" for e in "eE" for sign in signs for width in (1, 2, 3)}
    if power == 0:
        ends.add("")
    for zeros in range(_DIGITS - len(fraction) + 1):
        after = fraction + "0" * zeros
        yield from ((f"{whole}.{after}" if after else whole) + end for end in ends)


def meeting(one: Values, other: Values) -> str | None:
    """A text that both take, the plainest that comes to mind."""
    if one.apart(other):
        return None
    tried = chain(
        one.samples(),
        other.samples() if other.type is not None else (),
        alphabet([one, other]) if one.type is not None or other.type is not None else (),
    )
    return next((text for text in tried if one.accepts(text) and other.accepts(text)), None)
