"""What is assigned to, deleted or counted up: names get types, the rest is a change."""

from __future__ import annotations

import ast

from conduitc.frontend.effects.body import Body, know, plain
from conduitc.frontend.effects.facts import Known, as_type
from conduitc.frontend.effects.holders import held, widen, widen_within
from conduitc.frontend.effects.local_types import JSON, bare, item_of, kind, like
from conduitc.frontend.effects.rebinding import settable
from conduitc.frontend.values import Class, External, Function, Module, member
from conduitc.ir import types as t

#: Things whose items may be set without running anything unknown.
_ITEMS = frozenset((
    "list", "dict", "*json", "collections.deque", "collections.Counter", "conduit.Headers", "conduit.State",
))  # fmt: skip


def assign(body: Body, target: ast.expr, known: Known, *, new: bool = False) -> None:
    """Give ``target`` a value; a name that holds a collection not ``new`` shares it with somebody."""
    if isinstance(target, ast.Name):
        body.bind(target, target.id, known)
        if not (new or isinstance(known, t.Scalar)):
            body.stale.add(target.id)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(body, target, as_type(known))
    elif isinstance(target, ast.Starred):
        assign(body, target.value, t.ArrayOf("list", as_type(known)))
    else:
        change(body, target, as_type(known))


def _unpack(body: Body, target: ast.Tuple | ast.List, type_: t.Type) -> None:
    parts = bare(type_)
    starred = any(isinstance(one, ast.Starred) for one in target.elts)
    if isinstance(parts, t.TupleOf) and len(parts.items) == len(target.elts) and not starred:
        for one, part in zip(target.elts, parts.items, strict=True):
            assign(body, one, like(type_, part))
        return
    inner = item_of(type_) or body.unknown(target, type_, "unpacking of")
    for one in target.elts:
        assign(body, one, inner)


def change(body: Body, target: ast.expr, given: t.Type | None) -> None:
    """An attribute or item is set, or deleted where nothing is ``given``."""
    if isinstance(target, ast.Attribute):
        _set_attribute(body, target)
    elif isinstance(target, ast.Subscript):
        _set_item(body, target, given)


def _set_attribute(body: Body, target: ast.Attribute) -> None:
    body.changes = True
    owner = know(body, target.value)
    if isinstance(owner, Module | Class | External):
        body.rebound |= settable(owner, ast.Constant(target.attr))
        return
    type_ = as_type(owner)
    cls = body.facts.class_of(bare(type_))
    if cls is None:
        if not kind(bare(type_)).startswith("conduit."):
            body.unknown(target, type_, f"setting .{target.attr} of")
        return
    schema = body.facts.schema(cls)
    for field in schema.fields if schema else ():
        if field.attribute == target.attr:
            body.touch(schema.id, "writes", target, field.name)  # type: ignore[union-attr]
    if any(isinstance(member(cls, name), Function) for name in ("__setattr__", "__delattr__", target.attr)):
        body.obstacle(target, f"setting .{target.attr} of {cls.name} runs code of its own")


def _set_item(body: Body, target: ast.Subscript, given: t.Type | None) -> None:
    key = JSON if isinstance(target.slice, ast.Slice) else plain(body, target.slice, "a look-up by")
    owner = body.facts.as_dict(as_type(held(body, target.value)))
    known = bare(owner)
    local = isinstance(target.value, ast.Name) and target.value.id in body.names
    if isinstance(known, t.UnionOf):
        known = next((one for one in map(bare, known.items) if one != t.NONE), known)
    if kind(known) not in _ITEMS:
        body.unknown(target, owner, "setting an item of")
    elif given is not None and known in (JSON, t.BARE_DICT) and not body.facts.is_plain(given):
        body.unknown(target, given, "an item becomes")
    elif local and isinstance(target.value, ast.Name):
        if given is not None:
            widen(body, target.value.id, key, given)
    elif not isinstance(target.value, ast.Name):
        widen_within(body, target.value, given if given is not None else t.NONE)
