"""One function body while it is read: what its names are, and what has been found in it.

``know``, ``typed``, ``plain``, ``truth`` and ``each`` read an expression, each for another use of its value;
what a use does not allow is noted as an obstacle. The readers by node type are in ``names``, ``values``,
``calls`` and ``statements``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from conduitc.frontend.effects.facts import Facts, Known, as_type
from conduitc.frontend.effects.local_types import ENDLESS, SEEN, item_of, join
from conduitc.frontend.scope import Scope
from conduitc.frontend.source import Located
from conduitc.frontend.values import Class, Function, Value
from conduitc.ir import types as t
from conduitc.ir.nodes import Obstacle, RequestUse
from conduitc.span import Span


class Body(Struct, eq=False):
    """The state of reading ``function``.

    ``asked`` are names that were looked up in the module, ``looked`` those whose value was looked at in the
    present loop, ``outside`` those declared ``global`` or
    ``nonlocal``; ``stale``, ``kept`` and ``keepers`` are told of in ``holders``, ``iterated`` are names being
    gone through. ``branches`` (loops included), ``loops`` and ``nested`` count what surrounds the present
    statement; in ``nested`` functions nothing counts but which names are read. ``changes``: something was
    changed that others may hold; ``named``: the last ``return`` named a collection; ``prolonged``
    are names of what may have been made longer, ``watched`` those of which it mattered who holds them;
    ``rebound`` are names of modules, classes and libraries that it may make mean something else.
    """

    facts: Facts
    readers: dict[type[ast.expr], Callable[[Body, Any], Known]]
    runners: dict[type[ast.stmt], Callable[[Body, Any], None]]
    scope: Scope
    function: Function
    names: dict[str, Known]
    parameters: frozenset[str]
    requests: frozenset[str]
    unproven: list[Obstacle]
    blocking: list[Obstacle]
    calls: dict[str, None]
    uses: list[RequestUse]
    read: set[str]
    asked: set[str]
    looked: set[str]
    outside: set[str]
    stale: set[str]
    kept: set[str]
    keepers: set[str]
    prolonged: set[str]
    watched: set[str]
    returns: list[t.Type]
    iterated: tuple[str, ...] = ()
    awaited: ast.expr | None = None
    branches: int = 0
    loops: int = 0
    nested: int = 0
    awaits: bool = False
    yields: bool = False
    changes: bool = False
    named: bool = False
    fields: dict[tuple[str, str], tuple[Located, set[str]]] = {}
    rebound: set[str] = set()

    # -- what is found ---------------------------------------------------------------------------------------

    def obstacle(self, node: Located, reason: str) -> t.Type:
        """Note what is not proven; what comes of it is not complained about again."""
        if not self.nested:
            self.unproven.append(Obstacle(reason, self.scope.span(node)))
        return SEEN

    def unknown(self, node: Located, type_: t.Type, what: str) -> t.Type:
        """``what`` is done to a value that is not known: an obstacle, unless it was one before."""
        if type_ == SEEN:
            return SEEN
        return self.obstacle(node, f"{what} a value whose type is not known")

    def blocks(self, node: Located, name: str, help_: str) -> t.Type:
        if not self.nested:
            shown = name.removeprefix("builtins.")
            self.blocking.append(Obstacle(f"{shown}() blocks", self.scope.span(node), help_))
        return SEEN

    def use(
        self,
        parameter: str,
        attribute: str,
        key: str | None,
        node: Located,
        named: ast.Attribute | None = None,
    ) -> None:
        place = None if named is None else _last(self.scope.span(named), len(attribute))
        self.uses.append(RequestUse(parameter, attribute, key, self.scope.span(node), place))

    def touch(self, schema: str, how: str, node: Located, *fields: str) -> None:
        """Note that fields of a schema are read, written or given."""
        known = self.fields.get((schema, how))
        if known is None:
            self.fields[schema, how] = node, set(fields)
        else:
            known[1].update(fields)

    # -- names -----------------------------------------------------------------------------------------------

    def lookup(self, name: str) -> Known:
        """What a name means at this point."""
        known = self.names.get(name)
        if known is not None:
            if name in self.parameters:
                self.read.add(name)
            return known
        self.asked.add(name)
        return self.facts.name(self.scope, name)

    def member(self, owner: Value, name: str) -> Known:
        """``owner.name`` of a function, class, module or external name."""
        self.asked.add(name)
        return self.facts.member(owner, name)

    def bind(self, node: Located, name: str, known: Known) -> None:
        """A name gets a value; in a branch it may also keep the old one."""
        if name in self.outside:
            return
        old = self.names.get(name)
        if old is None or not self.branches:
            self.names[name] = known
        elif old is not known and old != known:
            self.names[name] = join(as_type(old), as_type(known))


def _last(span: Span, length: int) -> Span:
    """The last characters of a place."""
    return Span(span.file, span.end_line, span.end_column - length, span.end_line, span.end_column)


class Arguments(Struct, eq=False):
    """What a call is given: types by position and keyword; ``open`` where ``*`` or ``**`` hide some."""

    positional: list[t.Type]
    keywords: dict[str, t.Type]
    open: bool

    def all(self) -> list[t.Type]:
        return [*self.positional, *self.keywords.values()]


# -- reading expressions -------------------------------------------------------------------------------------


def know(body: Body, node: ast.expr) -> Known:
    """Whatever an expression is."""
    return body.readers[type(node)](body, node)


def typed(body: Body, node: ast.expr) -> t.Type:
    """An expression that is used as a value."""
    known = body.readers[type(node)](body, node)
    return known if isinstance(known, t.Type) else t.ANY


def plain(body: Body, node: ast.expr, what: str) -> t.Type:
    """An expression whose value takes part in an operation: it must be known all through."""
    type_ = typed(body, node)
    return type_ if body.facts.is_plain(type_) else body.unknown(node, type_, what)


def truth(body: Body, node: ast.expr) -> t.Type:
    """An expression that is tested."""
    known = know(body, node)
    if not isinstance(known, t.Type):
        return t.ANY
    return known if body.facts.is_known(known) else body.unknown(node, known, "a test of")


def each(body: Body, node: ast.expr) -> t.Type:
    """What going through an expression gives."""
    return items_of(body, node, know(body, node))


def items_of(body: Body, node: ast.expr, known: Known) -> t.Type:
    """What going through ``known`` gives; ``node`` is where it came from."""
    if isinstance(known, Class) and body.facts.is_ordinary(known):
        return body.facts.project.schemas.reference(known)
    type_ = as_type(known)
    if type_ == ENDLESS:
        return body.obstacle(node, "a loop over something without an end")
    return item_of(body.facts.as_dict(type_)) or body.unknown(node, type_, "a loop over")


def run(body: Body, statements: list[ast.stmt]) -> None:
    """Read statements in order."""
    for statement in statements:
        body.runners[type(statement)](body, statement)
