"""A reference for dispatch: which route answers a path and with which values, by trying every route.

Written from the app language alone; slow, and shares nothing with the compiler, its tables or the runtime.
"""

import math
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

GRAMMAR = {
    "int": re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    "float": re.compile(r"-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?"),
    "uuid": re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
    "str": re.compile(r"(?s:.+)"),
    "path": re.compile(r"(?s:.*)"),
}
VALUE: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "uuid": uuid.UUID,
    "str": str,
    "path": str,
}
KIND = {"static": 0, "int": 1, "float": 1, "uuid": 1, "str": 2, "path": 3}
#: Typed converters that some text satisfies together.
OVERLAP = ({"int", "float"},)


@dataclass(frozen=True)
class Part:
    """A segment of a route: static with its text, or a converter."""

    kind: str
    text: str = ""


@dataclass(frozen=True)
class Case:
    """A route; ``refuses`` says which values its handler's annotations refuse."""

    methods: tuple[str, ...]
    parts: tuple[Part, ...]
    refuses: Callable[[tuple[Any, ...]], bool] | None = None

    def kinds(self) -> tuple[int, ...]:
        return tuple(KIND[part.kind] for part in self.parts)

    def values(self, segments: Sequence[str]) -> tuple[Any, ...] | None:
        """The path values, left to right, if the route takes the path."""
        if self.parts and self.parts[-1].kind == "path":
            head = len(self.parts) - 1
            if len(segments) <= head:
                return None
            segments = [*segments[:head], "/".join(segments[head:])]
        if len(segments) != len(self.parts):
            return None
        values = []
        for part, text in zip(self.parts, segments, strict=True):
            if part.kind == "static":
                if part.text != text:
                    return None
                continue
            if not GRAMMAR[part.kind].fullmatch(text):
                return None
            value = VALUE[part.kind](text)
            if isinstance(value, float) and not math.isfinite(value):
                return None
            values.append(value)
        if self.refuses and values and self.refuses(tuple(values)):
            return None
        return tuple(values)


def rank(methods: Sequence[str], method: str) -> int | None:
    """How a route stands in a tie for a request of ``method``; None: it is out."""
    if method in methods:
        return 0
    if method == "HEAD" and "GET" in methods:
        return 1
    return 2 if "*" in methods else None


def find(cases: Sequence[Case], method: str, segments: Sequence[str]) -> tuple[int, tuple[Any, ...]] | None:
    """The route that answers, and its path values."""
    matches = []
    for index, case in enumerate(cases):
        standing = rank(case.methods, method)
        if standing is not None and (values := case.values(segments)) is not None:
            matches.append((case.kinds(), standing, index, values))
    if not matches:
        return None
    _, _, index, values = min(matches, key=lambda match: match[:3])
    return index, values


def status(cases: Sequence[Case], method: str, segments: Sequence[str]) -> tuple[int, frozenset[str]]:
    """200, 404, or 405 with ``Allow``, for an app whose handlers all answer 200."""
    if find(cases, method, segments):
        return 200, frozenset()
    allowed = {m for case in cases if case.values(segments) is not None for m in case.methods}
    if not allowed:
        return 404, frozenset()
    return 405, frozenset(allowed | {"OPTIONS"} | ({"HEAD"} if "GET" in allowed else set()))


def conflict(one: Case, other: Case) -> bool:
    """Same method, same kinds, and a path that both take: such routes may not stand together."""
    return (
        bool(set(one.methods) & set(other.methods))
        and one.kinds() == other.kinds()
        and all(_meet(a, b) for a, b in zip(one.parts, other.parts, strict=True))
    )


def _meet(one: Part, other: Part) -> bool:
    if one.kind == other.kind:
        return one.kind != "static" or one.text == other.text
    return {one.kind, other.kind} in OVERLAP


def free_of_conflicts(cases: Iterable[Case]) -> list[Case]:
    """``cases`` without those that conflict with an earlier one."""
    kept: list[Case] = []
    for case in cases:
        if not any(conflict(case, other) for other in kept):
            kept.append(case)
    return kept
