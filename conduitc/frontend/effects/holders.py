"""Local collections: what is put into them, and who else may hold them.

Types follow what goes into a local collection (``widen``), until it gets a second holder (``share``). A loop
over a list ends unless the loop makes that list longer, so growing another is allowed where it is certain to
be another: made here, and not kept in what is gone through (``may_prolong``).
"""

from __future__ import annotations

import ast

from conduitc.frontend.effects.body import Body, know
from conduitc.frontend.effects.facts import Known
from conduitc.frontend.effects.local_types import Loose, join
from conduitc.ir import types as t

#: Calls that make a new collection.
MAKERS = frozenset(("Counter", "defaultdict", "deque", "dict", "list", "set", "sorted"))
_DISPLAYS = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp


_CHAIN = (ast.Attribute, ast.Subscript, ast.Call)


def root(node: ast.expr) -> str | None:
    """The name that ``a.b[0].c()`` starts with."""
    while isinstance(node, _CHAIN):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def held(body: Body, node: ast.expr) -> Known:
    """A collection that takes something: if a name holds it, what is in it does not matter."""
    if isinstance(node, ast.Name) and node.id not in body.requests:
        return body.lookup(node.id)
    return know(body, node)


# -- types ---------------------------------------------------------------------------------------------------


def widen(body: Body, name: str, key: t.Type, given: t.Type) -> None:
    """A collection that a local name holds takes one more kind of item."""
    old = body.names[name]
    if isinstance(old, t.ArrayOf):
        new: Known = t.ArrayOf(old.kind, join(old.item, given))
    elif isinstance(old, t.DictOf) and not old.bare:
        new = t.DictOf(join(old.key, key), join(old.value, given))
    else:
        body.changes = True
        return
    if new != old:
        body.names[name] = new


def widen_within(body: Body, holder: ast.expr, given: t.Type) -> None:
    """Something inside of what a local name holds takes an item: if that is not plain, the rest is not."""
    body.changes = True
    name = root(holder)
    if name in body.names and name not in body.parameters and not body.facts.is_plain(given):
        _forget(body, name)


def share(body: Body, node: ast.expr) -> None:
    """What a name holds gets a second holder, so what is put into it is no longer seen."""
    if isinstance(node, ast.Name) and node.id in body.names and node.id not in body.parameters:
        _forget(body, node.id)


def _forget(body: Body, name: str) -> None:
    held = body.names[name]
    if isinstance(held, t.ArrayOf):
        body.names[name] = t.ArrayOf(held.kind, t.ANY)
    elif isinstance(held, t.DictOf):
        body.names[name] = t.DictOf(t.ANY, t.ANY)


# -- holders -------------------------------------------------------------------------------------------------


def is_new(value: ast.expr, known: Known) -> bool:
    """Is the value of an expression a collection that was made there?"""
    called = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
    return (isinstance(value, _DISPLAYS) or called in MAKERS) and not isinstance(known, Loose)


def note_kept(body: Body, node: ast.expr, holder: str | None) -> None:
    """A value is kept in ``holder`` (None: somewhere): so is whatever it may be made of."""
    if holder is not None and type(node) is not ast.Constant:
        body.keepers.add(holder)
    name = root(node)
    if name is not None:
        body.kept.add(name)
    for field in _PARTS.get(type(node), ()):
        part = getattr(node, field)
        for one in part if isinstance(part, list) else (part,):
            note_kept(body, one, holder)


#: What the value of an expression may be, or hold.
_PARTS: dict[type[ast.expr], tuple[str, ...]] = {
    ast.List: ("elts",), ast.Tuple: ("elts",), ast.Set: ("elts",), ast.Dict: ("values",),
    ast.BoolOp: ("values",), ast.IfExp: ("body", "orelse"), ast.NamedExpr: ("value",),
    ast.Starred: ("value",), ast.Await: ("value",),
    ast.ListComp: ("elt",), ast.DictComp: ("value",), ast.Call: ("args",),
}  # fmt: skip


def may_prolong(body: Body, holder: ast.expr) -> bool:
    """May making this longer make a loop around it longer?"""
    going = body.iterated
    if not going:
        return False
    name = root(holder)
    body.watched.update(going)
    body.prolonged.add(name or "")
    ours = name in body.names and name not in body.stale and name not in body.parameters
    apart = body.kept.isdisjoint(going) and body.keepers.isdisjoint(going) and name not in going
    return not (ours and apart)
