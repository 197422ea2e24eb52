"""Does importing a module do more than define things? Then ``--lazy`` must not put it off.

Its top level may import, define, assign names of its own and declare routes. A call whose value nobody
keeps, a change of something that others hold, a decorator of the project's own may have an effect elsewhere.
"""

import ast
from collections.abc import Collection, Iterator

from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Class, External, Function
from conduitc.span import Span


def does_more(scope: Scope, declared: Collection[Span]) -> str | None:
    """What the top level does besides, as the end of a sentence; ``declared`` are its declaring calls."""
    for node in _statements(scope.source.tree.body):
        where = f"{scope.source.file}:{node.lineno}"
        match node:
            case ast.Expr(value=ast.Call() as call) if not _declares(scope, call, declared):
                return f"{where} calls `{scope.source.snippet(call.func)}` when imported"
            case ast.Assign(targets=targets) if any(map(_of_another, targets)):
                return f"{where} changes `{scope.source.snippet(targets[0])}` when imported"
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target) if _of_another(target):
                return f"{where} changes `{scope.source.snippet(target)}` when imported"
            case ast.With() | ast.AsyncWith() | ast.Delete() | ast.While():
                return f"{where} does something when imported"
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                for decorator in node.decorator_list:
                    if scope.span(decorator) not in declared and _of_the_project(scope, decorator):
                        return f"{where} is decorated with `{scope.source.snippet(decorator)}`"
    return None


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Those of the top level, and those in its tests and loops."""
    for node in body:
        yield node
        match node:
            case ast.If() | ast.For():
                yield from _statements([*node.body, *node.orelse])
            case ast.Try():
                handled = [one for handler in node.handlers for one in handler.body]
                yield from _statements([*node.body, *handled, *node.orelse, *node.finalbody])


def _declares(scope: Scope, call: ast.Call, declared: Collection[Span]) -> bool:
    """``router.include(…)``, or ``router.get(…)(handler)``."""
    return scope.span(call) in declared or scope.span(call.func) in declared


def _of_another(target: ast.expr) -> bool:
    """Whether an assignment changes an object, not a name."""
    if isinstance(target, ast.Tuple | ast.List):
        return any(map(_of_another, target.elts))
    return isinstance(target, ast.Attribute | ast.Subscript)


def _of_the_project(scope: Scope, decorator: ast.expr) -> bool:
    """Whether a decorator is something of the project that may keep what it is given.

    A function of this module that decorates is its own affair; what others define may collect.
    """
    root = decorator.func if isinstance(decorator, ast.Call) else decorator
    while isinstance(root, ast.Attribute):
        root = root.value
    value = scope.names.get(root.id) if isinstance(root, ast.Name) else None
    if value is None or isinstance(value, External | Class):
        return False
    return not (isinstance(value, Function) and value.scope is scope)
