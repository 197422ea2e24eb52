"""A call of a project function → its body executed, within bounds, and what it returns.

The body runs like a module's top level, with its parameters as names. What is not known there is not known
here; nothing is run for real.
"""

from __future__ import annotations

import ast

from conduitc.frontend import limits
from conduitc.frontend.constants import assumed, glance
from conduitc.frontend.functions import yields
from conduitc.frontend.interpret import RETURNS, block
from conduitc.frontend.scope import Call, Frame
from conduitc.frontend.values import (
    Const,
    Function,
    Instance,
    Mapping,
    Pending,
    Sequence,
    Unknown,
    Value,
    settled,
)
from conduitc.frontend.web.records import Group, Super

#: Decorators that leave what a function does as it is; of the last two, what it gives is kept.
_PLAIN = ("builtins.classmethod", "builtins.property", "functools.cached_property", "functools.wraps")
_KEPT = ("functools.lru_cache", "functools.cache")
_LOCAL = "<locals>."


class Entering:
    """The functions that are being executed, and what is kept of those that were."""

    def __init__(self) -> None:
        self.stack: list[int] = []
        self.kept: dict[int, Value] = {}

    def enter(self, function: Function, call: Call, *first: Value) -> Value:
        """What the call gives; ``first`` are the arguments before those written (``self``)."""
        node, project = function.node, function.scope.project
        refused = self._refused(function)
        if refused is None and not project.afford(len(node.body)):
            refused = "too much would have to be followed"
        if refused is not None:
            return Unknown(f"{function.name}() is not followed: {refused}", call.span, returned=True)
        if function.opaque in _KEPT and id(node) in self.kept:
            return self.kept[id(node)]
        frame = Frame(
            function.scope,
            {},
            f"{function.qualname}.{_LOCAL}",
            call.guards,
            int(call.endless),
            None,
            function.closure,
            [],
        )
        _bind(frame, function, call, first)
        self.stack.append(id(node))
        try:
            ended = block(frame, node.body)
        finally:
            self.stack.pop()
        value = _returned(frame, function, ended, call)
        if function.opaque in _KEPT:
            self.kept[id(node)] = value
        return value

    def _refused(self, function: Function) -> str | None:
        if function.opaque is not None and function.opaque not in (*_PLAIN, *_KEPT):
            return f"@{function.opaque} wraps it"
        if self.stack.count(id(function.node)) >= limits.AGAIN:
            return "it calls itself"
        if len(self.stack) >= limits.DEPTH:
            return "it is called too deep within other calls"
        if yields(function.node, function.scope):
            return "it is a generator"
        return None


def _bind(frame: Frame, function: Function, call: Call, first: tuple[Value, ...]) -> None:
    """Give the parameters their values."""
    arguments, names = function.node.args, frame.names
    plain = [*arguments.posonlyargs, *arguments.args]
    given = [*first, *call.positional]
    keywords: dict[object, Value] = {}
    keywords.update(call.keywords.items())
    outside = Frame(function.scope, {}, enclosing=function.closure, returned=[])
    missing = len(plain) - len(arguments.defaults)
    for index, one in enumerate(plain):
        default = arguments.defaults[index - missing] if index >= missing else None
        if index < len(given):
            names[one.arg] = given[index]
        else:
            names[one.arg] = _keyword(keywords, one.arg, default, call, outside)
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        names[one.arg] = _keyword(keywords, one.arg, default, call, outside)
    if arguments.vararg is not None:
        rest = given[len(plain) :]
        names[arguments.vararg.arg] = Sequence("tuple", rest, spoiled=call.open, made=call.guards)
    if arguments.kwarg is not None:
        names[arguments.kwarg.arg] = Mapping(keywords, spoiled=call.open, made=call.guards)
    if first and isinstance(first[0], Instance) and function.home is not None:
        names["super"] = Pending(Super(first[0], function.home))


def _keyword(
    keywords: dict[object, Value], name: str, default: ast.expr | None, call: Call, outside: Frame
) -> Value:
    if name in keywords:
        return keywords.pop(name)
    if call.open or default is None:
        return Unknown(f"what is given for {name} is not known", call.span)
    return glance(outside, default)


def _returned(frame: Frame, function: Function, ended: str, call: Call) -> Value:
    """What a call gives, of all that its ``return``s may give."""
    returned = list(frame.returned or ())
    if ended is not RETURNS:
        returned.append((Const(None), frame.unlikely))
    likely = [value for value, unlikely in returned if not unlikely] or [value for value, _ in returned]
    found = likely[0]
    if len(likely) > 1 and not all(_same(found, one) for one in likely[1:]):
        found = _only_group(likely) or Unknown(
            f"what {function.name}() returns depends on a test that is not known", call.span, returned=True
        )
    return assumed(found) if len(likely) < len(returned) else found


def _same(one: Value, other: Value) -> bool:
    if one is other:
        return True
    return (
        isinstance(one, Const)
        and isinstance(other, Const)
        and (one.value, one.enum) == (other.value, other.enum)
    )


def _only_group(values: list[Value]) -> Value | None:
    """The one app or router among what is not known: factories give what they made before, where they did."""
    known = [settled(one) for one in values]
    groups = {id(one): one for one in known if isinstance(one, Instance) and isinstance(one.state, Group)}
    others = [one for one in known if id(one) not in groups]
    if len(groups) == 1 and all(isinstance(one, Unknown) for one in others):
        return next(iter(groups.values()))
    return None
