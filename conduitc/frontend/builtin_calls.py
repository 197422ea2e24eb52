"""Calls of builtins that are computed: ``range``, ``len``, ``sorted``, ``dict`` and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conduitc.frontend.limits import TURNS
from conduitc.frontend.loops import turns
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Const, Mapping, Sequence, Unknown, Value, attribute


def _range(call: Call) -> Value | None:
    bounds = [one.value for one in call.positional if isinstance(one, Const) and isinstance(one.value, int)]
    if len(bounds) != len(call.positional) or not 1 <= len(bounds) <= 3 or bounds[2:] == [0]:
        return None
    numbers = range(*bounds)
    return Sequence("tuple", [Const(one) for one in numbers]) if len(numbers) <= TURNS else None


def _length(call: Call) -> Value | None:
    items = turns(call.positional[0], ordered=False) if call.positional else None
    return Const(len(items)) if items is not None else None


def _text(call: Call) -> Value | None:
    match call.positional:
        case [Const(value=value, enum=None)]:
            return Const(str(value))
    return None


def _integer(call: Call) -> Value | None:
    match call.positional:
        case [Const(value=int() | float() | str() as value, enum=None)] if len(str(value)) < 40:
            try:
                return Const(int(value))
            except (ValueError, OverflowError):
                return None
    return None


def _container(kind: str) -> Callable[[Call], Value | None]:
    def make(call: Call) -> Value | None:
        items = turns(call.positional[0], ordered=kind in ("list", "tuple")) if call.positional else []
        return Sequence(kind, items) if items is not None and not call.keywords else None

    return make


def _dict(call: Call) -> Value | None:
    named: dict[object, Value] = dict(call.keywords.items())
    match call.positional:
        case []:
            return Mapping(named)
        case [Mapping(items=pairs, spoiled=False)]:
            return Mapping({**pairs, **named})
        case [Sequence() as pairs_value]:
            made: dict[object, Value] = {}
            for pair in turns(pairs_value) or [Unknown("")]:
                match pair:
                    case Sequence(items=[Const(value=key), item]):
                        made[key] = item
                    case _:
                        return None
            return Mapping({**made, **named})
    return None


def _enumerate(call: Call) -> Value | None:
    items = turns(call.positional[0]) if call.positional else None
    start = call.argument("start", 1) or Const(0)
    if items is None or not isinstance(start, Const) or not isinstance(start.value, int):
        return None
    first = start.value
    return Sequence("list", [Sequence("tuple", [Const(first + n), one]) for n, one in enumerate(items)])


def _zip(call: Call) -> Value | None:
    columns = [items for one in call.positional if (items := turns(one)) is not None]
    if len(columns) != len(call.positional):
        return None
    return Sequence("list", [Sequence("tuple", list(row)) for row in zip(*columns, strict=False)])


def _ordered(call: Call) -> Value | None:
    items = turns(call.positional[0], ordered=False) if call.positional else None
    plain: list[Any] = [one.value for one in items or () if isinstance(one, Const) and one.plain]
    if items is None or len(plain) != len(items) or call.keywords:
        return None
    try:
        return Sequence("list", [Const(one) for one in sorted(plain)])
    except TypeError:
        return None


def _reversed(call: Call) -> Value | None:
    items = turns(call.positional[0]) if call.positional else None
    return Sequence("list", items[::-1]) if items is not None else None


def _getattr(call: Call) -> Value | None:
    match call.positional:
        case [owner, Const(value=str(name))]:
            return attribute(owner, name)
    return None


#: By full name; None where the result is not known.
BUILTIN_CALLS: dict[str, Callable[[Call], Value | None]] = {
    "builtins.range": _range,
    "builtins.len": _length,
    "builtins.str": _text,
    "builtins.int": _integer,
    "builtins.list": _container("list"),
    "builtins.tuple": _container("tuple"),
    "builtins.set": _container("set"),
    "builtins.frozenset": _container("frozenset"),
    "builtins.dict": _dict,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.sorted": _ordered,
    "builtins.reversed": _reversed,
    "builtins.getattr": _getattr,
}
