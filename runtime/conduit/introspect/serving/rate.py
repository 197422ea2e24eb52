"""How many questions somebody may ask: ``"100/second"`` → an allowance that fills up as time goes by.

Knows only when it was last asked; there is no timer.
"""

from __future__ import annotations

import re

_FORM = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def rate_of(text: str) -> tuple[int, int]:
    """So many, in so many seconds.

    Raises:
        ValueError: it is no rate.
    """
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f'a rate is a text such as "100/second" or "1000/minute", not {text!r:.40}')
    return int(found[1]), _SECONDS[found[2]]


class Allowance:
    """As many as fit are there at the beginning; each that is taken grows again in its time."""

    __slots__ = ("_last", "_left", "_most", "_speed")

    def __init__(self, count: int, seconds: int) -> None:
        self._most = self._left = float(count)
        self._speed = count / seconds
        self._last = 0.0

    def take(self, now: float) -> float:
        """0 where one was there, else the seconds until there is one."""
        left = self._left + (now - self._last) * self._speed if self._last else self._left
        self._last = now
        if left >= 1.0:
            self._left = min(left, self._most) - 1.0
            return 0.0
        self._left = left
        return (1.0 - left) / self._speed
