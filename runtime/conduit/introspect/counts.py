"""How often each query is asked, how it ends, and how long it takes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Upper ends of the classes of durations, in seconds; the last class has none.
BOUNDS = (0.00001, 0.0001, 0.001, 0.01, 0.1, 1.0)


class Count:
    """One query's figures. Written without a lock: two threads at once may lose one call in the count."""

    __slots__ = ("calls", "classes", "errors", "incomplete", "longest", "seconds")

    def __init__(self) -> None:
        self.calls = self.errors = self.incomplete = 0
        self.seconds = self.longest = 0.0
        self.classes = [0] * (len(BOUNDS) + 1)

    def add(self, seconds: float, *, failed: bool = False, complete: bool = True) -> None:
        self.calls += 1
        self.errors += failed
        self.incomplete += not complete
        self.seconds += seconds
        self.longest = max(self.longest, seconds)
        self.classes[sum(seconds > bound for bound in BOUNDS)] += 1


class Use:
    """How often a pattern was asked for, and how often it was among the answers to a question in words."""

    __slots__ = ("asked", "suggested")

    def __init__(self) -> None:
        self.asked = self.suggested = 0


class Counts:
    """Every query's figures, by its name, and every pattern's, by its id."""

    def __init__(self) -> None:
        self._counts: dict[str, Count] = {}
        self._patterns: dict[str, Use] = {}

    def of(self, query: str) -> Count:
        return self._counts.setdefault(query, Count())

    def pattern(self, id_: str) -> Use:
        return self._patterns.setdefault(id_, Use())

    def patterns_told(self) -> dict[str, dict[str, int]]:
        """As JSON can hold it, the most used first."""
        used = sorted(self._patterns.items(), key=lambda one: (-one[1].asked, -one[1].suggested, one[0]))
        return {id_: {"asked": one.asked, "suggested": one.suggested} for id_, one in used}

    def told(self) -> dict[str, dict[str, Any]]:
        """As JSON can hold it; ``at_most`` counts durations by the upper end of their class, in seconds."""
        return {
            query: {
                "calls": one.calls,
                "errors": one.errors,
                "incomplete": one.incomplete,
                "seconds": round(one.seconds, 6),
                "longest": round(one.longest, 6),
                "at_most": dict(zip([*map(str, BOUNDS), "more"], one.classes, strict=True)),
            }
            for query, one in sorted(self._counts.items())
        }
