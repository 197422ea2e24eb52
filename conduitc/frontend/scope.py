"""A module's names, one evaluated call, and where execution stands.

``Scope.resolve("a.b")`` gives the value a name or dotted name has once all modules have been executed.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from msgspec import Struct, field

from conduitc.diagnostics import Diagnostic
from conduitc.frontend.source import Located, Source
from conduitc.frontend.values import Class, External, Function, Unknown, Value, attribute, settled
from conduitc.ir.nodes import Guard
from conduitc.span import Span

if TYPE_CHECKING:
    from conduitc.frontend.annotations import Reading
    from conduitc.frontend.project import Project

BUILTINS = frozenset(dir(builtins))


class Scope(Struct, eq=False):
    """A module of the project and its names.

    ``declared`` are module-level annotations; ``typing_only`` what is imported under ``TYPE_CHECKING``;
    ``history`` the values, with the line they were given on, of names bound more than once; ``stars`` the
    external modules of ``from x import *``; ``functions`` and ``classes`` all that were defined, methods too;
    ``needs`` the modules it imports for certain; ``readings`` what its names mean as annotations;
    ``deferred`` where those are evaluated only when asked for; ``conditional`` where it may not be imported
    itself, ``importers`` who does so and under what; ``complete`` once its top level has been executed. A
    namespace package has no ``source.file``.
    """

    name: str
    source: Source
    package: bool
    project: Project
    names: dict[str, Value]
    declared: dict[str, ast.expr]
    typing_only: set[str]
    history: dict[str, list[tuple[int, Value]]]
    imports: list[tuple[str, Span]]
    stars: list[str]
    functions: list[Function]
    classes: list[Class]
    needs: list[Scope]
    readings: dict[str, Reading]
    deferred: bool = False
    conditional: bool = False
    complete: bool = False
    importers: list[tuple[Scope, tuple[Guard, ...]]] = field(default_factory=list)

    def settle(self) -> None:
        """The module is imported for certain after all, and with it those that it needs."""
        if self.conditional:
            self.conditional = False
            for scope in self.needs:
                scope.settle()

    def imported_by(self, importer: Scope, guards: tuple[Guard, ...]) -> None:
        """One more import that may not happen."""
        for known, earlier in self.importers:
            if known is importer and all(any(one.implies(other) for one in guards) for other in earlier):
                return
        self.importers.append((importer, guards))

    def guards(self) -> tuple[Guard, ...]:
        """What it depends on that its top level runs. Imported in several places, it stands for itself."""
        if not self.conditional:
            return ()
        if len(self.importers) == 1:
            importer, guards = self.importers[0]
            return (*importer.guards(), *guards)
        return (Guard(-1 - list(self.project.scopes).index(self.name)),)

    def span(self, node: Located) -> Span:
        return self.source.span(node)

    def report(self, diagnostic: Diagnostic) -> None:
        self.project.diagnostics.append(diagnostic)

    def lookup(self, name: str, line: int | None = None) -> Value:
        """The value of a plain name: the last one, or the one it has on ``line`` of the top level."""
        return settled(self.glance(name, line))

    def glance(self, name: str, line: int | None = None) -> Value:
        """The same, but left for later where it is."""
        value = self.names.get(name)
        if line is not None and name in self.history:
            earlier = [past for at, past in self.history[name] if at < line]
            value = earlier[-1] if earlier else value
        if value is not None:
            return value
        if name in BUILTINS:
            return External("builtins." + name)
        if name in self.typing_only:
            return Unknown(f"{name} is imported only under TYPE_CHECKING")
        if self.stars:
            return External(f"{self.stars[-1]}.{name}")
        return Unknown(f"{name} is not defined at module level")

    def resolve(self, dotted: str) -> Value:
        """The value of a name or dotted name."""
        head, *rest = dotted.split(".")
        value = self.lookup(head)
        for name in rest:
            value = attribute(value, name)
        return value

    def bind(self, name: str, value: Value, line: int) -> None:
        """Give a module-level name a value."""
        old = self.names.get(name)
        if old is not None:
            past = self.history.setdefault(name, [(0, old)])
            if past[-1][0] == line:  # another turn of a loop
                past.pop()
            past.append((line, value))
        self.names[name] = value


def implied(guards: tuple[Guard, ...], made: tuple[Guard, ...]) -> bool:
    """Does what stands under ``guards`` happen wherever something that was ``made`` under others did?"""
    return not guards or all(any(one.implies(guard) for one in made) for guard in guards)


class Call(Struct, eq=False):
    """One evaluated call. ``open`` where ``*args`` or ``**kwargs`` could not be expanded; ``conditional``
    where it may not happen, ``guards`` say why; ``endless`` where it may happen any number of times."""

    node: ast.Call
    scope: Scope
    positional: list[Value]
    keywords: dict[str, Value]
    conditional: bool
    endless: bool = False
    open: bool = False
    guards: tuple[Guard, ...] = ()

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

    def argument(self, name: str, position: int | None = None) -> Value | None:
        """The value given by keyword or position, if any."""
        if name in self.keywords:
            return settled(self.keywords[name])
        if position is not None and position < len(self.positional):
            return settled(self.positional[position])
        return None


class Frame(Struct, eq=False):
    """Where execution stands: the module, the names assignments go to (the module's, a class's, a function's
    or a comprehension's), what undecided surrounds it, and how many loops that cannot be unrolled.

    In a function, ``enclosing`` are the names of those around it, innermost first, ``returned`` what its
    ``return``s gave so far, and ``shared`` the names it declares ``global``. ``unlikely`` where it
    goes on only if the environment says something."""

    scope: Scope
    names: dict[str, Value]
    prefix: str = ""
    guards: tuple[Guard, ...] = ()
    endless: int = 0
    home: Class | None = None
    enclosing: tuple[dict[str, Value], ...] = ()
    returned: list[tuple[Value, bool]] | None = None
    shared: set[str] = set()
    unlikely: bool = False

    @property
    def conditional(self) -> bool:
        """May what happens here not happen?"""
        return bool(self.guards)

    def under(self, test: int, arm: int = 0, arms: int = 0, step: int = 0) -> None:
        """What follows stands in arm ``arm`` of test number ``test``."""
        self.guards = (*self.guards, Guard(test, arm, arms, step))

    @property
    def closure(self) -> tuple[dict[str, Value], ...]:
        """What a function that is defined here sees besides the module's names."""
        if self.returned is None or self.home is not None:
            return self.enclosing
        return (self.names, *self.enclosing)

    def lookup(self, name: str) -> Value:
        """The value of a name, left for later where it is."""
        value = self.names.get(name)
        if value is not None:
            return value
        for names in self.enclosing:
            if (value := names.get(name)) is not None:
                return value
        return self.scope.glance(name)

    def bind(self, name: str, value: Value, line: int) -> None:
        if self.names is self.scope.names or name in self.shared:
            self.scope.bind(name, value, line)
        else:
            self.names[name] = value
