"""Expressions of a loop → ``ir.loops`` expressions, typed, or ``Refused``.

The types are Python's: bool in arithmetic is an int, an int beside a float becomes one, ``/`` gives a float.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from conduitc.frontend.numeric.calls import CONSTANTS, apply_call
from conduitc.frontend.numeric.kinds import called
from conduitc.frontend.numeric.names import LoopNames
from conduitc.frontend.numeric.refusal import Refused
from conduitc.ir.loops import ELEMENTS, Apply, Expression, Kind, Number, Read

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
}
_SYMBOLS: dict[type[ast.AST], str] = {
    ast.MatMult: "@",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
}
#: Operations that also take a float that is still an int: the result is the same.
_MIXED = (ast.Add, ast.Sub, ast.Mult, ast.Div)


class Expressions:
    """Reads the expressions of one loop, whose names ``names`` knows."""

    def __init__(self, names: LoopNames) -> None:
        self.names = names

    def test(self, node: ast.expr) -> Expression:
        """What ``if`` and ``while`` make of it."""
        match node:
            case ast.BoolOp(op=operator, values=values):
                word = "and" if isinstance(operator, ast.And) else "or"
                return _chain(word, [self.test(one) for one in values])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Apply("not", (self.test(operand),), "bool")
        return truth(self.value(node))

    def value(self, node: ast.expr) -> Expression:
        """The value of ``node``; a variable that may still be an int is refused (see ``_side``)."""
        found = self._side(node)
        if isinstance(found, Read) and found.name in self.names.lenient:
            raise Refused(f"`{found.name}` is an int before the loop and a float in it")
        return found

    def _side(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant(value=value):
                return _number(value)
            case ast.Name(id=name):
                return self.names.read(name)
            case ast.UnaryOp(op=operator, operand=operand):
                return self._unary(operator, operand)
            case ast.BinOp(left=left, op=operator, right=right):
                return self.arithmetic(operator, left, right)
            case ast.BoolOp(op=operator, values=values):
                return self._either(isinstance(operator, ast.And), [self.value(one) for one in values])
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp(test=test, body=body, orelse=other):
                sides = _same("a conditional expression", [self.value(body), self.value(other)])
                return Apply("select", (self.test(test), *sides), sides[0].kind)
            case ast.Call():
                return self._call(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript():
                return self._element(node)
        raise Refused(_what(node))

    def arithmetic(self, operator: ast.operator, left: ast.expr, right: ast.expr) -> Expression:
        """A binary operation."""
        sides = self._sides(left, right, lenient=isinstance(operator, _MIXED))
        a, b = map(number, sides)
        if isinstance(operator, ast.Div):
            pair, kind = ((a, b), "int") if a.kind == b.kind == "int" else (_floats(a, b), "float")
            return Apply(f"{kind}.truediv", pair, "float")
        if isinstance(operator, ast.Pow):
            return _power(a, b)
        word = _OPERATORS.get(type(operator))
        if word is None:
            raise Refused(f"the operator `{_SYMBOLS[type(operator)]}`")
        if word in ("and", "or", "xor") and sides[0].kind == sides[1].kind == "bool":
            return Apply(f"int.{word}", sides, "bool")
        if a.kind == b.kind == "int":
            return Apply(f"int.{word}", (a, b), "int")
        if word in ("and", "or", "xor", "lshift", "rshift"):
            raise Refused("a bit operation on floats, which Python refuses")
        return Apply(f"float.{word}", _floats(a, b), "float")

    def _sides(self, left: ast.expr, right: ast.expr, lenient: bool) -> tuple[Expression, Expression]:
        """Both operands. Where one may still be an int, the other must be a float for certain."""
        a, b = self._side(left), self._side(right)
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Read) and one.name in self.names.lenient:
                sure = other.kind == "float" and not (
                    isinstance(other, Read) and other.name in self.names.lenient
                )
                if not (lenient and sure):
                    raise Refused(f"`{one.name}` is an int before the loop and a float in it")
        return a, b

    def _unary(self, operator: ast.unaryop, operand: ast.expr) -> Expression:
        if isinstance(operator, ast.Not):
            return Apply("not", (self.test(operand),), "bool")
        inner = self.value(operand)
        if isinstance(operator, ast.Invert):
            if inner.kind != "int":
                raise Refused(f"`~` on a {inner.kind}")
            return Apply("int.invert", (inner,), "int")
        inner = number(inner)
        if isinstance(operator, ast.UAdd):
            return inner
        if isinstance(inner, Number) and inner.kind == "int":
            return Number(-inner.value, "int")
        return Apply(f"{inner.kind}.neg", (inner,), inner.kind)

    def _either(self, both: bool, values: Sequence[Expression]) -> Expression:
        """``and`` and ``or`` give one of their operands."""
        same = _same("`and` or `or`", values)
        if same[0].kind == "bool":
            return _chain("and" if both else "or", list(same))
        result = same[-1]
        for one in reversed(same[:-1]):
            pair = (result, one) if both else (one, result)
            result = Apply("select", (truth(one), *pair), one.kind)
        return result

    def _compare(self, node: ast.Compare) -> Expression:
        operands = [node.left, *node.comparators]
        found: list[Expression] = []
        for index, operator in enumerate(node.ops):
            word = _COMPARISONS.get(type(operator))
            if word is None:
                raise Refused(f"the operator `{_SYMBOLS[type(operator)]}`")
            a, b = map(number, self._sides(operands[index], operands[index + 1], lenient=True))
            if a.kind == b.kind:
                found.append(Apply(f"{a.kind}.{word}", (a, b), "bool"))
            else:
                found.append(Apply(f"{a.kind}_{b.kind}.{word}", (a, b), "bool"))
        return _chain("and", found)

    def _call(self, node: ast.Call) -> Expression:
        target = called(self.names.scope, self.names.function, node.func)
        if node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
            target = None
        written = ast.unparse(node.func)
        sequence = self.names.sequence(node.args[0]) if len(node.args) == 1 else None
        if target == "builtins.len" and sequence is not None:
            self.names.callee(written, target, node.func)
            return Apply(f"{sequence.kind}.len", (sequence,), "int")
        if target is None:
            raise Refused(f"calls `{written}`")
        arguments = [self.value(one) for one in node.args]
        result = apply_call(target, arguments)
        if result is None:
            raise Refused(f"calls `{written}`")
        self.names.callee(written, target, node.func)
        return result

    def _element(self, node: ast.Subscript) -> Expression:
        """An element of a list or of bytes, by its index."""
        sequence = self.names.sequence(node.value)
        if sequence is None:
            raise Refused(f"`{ast.unparse(node.value)}` is not known to be a list of numbers")
        index = number(self.value(node.slice))
        if index.kind != "int":
            raise Refused("an index that is no int")
        return Apply(f"{sequence.kind}.item", (sequence, index), ELEMENTS[sequence.kind])

    def _attribute(self, node: ast.Attribute) -> Expression:
        written = ast.unparse(node)
        if called(self.names.scope, self.names.function, node) in CONSTANTS:
            return self.names.constant(written, node, "float")
        raise Refused(f"reads `{written}` (a local taken before the loop would do)")


def truth(value: Expression) -> Expression:
    """A value as ``if`` takes it."""
    return value if value.kind == "bool" else Apply(f"{value.kind}.true", (value,), "bool")


def number(value: Expression) -> Expression:
    """A bool in arithmetic is an int."""
    if value.kind != "bool":
        return value
    return (
        Number(int(value.value), "int") if isinstance(value, Number) else Apply("bool.int", (value,), "int")
    )


def _floats(*values: Expression) -> tuple[Expression, ...]:
    return tuple(one if one.kind == "float" else Apply("int.float", (one,), "float") for one in values)


def _number(value: object) -> Number:
    if isinstance(value, bool):
        return Number(value, "bool")
    if isinstance(value, int):
        if not _LEAST <= value <= _MOST:
            raise Refused("an int of more than 64 bits")
        return Number(value, "int")
    if isinstance(value, float):
        return Number(value, "float")
    raise Refused(f"a value of type {type(value).__name__}")


def _power(base: Expression, exponent: Expression) -> Expression:
    if base.kind == exponent.kind == "int":
        if isinstance(exponent, Number) and exponent.value < 0:
            raise Refused("an int to a negative power")
        return Apply("int.pow", (base, exponent), "int")
    return Apply("float.pow", _floats(base, exponent), "float")


def _same(what: str, values: Sequence[Expression]) -> tuple[Expression, ...]:
    kinds: list[Kind] = sorted({one.kind for one in values})
    if len(kinds) > 1:
        raise Refused(f"{what} that gives {' or '.join(kinds)}")
    return tuple(values)


def _chain(word: str, values: list[Expression]) -> Expression:
    result = values[0]
    for one in values[1:]:
        result = Apply(word, (result, one), "bool")
    return result


def _what(node: ast.expr) -> str:
    names: dict[type[ast.expr], str | Callable[[], str]] = {
        ast.NamedExpr: "an assignment expression",
        ast.Await: "an await",
        ast.JoinedStr: "text",
        ast.Lambda: "a lambda",
    }
    return str(names.get(type(node), f"a {type(node).__name__.lower()}"))
