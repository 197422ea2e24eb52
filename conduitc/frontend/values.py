"""What the frontend knows of a Python value without running anything: the abstract values, and a module's names.

``Scope.resolve("a.b")`` gives the value a name or dotted name has once all modules have been executed.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from msgspec import Struct

from conduitc.diagnostics import Diagnostic
from conduitc.frontend.source import Source
from conduitc.span import Span

if TYPE_CHECKING:
    from conduitc.frontend.project import Project

BUILTINS = frozenset(dir(builtins))


class Value(Struct, eq=False):
    """Base of all abstract values. Identity is Python's: two names of one object hold the same value."""


class Const(Value, eq=False):
    """``None``, a bool, number, str or bytes. ``enum`` is the member's full name where it is one; ``plain`` is
    false for members of an enum that does not mix in their type (they are not equal to their value)."""

    value: object
    enum: str | None = None
    plain: bool = True


class Sequence(Value, eq=False):
    """A list, tuple, set or frozenset whose length is known."""

    kind: str
    items: list[Value]


class Mapping(Value, eq=False):
    """A dict whose keys are known constants; in order."""

    items: dict[object, Value]


class Function(Value, eq=False):
    """A function of the project. ``opaque`` names the unknown decorator that wraps it, ``home`` its class."""

    name: str
    qualname: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    scope: Scope
    home: Class | None = None
    opaque: str | None = None

    @property
    def id(self) -> str:
        return self.scope.project.function_id(self)


class Class(Value, eq=False):
    """A class of the project. ``bases`` are as evaluated (``Subscripted`` for ``Block[A, B]``)."""

    name: str
    qualname: str
    node: ast.ClassDef
    scope: Scope
    bases: tuple[Value, ...]
    names: dict[str, Value]
    decorators: tuple[Value, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.scope.name}.{self.qualname}"


class Module(Value, eq=False):
    """A module of the project."""

    scope: Scope


class External(Value, eq=False):
    """Something outside the project, by its full name: ``conduit.Conduit``, ``numpy``, ``builtins.len``."""

    name: str


class Subscripted(Value, eq=False):
    """``X[...]`` of a class: what is subscripted, and the expression (to be read as an annotation)."""

    base: Value
    node: ast.Subscript


class Instance(Value, eq=False):
    """What calling a class gave. ``state`` is the dialect's own record of it."""

    cls: Value
    call: Call
    state: object = None


class Bound(Value, eq=False):
    """An attribute of an instance or constant: ``app.get``, ``"x".join``."""

    owner: Value
    name: str


class Pending(Value, eq=False):
    """What a declaring call returned: a decorator that waits for its function. ``record`` is the dialect's."""

    record: object


class Unknown(Value, eq=False):
    """Not known at build time, and why."""

    reason: str
    span: Span | None = None


class Call(Struct, eq=False):
    """One evaluated call. ``open`` where ``*args`` or ``**kwargs`` could not be expanded."""

    node: ast.Call
    scope: Scope
    positional: list[Value]
    keywords: dict[str, Value]
    conditional: bool
    open: bool = False

    @property
    def span(self) -> Span:
        return self.scope.span(self.node)

    def node_of(self, name: str, position: int | None = None) -> ast.expr:
        """The expression given for an argument, else the call itself."""
        for keyword in self.node.keywords:
            if keyword.arg == name:
                return keyword.value
        if position is not None and position < len(self.node.args):
            return self.node.args[position]
        return self.node


class Scope(Struct, eq=False):
    """A module of the project and its names. ``declared`` are module-level annotations, ``typing_only`` what
    is imported under ``TYPE_CHECKING``; ``complete`` once its top level has been executed."""

    name: str
    source: Source
    package: bool
    project: Project
    names: dict[str, Value]
    declared: dict[str, ast.expr]
    typing_only: set[str]
    imports: list[tuple[str, Span]]
    complete: bool = False

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias | ast.excepthandler) -> Span:
        return self.source.span(node)

    def report(self, diagnostic: Diagnostic) -> None:
        self.project.diagnostics.append(diagnostic)

    def lookup(self, name: str) -> Value:
        """The value of a plain name."""
        value = self.names.get(name)
        if value is not None:
            return value
        if name in BUILTINS:
            return External("builtins." + name)
        if name in self.typing_only:
            return Unknown(f"{name} is imported only under TYPE_CHECKING")
        return Unknown(f"{name} is not defined at module level")

    def resolve(self, dotted: str) -> Value:
        """The value of a name or dotted name."""
        head, *rest = dotted.split(".")
        value = self.lookup(head)
        for name in rest:
            value = attribute(value, name)
        return value


def attribute(value: Value, name: str) -> Value:
    """``value.name``."""
    match value:
        case Module(scope=scope):
            found = scope.names.get(name) or scope.project.submodule(scope, name)
            return found or Unknown(f"module {scope.name} has no {name}")
        case External(name=base):
            return External(f"{base}.{name}")
        case Class():
            return member(value, name) or Unknown(f"class {value.name} has no known {name}")
        case Const(enum=str()) if name in ("value", "_value_"):
            return Const(value.value)
        case Const(enum=str(full)) if name in ("name", "_name_"):
            return Const(full.rpartition(".")[2])
        case Unknown():
            return value
    return Bound(value, name)


def member(cls: Class, name: str) -> Value | None:
    """What ``cls`` or its project bases define under ``name``."""
    found = cls.names.get(name)
    if found is not None:
        return found
    for base in cls.bases:
        base = base.base if isinstance(base, Subscripted) else base
        if isinstance(base, Class) and base is not cls:
            found = member(base, name)
            if found is not None:
                return found
    return None
