"""What operators give for values of known type."""

import ast

from conduitc.frontend.effects.local_types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    JSON,
    NUMBER,
    STR,
    bare,
    join,
    loose,
)
from conduitc.ir import types as t

_DATES = (t.Scalar("date"), t.Scalar("datetime"))
_DELTA, _DECIMAL, _PATH = t.Scalar("timedelta"), t.Scalar("decimal"), t.External("pathlib.Path")
_SETS = ("set", "frozenset")


def arithmetic(op: type[ast.operator], left: t.Type, right: t.Type) -> t.Type:
    """``left op right``; where the types do not tell, or it raises, something plain."""
    one, other = bare(left), bare(right)
    made = _made(op, one, other)
    return made if one is left and other is right else loose(made)


def _made(op: type[ast.operator], one: t.Type, other: t.Type) -> t.Type:
    if one in _NUMBERS and other in _NUMBERS:
        return _number(op, one, other)
    if one in (STR, BYTES):
        return one if op in (ast.Add, ast.Mod, ast.Mult) else JSON
    if other in (STR, BYTES) and op is ast.Mult:
        return other
    if _DECIMAL in (one, other):
        return _DECIMAL
    if one in _DATES or _DELTA in (one, other):
        return _date(op, one, other)
    if one == _PATH:
        return _PATH
    if isinstance(one, t.ArrayOf):
        return _collection(op, one, other)
    if isinstance(one, t.DictOf) and isinstance(other, t.DictOf) and op is ast.BitOr:
        return t.DictOf(join(one.key, other.key), join(one.value, other.value))
    return JSON


def _collection(op: type[ast.operator], one: t.ArrayOf, other: t.Type) -> t.Type:
    if op is ast.Mult:
        return one
    if isinstance(other, t.ArrayOf) and (op is ast.Add or (one.kind in _SETS and other.kind in _SETS)):
        return t.ArrayOf(one.kind, join(one.item, other.item))
    return JSON


_NUMBERS = (INT, FLOAT, BOOL, NUMBER)


def _number(op: type[ast.operator], one: t.Type, other: t.Type) -> t.Type:
    if op in (ast.BitAnd, ast.BitOr, ast.BitXor) and one == other == BOOL:
        return BOOL
    if op is ast.Div or FLOAT in (one, other):
        return FLOAT if op is not ast.Pow else NUMBER
    if NUMBER in (one, other) or op is ast.Pow:
        return NUMBER
    return INT


def _date(op: type[ast.operator], one: t.Type, other: t.Type) -> t.Type:
    if one == other and one in _DATES:
        return _DELTA
    if one in _DATES:
        return one
    if other in _DATES:
        return other
    return _DELTA if op in (ast.Add, ast.Sub, ast.Mult) or other != _DELTA else JSON
