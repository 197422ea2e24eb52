"""Uses of a request in a plain ``def`` → the same, with how those stand that would have to be awaited."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from conduitc.frontend.scope import Scope
from conduitc.ir.nodes import RequestUse

#: Methods of a request that give something to await.
AWAITABLE = frozenset({"body", "json", "form"})

_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)


def told(
    node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, uses: Sequence[RequestUse]
) -> tuple[RequestUse, ...]:
    """``uses`` with ``call`` set; in functions within the function there is nothing to say."""
    if isinstance(node, ast.AsyncFunctionDef) or not any(use.attribute in AWAITABLE for use in uses):
        return tuple(uses)
    found = {scope.span(call): how for statement in node.body for call, how in _calls(statement)}
    return tuple(
        replace(use, call=found.get(use.span)) if use.attribute in AWAITABLE else use for use in uses
    )


def _calls(node: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Calls that run in the function itself."""
    if isinstance(node, _OWN_SCOPE):
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            whole = isinstance(node, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr)
            yield child, "value" if whole else "inner"
        yield from _calls(child)
