"""Which texts one segment of a path takes: its converter's grammar, narrowed by the handler's annotation.

``accepts`` is exact for one text, ``finite`` lists every text of a segment that takes only a few, ``exact``
says whether ``alphabet`` has texts enough to answer for all, ``samples`` gives plain ones to be shown.
"""

import math
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from msgspec import Struct

from conduitc.ir.types import Constrained, Literal, LiteralOf, Ref, Scalar, Type, UnionOf, strip_optional
from conduitc.passes.patterns import example
from conduitc.passes.scalars import GRAMMAR, Enums, reads

#: How specific a segment is; a static one is 3.
RANK = {"int": 2, "float": 2, "uuid": 2, "str": 1, "path": 0}
STATIC = 3

#: The most values for which a segment counts as finite.
FEW = 64

#: The highest ``multiple_of`` whose remainders are told apart.
PERIOD = 60

#: For each converter, the scalar and the bounds that ``alphabet`` understands. ``path`` takes many segments.
_KNOWN = {
    "int": ("int", {"ge", "gt", "le", "lt", "multiple_of"}),
    "float": ("float", {"ge", "gt", "le", "lt"}),
    "str": ("str", {"min_length", "max_length"}),
}
_BOUNDS = frozenset(["ge", "gt", "le", "lt", "multiple_of", "pattern", "min_length", "max_length", "tz"])

_EXAMPLES = {
    "int": ("1", "0", "-1"),
    "float": ("1.5", "1", "-1.5"),
    "uuid": ("00000000-0000-4000-8000-000000000000",),
    "str": ("x", "1", "abc", "A"),
    "path": ("x", ""),
    "bool": ("true", "false", "1", "0"),
    "date": ("2000-01-31",),
    "time": ("12:00:00",),
    "datetime": ("2000-01-31T12:00:00Z", "2000-01-31T12:00:00"),
    "timedelta": ("P1D",),
    "decimal": ("1.5", "1"),
}


class Values(Struct, frozen=True):
    """The language of one dynamic segment; ``type`` is None where the converter says it all."""

    converter: str
    type: Type | None = None
    enums: Enums = {}

    @property
    def rank(self) -> int:
        return RANK[self.converter]

    @property
    def bounds(self) -> tuple[tuple[str, Literal], ...]:
        """What ``Meta`` says of the values themselves."""
        type_ = None if self.type is None else strip_optional(self.type)[0]
        found = type_.constraints if isinstance(type_, Constrained) else ()
        return tuple(one for one in found if one[0] in _BOUNDS)

    def exact(self) -> bool:
        """Can an alphabet answer for all its texts? Not for times, patterns and their like."""
        if self.type is None or self.finite() is not None:
            return True
        bare = strip_optional(self.type)[0]
        if (self.converter, bare) == ("str", Scalar("date")):
            return True
        base = strip_optional(bare.base)[0] if isinstance(bare, Constrained) else bare
        kind, known = _KNOWN.get(self.converter, ("", set()))
        if base != Scalar(kind) or any(name not in known for name, _ in self.bounds):
            return False
        step = dict(self.bounds).get("multiple_of")
        return step is None or (isinstance(step, int) and 0 < step <= PERIOD)

    def accepts(self, text: str) -> bool:
        """Is ``text`` taken? A NUL never gets as far as here: ``%00`` is a 400."""
        if not GRAMMAR[self.converter].fullmatch(text) or "\0" in text:
            return False
        if self.converter == "float" and not math.isfinite(float(text)):
            return False
        return self.type is None or reads(text, self.type, self.enums)

    def apart(self, other: "Values") -> bool:
        """Do their bounds alone keep them apart? (No is also the answer to "not sure".)"""
        if self.converter != other.converter:
            return False  # as a float, a large int may be another number
        mine, theirs = self._span(), other._span()
        return mine[1] < theirs[0] or theirs[1] < mine[0]

    def _span(self) -> tuple[float, float]:
        low, high = -math.inf, math.inf
        for name, value in self.bounds:
            if isinstance(value, int | float):
                if name in {"ge", "gt"}:
                    low = max(low, value)
                elif name in {"le", "lt"}:
                    high = min(high, value)
        return low, high

    def covers(self, other: "Values") -> bool:
        """Is everything that ``other`` takes surely taken here? (No is also the answer to "not sure".)"""
        if self.type is not None:
            return self.type == other.type and self.converter == other.converter
        if self.converter in {"str", "path"}:
            return RANK[other.converter] >= RANK[self.converter]
        return other.converter == self.converter  # an int of 18 digits is no float

    def finite(self) -> tuple[str, ...] | None:
        """Every text that is taken, where they are few."""
        if self.type is None:
            return None
        texts = _few(self.type, self.enums)
        return None if texts is None else tuple(text for text in dict.fromkeys(texts) if self.accepts(text))

    def samples(self) -> tuple[str, ...]:
        """Texts that are worth trying, the plainest first."""
        known = _EXAMPLES[self.converter]
        if self.type is not None:
            known = (*_tries(self.type, self.enums), *known)
        return tuple(text for text in dict.fromkeys(known) if self.accepts(text))


