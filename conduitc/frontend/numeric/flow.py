"""A loop's body → which names it reads before it has given them a value, and which every turn gives one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conduitc.ir.loops import Apply, Assign, Expression, If, Jump, Number, Repeat, Statement, While

Names = frozenset[str] | None


class Flow:
    """``early`` are the names read before they are given; ``changed`` all that are given, in order."""

    def __init__(self) -> None:
        self.early: set[str] = set()
        self.changed: dict[str, None] = {}
        self.returning: list[frozenset[str]] = []

    def turn(self, body: Sequence[Statement], given: frozenset[str]) -> Names:
        """The names that have a value at the end of a turn of the whole loop; None where no turn ends."""
        return _meet([self._block(body, given, [], self.returning), *self.returning])

    def reads(self, expression: Expression, given: frozenset[str]) -> None:
        """Notes what ``expression`` reads."""
        self.early.update(name for name in _read(expression) if name not in given)

    def _block(
        self,
        body: Sequence[Statement],
        given: Names,
        breaks: list[frozenset[str]],
        continues: list[frozenset[str]],
    ) -> Names:
        for one in body:
            if given is None:
                return None  # what can never be reached is read by nobody
            given = self._after(one, given, breaks, continues)
        return given

    def _after(
        self,
        one: Statement,
        given: frozenset[str],
        breaks: list[frozenset[str]],
        continues: list[frozenset[str]],
    ) -> Names:
        match one:
            case Assign():
                for value in one.values:
                    self.reads(value, given)
                self.changed.update(dict.fromkeys(one.targets))
                return given.union(one.targets)
            case If():
                self.reads(one.test, given)
                ends = [self._block(part, given, breaks, continues) for part in (one.then, one.other)]
                return _meet(ends)
            case Jump():
                {"break": breaks, "continue": continues, "leave": []}[one.where].append(given)
                return None
            case Repeat():
                for bound in (one.start, one.stop, one.step):
                    self.reads(bound, given)
                self.changed[one.target] = None
                inner: list[frozenset[str]] = []
                self._block(one.body, given | {one.target}, inner, [])
                return _meet([self._block(one.other, given, breaks, continues), *inner])
            case While():
                return self._while(one, given, breaks, continues)

    def _while(
        self,
        one: While,
        given: frozenset[str],
        breaks: list[frozenset[str]],
        continues: list[frozenset[str]],
    ) -> Names:
        self.reads(one.test, given)
        inner: list[frozenset[str]] = []
        self._block(one.body, given, inner, [])
        done = None if _is_endless(one) else self._block(one.other, given, breaks, continues)
        return _meet([done, *inner])


def ends(one: Statement) -> bool:
    """Whether what follows the statement is never reached."""
    match one:
        case Jump():
            return True
        case If():
            return _last_ends(one.then) and _last_ends(one.other)
        case Repeat():
            return _last_ends(one.other) and not _breaks(one.body)
        case While():
            return (_is_endless(one) or _last_ends(one.other)) and not _breaks(one.body)
    return False


def _last_ends(body: Sequence[Statement]) -> bool:
    return bool(body) and ends(body[-1])


def _breaks(body: Sequence[Statement]) -> bool:
    """Whether a ``break`` of the loop around is in it."""
    for one in body:
        if isinstance(one, Jump):
            if one.where == "break":
                return True
        elif not isinstance(one, Assign):
            parts = [one.then, one.other] if isinstance(one, If) else [one.other]
            if any(map(_breaks, parts)):
                return True
    return False


def _is_endless(one: While) -> bool:
    return isinstance(one.test, Number) and bool(one.test.value)


def _read(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Apply):
        for one in expression.arguments:
            yield from _read(one)
    elif not isinstance(expression, Number):
        yield expression.name


def _meet(ends: Iterable[Names]) -> Names:
    reached = [one for one in ends if one is not None]
    return frozenset.intersection(*reached) if reached else None
