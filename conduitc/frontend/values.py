"""What the frontend knows of a Python value without running anything: the abstract values."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from conduitc.span import Span

if TYPE_CHECKING:
    from conduitc.frontend.scope import Call, Scope
    from conduitc.ir.nodes import Guard


class Value(Struct, eq=False):
    """Base of all abstract values. Identity is Python's: two names of one object hold the same value."""


class Const(Value, eq=False):
    """``None``, a bool, number, str or bytes. ``enum`` is the member's full name where it is one; ``plain``
    is false for members of an enum that does not mix in their type (they do not equal their value);
    ``assumed`` where it holds only if the environment says nothing else."""

    value: object
    enum: str | None = None
    plain: bool = True
    assumed: bool = False


class Sequence(Value, eq=False):
    """A list, tuple, set or frozenset (``kind``); ``spoiled`` once something unknown may have changed it.

    ``made`` is what it was made under: a change under the same is certain."""

    kind: str
    items: list[Value]
    spoiled: bool = False
    made: tuple[Guard, ...] = ()


class Mapping(Value, eq=False):
    """A dict whose keys are known constants, in order; ``spoiled`` and ``made`` as for sequences."""

    items: dict[object, Value]
    spoiled: bool = False
    made: tuple[Guard, ...] = ()


class Function(Value, eq=False):
    """A function of the project. ``opaque`` names the unknown decorator that wraps it, ``home`` its class,
    ``closure`` the names around it where it was defined in a function, innermost first."""

    name: str
    qualname: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    scope: Scope
    home: Class | None = None
    opaque: str | None = None
    known: str | None = None
    closure: tuple[dict[str, Value], ...] = ()

    @property
    def id(self) -> str:
        """``function:module.qualname``, made unique when it is first asked for."""
        if self.known is None:
            project = self.scope.project
            self.known = project.identify("function", self.scope.name, self.qualname, self.node, self.opaque)
        return self.known


class Class(Value, eq=False):
    """A class of the project. ``bases`` (a ``TypeForm`` for ``Block[A]``) and the rest as evaluated;
    ``above`` is what ``ancestry`` found."""

    name: str
    qualname: str
    node: ast.ClassDef
    scope: Scope
    bases: tuple[Value, ...]
    names: dict[str, Value]
    keywords: dict[str, Value]
    decorators: tuple[Value, ...] = ()
    above: list[Value] | None = None

    @property
    def full_name(self) -> str:
        return f"{self.scope.name}.{self.qualname}"


class Module(Value, eq=False):
    """A module of the project."""

    scope: Scope


class External(Value, eq=False):
    """Something outside the project, by its full name: ``conduit.Conduit``, ``numpy``, ``builtins.len``."""

    name: str


class TypeForm(Value, eq=False):
    """An expression to be read as an annotation: ``X[...]`` (``base`` is X), ``A | B``, a ``NewType``."""

    base: Value | None
    node: ast.expr
    scope: Scope


class Instance(Value, eq=False):
    """What calling a class gave. ``names`` are attributes set from outside, ``state`` the dialect's record.
    ``call`` is None for what an operator made."""

    cls: Value
    call: Call | None
    names: dict[str, Value]
    state: object = None


class Bound(Value, eq=False):
    """An attribute of an instance or constant: ``app.get``, ``"x".join``."""

    owner: Value
    name: str


class Pending(Value, eq=False):
    """What a declaring call returned: a decorator that waits for a function. ``record`` is the dialect's."""

    record: object


class Later(Value, eq=False):
    """A value that is worked out when something needs it: a name whose module is not imported yet (its
    ``origin``), or what calling such a thing gives. ``what`` says which name, where it is one."""

    work: Callable[[], Value]
    origin: str = ""
    found: Value | None = None
    busy: bool = False
    what: str = ""


class Unknown(Value, eq=False):
    """Not known at build time, and why. ``lost`` where it may be an object that things are declared on;
    ``returned`` where it is what a call gives."""

    reason: str
    span: Span | None = None
    lost: bool = False
    returned: bool = False


def settled(value: Value) -> Value:
    """``value``, worked out if it was left for later."""
    if not isinstance(value, Later):
        return value
    if value.busy:
        return Unknown("it leads to itself")
    if value.found is None:
        value.busy = True
        try:
            value.found = settled(value.work())
        finally:
            value.busy = False
    return value.found


def attribute(value: Value, name: str) -> Value:
    """``value.name``."""
    match value:
        case Later():
            return Later(lambda: attribute(settled(value), name), value.origin)
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
        case Instance(names=names) if name in names:
            return names[name]
        case Unknown():
            return value
    return Bound(value, name)


def member(cls: Class, name: str) -> Value | None:
    """What ``cls`` or its project bases define under ``name``."""
    for one in ancestry(cls):
        found = one.names.get(name) if isinstance(one, Class) else None
        if found is not None:
            return found
    return None


def ancestry(cls: Class) -> list[Value]:
    """``cls`` and everything it derives from, nearest first; subscripts taken off."""
    if cls.above is None:
        found: list[Value] = [cls]
        known = {id(cls)}
        for one in found:
            for base in one.bases if isinstance(one, Class) else ():
                base = settled(base)
                base = base.base or base if isinstance(base, TypeForm) else base
                if id(base) not in known:
                    known.add(id(base))
                    found.append(base)
        cls.above = found
    return cls.above


def derives(cls: Class, *names: str) -> str | None:
    """The first of the external ``names`` that ``cls`` derives from."""
    for one in ancestry(cls):
        if isinstance(one, External) and one.name in names:
            return one.name
    return None
