"""Statements of a function body: branches and loops keep names honest, ``return`` collects types."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conduitc.frontend.annotations import Reader
from conduitc.frontend.effects.arithmetic import arithmetic
from conduitc.frontend.effects.body import Body, each, know, plain, truth, typed
from conduitc.frontend.effects.facts import Known, as_type
from conduitc.frontend.effects.local_types import JSON, SEEN, bare, is_error, loose
from conduitc.frontend.effects.project_calls import Arguments, construct
from conduitc.frontend.effects.targets import assign, change, share
from conduitc.frontend.effects.values import every_argument
from conduitc.frontend.values import Class, External, Module
from conduitc.ir import types as t

#: A loop is read again until its names keep their types, at most so often …
_ROUNDS = 4
#: … but not inside so many others.
_DEPTH = 3

_CONTEXT = t.External("*context")


def run(body: Body, statements: list[ast.stmt]) -> None:
    for statement in statements:
        body.runners[type(statement)](body, statement)


def ends(statements: list[ast.stmt]) -> bool:
    """Can the end of a block not be reached?"""
    match statements[-1]:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=then, orelse=other):
            return bool(other) and ends(then) and ends(other)
        case ast.Try(body=inner, orelse=other, handlers=handlers):
            return ends(other or inner) and all(ends(handler.body) for handler in handlers)
    return False


# -- values and names ----------------------------------------------------------------------------------------


def _expression(body: Body, node: ast.Expr) -> None:
    know(body, node.value)


def _assign(body: Body, node: ast.Assign) -> None:
    share(body, node.value)
    known = know(body, node.value)
    if len(node.targets) > 1 and isinstance(known, t.ArrayOf | t.DictOf):
        known = t.ArrayOf(known.kind, t.ANY) if isinstance(known, t.ArrayOf) else t.DictOf(t.ANY, t.ANY)
    for target in node.targets:
        _note_fresh(body, target, node.value, alone=len(node.targets) == 1)
        assign(body, target, known)


def _note_fresh(body: Body, target: ast.expr, value: ast.expr, *, alone: bool) -> None:
    """Whether a name still only holds collections made here, and known by no other name."""
    if isinstance(target, ast.Name):
        made = isinstance(value, ast.List | ast.ListComp) and alone
        if made and (target.id not in body.names or target.id in body.fresh):
            body.fresh.add(target.id)
        else:
            body.fresh.discard(target.id)
    if isinstance(value, ast.Name):
        body.fresh.discard(value.id)


def _annotated(body: Body, node: ast.AnnAssign) -> None:
    if node.value is None:
        return
    known = know(body, node.value)
    declared = Reader(body.scope).type(node.annotation)
    if not body.facts.is_known(as_type(known)) and declared != t.ANY and not isinstance(declared, t.Unknown):
        known = loose(declared)
    _note_fresh(body, node.target, node.value, alone=True)
    assign(body, node.target, known)


def _augmented(body: Body, node: ast.AugAssign) -> None:
    left = plain_or_empty(body, node.target)
    right = plain_or_empty(body, node.value)
    made = arithmetic(type(node.op), left, right)
    if not isinstance(node.target, ast.Name):
        change(body, node.target, made)
        return
    if isinstance(bare(left), t.ArrayOf) and node.target.id not in body.fresh:
        body.changes = True
        if body.iterated:
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
        body.facts.rebound.update(node.names)


# -- branches and loops --------------------------------------------------------------------------------------


def _branch(body: Body, *blocks: list[ast.stmt]) -> None:
    body.branches += 1
    for block in blocks:
        run(body, block)
    body.branches -= 1


def _if(body: Body, node: ast.If) -> None:
    truth(body, node.test)
    _branch(body, node.body, node.orelse)


def _for(body: Body, node: ast.For) -> None:
    found = each(body, node.iter)
    outer = body.iterated
    body.iterated = (*outer, *(one.id for one in ast.walk(node.iter) if isinstance(one, ast.Name)))
    _loop(body, lambda: _turn(body, node, found))
    body.iterated = outer
    _branch(body, node.orelse)


def _async_for(body: Body, node: ast.AsyncFor) -> None:
    body.awaits = True
    know(body, node.iter)
    _loop(body, lambda: _turn(body, node, SEEN))
    _branch(body, node.orelse)


def _while(body: Body, node: ast.While) -> None:
    body.obstacle(node.test, "a `while` loop may not end")
    truth(body, node.test)
    _loop(body, lambda: run(body, node.body))
    _branch(body, node.orelse)


def _turn(body: Body, node: ast.For | ast.AsyncFor, given: t.Type) -> None:
    assign(body, node.target, given)
    run(body, node.body)


def _loop(body: Body, once: Callable[[], object]) -> None:
    """Read a loop's body until what its names are at its end is what they were at its start."""
    body.loops += 1
    body.branches += 1
    rounds = _ROUNDS if body.loops <= _DEPTH else 1
    for left in reversed(range(rounds)):
        before, changes = dict(body.names), body.changes
        marks = [len(found) for found in _findings(body)]
        once()
        if _is_same(body, before) and body.changes == changes:
            break
        if left == 0:
            body.obstacle(body.function.node, "a loop changes the types of its names")
            break
        for found, mark in zip(_findings(body), marks, strict=True):
            del found[mark:]
    body.branches -= 1
    body.loops -= 1


