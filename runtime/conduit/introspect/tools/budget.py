"""An answer of any size → one within a number of tokens: the best is kept, and what was left out is told.

In: ``head``, the members that every answer has, and parts, lists with the best first, in the order in which
they matter. Out: a dict that JSON can hold; ``complete`` is false where anything is missing, and ``left_out``
says what, and how it is got.
"""

from __future__ import annotations

from itertools import islice

from msgspec.json import encode

from conduit.introspect.tools.tokens import MOST, quarters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

#: Characters of a text and members of a list within an answer: as long as there is room, then fewer.
_SIZES = ((600, 24), (240, 12), (100, 6), (40, 3))
#: Levels of what stands in an answer.
_DEEP = 6
_CUT = "…"
#: Quarters of tokens that the end of an answer takes, and what is said of texts that were cut.
_CLOSING, _CUT_SAID = 60, 100


class Part:
    """A list of an answer. ``total`` is how many there are where ``items`` begins after ``skipped``; ``more``
    says how to get the rest."""

    __slots__ = ("items", "key", "more", "skipped", "total")

    def __init__(
        self, key: str, items: Sequence[Any], more: str, total: int | None = None, skipped: int = 0
    ) -> None:
        self.key, self.items, self.more, self.skipped = key, items, more, skipped
        self.total = skipped + len(items) if total is None else total

    @property
    def around(self) -> int:
        """Quarters of tokens that its name takes, and what may be told of its rest."""
        return quarters(f'"{self.key}":[],') + quarters(f'"{self.left_out(-1000)}",') if self.items else 0

    def left_out(self, kept: int) -> str | None:
        """What is told of those that did not find room, or were not asked for."""
        rest = self.total - self.skipped - kept
        if not rest:
            return None
        return f"{rest} more of {self.total} {self.key}: {self.more.format(next=self.skipped + kept)}"


def fit(
    head: dict[str, Any], parts: Sequence[Part] = (), *, complete: bool = True, most: int = MOST
) -> dict[str, Any]:
    """The answer within ``most`` tokens. ``complete`` is false where the question itself stopped at a
    bound."""
    made, cut = _within(head, most * (2 if parts else 4) - _CLOSING)
    room = most * 4 - _size(made) - _CLOSING - _CUT_SAID - sum(part.around for part in parts)
    kept: dict[str, list[Any]] = {}
    firsts = [_first(part, room // 3) for part in parts]
    for number, part in enumerate(parts):
        free = room - sum(firsts[number + 1 :])
        kept[part.key], used, shortened = _filled(part.items, free)
        room -= used
        cut = cut or shortened
    answer = _closed(made, parts, kept, cut, complete)
    while _size(answer) > most * 4 and any(kept.values()):
        [*filter(None, kept.values())][-1].pop()
        answer = _closed(made, parts, kept, cut, complete)
    return answer


def _first(part: Part, most: int) -> int:
    """What the first of a list takes: so much is kept free for it."""
    return min(_size(short(part.items[0], *_SIZES[1])) + 3, most) if part.items else 0


def _closed(
    head: dict[str, Any], parts: Sequence[Part], kept: dict[str, list[Any]], cut: bool, complete: bool
) -> dict[str, Any]:
    left = [said for part in parts if (said := part.left_out(len(kept[part.key])))]
    if cut:
        left.append(f"long texts, cut at {_CUT}: read the source")
    shown = {key: items for key, items in kept.items() if items}
    closing: dict[str, Any] = {"complete": complete and not left}
    return {**head, **shown, **closing, **({"left_out": left} if left else {})}


def _within(head: dict[str, Any], room: int) -> tuple[dict[str, Any], bool]:
    """The head, its texts shortened until there is room for it; whether they were."""
    for size in _SIZES:
        made = {key: short(value, *size) for key, value in head.items()}
        if _size(made) <= room:
            return made, made != head
    few = {key: short(value, 12, 3, 1) for key, value in head.items()}
    while len(few) > 1 and _size(few) > room:  # names of nothing but signs beyond ASCII, say
        few.popitem()
    return few, True


def _filled(items: Iterable[Any], room: int) -> tuple[list[Any], int, bool]:
    """The first items as far as there is room; how much of it they take; whether texts were shortened."""
    kept: list[Any] = []
    used, cut = 0, False
    for item in islice(items, 4 * MOST):
        shown, cost = item, room
        for size in _SIZES[1:3] if kept else _SIZES[1:]:  # a name that is cut too short is of no use
            shown = short(item, *size)
            cost = _size(shown) + 3
            if cost <= max((room - used) // 2, 400):  # the first may be longer than the next
                break
        if used + cost > room:
            break
        kept.append(shown)
        used += cost
        cut = cut or shown != item
    return kept, used, cut


def short(value: Any, chars: int, many: int, deep: int = _DEEP) -> Any:
    """A value with its texts and lists cut."""
    if isinstance(value, str):
        return value if len(value) <= chars else value[: chars - 1] + _CUT
    if not isinstance(value, dict | list | tuple):
        return value
    if not deep:
        return _CUT
    if isinstance(value, dict):
        members = {
            short(key, chars, many): short(one, chars, many, deep - 1)
            for key, one in islice(value.items(), 2 * many)
        }
        return members if len(value) <= 2 * many else {**members, _CUT: f"{len(value) - 2 * many} more"}
    listed = [short(one, chars, many, deep - 1) for one in value[:many]]
    return listed if len(value) <= many else [*listed, f"{_CUT} {len(value) - many} more"]


def _size(value: Any) -> int:
    return quarters(encode(value).decode())
