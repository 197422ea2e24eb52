"""Branches, loops, ``try``, ``with`` and ``match``: what a name is when several ways lead to a place."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conduitc.frontend.effects.body import Body, items_of, know, plain, run, truth
from conduitc.frontend.effects.facts import Known, as_type
from conduitc.frontend.effects.holders import MAKERS, root
from conduitc.frontend.effects.local_types import JSON, SEEN, Loose, bare, is_error, kind
from conduitc.frontend.effects.targets import assign
from conduitc.frontend.values import Class, External
from conduitc.ir import types as t

#: A loop is read again until its names keep their types, at most so often …
_ROUNDS = 4
#: … but not inside so many others.
_DEPTH = 3

_CONTEXT = t.External("*context")


def _branch(body: Body, *blocks: list[ast.stmt]) -> None:
    body.branches += 1
    for block in blocks:
        run(body, block)
    body.branches -= 1


def _if(body: Body, node: ast.If) -> None:
    body.branches += 1
    while True:
        truth(body, node.test)
        run(body, node.body)
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            node = node.orelse[0]  # an `elif`: chains of them can be long
        else:
            break
    run(body, node.orelse)
    body.branches -= 1


def _for(body: Body, node: ast.For) -> None:
    known = know(body, node.iter)
    found = items_of(body, node.iter, known)
    outer = body.iterated
    if _may_grow(node.iter, as_type(known)):
        body.iterated = (*outer, *(one.id for one in ast.walk(node.iter) if isinstance(one, ast.Name)))
    source = root(node.iter)
    body.watched.add(source or "")
    if source in body.keepers:
        body.keepers.update(one.id for one in ast.walk(node.target) if isinstance(one, ast.Name))
    _loop(body, lambda: _turn(body, node, found))
    body.iterated = outer
    _branch(body, node.orelse)


def _may_grow(node: ast.expr, type_: t.Type) -> bool:
    """May what is gone through become longer meanwhile? What was just made may not; a dict would raise."""
    if isinstance(node, ast.Call) and not isinstance(type_, Loose):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _MAKES or name in MAKERS:
            return False
    return kind(bare(type_)) not in ("str", "bytes", "dict", "tuple", "set", "frozenset")


_MAKES = frozenset((
    "findall", "getlist", "items", "keys", "most_common", "range", "rsplit", "split", "splitlines", "tuple",
    "values",
))  # fmt: skip


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
    outer, body.looked = body.looked, set()
    body.loops += 1
    body.branches += 1
    rounds = _ROUNDS if body.loops <= _DEPTH else 1
    for left in reversed(range(rounds)):
        before, holders = dict(body.names), (set(body.kept), set(body.keepers), set(body.stale))
        changes, marks = body.changes, [len(found) for found in _findings(body)]
        once()
        told = body.changes == changes or len(body.returns) == marks[-1]  # only what is returned goes by it
        if told and _is_same(body, before) and _are_held_as(body, *holders):
            break
        if left == 0:
            body.obstacle(body.function.node, "a loop changes the types of its names")
            break
        for found, mark in zip(_findings(body), marks, strict=True):
            del found[mark:]
    body.branches -= 1
    body.loops -= 1
    body.looked |= outer


def _are_held_as(body: Body, kept: set[str], keepers: set[str], stale: set[str]) -> bool:
    """Is what may be made longer held, at the end of a turn, by whom it was at its start?"""
    held = (body.kept - kept) | (body.keepers - keepers) if body.prolonged else set()
    return body.watched.isdisjoint(held) and body.prolonged.isdisjoint(body.stale - stale)


def _findings(body: Body) -> tuple[list[Any], ...]:
    return body.unproven, body.blocking, body.uses, body.returns


def _is_same(body: Body, before: dict[str, Known]) -> bool:
    """Do names that the loop looks at mean at its end what they meant at its start?"""
    for name, known in body.names.items():
        old = before.get(name)
        if old is None:
            if name in body.asked:  # meant something else in the first turn
                return False
        elif old is not known and old != known and name in body.looked:
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
                    body.stale.add(name)
        if case.guard is not None:
            truth(body, case.guard)
        _branch(body, case.body)


RUNNERS: dict[type[ast.stmt], Callable[[Body, Any], None]] = {
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _async_for,
    ast.While: _while,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _async_with,
    ast.Match: _match,
}
