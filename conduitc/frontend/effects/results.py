"""What a listed function gives, where that depends on its arguments."""

from __future__ import annotations

from collections.abc import Callable

from conduitc.frontend.effects.local_types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    bare,
    item_of,
    iterator,
    join,
    like,
    loose,
)
from conduitc.ir import types as t

Results = Callable[[list[t.Type], dict[str, t.Type]], t.Type]


def _items(*positions: int) -> Callable[[list[t.Type]], t.Type]:
    """The items of the arguments at these positions, taken together."""

    def take(arguments: list[t.Type]) -> t.Type:
        found = [item_of(arguments[place]) or t.ANY for place in positions if place < len(arguments)]
        return join(*found)

    return take


def _collection(kind: str) -> Results:
    take = _items(0)
    return lambda arguments, _: t.ArrayOf(kind, take(arguments))


def _iterator(*positions: int) -> Results:
    take = _items(*positions)
    return lambda arguments, _: iterator(take(arguments))


def _all(arguments: list[t.Type], _: dict[str, t.Type]) -> t.Type:
    return iterator(join(*[item_of(one) or t.ANY for one in arguments]))


def _extreme(arguments: list[t.Type], keywords: dict[str, t.Type]) -> t.Type:
    found = [_items(0)(arguments)] if len(arguments) == 1 else arguments
    default = keywords.get("default")
    return join(*found, *([default] if default is not None else []))


def _sum(arguments: list[t.Type], keywords: dict[str, t.Type]) -> t.Type:
    item = _items(0)(arguments)
    start = arguments[1] if len(arguments) > 1 else keywords.get("start", INT)
    if bare(item) == BOOL:
        item = INT
    return join(item, start)


def _same(arguments: list[t.Type], _: dict[str, t.Type]) -> t.Type:
    return (INT if arguments[0] == BOOL else arguments[0]) if arguments else t.ANY


def _round(arguments: list[t.Type], keywords: dict[str, t.Type]) -> t.Type:
    known = bare(arguments[0]) if arguments else t.ANY
    digits = len(arguments) > 1 or "ndigits" in keywords
    if known in (INT, FLOAT, BOOL):
        return like(arguments[0], FLOAT if digits and known == FLOAT else INT)
    return JSON if not digits else loose(known)


def _dict(arguments: list[t.Type], keywords: dict[str, t.Type]) -> t.Type:
    known = bare(arguments[0]) if arguments else None
    if known is None:
        return t.DictOf(join(*[t.Scalar("str")] * bool(keywords)), join(*keywords.values()))
    if isinstance(known, t.DictOf) and not keywords:
        return loose(known)
    pair = bare(item_of(known) or t.ANY)
    if isinstance(pair, t.TupleOf) and len(pair.items) == 2 and not keywords:
        return t.DictOf(*pair.items)
    return t.DictOf(t.ANY, t.ANY)


def _counted(arguments: list[t.Type], _: dict[str, t.Type]) -> t.Type:
    return iterator(t.TupleOf((INT, _items(0)(arguments))))


def _zipped(arguments: list[t.Type], _: dict[str, t.Type]) -> t.Type:
    return iterator(t.TupleOf(tuple(item_of(one) or INT for one in arguments)))


def _next(arguments: list[t.Type], _: dict[str, t.Type]) -> t.Type:
    first = item_of(arguments[0]) if arguments else None
    return join(first or INT, *arguments[1:])


def _pairs(arguments: list[t.Type], _: dict[str, t.Type]) -> t.Type:
    item = _items(0)(arguments)
    return iterator(t.TupleOf((item, item)))


_RESULTS: dict[str, Results] = {
    "builtins.abs": _same, "copy.copy": _same, "copy.deepcopy": _same, "dataclasses.replace": _same,
    "msgspec.structs.replace": _same, "builtins.max": _extreme, "builtins.min": _extreme,
    "builtins.sum": _sum, "builtins.round": _round, "builtins.dict": _dict,
    "builtins.list": _collection("list"), "builtins.sorted": _collection("list"),
    "builtins.set": _collection("set"), "builtins.frozenset": _collection("frozenset"),
    "builtins.tuple": _collection("tuple"), "collections.deque": _collection("collections.deque"),
    "heapq.nlargest": lambda arguments, _: t.ArrayOf("list", _items(1)(arguments)),
    "heapq.nsmallest": lambda arguments, _: t.ArrayOf("list", _items(1)(arguments)),
    "builtins.reversed": _iterator(0), "builtins.iter": _iterator(0), "builtins.filter": _iterator(1),
    "itertools.islice": _iterator(0), "itertools.takewhile": _iterator(1),
    "itertools.dropwhile": _iterator(1),
    "itertools.filterfalse": _iterator(1), "itertools.chain": _all, "itertools.pairwise": _pairs,
    "builtins.enumerate": _counted, "builtins.zip": _zipped, "builtins.next": _next,
    "heapq.heappop": lambda arguments, _: _items(0)(arguments),
    "typing.cast": lambda arguments, _: t.ANY,
}  # fmt: skip


def result(name: str, arguments: list[t.Type], keywords: dict[str, t.Type], listed: t.Type) -> t.Type:
    """What calling ``name`` gives; ``listed`` is what the closed list says."""
    made = _RESULTS.get(name)
    return made(arguments, keywords) if made is not None else listed
