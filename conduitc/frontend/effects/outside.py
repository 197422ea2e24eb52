"""Calls of functions from outside the project: on the closed list, known to block, or not proven."""

from __future__ import annotations

import ast

from conduitc.frontend.annotations import Reader
from conduitc.frontend.effects.arguments import arguments, callbacks, given_to
from conduitc.frontend.effects.blocking import blocking, reason
from conduitc.frontend.effects.body import Arguments, Body, know, typed
from conduitc.frontend.effects.closed_list import (
    CALLBACKS,
    ENDS_BY_ITSELF,
    FUNCTIONS,
    SHALLOW,
    TAKES_ANYTHING,
)
from conduitc.frontend.effects.local_types import ENDLESS, item_of, join, loose
from conduitc.frontend.effects.methods import call_method
from conduitc.frontend.effects.rebinding import settable
from conduitc.frontend.effects.results import result
from conduitc.frontend.values import Value
from conduitc.ir import types as t


def call_outside(body: Body, node: ast.Call, name: str) -> t.Type:
    """A function or class from outside is called."""
    listed = FUNCTIONS.get(name)
    if listed is None:
        if name in ("builtins.setattr", "builtins.delattr") and node.args:
            _note_setattr(body, node)
        found = given_to(body, node)
        if name.startswith("builtins.") and name.endswith(("Error", "Exception")):
            return t.External(name)
        return _unlisted(body, node, name, found)
    if name == "typing.cast" and len(node.args) == 2:
        typed(body, node.args[1])
        return loose(Reader(body.scope).type(node.args[0]))
    places = CALLBACKS.get(name, ())
    given = arguments(body, node, places)
    called = callbacks(body, node, places, _called_with(name, given)) if places else []
    _check(body, node, name, given)
    if name == "builtins.map" and called:
        return t.ArrayOf("iterator", called[0])
    if name == "collections.defaultdict" and called:
        return t.DictOf(t.ANY, called[0])
    if listed == ENDLESS and name == "itertools.repeat" and len(given.all()) > 1:
        return t.ArrayOf("iterator", given.positional[0])
    if given.open and listed == t.ANY:
        return t.ANY
    return result(name, given.positional, given.keywords, listed)


def _called_with(name: str, given: Arguments) -> list[t.Type]:
    """What a callback is called with, where that is known."""
    positional = given.positional
    if given.open or not positional:
        return []
    if name in ("re.sub", "re.subn"):
        return [t.External("re.Match")]
    if name in ("builtins.max", "builtins.min") and len(positional) > 1:
        return [join(*positional)]
    if name == "builtins.map":
        return [item_of(one) or t.ANY for one in positional[1:]]
    place = _GONE_THROUGH.get(name, len(positional))
    return [item_of(positional[place]) or t.ANY] if place < len(positional) else []


#: Where what is gone through stands, for calls that call back with its items.
_GONE_THROUGH = {
    "builtins.filter": 1, "builtins.max": 0, "builtins.min": 0, "builtins.sorted": 0, "heapq.nlargest": 1,
    "heapq.nsmallest": 1, "itertools.dropwhile": 1, "itertools.filterfalse": 1, "itertools.groupby": 0,
    "itertools.takewhile": 1,
}  # fmt: skip


def _note_setattr(body: Body, node: ast.Call) -> None:
    owner = know(body, node.args[0])
    if isinstance(owner, Value):
        body.rebound |= settable(owner, node.args[1] if len(node.args) > 1 else None)


def _unlisted(body: Body, node: ast.Call, name: str, found: Arguments) -> t.Type:
    owner, _, method = name.rpartition(".")
    if owner in _IMMUTABLE:
        return call_method(body, node, _IMMUTABLE[owner], method, found.positional)
    help_ = blocking(name)
    return body.blocks(node, name, help_) if help_ else body.obstacle(node, reason(name))


#: Classes whose methods may be called as ``str.upper(text)``.
_IMMUTABLE: dict[str, t.Type] = {
    "builtins.str": t.Scalar("str"), "builtins.bytes": t.Scalar("bytes"), "builtins.int": t.Scalar("int"),
    "builtins.float": t.Scalar("float"),
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
