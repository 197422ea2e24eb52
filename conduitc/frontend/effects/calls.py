"""Calls → what they give: outside functions by the closed list, methods by type, the project's own by name.

Arguments in the places of callbacks are read as functions that are called here and now.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conduitc.frontend.effects.arguments import arguments, callbacks, given_to
from conduitc.frontend.effects.body import Body, know
from conduitc.frontend.effects.closed_methods import CALLS_BACK, KEYED, STORES
from conduitc.frontend.effects.facts import Known
from conduitc.frontend.effects.holders import held
from conduitc.frontend.effects.local_types import BYTES, JSON, SEEN, bare, item_of, like
from conduitc.frontend.effects.methods import call_method
from conduitc.frontend.effects.names import is_request_part, request_part
from conduitc.frontend.effects.outside import call_outside
from conduitc.frontend.effects.project_calls import call_super, construct, method, project_call
from conduitc.frontend.values import Class, External, Function, Unknown
from conduitc.ir import types as t


def _call(body: Body, node: ast.Call) -> Known:
    awaited = body.awaited is node
    function = node.func
    if isinstance(function, ast.Attribute):
        if is_request_part(body, function.value):
            key = node.args[0] if node.args and function.attr in KEYED else None
            owner: Known = request_part(body, function.value, key, node)
            if isinstance(owner, t.Type):
                return call_method(body, node, owner, function.attr, arguments(body, node, ()).positional)
        if is_request_part(body, function):
            return _of_request(body, node, function)
        if _is_super(function.value):
            given_to(body, node)
            return call_super(body, node, function.attr, awaited)
        owner = know(body, function.value) if function.attr not in STORES else held(body, function.value)
        if isinstance(owner, t.Type):
            return _method(body, node, owner, awaited)
        callee: Known = body.member(owner, function.attr)
    else:
        callee = know(body, function)
    return _value_called(body, node, callee, awaited)


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


#: What awaiting the methods of a request gives.
_READS: dict[str, t.Type] = {"body": BYTES, "json": JSON, "form": SEEN, "stream": SEEN}


def _of_request(body: Body, node: ast.Call, function: ast.Attribute) -> t.Type:
    assert isinstance(function.value, ast.Name)
    arguments(body, node, ())
    given = _READS.get(function.attr)
    body.lookup(function.value.id)
    body.use(function.value.id, function.attr, None, node, function)
    return given if given is not None else body.obstacle(node, f"request.{function.attr}() is not known")


def _method(body: Body, node: ast.Call, owner: t.Type, awaited: bool) -> t.Type:
    """A method of a value: of a project class its own, of any other what the closed list says."""
    assert isinstance(node.func, ast.Attribute)
    plain_owner = t.strip_optional(bare(owner))[0]
    cls = body.facts.class_of(bare(plain_owner))
    if cls is not None and not isinstance(body.facts.as_dict(plain_owner), t.DictOf):
        given_to(body, node)
        return method(body, node, cls, awaited)
    places = CALLS_BACK.get(node.func.attr, ())
    given = arguments(body, node, places)
    if places:
        callbacks(body, node, places, [item_of(owner) or t.External("re.Match")])
    owner = like(owner, body.facts.as_dict(owner))
    return call_method(body, node, owner, node.func.attr, given.positional)


def _value_called(body: Body, node: ast.Call, callee: Known, awaited: bool) -> t.Type:
    if isinstance(callee, External):
        return call_outside(body, node, callee.name)
    if isinstance(callee, Class):
        return construct(body, node, callee, arguments(body, node, ()))
    given_to(body, node)
    if isinstance(callee, Function):
        return project_call(body, node, callee, awaited)
    if isinstance(callee, Unknown):
        return body.obstacle(node.func, callee.reason)
    if callee == SEEN:
        return SEEN
    return body.obstacle(node.func, f"{_shown(node.func)}() is a call of a value that is not known")


def _shown(node: ast.expr) -> str:
    """A callee as it is written, if that is short."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_shown(node.value)}.{node.attr}"
    return "…"


READERS: dict[type[ast.expr], Callable[[Body, Any], Known]] = {ast.Call: _call}