#: What the segments of a path take: one text, or many.
Languages = tuple[str | Values, ...]


def _few(type_: Type, enums: Enums) -> list[str] | None:
    match strip_optional(type_)[0]:
        case Scalar(kind="bool"):
            return [*_cases("true"), *_cases("false"), "1", "0"]
        case LiteralOf(values=values):
            return _spelled(values)
        case Ref(id=id_):
            return _spelled(enums.get(id_, ()))
        case Constrained(base=base, constraints=constraints):
            return _interval(dict(constraints)) if base == Scalar("int") else _few(base, enums)
        case UnionOf(items=items):
            parts = [_few(item, enums) for item in items]
            return None if None in parts else [text for part in parts if part for text in part]
    return None


def _spelled(values: Iterable[object]) -> list[str] | None:
    texts: list[str] = []
    for value in values:
        if isinstance(value, float):
            return None  # 1.0, 1.00, 1e0, …
        texts.extend(_spellings(value))
    return texts


def _spellings(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield from (*_cases(str(value).lower()), str(int(value)))
    elif isinstance(value, int):
        yield str(value)
        if value == 0:
            yield "-0"
    elif isinstance(value, str):
        yield value


def _cases(word: str) -> list[str]:
    texts = [""]
    for letter in word:
        texts = [text + one for text in texts for one in (letter, letter.upper())]
    return texts


def _interval(bounds: dict[str, object]) -> list[str] | None:
    edges = _edges(bounds)
    if edges is None or edges[1] - edges[0] >= FEW:
        return None
    return [text for value in range(edges[0], edges[1] + 1) for text in _spellings(value)]


def _edges(bounds: dict[str, object]) -> tuple[int, int] | None:
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    if not _is_number(low) or not _is_number(high):
        return None
    return math.floor(low), math.ceil(high)


def _is_number(value: object) -> TypeGuard[int | float]:
    """Can it be reckoned with? Not with ``1e999``."""
    return isinstance(value, int | float) and -1e300 < value < 1e300


def _tries(type_: Type, enums: Enums) -> Iterator[str]:
    match strip_optional(type_)[0]:
        case Scalar(kind=kind):
            yield from _EXAMPLES.get(kind, ())
        case Constrained(base=base, constraints=constraints):
            yield from _tries(base, enums)
            yield from _near(dict(constraints))
        case UnionOf(items=items):
            for item in items:
                yield from _tries(item, enums)
        case other:
            yield from _few(other, enums) or ()


def _near(bounds: dict[str, object]) -> Iterator[str]:
    step = bounds.get("multiple_of")
    for limit in bounds.values():
        if not _is_number(limit):
            continue
        yield from (str(limit), str(math.floor(limit) + 1), str(math.ceil(limit) - 1))
        if _is_number(step) and step:
            yield from (str(math.ceil(limit / step) * step), str(math.floor(limit / step) * step))
    if isinstance(pattern := bounds.get("pattern"), str) and (text := example(pattern)) is not None:
        yield text
    shortest = bounds.get("min_length")
    if isinstance(shortest, int):
        yield "x" * min(shortest, 1000)
