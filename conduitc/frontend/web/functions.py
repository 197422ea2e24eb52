"""Objects that declarations were given → ids; the functions and providers of one app, each read once."""

from __future__ import annotations

from conduitc.frontend.docs import Comments
from conduitc.frontend.functions import function_node
from conduitc.frontend.scope import Call
from conduitc.frontend.values import (
    Bound,
    Class,
    External,
    Function,
    Instance,
    Unknown,
    Value,
    member,
    settled,
)
from conduitc.frontend.web.names import name_of
from conduitc.frontend.web.parameters import Taken, parameters
from conduitc.frontend.web.records import View
from conduitc.ir.nodes import Effects, Provider
from conduitc.ir.nodes import Function as FunctionNode
from conduitc.span import Span


class Functions:
    """The functions that are used, by id, in the order of first use; what they take; their providers."""

    def __init__(self) -> None:
        self.used: dict[str, Function] = {}
        self.taken: dict[str, list[Taken]] = {}
        self.providers: dict[str, Provider] = {}

    def id_of(self, value: Value | None) -> str:
        """The id of the project function behind a handler, which is remembered; empty for anything else."""
        function = function_of(value)
        if function is None:
            return ""
        self.use(function)
        return function.id

    def use(self, function: Function) -> list[Taken]:
        """What a function takes; it is read the first time."""
        if function.id not in self.taken:
            self.used[function.id] = function
            self.taken[function.id] = parameters(function)
            for one in self.taken[function.id]:
                if one.depends is not None:
                    self.provider(one.depends, one.parameter.span)
        return self.taken[function.id]

    def provider(self, value: Value, span: Span) -> str:
        """The id of what ``Depends`` names; it is made the first time, with what it asks for itself."""
        value = settled(value)
        function = function_of(value)
        if isinstance(value, Class):
            name = value.full_name
            made = member(value, "__init__")
            function = made if isinstance(made, Function) else None
            span = value.scope.span(value.node)
        elif function is not None:
            name, span = function.id.partition(":")[2], function.scope.span(function.node)
        else:
            name = answers(value, "unknown")
        id_ = f"provider:{name}"
        if id_ in self.providers:
            return id_
        shown = name.rpartition(".")[2]
        self.providers[id_] = Provider(id_, shown, "", span)
        if function is None:
            return id_
        taken = self.use(function)
        needs = [self.provider(one.depends, one.parameter.span) for one in taken if one.depends is not None]
        self.providers[id_] = Provider(id_, shown, function.id, span, tuple(dict.fromkeys(needs)))
        return id_

    def nodes(self, calls: dict[str, tuple[str, ...]]) -> tuple[FunctionNode, ...]:
        """The IR of all of them, with signatures and what they call."""
        comments: dict[str, Comments] = {}
        found = []
        for id_, function in self.used.items():
            scope = function.scope
            if scope.name not in comments:
                comments[scope.name] = Comments(scope.source)
            taken = tuple(one.parameter for one in self.taken[id_])
            effects = Effects(calls=calls.get(id_, ()))
            found.append(function_node(function, taken, effects, comments[scope.name].of(function.node)))
        return tuple(found)


def function_of(value: Value | None) -> Function | None:
    """The project function that runs when ``value`` is called."""
    match settled(value) if value is not None else None:
        case Function() as function:
            return function
        case Bound(owner=Instance(cls=Class() as cls), name=name):
            found = member(cls, name)
            return found if isinstance(found, Function) else None
        case Instance(state=None, cls=Class() as cls):
            found = member(cls, "__call__")
            return found if isinstance(found, Function) else None
        case Instance(cls=External(name="functools.partial"), call=Call() as call):
            return function_of(call.argument("func", 0))
    return None


def answers(value: Value | None, text: str) -> str:
    """The name of what answers, where it is no function of the project."""
    match settled(value) if value is not None else None:
        case Instance(state=View(cls=Class() as cls)) | (Class() as cls):
            return cls.full_name
        case External(name=name):
            return name
        case Instance(cls=cls) if name_of(cls):
            return name_of(cls)
        case Instance(cls=Class() as cls):
            return cls.full_name
        case Bound(owner=Instance(cls=cls), name=name) if name_of(cls):
            return f"{name_of(cls)}.{name}"
        case Unknown() | None:
            return text
    return text
