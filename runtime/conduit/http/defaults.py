"""Dataclasses as msgspec decodes them → as their own ``__init__`` would have made them.

msgspec leaves a field that was not sent to the class's attribute, where the default is a plain object. Such a
field would be missing when the instance is encoded again, so it is put into the instance.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, get_origin

from conduit.http.classes import bare, fields_of, has_fields, reachable

_ATOMS = frozenset({str, int, float, bool, type(None)})


def filler_of(annotation: Any) -> Callable[[Any], None] | None:
    """What completes decoded values of an annotation; None where they are complete as they are."""
    if not _to_be_filled(annotation):
        return None
    plan = _plan(bare(annotation))
    return _fill if plan is None or plan[1] else _flat(tuple(plan[0].items()))


def _flat(defaults: tuple[tuple[str, Any], ...]) -> Callable[[Any], None]:
    """The filler of one class, below which nothing is to be filled."""

    def fill(value: Any) -> None:
        there = value.__dict__
        for name, default in defaults:
            if name not in there:
                there[name] = default

    return fill


def _to_be_filled(annotation: Any) -> bool:
    """Whether a class with plain defaults may stand in it; a parameter may be any class."""
    for one in map(bare, reachable(annotation)):
        if isinstance(one, TypeVar) or has_fields(get_origin(one)) or (has_fields(one) and _defaults(one)):
            return True
    return False


def _defaults(kind: Any) -> dict[str, Any]:
    """The plain defaults of a dataclass."""
    slots = any(vars(one).get("__slots__") for one in kind.__mro__)  # those of Generic are none
    if "__dataclass_fields__" not in vars(kind) or slots:
        return {}
    return {one.name: one.default() for one in fields_of(kind) if one.plain and one.default}


@cache
def _plan(kind: Any) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """The plain defaults of a class and the fields to look into; None for what has no fields."""
    if not has_fields(kind):
        return None
    deep = tuple(one.name for one in fields_of(kind) if _to_be_filled(one.annotation))
    return _defaults(kind), deep


def _fill(value: Any) -> None:
    kind: Any = type(value)
    if kind in _ATOMS:
        return
    if kind is dict:
        for one in value.values():
            _fill(one)
    elif kind in (list, tuple, set, frozenset):
        for one in value:
            _fill(one)
    elif plan := _plan(kind):
        defaults, deep = plan
        if defaults:
            there = vars(value)
            for name, default in defaults.items():
                there.setdefault(name, default)
        for name in deep:
            _fill(getattr(value, name, None))
