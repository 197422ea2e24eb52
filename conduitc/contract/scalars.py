"""Numbers and texts: does all that clause *a* lets in fit clause *b*?"""

import math
from collections.abc import Iterator
from fractions import Fraction

from conduitc.contract.clauses import Clause, least, most
from conduitc.contract.gaps import Gap, unsure

#: Patterns that are none.
UNIVERSAL = frozenset(("", "^", "$", ".*", "^.*", "^.*$", "[\\s\\S]*"))
#: Formats → wider ones.
_WIDER = {
    "email": {"idn-email"},
    "hostname": {"idn-hostname"},
    "uri": {"uri-reference", "iri", "iri-reference"},
    "uri-reference": {"iri-reference"},
    "iri": {"iri-reference"},
}
#: Formats of which none takes all that another one takes, but for those above.
_KNOWN = frozenset((
    "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6",
    "uri", "uri-reference", "iri", "iri-reference", "uuid", "json-pointer", "regex", "decimal",
    "partial-time",
))  # fmt: skip


def exact(number: object) -> Fraction:
    """A number as it is written."""
    return Fraction(repr(number)) if isinstance(number, float | int) else Fraction(0)


class Interval:
    """From ``low`` to ``high``; an open end is not in it, None is endless.

    ``lower`` and ``upper`` say how its ends are written.
    """

    def __init__(self, clause: Clause, kind: str) -> None:
        self.low: Fraction | None = None
        self.high: Fraction | None = None
        self.low_open = self.high_open = False
        for one in clause:
            for key, opened in (("minimum", False), ("exclusiveMinimum", True)):
                if key in one:
                    self._above(exact(one[key]), opened)
            for key, opened in (("maximum", False), ("exclusiveMaximum", True)):
                if key in one:
                    self._below(exact(one[key]), opened)
        self.lower, self.upper = _from(self), _to(self)
        if kind == "integer":
            self._whole()
        else:  # whole numbers are the other kind's, so an end at one is open
            self.low_open |= self.low is not None and self.low.denominator == 1
            self.high_open |= self.high is not None and self.high.denominator == 1

    def _above(self, bound: Fraction, opened: bool) -> None:
        if self.low is None or (bound, opened) > (self.low, self.low_open):
            self.low, self.low_open = bound, opened

    def _below(self, bound: Fraction, opened: bool) -> None:
        if self.high is None or (-bound, opened) > (-self.high, self.high_open):
            self.high, self.high_open = bound, opened

    def _whole(self) -> None:
        if self.low is not None:
            up = math.ceil(self.low)
            self.low = Fraction(up + (self.low_open and up == self.low))
        if self.high is not None:
            down = math.floor(self.high)
            self.high = Fraction(down - (self.high_open and down == self.high))
        self.low_open = self.high_open = False

    @property
    def empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def numbers(self, most: int) -> list[object] | None:
        """The whole numbers in it, if there are so many at most."""
        if self.low is None or self.high is None or self.high - self.low >= most:
            return None
        return list(range(math.ceil(self.low), math.floor(self.high) + 1))


def number(a: Clause, b: Clause, kind: str) -> Iterator[Gap]:
    """Gaps between numbers of one kind."""
    ours, theirs = Interval(a, kind), Interval(b, kind)
    if theirs.low is not None and (
        ours.low is None or (ours.low, ours.low_open) < (theirs.low, theirs.low_open)
    ):
        yield Gap((), "minimum", ours.lower, theirs.lower)
    if theirs.high is not None and (
        ours.high is None or (-ours.high, ours.high_open) < (-theirs.high, theirs.high_open)
    ):
        yield Gap((), "maximum", ours.upper, theirs.upper)
    step, wanted = step_of(a), step_of(b)
    if kind == "integer":
        step = _common(step or Fraction(1), Fraction(1))
    if wanted is not None and (step is None or (step / wanted).denominator != 1):
        yield Gap((), "multipleOf", _steps(step_of(a)), _steps(wanted))


def _from(one: Interval) -> str:
    if one.low is None:
        return "numbers of any size"
    return f"numbers {'above' if one.low_open else 'from'} {_shown(one.low)}"


def _to(one: Interval) -> str:
    if one.high is None:
        return "numbers of any size"
    return f"numbers {'below' if one.high_open else 'up to'} {_shown(one.high)}"


def _steps(step: Fraction | None) -> str:
    return "any numbers" if step is None else f"multiples of {_shown(step)}"


def _shown(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else repr(float(number))


def step_of(clause: Clause) -> Fraction | None:
    """What all numbers are multiples of."""
    found: Fraction | None = None
    for one in clause:
        if "multipleOf" in one:
            step = exact(one["multipleOf"])
            found = step if found is None else _common(found, step)
    return found


def _common(one: Fraction, other: Fraction) -> Fraction:
    """The least common multiple."""
    return Fraction(math.lcm(one.numerator, other.numerator), math.gcd(one.denominator, other.denominator))


def string(a: Clause, b: Clause) -> Iterator[Gap]:
    """Gaps between texts."""
    yield from sizes(a, b, "Length", "characters")
    ours, theirs = _texts(a, "pattern") - UNIVERSAL, _texts(b, "pattern") - UNIVERSAL
    for one in sorted(theirs - ours):
        yield unsure((), "pattern") if ours else Gap((), "pattern", "any text", f"text like `{one}`")
    ours = _texts(a, "format")
    for one in sorted(_texts(b, "format") - ours):
        if any(one in _WIDER.get(narrow, ()) for narrow in ours):
            continue
        certain = not ours or {one, *ours} <= _KNOWN
        shown = " and ".join(sorted(ours)) or "any text"
        yield Gap((), "format", shown, one) if certain else unsure((), "format")
    for one in sorted(_texts(b, "contentEncoding") - _texts(a, "contentEncoding")):
        yield Gap((), "contentEncoding", "any text", one)


def _texts(clause: Clause, keyword: str) -> set[str]:
    return {str(one[keyword]) for one in clause if keyword in one}


def sizes(a: Clause, b: Clause, noun: str, unit: str, low: float = 0) -> Iterator[Gap]:
    """Gaps between what may be how long; ``low`` is what *a* has in any case."""
    ours, theirs = max(low, least(a, f"min{noun}")), least(b, f"min{noun}")
    if theirs > ours:
        yield Gap((), f"min{noun}", _at_least(ours, unit), _at_least(theirs, unit))
    ours, theirs = most(a, f"max{noun}"), most(b, f"max{noun}")
    if theirs < ours:
        yield Gap((), f"max{noun}", _at_most(ours, unit), _at_most(theirs, unit))


def longer(clause: Clause) -> bool:
    """Must a text be longer than it may be?"""
    return least(clause, "minLength") > most(clause, "maxLength")


def _at_least(size: float, unit: str) -> str:
    return f"at least {int(size)} {unit}" if size else f"no {unit}, too"


def _at_most(size: float, unit: str) -> str:
    return f"any number of {unit}" if size == math.inf else f"at most {int(size)} {unit}"
