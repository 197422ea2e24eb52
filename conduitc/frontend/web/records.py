"""What executed declarations leave behind: groups (apps, routers, blueprints) and what each holds."""

from __future__ import annotations

import ast

from msgspec import Struct

from conduitc.frontend.scope import Call, Scope
from conduitc.frontend.values import Const, Instance, Unknown, Value, settled
from conduitc.ir.nodes import Guard
from conduitc.span import Span


class Text(Struct, frozen=True):
    """A path or prefix. ``text`` is None where it is not known, for that ``reason``; ``assumed`` where it
    depends on the environment."""

    text: str | None
    span: Span
    assumed: bool = False
    reason: str = ""


def text_of(value: Value | None, span: Span, default: str = "") -> Text:
    """What an argument says; ``default`` where it is not given, or is None."""
    value = settled(value) if value is not None else None
    match value:
        case None | Const(value=None):
            return Text(default, span, value is not None and value.assumed)
        case Const(value=str(text), assumed=assumed):
            return Text(text, span, assumed)
        case Unknown(reason=reason):
            return Text(None, span, reason=reason)
    return Text(None, span, reason="it is no constant")


class Placed(Struct, eq=False):
    """Where and under what something is declared; ``node`` is the call or decorator. ``order`` counts
    through the whole program. What is mounted is ``live``: what is declared on it later counts."""

    scope: Scope
    node: ast.expr
    guards: tuple[Guard, ...]
    order: int
    endless: bool = False
    live: bool = False
    call: Call | None = None

    @property
    def span(self) -> Span:
        return self.scope.span(self.node)

    @property
    def depends(self) -> tuple[Guard, ...]:
        """All that it depends on that this happens, its module's import included."""
        if self.scope.name in self.scope.project.certain:
            return self.guards
        return (*self.scope.guards(), *self.guards)


class Route(Struct, eq=False):
    """One path. ``methods`` are as the run-time router lists them, or None where that is not known.

    ``prefixed``: the group's own prefix stands before it. ``own`` names a page of the framework's.
    """

    placed: Placed
    methods: tuple[str, ...] | None
    path: Text
    handler: Value | None
    call: Call | None
    prefixed: bool = True
    own: str = ""


class Include(Struct, eq=False):
    """A group within a group. ``whole``: its prefix takes the place of the group's own (Flask)."""

    placed: Placed
    group: Group
    prefix: Text
    call: Call
    whole: bool = False


class Mount(Struct, eq=False):
    """An app of its own below a path; ``group`` where its routes are known, else ``target`` names it."""

    placed: Placed
    path: Text
    group: Group | None
    target: str


class Missed(Struct, eq=False):
    """Something that may declare routes and could not be followed."""

    placed: Placed
    what: str
    reason: str


class Around(Struct, eq=False):
    """Middleware: ``function`` or ``asgi`` class, with its name."""

    placed: Placed
    kind: str
    value: Value
    text: str


class Hooked(Struct, eq=False):
    """A function that runs at start, at the end, around requests or on an exception."""

    placed: Placed
    kind: str
    value: Value
    exception: Value | None = None


Entry = Route | Include | Mount | Missed


class Group(Struct, eq=False):
    """An app, router or blueprint. ``ready`` once the framework's own ``__init__`` has been run on it."""

    framework: str
    kind: str
    instance: Instance
    placed: Placed
    prefix: Text
    entries: list[Entry]
    around: list[Around]
    hooks: list[Hooked]
    call: Call | None = None
    ready: bool = False

    @property
    def span(self) -> Span:
        return self.placed.span


class Waiting(Struct, eq=False):
    """A declaring call whose function is still to come."""

    group: Group
    name: str
    call: Call


class Super(Struct, eq=False):
    """``super()`` in a method of ``home``, called on ``instance``."""

    instance: Instance
    home: Value


class View(Struct, eq=False):
    """``Class.as_view(...)``."""

    cls: Value
