"""Operations of ``ir.loops`` → Cython: an operator, or a function of ``loops.h`` that may mark a turn bad."""

from collections.abc import Iterator

from conduitc.ir.loops import ELEMENTS, Apply, Expression, Kind, Number

TYPES: dict[Kind, str] = {
    "int": "long long",
    "float": "double",
    "bool": "bint",
    **dict.fromkeys(ELEMENTS, "PyObject *"),
}

_COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
#: Written as they stand.
_PLAIN = {
    "and": "({0} and {1})",
    "or": "({0} or {1})",
    "not": "(not {0})",
    "select": "({1} if {0} else {2})",
    "bool.int": "<long long>({0})",
    "int.float": "<double>({0})",
    "int.true": "({0} != 0)",
    "float.true": "({0} != 0.0)",
    "int.invert": "(~{0})",
    "bytes.len": "size_of_bytes({0})",
    **dict.fromkeys(("list[int].len", "list[float].len"), "size_of_list({0})"),
    "int.and": "({0} & {1})",
    "int.or": "({0} | {1})",
    "int.xor": "({0} ^ {1})",
    "int.min": "({1} if {1} < {0} else {0})",
    "int.max": "({1} if {1} > {0} else {0})",
    "float.min": "({1} if {1} < {0} else {0})",
    "float.max": "({1} if {1} > {0} else {0})",
    "float.add": "({0} + {1})",
    "float.sub": "({0} - {1})",
    "float.mul": "({0} * {1})",
    "float.neg": "(-{0})",
    "float.abs": "fabs({0})",
    "math.fabs": "fabs({0})",
    "math.copysign": "copysign({0}, {1})",
    "math.isnan": "isnan({0})",
    "math.isinf": "isinf({0})",
    "math.isfinite": "isfinite({0})",
    **{
        f"{kind}.{word}": f"({{0}} {sign} {{1}})"
        for kind in ("int", "float")
        for word, sign in _COMPARE.items()
    },
}
#: Compared as Python does: exactly, which a large int as a float would not be.
_MIXED = {
    **{f"int_float.{word}": f"(exactly({{0}}, &bad) {sign} {{1}})" for word, sign in _COMPARE.items()},
    **{f"float_int.{word}": f"({{0}} {sign} exactly({{1}}, &bad))" for word, sign in _COMPARE.items()},
}
MATH = ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "log2", "log10")
MATH_OF_TWO = ("atan2", "fmod", "pow")
#: By what they take and give.
_FUNCTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("long long", "long long, long long", tuple(f"int.{one}" for one in
        ("add", "sub", "mul", "floordiv", "mod", "lshift", "rshift", "pow"))),
    ("long long", "long long", ("int.neg", "int.abs")),
    ("double", "long long, long long", ("int.truediv",)),
    ("double", "double, double", tuple(f"float.{one}" for one in ("truediv", "mod", "floordiv", "pow"))),
    ("long long", "double", tuple(f"float.{one}" for one in ("trunc", "floor", "ceil", "round"))),
    ("double", "double", tuple(f"math.{one}" for one in ("sqrt", *MATH))),
    ("double", "double, double", tuple(f"math.{one}" for one in MATH_OF_TWO)),
)  # fmt: skip
_ITEMS: dict[Kind, str] = {"list[int]": "item_int", "list[float]": "item_float", "bytes": "item_byte"}
_CHECKED = {one: one.replace(".", "_") for _, _, names in _FUNCTIONS for one in names} | {
    f"{kind}.item": name for kind, name in _ITEMS.items()
}


def declared() -> Iterator[tuple[str, str, str]]:
    """Result, name and parameters of each function of ``loops.h`` that computes."""
    for result, parameters, names in _FUNCTIONS:
        for one in names:
            yield result, _CHECKED[one], f"{parameters}, int *"
    for kind, name in _ITEMS.items():
        yield TYPES[ELEMENTS[kind]], name, "PyObject *, long long, int *"
    yield "long long", "size_of_list", "PyObject *"
    yield "long long", "size_of_bytes", "PyObject *"
    yield "double", "exactly", "long long, int *"
    yield "unsigned long long", "range_length", "long long, long long, long long, int *"


def may_fail(expression: Expression) -> bool:
    """Whether computing it may mark the turn bad."""
    if not isinstance(expression, Apply):
        return False
    if _power_of_two(expression):
        return may_fail(expression.arguments[0])
    name = expression.operation
    return name in _CHECKED or name in _MIXED or any(map(may_fail, expression.arguments))


def cython(expression: Expression, names: dict[str, str]) -> str:
    """The expression's text; ``names`` are the C variables of the loop's names."""
    if isinstance(expression, Number):
        return _literal(expression)
    if not isinstance(expression, Apply):
        return names[expression.name]
    arguments = [cython(one, names) for one in expression.arguments]
    if power := _power_of_two(expression):
        if expression.operation == "int.mod":
            return f"({arguments[0]} & {power - 1}LL)"
        return f"({arguments[0]} >> {power.bit_length() - 1})"
    if expression.operation in _CHECKED:
        return f"{_CHECKED[expression.operation]}({', '.join([*arguments, '&bad'])})"
    return (_PLAIN | _MIXED)[expression.operation].format(*arguments)


def _power_of_two(expression: Apply) -> int:
    """The constant power of two that an int is divided by: its bits say quotient and rest, for any sign."""
    if expression.operation not in ("int.floordiv", "int.mod"):
        return 0
    divisor = expression.arguments[1]
    if not isinstance(divisor, Number) or divisor.value < 1 or int(divisor.value).bit_count() > 1:
        return 0
    return int(divisor.value)


def _literal(number: Number) -> str:
    if number.kind == "bool":
        return "True" if number.value else "False"
    if number.kind == "int":
        return f"{number.value}LL" if number.value >= 0 else f"({number.value}LL)"
    return "INFINITY" if number.value == float("inf") else repr(number.value)
