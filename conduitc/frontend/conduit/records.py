"""What declaring calls leave behind while modules are executed: owners (apps, routers) and their records."""

from __future__ import annotations

import ast

from msgspec import Struct

from conduitc.frontend.scope import Call, Scope
from conduitc.frontend.values import Function, Value
from conduitc.ir.nodes import Guard
from conduitc.span import Span


class Record(Struct, eq=False):
    """One declaring call. ``order`` counts through the whole program; ``node`` is the call, or the decorator
    itself where it is ``bare``; ``value`` what was declared, ``given`` its expression where there is one;
    ``details`` what the call said, read already; ``guards`` what it stands under in its own module."""

    order: int
    kind: str
    key: str
    scope: Scope
    node: ast.expr
    span: Span
    line: int
    conditional: bool
    value: Value
    details: object = None
    bare: bool = False
    given: ast.expr | None = None
    guards: tuple[Guard, ...] = ()

    @property
    def uncertain(self) -> bool:
        """Whether it may not happen: under an unknown test, or in a module that may not be imported."""
        return self.conditional or self.scope.conditional

    @property
    def subject(self) -> str:
        """What was declared, as the source spells it."""
        return self.scope.source.snippet(self.given or self.node)


class Piece(Struct, frozen=True):
    """A stretch of a path or prefix as written. ``column`` is where its text begins, where that is one line
    of plain literal (so places within it are known)."""

    text: str
    span: Span
    column: int | None = None


class Given(Struct, eq=False):
    """One item of a ``middleware=[...]`` list."""

    value: Value
    name: str
    span: Span


class Owner(Struct, eq=False):
    """An app or a router: its own record, and the records of what is declared on it."""

    kind: str
    own: Record
    records: list[Record]
    options: dict[str, object]
    prefix: Piece
    middleware: tuple[Given, ...] = ()
    ran: Span | None = None


class RouteDetails(Struct, eq=False):
    """What ``@app.get(path, ...)`` says. A fallback has no path."""

    methods: tuple[str, ...]
    path: Piece | None
    options: dict[str, object]
    middleware: tuple[Given, ...] = ()


class IncludeDetails(Struct, eq=False):
    """What ``app.include(router, prefix=...)`` says."""

    router: Owner
    prefix: Piece


class Waiting(Struct, eq=False):
    """A declaring call whose function is still to come."""

    owner: Owner
    kind: str
    call: Call
    key: str
    details: object = None


class Applied(Struct, eq=False):
    """Where and how a declaration got its object: by a decorator, or by the call ``node``; ``given`` is the
    object's expression, ``bare`` the decorator where it is no call."""

    scope: Scope
    node: ast.expr
    conditional: bool
    endless: bool
    given: ast.expr | None = None
    bare: ast.expr | None = None
    guards: tuple[Guard, ...] = ()

    def line(self, value: Value | None) -> int:
        """The line by which the runtime knows the declaration: the function's first, else that of the call.

        It is the call's for ``None``, too. What an unknown decorator made of a function may have no code, or
        code of its own.
        """
        if isinstance(value, Function) and value.scope is self.scope and value.opaque is None:
            decorators = value.node.decorator_list
            return decorators[0].lineno if decorators else value.node.lineno
        match self.node:
            case ast.Call(func=ast.Attribute(end_lineno=int(line))) if self.bare is None:
                return line
        return self.node.lineno


def applied(call: Call, given: ast.expr | None = None) -> Applied:
    """A declaration that a call makes by itself."""
    return Applied(call.scope, call.node, call.conditional, call.endless, given, guards=call.guards)
