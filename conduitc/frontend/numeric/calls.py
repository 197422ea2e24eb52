"""Calls of a loop: which functions C does exactly as Python, for which arguments, and what they give."""

from __future__ import annotations

from collections.abc import Sequence

from conduitc.frontend.numeric.refusal import Refused
from conduitc.ir.loops import Apply, Expression, Kind

#: ``math`` functions of floats; all but the last few answer for finite arguments only.
_FLOAT_TO_FLOAT = frozenset(
    ("sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh",
     "exp", "log", "log2", "log10", "fabs")
)  # fmt: skip
_TWO_FLOATS = frozenset(("atan2", "fmod", "pow", "copysign"))
_FLOAT_TO_BOOL = frozenset(("isnan", "isinf", "isfinite"))
_FLOAT_TO_INT = frozenset(("floor", "ceil", "trunc"))
#: Read like variables: their value comes from Python.
CONSTANTS = frozenset(("math.pi", "math.e", "math.tau", "math.inf", "math.nan"))


def apply_call(target: str, arguments: Sequence[Expression]) -> Expression | None:
    """The call of ``target`` (by its full name), or None where it is no such function."""
    module, _, name = target.rpartition(".")
    if module == "math":
        return _math(name, arguments)
    if module != "builtins":
        return None
    if name in ("min", "max") and len(arguments) > 1:
        return _extreme(name, arguments)
    if len(arguments) != 1:
        return None
    (one,) = arguments
    if name == "bool":
        return one if one.kind == "bool" else Apply(f"{one.kind}.true", (one,), "bool")
    if one.kind == "bool":
        one = Apply("bool.int", (one,), "int")
    if name == "abs":
        return Apply(f"{one.kind}.abs", (one,), one.kind)
    if name in ("int", "round"):
        how = "trunc" if name == "int" else "round"
        return one if one.kind == "int" else Apply(f"float.{how}", (one,), "int")
    if name == "float":
        return _float(one)
    return None


def _extreme(name: str, arguments: Sequence[Expression]) -> Expression:
    """The first of the least or greatest, as Python compares them."""
    kind: Kind = arguments[0].kind
    if any(one.kind != kind for one in arguments) or kind == "bool":
        raise Refused(f"{name} of values of different types")
    result = arguments[0]
    for one in arguments[1:]:
        result = Apply(f"{kind}.{name}", (result, one), kind)
    return result


def _math(name: str, arguments: Sequence[Expression]) -> Expression | None:
    if name in _FLOAT_TO_FLOAT and len(arguments) == 1:
        return Apply(f"math.{name}", (_float(arguments[0]),), "float")
    if name in _TWO_FLOATS and len(arguments) == 2:
        return Apply(f"math.{name}", tuple(map(_float, arguments)), "float")
    if name in _FLOAT_TO_BOOL and len(arguments) == 1:
        return Apply(f"math.{name}", (_float(arguments[0]),), "bool")
    if name in _FLOAT_TO_INT and len(arguments) == 1 and arguments[0].kind == "float":
        return Apply(f"float.{name}", tuple(arguments), "int")
    return None


def _float(value: Expression) -> Expression:
    if value.kind == "float":
        return value
    whole = Apply("bool.int", (value,), "int") if value.kind == "bool" else value
    return Apply("int.float", (whole,), "float")
