"""Operators on abstract values: arithmetic and text within bounds, truth, comparison, items."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection
from typing import Any

from conduitc.frontend.limits import LENGTH, MAGNITUDE, TURNS
from conduitc.frontend.values import (
    Class,
    Const,
    External,
    Function,
    Instance,
    Mapping,
    Module,
    Sequence,
    TypeForm,
    Unknown,
    Value,
)
from conduitc.span import Span

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def binary(op: ast.operator, left: Value, right: Value, span: Span) -> Value:
    """``left op right``; Unknown says which side is not known."""
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    if isinstance(left, Sequence) and isinstance(right, Sequence) and not (left.spoiled or right.spoiled):
        if isinstance(op, ast.Add) and left.kind == right.kind:
            if len(left.items) + len(right.items) > TURNS:
                return Unknown("the result is too long to compute", span)
            return Sequence(left.kind, left.items + right.items)
    elif isinstance(left, Mapping) and isinstance(right, Mapping) and not (left.spoiled or right.spoiled):
        if isinstance(op, ast.BitOr):
            if len(left.items) + len(right.items) > TURNS:
                return Unknown("the result is too long to compute", span)
            return Mapping(left.items | right.items)
    elif isinstance(op, ast.Mod) and isinstance(left, Const) and isinstance(left.value, str):
        return _percent(left.value, right, span)
    elif isinstance(left, Const) and isinstance(right, Const) and _plain(left) and _plain(right):
        return _arithmetic(op, left.value, right.value, span)
    return Unknown("what is computed here is not a constant", span)


def _plain(value: Const) -> bool:
    return value.plain and isinstance(value.value, str | int | float | bytes)


def _arithmetic(op: ast.operator, left: Any, right: Any, span: Span) -> Value:
    act = _ARITHMETIC.get(type(op))
    text = isinstance(left, str | bytes) or isinstance(right, str | bytes)
    if act is None or (text and not isinstance(op, ast.Add | ast.Mult)):
        return Unknown("this operator is not computed at build time", span)
    if text and _length(op, left, right) > LENGTH:
        return Unknown("the text is too long to compute", span)
    try:
        made = act(left, right)
    except (ArithmeticError, TypeError, ValueError) as error:
        return Unknown(str(error), span)
    if isinstance(made, int) and abs(made) > MAGNITUDE:
        return Unknown("the result is too large to compute", span)
    return Const(made)


def _length(op: ast.operator, left: Any, right: Any) -> int:
    """How long the text would be."""
    if isinstance(op, ast.Add):
        return sum(len(one) for one in (left, right) if isinstance(one, str | bytes))
    if isinstance(right, int):
        return len(left) * right
    return len(right) * left if isinstance(left, int) else 0


def _percent(form: str, right: Value, span: Span) -> Value:
    values = right.items if isinstance(right, Sequence) and right.kind == "tuple" else [right]
    plain = [one.value for one in values if isinstance(one, Const) and one.enum is None]
    if len(plain) == len(values) and formats(form, plain, "%"):
        try:
            return Const(form % tuple(plain))
        except (TypeError, ValueError, ArithmeticError) as error:
            return Unknown(str(error), span)
    return Unknown("what is formatted is not a constant", span)


#: A width or precision that may be large, or that is given by a value.
_WIDE = re.compile(r"[0-9]{4}|%[^a-zA-Z%]*\*|\{[^{}]*\{")


def formats(form: str, given: Collection[object], mark: str) -> bool:
    """Whether text of this form, its places starting with ``mark``, may be made of what is given."""
    widest = max(map(_width, given), default=0)
    return len(form) + form.count(mark) * widest <= LENGTH and not _WIDE.search(form)


def _width(value: object) -> int:
    """More than the characters that a value takes, however it is written: escaped, or up to 999 wide."""
    if isinstance(value, str | bytes):
        return 1_000 + 10 * len(value)
    return 1_400 + (value.bit_length() if isinstance(value, int) else 0)


def truth(value: Value) -> bool | None:
    """Whether ``value`` is true, where that is known."""
    match value:
        case Const(enum=None):
            return bool(value.value)
        case Sequence(items=items, spoiled=False):
            return bool(items)
        case Mapping(items=pairs, spoiled=False):
            return bool(pairs)
        case Function() | Class() | Module():
            return True
        case External(name="typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING"):
            return False
    return None


def compare(op: ast.cmpop, left: Value, right: Value) -> bool | None:
    """``left op right``, where that is known."""
    if isinstance(op, ast.Is | ast.IsNot):
        same = _identical(left, right)
        return same if same is None or isinstance(op, ast.Is) else not same
    if isinstance(op, ast.In | ast.NotIn):
        inside = _contains(right, left)
        return inside if inside is None or isinstance(op, ast.In) else not inside
    if isinstance(left, Const) and isinstance(right, Const) and left.plain and right.plain:
        try:
            return bool(_COMPARISONS[type(op)](left.value, right.value))
        except TypeError:
            return None
    return None


def _identical(left: Value, right: Value) -> bool | None:
    if left is right:
        return True
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Const) and one.value is None:
            if isinstance(other, Const):
                return other.value is None
            if isinstance(other, Function | Class | Module | Sequence | Mapping | Instance):
                return False
    return None


def _contains(container: Value, item: Value) -> bool | None:
    if not isinstance(item, Const) or not item.plain:
        return None
    if isinstance(container, Mapping) and not container.spoiled:
        return item.value in container.items
    if isinstance(container, Sequence) and not container.spoiled:
        if all(isinstance(one, Const) and one.plain for one in container.items):
            return any(isinstance(one, Const) and one.value == item.value for one in container.items)
        return None
    if isinstance(container, Const) and isinstance(container.value, str) and isinstance(item.value, str):
        return item.value in container.value
    return None


def subscript(base: Value, key: list[Value], span: Span) -> Value:
    """``base[key]``; a slice has three parts."""
    if isinstance(base, Unknown):
        return base
    plain = [one.value for one in key if isinstance(one, Const)]
    if len(plain) == len(key):
        index: Any = plain[0] if len(plain) == 1 else slice(*plain)
        try:
            match base:
                case Sequence(kind=kind, items=items, spoiled=False) if kind in ("list", "tuple"):
                    found = items[index]
                    return Sequence(kind, found) if isinstance(found, list) else found
                case Mapping(items=pairs, spoiled=False) if index in pairs:
                    return pairs[index]
                case Const(value=str(text)):
                    return Const(text[index])
        except (IndexError, TypeError, ValueError) as error:
            return Unknown(str(error), span)
    return Unknown("the item is not known", span)


def is_type(value: Value) -> bool:
    """Whether ``value`` can stand in ``A | B`` as a type."""
    if isinstance(value, External):
        last = value.name.rpartition(".")[2]
        return last[:1].isupper() or value.name in _BUILTIN_TYPES
    return isinstance(value, Class | TypeForm)


_BUILTIN_TYPES = frozenset(
    f"builtins.{name}"
    for name in (
        "bool", "bytes", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple", "type",
    )
)  # fmt: skip
