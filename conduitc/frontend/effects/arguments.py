"""What a call is given → types; functions that it calls back are read where they are given."""

from __future__ import annotations

import ast

from conduitc.frontend.effects.blocking import blocking, reason
from conduitc.frontend.effects.body import Arguments, Body, each, know, typed
from conduitc.frontend.effects.closed_list import FUNCTIONS
from conduitc.frontend.effects.facts import as_type
from conduitc.frontend.effects.holders import note_kept, share
from conduitc.frontend.effects.local_types import bare
from conduitc.frontend.effects.names import METHOD
from conduitc.frontend.effects.project_calls import construct, project_call
from conduitc.frontend.effects.values import LAMBDA, call_lambda
from conduitc.frontend.values import Class, External, Function, Unknown
from conduitc.ir import types as t


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


def given_to(body: Body, node: ast.Call) -> Arguments:
    """Arguments of something that may keep or change them."""
    found = arguments(body, node, ())
    for one in [*node.args, *[keyword.value for keyword in node.keywords]]:
        share(body, one)
        note_kept(body, one, None)
    if not body.changes:
        body.changes = any(type(bare(one)) is not t.Scalar for one in found.all())
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
    if isinstance(known, t.Type) and bare(known) in (t.Scalar("str"), t.Scalar("bytes")):
        return t.ANY  # what takes the place of a match, as text
    if known in (t.NONE, METHOD, t.External("operator.getter"), LAMBDA):
        return (
            t.ANY if known != LAMBDA else body.obstacle(node, "a function that is not known is called back")
        )
    return body.unknown(node, as_type(known), "a call back to")


def callbacks(body: Body, node: ast.Call, places: tuple[int | str, ...], given: list[t.Type]) -> list[t.Type]:
    found = [callback(body, argument, given) for index, argument in enumerate(node.args) if index in places]
    return found + [callback(body, one.value, given) for one in node.keywords if one.arg in places]


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
