"""Finding sets in values that are to be encoded, and putting sorted lists in their place.

Looking costs little: a level of atoms is passed by C loops, and which fields of a class may hold a set is
settled once a class, from its annotations.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from enum import Enum
from functools import cache
from gc import is_tracked
from typing import Any, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import force_setattr

#: Exact types that hold nothing.
_ATOMS = frozenset({str, int, float, bool, type(None), bytes, bytearray})
_HARMLESS_MODULES = frozenset({"datetime", "decimal", "uuid"})


def holds_set(value: object) -> bool:
    """Whether a set may be somewhere in ``value``."""
    kind = type(value)
    if kind in _ATOMS:
        return False
    if kind is dict:
        return _any_holds(value.values())  # type: ignore[attr-defined]
    if kind is list or kind is tuple:
        return _any_holds(value)
    return _instance_holds(value, kind)


def _any_holds(values: Any) -> bool:
    if _ATOMS.issuperset(map(type, values)):
        return False
    if {dict, list, tuple}.issuperset(map(type, values)):
        # what the collector does not track holds atoms only
        return any(map(holds_set, filter(is_tracked, values)))
    return any(map(holds_set, values))


def _instance_holds(value: object, kind: Any) -> bool:
    if issubclass(kind, set | frozenset):
        return True
    suspects = _suspects(kind)
    if suspects is None:
        return issubclass(kind, dict | list | tuple)
    return any(holds_set(getattr(value, name, None)) for name in suspects)


@cache
def _suspects(kind: Any) -> tuple[str, ...] | None:
    """The fields of a class that may hold a set; None where it has no fields."""
    fields = getattr(kind, "__struct_fields__", None) or getattr(kind, "__dataclass_fields__", None)
    if fields is None:
        fields = [one.name for one in getattr(kind, "__attrs_attrs__", ())]
    if not fields:
        return None
    try:
        hints = get_type_hints(kind)
    except Exception:  # an annotation that cannot be evaluated tells nothing
        hints = {}
    return tuple(name for name in fields if _may_hold(hints.get(name, Any)))


def _may_hold(annotation: Any) -> bool:
    arguments = get_args(annotation)
    if not arguments:
        if not isinstance(annotation, type):
            return True
        harmless = annotation in _ATOMS or issubclass(annotation, Enum)
        return not harmless and annotation.__module__ not in _HARMLESS_MODULES
    if get_origin(annotation) in (set, frozenset):
        return True
    if any(isinstance(one, str | int) for one in arguments):  # Literal
        return False
    return any(_may_hold(one) for one in arguments if one is not Ellipsis)


def ordered(value: Any, encode: Callable[[Any], bytes]) -> Any:
    """``value`` with a sorted list for every set; everything else keeps its order and shape."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if issubclass(kind, set | frozenset):
        return sort_items([ordered(one, encode) for one in value], encode)
    if issubclass(kind, dict):
        return {key: ordered(one, encode) for key, one in value.items()}
    if issubclass(kind, list | tuple):
        return [ordered(one, encode) for one in value]
    return _copy_ordered(value, encode) if _instance_holds(value, kind) else value


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
