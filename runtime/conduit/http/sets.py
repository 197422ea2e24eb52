"""Finding sets in values that are to be encoded, and putting sorted lists in their place.

Looking costs little: whole levels are passed by C loops, and which fields of a class may hold a set is
settled once a class, from its annotations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from copy import copy
from enum import Enum
from functools import cache
from gc import is_tracked
from itertools import chain
from typing import Any, Literal, get_origin

from msgspec import Struct
from msgspec.structs import force_setattr

from conduit.http.classes import bare, fields_of, has_fields, members

#: Exact types that hold nothing.
ATOMS = frozenset({str, int, float, bool, type(None), bytes, bytearray})
#: Deeper than anything that can be encoded.
_DEEPEST = 1000
_MANY = 10_000
_HARMLESS_MODULES = frozenset({"datetime", "decimal", "uuid"})


def look_for_set(value: object) -> bool:
    """Whether a set may be somewhere in ``value``: level by level, by the types that stand there."""
    level: list[Any] = [value]
    seen: set[int] = set()
    for depth in range(_DEEPEST):
        kinds = [kind for kind in set(map(type, level)) if not _clean(kind)]
        if not kinds:
            return False
        if depth > 1 and len(level) > _MANY:  # what contains itself in many places would grow without end
            level = [one for key, one in {id(one): one for one in level}.items() if key not in seen]
            seen.update(map(id, level))
        below: list[Any] = []
        for kind in kinds:
            if issubclass(kind, set | frozenset):
                return True
            below.extend(_inside(kind, [one for one in level if type(one) is kind]))
        level = below
    return True  # or it contains itself, which encoding finds out


def _inside(kind: Any, values: list[Any]) -> Iterable[Any]:
    """What stands in values of one class. What the collector does not track holds atoms only."""
    if kind is dict:
        return chain.from_iterable(map(dict.values, filter(is_tracked, values)))
    if kind is list or kind is tuple:
        return chain.from_iterable(filter(is_tracked, values))
    suspects = _suspects(kind)
    if suspects is not None:
        return (getattr(one, name, None) for name in suspects for one in values)
    if issubclass(kind, dict):
        return chain.from_iterable(map(dict.values, values))
    return chain.from_iterable(values) if issubclass(kind, list | tuple) else ()


@cache
def _clean(kind: Any) -> bool:
    """Whether no value of exactly this class is or holds a set."""
    return _harmless(kind) or _suspects(kind) == ()


@cache
def _suspects(kind: Any) -> tuple[str, ...] | None:
    """The fields of a class that may hold a set; None where it has no fields."""
    if not has_fields(kind):
        return None
    try:
        fields = fields_of(kind)
    except Exception:  # an annotation that cannot be evaluated tells nothing
        return tuple(getattr(kind, "__annotations__", ()))
    return tuple(field.name for field in fields if not all(map(_harmless, members(field.annotation))))


def _harmless(annotation: Any) -> bool:
    """Whether a value of this is certainly no set and holds none. Annotated collections are looked into."""
    one = bare(annotation)
    if not isinstance(one, type) or get_origin(one) is not None:
        return get_origin(one) is Literal
    return one in ATOMS or issubclass(one, Enum) or one.__module__ in _HARMLESS_MODULES


#: ``look_for_set``, compiled where the installation has native modules.
holds_set: Callable[[object], bool] = look_for_set
with suppress(ImportError):
    from conduit.http._speed import Looker

    holds_set = Looker(ATOMS, _suspects, look_for_set)


def ordered(value: Any, encode: Callable[[Any], bytes]) -> Any:
    """``value`` with a sorted list for every set; everything else keeps its order and shape."""
    kind: Any = type(value)
    if kind in ATOMS:
        return value
    if issubclass(kind, set | frozenset):
        return sort_items([ordered(one, encode) for one in value], encode)
    if issubclass(kind, dict):
        return {key: ordered(one, encode) for key, one in value.items()}
    if issubclass(kind, list | tuple):
        return [ordered(one, encode) for one in value]
    return _copy_ordered(value, encode) if _suspects(kind) else value


def _copy_ordered(value: Any, encode: Callable[[Any], bytes]) -> Any:
    made = copy(value)
    put = force_setattr if isinstance(made, Struct) else object.__setattr__
    kind: Any = type(value)
    for name in _suspects(kind) or ():
        if hasattr(value, name):
            put(made, name, ordered(getattr(value, name), encode))
    return made


def sort_items(items: list[Any], encode: Callable[[Any], bytes]) -> list[Any]:
    """Natural order where all are text or all are numbers; else by what they are as JSON."""
    kinds = set(map(type, items))
    if kinds == {str} or (kinds <= {int, float, bool} and all(one == one for one in items)):  # noqa: PLR0124
        return sorted(items)
    return sorted(items, key=encode)
