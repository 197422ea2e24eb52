"""What a process that analyses a program again and again remembers between two analyses.

In: values by keys that hold all that the value depends on, so an entry is right or not found. Out: the same
values. Only what never changes once it is made may be kept: sources, frozen nodes, bytes.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

#: Analyses after which what none of them asked for is forgotten: a program may be broken for a while.
PATIENCE = 16


class Kept:
    """Values by kind and key. What was not asked for in ``PATIENCE`` analyses is forgotten."""

    def __init__(self, patience: int = PATIENCE) -> None:
        self._patience = patience
        self._turn = 0
        self._values: dict[Hashable, list[Any]] = {}
        #: By kind: how often something was found, and how often it was made.
        self.found: dict[str, int] = {}
        self.made: dict[str, int] = {}

    def turn(self) -> None:
        """Another analysis begins."""
        self._turn += 1
        self.found.clear()
        self.made.clear()
        if self._turn % self._patience == 0:
            last = self._turn - self._patience
            self._values = {key: entry for key, entry in self._values.items() if entry[1] > last}

    def recall(self, kind: str, key: Hashable) -> Any | None:
        """What was made for ``key``; None where nothing is known."""
        entry = self._values.get((kind, key))
        if entry is None:
            return None
        entry[1] = self._turn
        self.found[kind] = self.found.get(kind, 0) + 1
        return entry[0]

    def remember(self, kind: str, key: Hashable, value: T) -> T:
        """Keep what was made for ``key``; gives it back."""
        self._values[kind, key] = [value, self._turn]
        self.made[kind] = self.made.get(kind, 0) + 1
        return value

    def get(self, kind: str, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for ``key`` before, or what ``make`` gives now."""
        known: T | None = self.recall(kind, key)
        return known if known is not None else self.remember(kind, key, make())

    def __len__(self) -> int:
        return len(self._values)
