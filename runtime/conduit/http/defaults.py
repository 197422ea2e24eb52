"""Dataclasses as msgspec decodes them → as their own ``__init__`` would have made them.

msgspec leaves a field that was not sent to the class's attribute, where the default is a plain object. Such a
field would be missing when the instance is encoded again, so it is put into the instance.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from conduit.http.classes import bare, fields_of, has_fields, reachable

_ATOMS = frozenset({str, int, float, bool, type(None)})


def filler_of(annotation: Any) -> Callable[[Any], None] | None:
    """What completes decoded values of an annotation; None where they are complete as they are."""
    plans = [_plan(one) for one in map(bare, reachable(annotation)) if has_fields(one)]
    return _fill if any(plan[0] for plan in plans if plan) else None


@cache
def _plan(kind: Any) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """The plain defaults of a dataclass and the fields to look into; None for what has no fields."""
    if not has_fields(kind):
        return None
    fields = fields_of(kind)
    simple = "__dataclass_fields__" in vars(kind) and not hasattr(kind, "__slots__")
    defaults = {one.name: one.default() for one in fields if simple and one.plain and one.default}
    deep = tuple(one.name for one in fields if bare(one.annotation) not in _ATOMS)
    return defaults, deep


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
