"""What FastAPI, Starlette and Flask calls mean to the executor; functions of the project are entered.

Declarations are recorded on their groups; ``app`` makes the App of them once everything has been executed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from conduitc.frontend.project import Project
from conduitc.frontend.scope import Call, Frame, Scope
from conduitc.frontend.values import (
    Bound,
    Class,
    Const,
    External,
    Function,
    Instance,
    Later,
    Pending,
    Sequence,
    Unknown,
    Value,
    ancestry,
    member,
    settled,
)
from conduitc.frontend.web import asgi, environment, flask, protobuf, texts
from conduitc.frontend.web.entering import Entering
from conduitc.frontend.web.instances import filled
from conduitc.frontend.web.later import Modules
from conduitc.frontend.web.names import VIEWS, derives, group_of, harmless, name_of
from conduitc.frontend.web.records import Group, Missed, Placed, Super, Text, View, Waiting

_COMPUTED = ("builtins.property", "functools.cached_property")

#: What is the app itself as far as declarations go; what is set on its map holds for its rules.
_ITSELF = ("router", "asgi_app", "wsgi_app", "url_map")


class WebDialect:
    """Declarations of one program. ``groups`` are its apps, routers and blueprints in the order of making;
    ``missed`` is what may be declared on some group, nobody knows which."""

    def __init__(self, modules: Modules) -> None:
        self.groups: list[Group] = []
        self.missed: list[Missed] = []
        self.pool = protobuf.Pool()
        self.modules = modules
        self.entering = Entering()
        self.order = 0

    # -- what the executor asks ------------------------------------------------------------------------------

    def call(self, function: Value, call: Call) -> Value | None:
        match function:
            case Pending(record=Waiting() as waiting):
                return self.hand_over(waiting, call)
            case Pending(record=Super() as above):
                return Instance(External("builtins.super"), call, {}, above)
            case Bound(owner=Instance(state=protobuf.Method(options=options)), name="GetOptions"):
                return options
            case Bound(owner=Instance() as owner, name=name):
                found = self._method(owner, name, call)
                if found is not None:
                    return found
            case Bound(owner=Class() as cls, name="as_view"):
                return Instance(cls, call, {}, View(cls))
            case Unknown(lost=True, reason=reason):
                self.missed.append(Missed(self.placed(call), call.scope.source.snippet(call.node), reason))
            case External(name="builtins.getattr") if _holds_group(call.argument("", 0) or function):
                if not isinstance(call.argument("", 1), Const):
                    return Unknown("which of its methods this is, is not known", call.span, lost=True)
            case Function():
                first = (function.home,) if _is_classmethod(function) else ()
                return self.entering.enter(function, call, *(one for one in first if one is not None))
        if isinstance(function, External | Class) and (kind := group_of(function)) is not None:
            return self._make(function, kind, call)
        if isinstance(function, Class) and not _is_enum(function):
            return self._instance(function, call)
        self._note_handed(function, call)
        return environment.read(function, call) or texts.replaced(function, call)

    def decorate(self, decorator: Value, node: ast.expr, function: Function, frame: Frame) -> bool:
        if isinstance(decorator, Later):
            if not self.modules.declares(frame.scope.project, decorator.origin):
                return False
            decorator = settled(decorator)
        call = Call(
            _as_call(node), frame.scope, [function], {}, frame.conditional, frame.endless > 0,
            guards=frame.guards,
        )  # fmt: skip
        match decorator:
            case Pending(record=Waiting() as waiting):
                self.hand_over(waiting, call, node)
                return True
            case Bound(owner=Instance(state=Group() as group), name=name) if group.framework == "flask":
                return flask.hook(self, group, name, function, self.placed(call, node))
            case Unknown(lost=True, reason=reason):
                what = frame.scope.source.snippet(node)
                self.missed.append(Missed(self.placed(call, node), what, reason))
            case Function() if decorator.opaque is None:
                before = self.order
                return self.entering.enter(decorator, call) is function or self.order != before
        return False

    def operator(self, name: str, left: Value, right: Value, frame: Frame, node: ast.BinOp) -> Value | None:
        return None

    def imported(self, module: str, name: str, scope: Scope, node: ast.alias) -> None:
        return None

    def attribute(self, found: Bound, frame: Frame, node: ast.Attribute) -> Value | None:
        match found:
            case Bound(owner=Instance(state=Group()) as owner, name=name) if name in _ITSELF:
                return owner
            case Bound(owner=Instance(cls=Class() as cls) as owner, name=name):
                method = member(cls, name)
                if isinstance(method, Function) and method.opaque in _COMPUTED:
                    call = Call(
                        _as_call(node), frame.scope, [], {}, frame.conditional, frame.endless > 0,
                        guards=frame.guards,
                    )  # fmt: skip
                    return self.entering.enter(method, call, owner)
            case Bound(owner=Class() as cls, name="as_view") if derives(cls, *VIEWS):
                return found
        return None

    def concerns(self, call: Call) -> bool:
        return any(map(_holds_group, (*call.positional, *call.keywords.values())))

    def postpones(self, project: Project, name: str) -> bool:
        return name not in self.modules.eager

    def executed(self, scope: Scope) -> None:
        if protobuf.MARK in scope.source.text:
            protobuf.enrich(scope, self.pool)

    def exports(self, module: str) -> Iterable[str]:
        return ()

    def entered(self, function: Function, call: Call) -> None:
        return None

    # -- making records --------------------------------------------------------------------------------------

    def placed(self, call: Call, node: ast.expr | None = None) -> Placed:
        """The place of one more declaration. What it is given is made before it."""
        for one in (*call.positional, *call.keywords.values()):
            settled(one)
        self.order += 1
        return Placed(call.scope, node or call.node, call.guards, self.order, call.endless, call=call)

    def hand_over(self, waiting: Waiting, call: Call, node: ast.expr | None = None) -> Value:
        """``app.get("/x")(handler)``, or the decorator."""
        given = call.positional[0] if call.positional else Unknown("nothing was given", call.span)
        made = flask if waiting.group.framework == "flask" else asgi
        made.apply(self, waiting, given, self.placed(call, node))
        return given

    def overridden(self, group: Group, name: str) -> Function | None:
        """The project's own method of that name, where the group's class has one."""
        cls = group.instance.cls
        found = member(cls, name) if isinstance(cls, Class) else None
        return found if isinstance(found, Function) else None

    def _make(self, cls: Value, kind: tuple[str, str], call: Call) -> Value:
        instance = Instance(cls, call, filled(cls, None) if isinstance(cls, Class) else {})
        placed = self.placed(call)
        group = Group(*kind, instance, placed, Text("", placed.span), [], [], [])
        instance.state = group
        self.groups.append(group)
        own = self.overridden(group, "__init__")
        if own is None:
            self._ready(group, call)
            return instance
        self.entering.enter(own, call, instance)
        if not group.ready:
            missed = Missed(
                placed, name_of(cls) or "__init__", "its class makes itself in a way not followed"
            )
            group.entries.append(missed)
        return instance

    def _ready(self, group: Group, call: Call) -> None:
        group.ready, group.call = True, call
        (flask if group.framework == "flask" else asgi).made(self, group, call)

    def _instance(self, cls: Class, call: Call) -> Value:
        instance = Instance(cls, call, filled(cls, call))
        for name in ("__init__", "__post_init__"):
            method = member(cls, name)
            if isinstance(method, Function):
                given = (
                    call
                    if name == "__init__"
                    else Call(call.node, call.scope, [], {}, call.conditional, guards=call.guards)
                )
                self.entering.enter(method, given, instance)
        return instance

    def _method(self, owner: Instance, name: str, call: Call) -> Value | None:
        """A method of an object: the project's own, else the framework's."""
        above: list[Value] = ancestry(owner.cls) if isinstance(owner.cls, Class) else []
        instance = owner
        if isinstance(owner.state, Super):
            instance = owner.state.instance
            every = ancestry(instance.cls) if isinstance(instance.cls, Class) else []
            home = owner.state.home
            above = every[every.index(home) + 1 :] if home in every else []
        for one in above:
            found = one.names.get(name) if isinstance(one, Class) else None
            if isinstance(found := settled(found) if found is not None else None, Function):
                first = () if _is_static(found) else (instance,)
                return self.entering.enter(found, call, *first)
        group = instance.state
        if not isinstance(group, Group):
            self._note_handed(Bound(owner, name), call)
            return None
        if name == "__init__":
            self._ready(group, call)
            return Const(None)
        if group.framework == "flask":
            return flask.method(self, group, name, call)
        return asgi.method(self, group, name, call)

    def _note_handed(self, function: Value, call: Call) -> None:
        """An app that something outside of the project is given may get routes from it."""
        name = name_of(function)
        match function:
            case Bound(owner=Instance(cls=cls)):
                name = f"{name_of(cls)}.{function.name}" if name_of(cls) else function.name
            case Unknown():
                name = ""
        if harmless(name):
            return
        for one in (*call.positional, *call.keywords.values()):
            match settled(one) if not isinstance(one, Later) else None:
                case Instance(state=Group() as group):
                    what = call.scope.source.snippet(call.node)
                    by = f"{name}, which is outside of the project" if name else "something that is not known"
                    reason = f"it is handed to {by}: what that declares on it is not known"
                    group.entries.append(Missed(self.placed(call), what, reason))


def _holds_group(value: Value, depth: int = 2) -> bool:
    match value:
        case Instance(state=Group()):
            return True
        case Instance(names=names, cls=Class()) if depth:
            return any(_holds_group(one, depth - 1) for one in names.values())
        case Sequence(items=items) if depth:
            return any(_holds_group(one, depth - 1) for one in items)
    return False


def _is_enum(cls: Class) -> bool:
    return any(isinstance(one, Const) and one.enum for one in cls.names.values())


def _is_classmethod(function: Function) -> bool:
    return function.opaque == "builtins.classmethod" and function.home is not None


def _is_static(function: Function) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.node.decorator_list)


def _as_call(node: ast.expr) -> ast.Call:
    """A bare decorator or attribute as the call it stands for; places are its own."""
    return ast.copy_location(ast.Call(node, [], []), node)
