"""Local names of a handler → subjects: what a name always holds, such as ``store = get_store()``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from conduitc.frontend.observing.seen import Seen
from conduitc.frontend.observing.texts import Text, kept, plain
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Const, External, Function, Unknown
from conduitc.ir.patterns import Subject


def named(resource: str, function: Function, nodes: Sequence[ast.AST]) -> Iterator[Subject]:
    """Each assignment to one name among the ``nodes`` of a body; its population has the same name.

    Told is only what a function of the project gives: names of others' results are nobody's convention.
    """
    ours = set(_imported(nodes, function.scope))
    for one in nodes:
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name):
            name = one.targets[0].id
            seen = Seen(function.scope.source)
            seen.add("handler", _given(function, name, one.value, ours), one)
            yield seen.subject("local name", resource, one, (f"called {name}",))


def _given(function: Function, name: str, value: ast.expr, ours: set[str]) -> Text | None:
    """``name = f(...)``, or ``name = await f(...)``, where ``f`` is the project's own."""
    awaited = isinstance(value, ast.Await)
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call) or (called := kept(call.func)) is None:
        return None
    first, dot, _ = called.partition(".")
    if first.startswith("_") or (dot and first.isupper()):
        return None  # a helper of this file, or a constant's method
    known = function.scope.names.get(first)
    if first not in ours and (known is None or isinstance(known, External | Const | Unknown)):
        return None
    arguments = "..." if call.args or call.keywords else ""
    return plain(f"{name} = {'await ' if awaited else ''}{called}({arguments})")


def _imported(nodes: Sequence[ast.AST], scope: Scope) -> Iterator[str]:
    """Names that the body itself imports from the project."""
    package = scope.name.partition(".")[0]
    for one in nodes:
        if isinstance(one, ast.ImportFrom):
            module = one.module or ""
            if one.level or module.partition(".")[0] == package or module in scope.project.scopes:
                yield from (alias.asname or alias.name for alias in one.names)
