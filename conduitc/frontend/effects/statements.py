"""Plain statements of a function body: assignments, leaving, definitions and imports inside."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conduitc.frontend.annotations import Reader
from conduitc.frontend.effects.arithmetic import arithmetic
from conduitc.frontend.effects.body import Arguments, Body, know, run, truth, typed
from conduitc.frontend.effects.facts import as_type
from conduitc.frontend.effects.holders import is_new, may_prolong, note_kept, root, share
from conduitc.frontend.effects.local_types import SEEN, bare, loose
from conduitc.frontend.effects.project_calls import construct
from conduitc.frontend.effects.targets import assign, change
from conduitc.frontend.effects.values import every_argument
from conduitc.frontend.values import Class, External, Module
from conduitc.ir import types as t


def ends(statements: list[ast.stmt]) -> bool:
    """Can the end of a block not be reached?"""
    last = statements[-1]
    if isinstance(last, _LEAVING):
        return True
    if isinstance(last, ast.If):
        while ends(last.body) and last.orelse:
            match last.orelse:
                case [ast.If() as last]:
                    continue
            return ends(last.orelse)
    elif isinstance(last, ast.Try):
        return ends(last.orelse or last.body) and all(ends(handler.body) for handler in last.handlers)
    return False


_LEAVING = (ast.Return, ast.Raise)


# -- values and names ----------------------------------------------------------------------------------------


def _expression(body: Body, node: ast.Expr) -> None:
    know(body, node.value)


def _assign(body: Body, node: ast.Assign) -> None:
    share(body, node.value)
    known = know(body, node.value)
    if len(node.targets) > 1 and isinstance(known, t.ArrayOf | t.DictOf):
        known = t.ArrayOf(known.kind, t.ANY) if isinstance(known, t.ArrayOf) else t.DictOf(t.ANY, t.ANY)
    for target in node.targets:
        if not isinstance(known, t.Scalar):
            note_kept(body, node.value, root(target))
        assign(body, target, known, new=len(node.targets) == 1 and is_new(node.value, known))


def _annotated(body: Body, node: ast.AnnAssign) -> None:
    if node.value is None:
        return
    known = know(body, node.value)
    declared = Reader(body.scope).type(node.annotation)
    if not body.facts.is_known(as_type(known)) and declared != t.ANY and not isinstance(declared, t.Unknown):
        known = loose(declared)
    if not isinstance(known, t.Scalar):
        note_kept(body, node.value, root(node.target))
    assign(body, node.target, known, new=is_new(node.value, known))


def _augmented(body: Body, node: ast.AugAssign) -> None:
    left = plain_or_empty(body, node.target)
    right = plain_or_empty(body, node.value)
    made = arithmetic(type(node.op), left, right)
    if not isinstance(node.target, ast.Name):
        change(body, node.target, made)
        return
    if isinstance(bare(left), t.ArrayOf):
        note_kept(body, node.value, node.target.id)
        body.prolonged.add(node.target.id)
        body.changes |= node.target.id in body.stale or node.target.id in body.parameters
        if may_prolong(body, node.target):
            body.obstacle(node, f"{node.target.id} may grow while it is gone through")
    body.bind(node, node.target.id, made)


def plain_or_empty(body: Body, node: ast.expr) -> t.Type:
    """A plain operand, or a list of which nothing is known but that it is one."""
    type_ = typed(body, node)
    if isinstance(bare(type_), t.ArrayOf) or body.facts.is_plain(type_):
        return type_
    return body.unknown(node, type_, "an operator on")


def _delete(body: Body, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            body.names.pop(target.id, None)
        else:
            change(body, target, None)


def _outside(body: Body, node: ast.Global | ast.Nonlocal) -> None:
    body.outside.update(node.names)
    if isinstance(node, ast.Global):
        body.rebound.update(node.names)


# -- leaving -------------------------------------------------------------------------------------------------


def _return(body: Body, node: ast.Return) -> None:
    body.named = False
    type_ = typed(body, node.value) if node.value is not None else t.NONE
    if not body.nested:
        body.returns.append(loose(type_) if body.named and body.changes else type_)


def _raise(body: Body, node: ast.Raise) -> None:
    if node.exc is not None:
        known = know(body, node.exc)
        if isinstance(known, Class):
            construct(body, node.exc, known, Arguments([], {}, False))
    if node.cause is not None:
        typed(body, node.cause)


def _assert(body: Body, node: ast.Assert) -> None:
    truth(body, node.test)
    if node.msg is not None:
        typed(body, node.msg)


# -- definitions inside --------------------------------------------------------------------------------------


def _function(body: Body, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Nobody knows when it is called: only what it reads of the names around it counts."""
    body.obstacle(node, f"the function {node.name} is made inside")
    for expression in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
        if expression is not None:
            typed(body, expression)
    _apart(body, node.body, [argument.arg for argument in every_argument(node.args)])
    body.names[node.name] = SEEN


def _class(body: Body, node: ast.ClassDef) -> None:
    body.obstacle(node, f"the class {node.name} is made inside")
    _apart(body, node.body, [])
    body.names[node.name] = SEEN


def _apart(body: Body, statements: list[ast.stmt], parameters: list[str]) -> None:
    names, outside, requests = body.names, body.outside, body.requests
    yields, awaits, changes = body.yields, body.awaits, body.changes
    body.names = {**names, **dict.fromkeys(parameters, t.ANY)}
    body.outside = set()
    body.requests = requests.difference(parameters)
    body.nested += 1
    run(body, statements)
    body.nested -= 1
    body.names, body.outside, body.requests = names, outside, requests
    body.yields, body.awaits, body.changes = yields, awaits, changes


def _import(body: Body, node: ast.Import) -> None:
    body.obstacle(node, "an import inside may run a module")
    for alias in node.names:
        name = alias.name if alias.asname else alias.name.partition(".")[0]
        body.names[alias.asname or name] = _module(body, name)


def _import_from(body: Body, node: ast.ImportFrom) -> None:
    body.obstacle(node, "an import inside may run a module")
    scope = body.scope
    parts = scope.name.split(".")
    base = parts[: len(parts) - node.level + scope.package] if node.level else []
    module = _module(body, ".".join([*base, node.module] if node.module else base))
    for alias in node.names:
        body.names[alias.asname or alias.name] = body.member(module, alias.name)


def _module(body: Body, name: str) -> Module | External:
    scope = body.facts.project.scopes.get(name)
    return Module(scope) if scope is not None else External(name)


def _nothing(body: Body, node: ast.stmt) -> None:
    """Nothing is read or run."""


RUNNERS: dict[type[ast.stmt], Callable[[Body, Any], None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Global: _outside,
    ast.Nonlocal: _outside,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Pass: _nothing,
    ast.Break: _nothing,
    ast.Continue: _nothing,
}
if hasattr(ast, "TypeAlias"):
    RUNNERS[ast.TypeAlias] = _nothing
