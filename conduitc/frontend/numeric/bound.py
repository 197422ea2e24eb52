"""A function → for each of its loops, the names that certainly have a value when its header is evaluated.

``None`` stands for "never got here": after ``return``, ``raise``, ``break``, ``continue``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from conduitc.frontend.numeric.functions import FunctionNames

Names = frozenset[str] | None


def bound_at_loops(names: FunctionNames) -> dict[ast.For | ast.While, frozenset[str]]:
    """A loop that is not in the answer cannot be reached."""
    found: dict[ast.For | ast.While, frozenset[str]] = {}
    _block(names.node.body, frozenset(names.parameters), found)
    return {loop: bound - names.deleted for loop, bound in found.items()}


def _block(body: Sequence[ast.stmt], bound: Names, found: dict[ast.For | ast.While, frozenset[str]]) -> Names:
    for statement in body:
        if bound is None:
            return None
        bound = _after(statement, bound, found)
    return bound


def _after(
    statement: ast.stmt, bound: frozenset[str], found: dict[ast.For | ast.While, frozenset[str]]
) -> Names:
    match statement:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return None
        case ast.If():
            bound |= _stored([statement.test])
            return _meet([_block(statement.body, bound, found), _block(statement.orelse, bound, found)])
        case ast.For() | ast.AsyncFor() | ast.While():
            return _loop(statement, bound, found)
        case ast.With() | ast.AsyncWith():
            bound |= _stored(statement.items)
            _block(statement.body, bound, found)
            return bound  # a context manager may swallow what the body raised
        case ast.Try() | ast.TryStar():
            return _try(statement, bound, found)
        case ast.Match():
            for case in statement.cases:
                _block(case.body, bound, found)
            return bound
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return bound | {statement.name}
        case ast.Import() | ast.ImportFrom():
            return bound | {(one.asname or one.name).partition(".")[0] for one in statement.names}
        case ast.Assign() | ast.AugAssign() | ast.Expr():
            return bound | _stored([statement])
        case ast.AnnAssign() if statement.value is not None:
            return bound | _stored([statement])
    return bound


def _loop(
    loop: ast.For | ast.AsyncFor | ast.While,
    bound: frozenset[str],
    found: dict[ast.For | ast.While, frozenset[str]],
) -> Names:
    if isinstance(loop, ast.While):
        found[loop] = bound
        _block(loop.body, bound, found)
    else:
        bound |= _stored([loop.iter])
        if isinstance(loop, ast.For):
            found[loop] = bound
        _block(loop.body, bound | _stored([loop.target]), found)
    _block(loop.orelse, bound, found)
    return bound


def _try(
    statement: ast.Try | ast.TryStar, bound: frozenset[str], found: dict[ast.For | ast.While, frozenset[str]]
) -> Names:
    done = _block(statement.orelse, _block(statement.body, bound, found), found)
    handled = [_block(one.body, bound, found) for one in statement.handlers]
    after = _meet([done, *handled])
    last = _block(statement.finalbody, bound, found)
    return None if after is None or last is None else after | last


def _meet(ends: Iterable[Names]) -> Names:
    reached = [one for one in ends if one is not None]
    return frozenset.intersection(*reached) if reached else None


def _stored(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """Names given a value by what is evaluated for certain: not in scopes of their own, nor where an operator
    may skip it."""
    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.add(one.id)
        skipped = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.BoolOp)
        if not isinstance(one, (*skipped, ast.IfExp, ast.Compare)):
            waiting.extend(ast.iter_child_nodes(one))
    return frozenset(found)
