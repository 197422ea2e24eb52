"""Calls → what they give: outside functions by the closed list, methods by type, the project's own by name.

Arguments in the places of callbacks are read as functions that are called here and now.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conduitc.frontend.annotations import Reader
from conduitc.frontend.effects.blocking import blocking, reason
from conduitc.frontend.effects.body import Body, each, know, typed
from conduitc.frontend.effects.closed_list import (
    CALLBACKS,
    ENDS_BY_ITSELF,
    FUNCTIONS,
    SHALLOW,
    TAKES_ANYTHING,
)
from conduitc.frontend.effects.closed_methods import CALLS_BACK, KEYED
from conduitc.frontend.effects.facts import Known, as_type
from conduitc.frontend.effects.local_types import BYTES, ENDLESS, JSON, SEEN, bare, item_of, like, loose
from conduitc.frontend.effects.methods import call_method
from conduitc.frontend.effects.names import METHOD, is_request_part, request_part
from conduitc.frontend.effects.project_calls import Arguments, call_super, construct, method, project_call
from conduitc.frontend.effects.rebinding import settable
from conduitc.frontend.effects.results import result
from conduitc.frontend.effects.targets import share
from conduitc.frontend.effects.values import LAMBDA, call_lambda
from conduitc.frontend.values import Class, External, Function, Unknown, Value
from conduitc.ir import types as t


def _call(body: Body, node: ast.Call) -> Known:
    awaited = body.awaited is node
    function = node.func
    if isinstance(function, ast.Attribute):
        if is_request_part(body, function.value):
            key = node.args[0] if node.args and function.attr in KEYED else None
            owner: Known = request_part(body, function.value, key, node)
            if isinstance(owner, t.Type):
                return call_method(body, node, owner, arguments(body, node, ()).positional)
        if is_request_part(body, function):
            return _of_request(body, node, function)
        if _is_super(function.value):
            _given(body, node)
            return call_super(body, node, function.attr, awaited)
        owner = know(body, function.value)
        if isinstance(owner, t.Type):
            return _method(body, node, owner, awaited)
        callee: Known = body.facts.member(owner, function.attr)
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
    body.use(function.value.id, function.attr, None, node)
    return given if given is not None else body.obstacle(node, f"request.{function.attr}() is not known")


def _method(body: Body, node: ast.Call, owner: t.Type, awaited: bool) -> t.Type:
    """A method of a value: of a project class its own, of any other what the closed list says."""
    assert isinstance(node.func, ast.Attribute)
    plain_owner = t.strip_optional(bare(owner))[0]
    cls = body.facts.class_of(bare(plain_owner))
    if cls is not None and not isinstance(body.facts.as_dict(plain_owner), t.DictOf):
        _given(body, node)
        return method(body, node, cls, awaited)
    places = CALLS_BACK.get(node.func.attr, ())
    given = arguments(body, node, places)
    if places:
        _callbacks(body, node, places, [item_of(owner) or t.External("re.Match")])
    return call_method(body, node, like(owner, body.facts.as_dict(owner)), given.positional)


def _value_called(body: Body, node: ast.Call, callee: Known, awaited: bool) -> t.Type:
    match callee:
        case External(name=name):
            return _outside(body, node, name)
        case Function():
            _given(body, node)
            return project_call(body, node, callee, awaited)
        case Class():
            return construct(body, node, callee, arguments(body, node, ()))
    _given(body, node)
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


# -- arguments -----------------------------------------------------------------------------------------------


def arguments(body: Body, node: ast.Call, callbacks: tuple[int | str, ...]) -> Arguments:
    """Read what is given, but for what stands in the places of ``callbacks``."""
    positional: list[t.Type] = []
    opened = False
    for index, argument in enumerate(node.args):
        if isinstance(argument, ast.Starred):
            positional.append(each(body, argument.value))
            opened = True
        else:
            positional.append(t.NONE if index in callbacks else typed(body, argument))
    keywords: dict[str, t.Type] = {}
    for keyword in node.keywords:
        if keyword.arg is None:
            typed(body, keyword.value)
            opened = True
        elif keyword.arg not in callbacks:
            keywords[keyword.arg] = typed(body, keyword.value)
    return Arguments(positional, keywords, opened)


def _given(body: Body, node: ast.Call) -> Arguments:
    """Arguments of something that may keep or change them."""
    found = arguments(body, node, ())
    for one in node.args:
        share(body, one)
    for keyword in node.keywords:
        share(body, keyword.value)
    if any(not isinstance(bare(one), t.Scalar) for one in found.all()):
        body.changes = True
    return found


def callback(body: Body, node: ast.expr, given: list[t.Type]) -> t.Type:
    """A function that is called back with values of these types: what it gives."""
    if isinstance(node, ast.Lambda):
        return call_lambda(body, node, given)
    known = know(body, node)
    match known:
        case External(name=name):
            return _listed(body, node, name)
        case Function():
            return project_call(body, node, known, awaited=False)
        case Class():
            return construct(body, node, known, Arguments(given, {}, True))
        case Unknown(reason=why):
            return body.obstacle(node, why)
    if known in (t.NONE, METHOD, t.External("operator.getter"), LAMBDA):
        return (
            t.ANY if known != LAMBDA else body.obstacle(node, "a function that is not known is called back")
        )
    return body.unknown(node, as_type(known), "a call back to")


def _callbacks(
    body: Body, node: ast.Call, places: tuple[int | str, ...], given: list[t.Type]
) -> list[t.Type]:
    found = [callback(body, argument, given) for index, argument in enumerate(node.args) if index in places]
    return found + [callback(body, one.value, given) for one in node.keywords if one.arg in places]


# -- functions from outside ----------------------------------------------------------------------------------


def _outside(body: Body, node: ast.Call, name: str) -> t.Type:
    listed = FUNCTIONS.get(name)
    if listed is None:
        if name in ("builtins.setattr", "builtins.delattr") and node.args:
            _note_setattr(body, node)
        found = _given(body, node)
        if name.startswith("builtins.") and name.endswith(("Error", "Exception")):
            return t.External(name)
        return _unlisted(body, node, name, found)
    if name == "typing.cast" and len(node.args) == 2:
        typed(body, node.args[1])
        return loose(Reader(body.scope).type(node.args[0]))
    places = CALLBACKS.get(name, ())
    given = arguments(body, node, places)
    called = _callbacks(body, node, places, _items_of(given)) if places else []
    _check(body, node, name, given)
    if name == "builtins.map" and called:
        return t.ArrayOf("iterator", called[0])
    if listed == ENDLESS and name == "itertools.repeat" and len(given.all()) > 1:
        return t.ArrayOf("iterator", given.positional[0])
    if given.open and listed == t.ANY:
        return t.ANY
    return result(name, given.positional, given.keywords, listed)


def _items_of(given: Arguments) -> list[t.Type]:
    """What a callback is called with: the items of what can be gone through."""
    items = [item_of(one) for one in given.positional if one != t.NONE]
    return [one for one in items if one is not None] or [t.ANY]


def _note_setattr(body: Body, node: ast.Call) -> None:
    owner = know(body, node.args[0])
    if isinstance(owner, Value):
        body.facts.rebound |= settable(owner, node.args[1] if len(node.args) > 1 else None)


def _listed(body: Body, node: ast.expr, name: str) -> t.Type:
    """A function from outside, called back."""
    given = FUNCTIONS.get(name)
    if given is not None:
        return given
    owner, _, method = name.rpartition(".")
    if owner in ("builtins.str", "builtins.bytes") and method:
        return t.ANY
    help_ = blocking(name)
    return body.blocks(node, name, help_) if help_ else body.obstacle(node, reason(name))


def _unlisted(body: Body, node: ast.Call, name: str, found: Arguments) -> t.Type:
    owner, _, _ = name.rpartition(".")
    if owner in ("builtins.str", "builtins.bytes", "builtins.dict", "builtins.int", "builtins.float"):
        return call_method(body, node, _INSTANCES[owner], found.positional)
    help_ = blocking(name)
    return body.blocks(node, name, help_) if help_ else body.obstacle(node, reason(name))


_INSTANCES: dict[str, t.Type] = {
    "builtins.str": t.Scalar("str"), "builtins.bytes": t.Scalar("bytes"), "builtins.int": t.Scalar("int"),
    "builtins.float": t.Scalar("float"), "builtins.dict": t.DictOf(t.ANY, t.ANY),
}  # fmt: skip


def _check(body: Body, node: ast.Call, name: str, given: Arguments) -> None:
    """Arguments that the function looks into must be known as far as it looks."""
    if name not in ENDS_BY_ITSELF and ENDLESS in given.positional:
        body.obstacle(node, f"{name.removeprefix('builtins.')}() of something without an end")
    if name in TAKES_ANYTHING:
        return
    known = body.facts.is_known if name in SHALLOW else body.facts.is_plain
    for one in given.all():
        if one != ENDLESS and not known(one):
            body.unknown(node, one, f"{name.removeprefix('builtins.')}() of")
            return


READERS: dict[type[ast.expr], Callable[[Body, Any], Known]] = {ast.Call: _call}
