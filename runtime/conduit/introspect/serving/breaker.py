"""Kinds of questions that take too long, too often → refused for a while.

Every answer has a bound; the breaker is for what breaks it all the same. Time is looked at when somebody
asks.
"""

from __future__ import annotations

#: Seconds of work that an answer may take.
BOUND = 0.1
#: So many that took longer, or had to stop there, within a minute …
BREAKS, WINDOW = 5, 60.0
#: … and the kind is refused for so many seconds.
PAUSE = 30.0


class Breaker:
    """Of one process, by kind of question."""

    def __init__(self) -> None:
        self._breaks: dict[str, list[float]] = {}
        self._until: dict[str, float] = {}

    def wait(self, kind: str, now: float) -> float:
        """The seconds for which the kind is refused; 0 where it is not."""
        if not self._until:  # nearly always
            return 0.0
        return max(0.0, self._until.get(kind, 0.0) - now)

    def note(self, kind: str, now: float) -> bool:
        """An answer of this kind broke its bound; whether the kind is refused from now on."""
        breaks = [one for one in self._breaks.get(kind, ()) if one > now - WINDOW]
        breaks.append(now)
        self._breaks[kind] = breaks
        if len(breaks) < BREAKS:
            return False
        self._breaks.pop(kind, None)  # another thread may have done it
        self._until[kind] = now + PAUSE
        return True

    def told(self, now: float) -> dict[str, float]:
        """The kinds that are refused, and for how many seconds more."""
        return {kind: round(until - now, 1) for kind, until in sorted(self._until.items()) if until > now}
