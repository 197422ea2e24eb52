"""Methods of values of known type → what they give."""

from __future__ import annotations

import ast

from conduitc.frontend.effects.blocking import blocking, reason
from conduitc.frontend.effects.body import Body
from conduitc.frontend.effects.closed_methods import (
    CHANGES,
    GROWS,
    ITEM,
    KEY,
    KEYED,
    METHODS,
    SELF,
    STORES,
    VALUE,
)
from conduitc.frontend.effects.holders import may_prolong, note_kept, root, share, widen, widen_within
from conduitc.frontend.effects.local_types import EMPTY, JSON, STR, bare, item_of, join, kind, like, shown
from conduitc.ir import types as t


def call_method(body: Body, node: ast.Call, owner: t.Type, name: str, arguments: list[t.Type]) -> t.Type:
    """``owner.name(arguments)`` of a value that is no instance of a project class."""
    known = bare(owner)
    if isinstance(known, t.UnionOf) and known != EMPTY:
        found = [
            call_method(body, node, like(owner, one), name, arguments) for one in known.items if one != t.NONE
        ]
        return join(*found) if found else body.unknown(node, owner, f".{name}() of")
    methods = METHODS.get(kind(known))
    given = methods.get(name) if methods is not None else None
    if given is None:
        return _not_listed(body, node, owner, name)
    _check(body, node, known, name, arguments)
    if name in CHANGES and isinstance(node.func, ast.Attribute) and known != t.External("hashlib.hash"):
        _changed(body, node, node.func.value, known, name, arguments)
    made = _filled(given, known)
    if name in KEYED and len(arguments) == 2:  # a default takes the place of None
        made = join(t.strip_optional(made)[0], arguments[1])
    return like(owner, made)


def _not_listed(body: Body, node: ast.Call, owner: t.Type, name: str) -> t.Type:
    known = bare(owner)
    if isinstance(known, t.External) and not known.name.startswith("*"):
        full = f"{known.name}.{name}"
        help_ = blocking(full)
        return body.blocks(node, full, help_) if help_ else body.obstacle(node, reason(full))
    if kind(known) in METHODS:
        return body.obstacle(node, f".{name}() of {shown(known)} is not on the closed list")
    return body.unknown(node, owner, f".{name}() of")


def _check(body: Body, node: ast.Call, known: t.Type, name: str, arguments: list[t.Type]) -> None:
    """Arguments that the method looks at must be plain; so must the items of a list that are compared."""
    if name in STORES:
        if name.startswith("extend") and arguments and item_of(arguments[0]) is None:
            body.unknown(node, arguments[0], f".{name}() with")
        return
    looked_at = arguments[:1] if name in KEYED else arguments
    if name == "update" and isinstance(known, t.DictOf):
        looked_at = [one for one in arguments if not isinstance(bare(one), t.DictOf)]
    for one in looked_at:
        if not body.facts.is_plain(one) and one != t.ArrayOf("iterator", EMPTY):
            body.unknown(node, one, f".{name}() with")
            return
    compares = name in ("index", "remove", "sort", "count") and isinstance(known, t.ArrayOf)
    if compares and not node.keywords and not body.facts.is_plain(known):
        body.unknown(node, known, f".{name}() of")


def _changed(
    body: Body, node: ast.Call, holder: ast.expr, known: t.Type, name: str, arguments: list[t.Type]
) -> None:
    """A method changes what ``holder`` gives."""
    if name in GROWS and may_prolong(body, holder):
        body.obstacle(node, f".{name}() in a loop may make the loop endless")
    for argument in node.args:
        share(body, argument)
        note_kept(body, argument, root(holder))
    if not isinstance(holder, ast.Name):
        widen_within(body, holder, join(*arguments))
    elif holder.id in body.names:
        if name in ("add", "append", "appendleft"):
            widen(body, holder.id, JSON, arguments[0] if arguments else t.ANY)
        elif name in ("insert", "setdefault"):
            key, given = (*arguments, t.NONE, t.NONE)[:2]
            widen(body, holder.id, key, given)
        elif name in ("extend", "extendleft", "update", "symmetric_difference_update"):
            _take_all(body, holder.id, known, arguments)


def _take_all(body: Body, name: str, known: t.Type, arguments: list[t.Type]) -> None:
    """What ``extend`` and ``update`` put into a local collection."""
    for one in arguments:
        inner = bare(one)
        if isinstance(known, t.DictOf):
            pair = (
                (inner.key, inner.value) if isinstance(inner, t.DictOf) and not inner.bare else (t.ANY, t.ANY)
            )
            widen(body, name, *pair)
        else:
            widen(body, name, JSON, item_of(one) or t.ANY)


def _filled(given: t.Type, known: t.Type) -> t.Type:
    """A listed result with the type's own parts put in."""
    if given is SELF:
        return STR if known == JSON else known
    if given is ITEM:
        return item_of(known) or t.ANY
    if given in (KEY, VALUE):
        if not isinstance(known, t.DictOf):
            return JSON
        if known.bare:
            return STR if given is KEY else JSON
        return known.key if given is KEY else known.value
    if isinstance(given, t.ArrayOf):
        return t.ArrayOf(given.kind, _filled(given.item, known))
    if isinstance(given, t.TupleOf):
        return t.TupleOf(tuple(_filled(one, known) for one in given.items))
    if isinstance(given, t.UnionOf):
        return join(*[_filled(one, known) for one in given.items])
    return given
