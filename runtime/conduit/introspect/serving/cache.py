"""Answers that were given, as they are sent, by what was asked: the least recently used one goes first.

Only the event loop's thread comes here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.http.entry import Answer

    Asked = tuple[str, bytes]

#: What an entry takes besides its answer's bytes: the key, the messages, the line of the audit.
_BESIDE = 1500


class Kept:
    """An answer, the kind of question, what its line in the audit says, and of which turn of the metadata it
    is."""

    __slots__ = ("answer", "line", "query", "size", "turn")

    def __init__(self, query: str, answer: Answer, line: bytes, size: int, turn: int) -> None:
        self.query = query
        self.answer = answer
        self.line = line
        self.size = size + len(line) + _BESIDE
        self.turn = turn


class Answers:
    """At most ``limit`` bytes of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = self.hits = self.misses = self.evicted = 0
        self._kept: dict[Asked, Kept] = {}

    def get(self, asked: Asked, turn: int) -> Kept | None:
        """What was answered of that turn of the metadata; it is the most recently used one now."""
        kept = self._kept.pop(asked, None)
        if kept is not None:
            if kept.turn == turn:
                self.hits += 1
                self._kept[asked] = kept
                return kept
            self.size -= kept.size
        self.misses += 1
        return None

    def put(self, asked: Asked, kept: Kept) -> None:
        """Keep it, unless it takes more than a quarter of the room; what there is no more room for goes."""
        if kept.size * 4 <= self.limit:
            before = self._kept.pop(asked, None)
            if before is not None:
                self.size -= before.size
            self._kept[asked] = kept
            self.size += kept.size
        while self.size > self.limit:
            self.size -= self._kept.pop(next(iter(self._kept))).size
            self.evicted += 1

    def clear(self) -> None:
        self._kept.clear()
        self.size = 0

    def told(self) -> dict[str, Any]:
        asked = self.hits + self.misses
        return {
            "answers": len(self._kept),
            "bytes": self.size,
            "hits": self.hits,
            "misses": self.misses,
            "evicted": self.evicted,
            "ratio": round(self.hits / asked, 4) if asked else 0.0,
        }