def _findings(body: Body) -> tuple[list[Any], ...]:
    return body.unproven, body.blocking, body.uses, body.returns


def _is_same(body: Body, before: dict[str, Known]) -> bool:
    for name, known in body.names.items():
        old = before.get(name)
        if old is None:
            if name in body.asked:  # meant something else in the first turn
                return False
        elif old is not known and old != known:
            return False
    return True


def _try(body: Body, node: ast.Try | ast.TryStar) -> None:
    _branch(body, node.body)
    for handler in node.handlers:
        caught = know(body, handler.type) if handler.type is not None else t.ANY
        if handler.name is not None:
            body.names[handler.name] = _caught(body, caught)
        _branch(body, handler.body)
    _branch(body, node.orelse)
    run(body, node.finalbody)


def _caught(body: Body, known: Known) -> t.Type:
    if isinstance(known, External) and is_error(known.name):
        return t.External(known.name)
    if isinstance(known, Class):
        return body.facts.project.schemas.reference(known)
    return t.External("builtins.Exception") if isinstance(known, t.TupleOf) else t.ANY


def _with(body: Body, node: ast.With) -> None:
    for item in node.items:
        context = as_type(know(body, item.context_expr))
        if context not in (_CONTEXT, SEEN):
            body.obstacle(item.context_expr, "`with` something that is not on the closed list")
        if item.optional_vars is not None:
            assign(body, item.optional_vars, SEEN)
    _branch(body, node.body)


def _async_with(body: Body, node: ast.AsyncWith) -> None:
    body.awaits = True
    for item in node.items:
        know(body, item.context_expr)
        if item.optional_vars is not None:
            assign(body, item.optional_vars, SEEN)
    _branch(body, node.body)


def _match(body: Body, node: ast.Match) -> None:
    subject = plain(body, node.subject, "a match on")
    for case in node.cases:
        for pattern in ast.walk(case.pattern):
            match pattern:
                case ast.MatchValue(value=value):
                    plain(body, value, "a match with")
                case ast.MatchClass(cls=cls):
                    know(body, cls)
                case (
                    ast.MatchAs(name=str(name))
                    | ast.MatchStar(name=str(name))
                    | ast.MatchMapping(rest=str(name))
                ):
                    body.bind(node.subject, name, JSON if subject != SEEN else SEEN)
        if case.guard is not None:
            truth(body, case.guard)
        _branch(body, case.body)


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
        body.names[alias.asname or alias.name] = body.facts.member(module, alias.name)


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
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _async_for,
    ast.While: _while,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _async_with,
    ast.Match: _match,
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
