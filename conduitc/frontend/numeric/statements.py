"""Statements of a loop's body → ``ir.loops`` statements, or ``Refused``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from conduitc.frontend.numeric.expressions import Expressions
from conduitc.frontend.numeric.flow import ends
from conduitc.frontend.numeric.kinds import called
from conduitc.frontend.numeric.names import LoopNames
from conduitc.frontend.numeric.refusal import Refused
from conduitc.ir.loops import Apply, Assign, Expression, If, Jump, Number, Repeat, Statement, While

_WHAT: dict[type[ast.stmt], str] = {
    ast.Delete: "`del`",
    ast.With: "`with`",
    ast.AsyncWith: "`async with`",
    ast.AsyncFor: "`async for`",
    ast.Try: "`try`",
    ast.TryStar: "`try`",
    ast.Match: "`match`",
    ast.FunctionDef: "a function",
    ast.AsyncFunctionDef: "a function",
    ast.ClassDef: "a class",
    ast.Import: "an import",
    ast.ImportFrom: "an import",
}


class Statements:
    """Reads the statements of one loop."""

    def __init__(self, names: LoopNames) -> None:
        self.names = names
        self.expressions = Expressions(names)

    def block(self, body: Sequence[ast.stmt], inner: bool) -> tuple[Statement, ...]:
        """What can be reached. ``inner``: not the whole loop is nearest, so ``break`` stays within."""
        found: list[Statement] = []
        for one in body:
            for read in self._statement(one, inner):
                found.append(read)
                if ends(read):
                    return tuple(found)
        return tuple(found)

    def _statement(self, node: ast.stmt, inner: bool) -> Iterator[Statement]:
        line = node.lineno
        match node:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                return
            case ast.Assign() | ast.AugAssign():
                yield self.assign(node)
            case ast.AnnAssign(value=value):
                if value is not None:
                    yield self.assign(node)
            case ast.If():
                test = self.expressions.test(node.test)
                yield If(test, self.block(node.body, inner), self.block(node.orelse, inner), line)
            case ast.Assert(test=test):
                yield If(self.expressions.test(test), (), (Jump("leave", line),), line)
            case ast.While():
                test = self.expressions.test(node.test)
                yield While(test, self.block(node.body, True), self.block(node.orelse, inner), line)
            case ast.For():
                yield self._repeat(node, inner)
            case ast.Continue():
                yield Jump("continue", line)
            case ast.Break():
                yield Jump("break" if inner else "leave", line)
            case ast.Return() | ast.Raise():
                yield Jump("leave", line)
            case ast.Expr(value=ast.Call(func=function)):
                raise Refused(f"calls `{ast.unparse(function)}`")
            case ast.Expr(value=ast.Await()):
                raise Refused("an await")
            case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
                raise Refused("a yield")
            case _:
                raise Refused(_WHAT.get(type(node), "a statement that is more than arithmetic"))

    def assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Assign:
        """An assignment to locals."""
        if isinstance(node, ast.AugAssign):
            name = self.target(node.target)
            value = self.expressions.arithmetic(node.op, ast.Name(name, ast.Load()), node.value)
            return Assign((name,), (value,), node.lineno)
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        assert node.value is not None
        if len(targets) == 1 and isinstance(targets[0], ast.Tuple):
            return self._unpacked(targets[0], node.value, node.lineno)
        names = tuple(map(self.target, targets))
        return Assign(names, (self.expressions.value(node.value),) * len(names), node.lineno)

    def _unpacked(self, target: ast.Tuple, value: ast.expr, line: int) -> Assign:
        """``a, b = b, a % b``. Where a name stands twice, the last value counts, as in Python."""
        if not isinstance(value, ast.Tuple) or len(value.elts) != len(target.elts):
            raise Refused("unpacks what is no tuple of the same length")
        names = tuple(map(self.target, target.elts))
        return Assign(names, tuple(map(self.expressions.value, value.elts)), line)

    def target(self, node: ast.expr) -> str:
        """The local that is assigned."""
        if not isinstance(node, ast.Name):
            raise Refused(f"assigns to `{ast.unparse(node)}`")
        self.names.writable(node.id)
        return node.id

    def _repeat(self, node: ast.For, inner: bool) -> Repeat:
        target = self.target(node.target)
        start, stop, step = self._range(node.iter)
        body = self.block(node.body, True)
        return Repeat(target, start, stop, step, body, self.block(node.orelse, inner), node.lineno)

    def _range(self, node: ast.expr) -> tuple[Expression, Expression, Expression]:
        if not isinstance(node, ast.Call) or node.keywords or not 0 < len(node.args) < 4:
            raise Refused(f"an inner loop over `{ast.unparse(node)}`")
        target = called(self.names.scope, self.names.function, node.func)
        bounds = [self._bound(one) for one in node.args] if target == "builtins.range" else []
        if not bounds:
            raise Refused(f"an inner loop over `{ast.unparse(node)}`")
        self.names.callee(ast.unparse(node.func), "builtins.range", node.func)
        one: Expression = Number(1, "int")
        if len(bounds) == 1:
            return Number(0, "int"), bounds[0], one
        return bounds[0], bounds[1], bounds[2] if len(bounds) == 3 else one

    def _bound(self, node: ast.expr) -> Expression:
        value = self.expressions.value(node)
        if value.kind == "float":
            raise Refused("a range of floats, which Python refuses")
        return value if value.kind == "int" else Apply("bool.int", (value,), "int")


def assignments(body: Sequence[ast.stmt]) -> Iterator[ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For]:
    """All that a loop's body gives values by."""
    for node in (node for one in body for node in ast.walk(one)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.For):
            yield node
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield node
