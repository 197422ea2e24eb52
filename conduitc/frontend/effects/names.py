"""Names, attributes and items → what they are known to be; and how the request is used."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conduitc.frontend.effects.body import Body, know, plain, typed
from conduitc.frontend.effects.closed_methods import ATTRIBUTES, METHODS
from conduitc.frontend.effects.facts import Known, as_type
from conduitc.frontend.effects.local_types import (
    FLOAT,
    INT,
    JSON,
    STR,
    bare,
    is_error,
    join,
    kind,
    like,
    loose,
    member_of,
    shown,
)
from conduitc.frontend.values import (
    Class,
    Const,
    External,
    Function,
    Mapping,
    Sequence,
    Unknown,
    Value,
    ancestry,
    member,
)
from conduitc.ir import types as t

METHOD = t.External("*method")
#: ``request.state``: a dict with attributes.
STATE = t.External("conduit.State")

#: What the attributes of a request are.
_REQUEST: dict[str, t.Type] = {
    "method": STR, "path": STR, "url": STR, "client": t.UnionOf((t.TupleOf((STR, INT)), t.NONE)),
    "state": STATE, "params": t.DictOf(STR, t.UnionOf((STR, INT, FLOAT, t.Scalar("uuid")))),
    "query": t.External("conduit.Query"), "headers": t.External("conduit.Headers"),
    "cookies": t.External("conduit.Cookies"),
}  # fmt: skip


def _name(body: Body, node: ast.Name) -> Known:
    name = node.id
    if name in body.requests:
        body.use(name, "*", None, node)
    known = body.lookup(name)
    if type(known) is not t.Scalar:
        body.named = True
    if body.loops:
        body.looked.add(name)
    return known


# -- the request ---------------------------------------------------------------------------------------------


def is_request_part(body: Body, node: ast.expr) -> bool:
    """Is it ``request.x`` of a parameter that is the request?"""
    return (
        bool(body.requests)
        and isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in body.requests
    )


def request_part(body: Body, node: ast.expr, key: ast.expr | None, place: ast.expr) -> t.Type:
    """Note that a part of the request is used, under a key if that is a constant."""
    assert isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    body.lookup(node.value.id)
    constant = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
    body.use(node.value.id, node.attr, constant, place, node)
    return _REQUEST.get(node.attr) or body.obstacle(node, f"a request has no {node.attr}")


# -- attributes ----------------------------------------------------------------------------------------------


def _attribute(body: Body, node: ast.Attribute) -> Known:
    if is_request_part(body, node):
        return request_part(body, node, None, node)
    owner = know(body, node.value)
    if isinstance(owner, Value):
        return body.member(owner, node.attr)
    return attribute_of(body, node, owner)


def attribute_of(body: Body, node: ast.Attribute, owner: t.Type) -> t.Type:
    """``owner.attr`` of a value."""
    known = bare(owner)
    if isinstance(known, t.UnionOf):
        found = [attribute_of(body, node, like(owner, one)) for one in known.items if one != t.NONE]
        return join(*found) if found else body.unknown(node, owner, f".{node.attr} of")
    cls = body.facts.class_of(known)
    if cls is not None:
        return _field(body, node, owner, cls)
    name = kind(known)
    given = ATTRIBUTES.get(name, {}).get(node.attr)
    if given is not None:
        return given
    if node.attr in METHODS.get(name, ()):
        return METHOD
    if is_error(name) or known == STATE:
        return t.ANY
    if name in METHODS:
        return body.obstacle(node, f".{node.attr} of {shown(known)} is not on the closed list")
    return body.unknown(node, owner, f".{node.attr} of")


def _of_enum(node: ast.Attribute) -> t.Type:
    return STR if node.attr in ("name", "_name_") else JSON


def _field(body: Body, node: ast.Attribute, owner: t.Type, cls: Class) -> t.Type:
    """An attribute of an instance of a project class."""
    schema = body.facts.schema(cls)
    if schema is not None and schema.kind == "enum" and member(cls, node.attr) is None:
        return _of_enum(node)
    for field in schema.fields if schema else ():
        if field.attribute == node.attr and body.facts.is_ordinary(cls):
            body.touch(schema.id, "reads", node, field.name)  # type: ignore[union-attr]
            return like(owner, field.type)
    if any(_intervenes(one) for one in ancestry(cls)):
        return body.obstacle(node, f"{cls.name} decides itself what its attributes are")
    defined = member(cls, node.attr)
    if isinstance(defined, Function):
        if defined.opaque is not None:
            return body.obstacle(node, f".{node.attr} of {cls.name} is wrapped by {defined.opaque}")
        return METHOD
    if isinstance(defined, Const | Mapping | Sequence):
        return loose(as_type(body.facts.known(defined)))
    if defined is not None:
        return body.obstacle(node, f".{node.attr} of {cls.name} is not known")
    return body.facts.annotated(cls, node.attr) or t.ANY


def _intervenes(base: Value) -> bool:
    return isinstance(base, Class) and any(name in base.names for name in ("__getattr__", "__getattribute__"))


# -- items ---------------------------------------------------------------------------------------------------


def _subscript(body: Body, node: ast.Subscript) -> Known:
    if is_request_part(body, node.value):
        owner: Known = request_part(body, node.value, node.slice, node)
    else:
        owner = know(body, node.value)
    if isinstance(owner, t.Type):
        return item(body, node, owner)
    if isinstance(owner, Class) and (schema := body.facts.schema(owner)) and schema.kind == "enum":
        plain(body, node.slice, "a look-up by")
        return body.facts.project.schemas.reference(owner)
    if isinstance(owner, Unknown):
        return body.obstacle(node, owner.reason)
    typed(body, node.slice)
    return owner if isinstance(owner, Class | External) else t.ANY


def item(body: Body, node: ast.Subscript, owner: t.Type) -> t.Type:
    """``owner[…]``."""
    if isinstance(node.slice, ast.Slice):
        typed(body, node.slice)
        known = bare(owner)
        if known in (STR, JSON, t.Scalar("bytes")) or isinstance(known, t.ArrayOf):
            return owner
        if isinstance(known, t.TupleOf):
            return like(owner, t.ArrayOf("tuple", join(*known.items)))
        return body.unknown(node, owner, "a slice of")
    plain(body, node.slice, "a look-up by")
    position = node.slice.value if isinstance(node.slice, ast.Constant) else None
    known = bare(owner)
    if isinstance(known, t.Ref) and isinstance(position, str):
        body.touch(known.id, "reads", node, position)
    if isinstance(known, t.Ref | t.UnionOf):
        owner = like(owner, body.facts.as_dict(owner))
    found = member_of(owner, position if type(position) is int else None)
    return found if found is not None else body.unknown(node, owner, "an item of")


def _slice(body: Body, node: ast.Slice) -> Known:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            plain(body, part, "a slice by")
    return t.ANY


READERS: dict[type[ast.expr], Callable[[Body, Any], Known]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
}
