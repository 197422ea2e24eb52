"""Function bodies → ``ir.nodes.Effects``: what they do, as far as their text proves it.

``Reader`` reads every body once, with one reader per type of node (``names``, ``values``,
``operators``, ``calls``, ``statements``, ``control``) on the state in ``body``. Some are read again: where a
body rebinds a name of a module (``global``, ``config.X = …``), those that took its value for granted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from msgspec import Struct

from conduitc.frontend.effects import calls, control, names, operators, statements, values
from conduitc.frontend.effects.awaitable import told
from conduitc.frontend.effects.body import Body, run
from conduitc.frontend.effects.facts import Facts, Known, new_facts
from conduitc.frontend.effects.folded import constant_of
from conduitc.frontend.effects.local_types import EMPTY, STR, exact, join, loose
from conduitc.frontend.effects.rebinding import aliases, bound_twice, rebound_at_top, with_aliases
from conduitc.frontend.project import Project
from conduitc.frontend.values import Function
from conduitc.ir import types as t
from conduitc.ir.nodes import Constant, Effects, FieldUse, Obstacle, Parameter


def _other(body: Body, node: ast.expr) -> t.Type:
    """An expression newer than this compiler."""
    return body.obstacle(node, f"{type(node).__name__} is not known to the compiler")


def _other_statement(body: Body, node: ast.stmt) -> None:
    body.obstacle(node, f"{type(node).__name__} is not known to the compiler")


READERS = {
    **dict.fromkeys(ast.expr.__subclasses__(), _other),
    **names.READERS,
    **values.READERS,
    **operators.READERS,
    **calls.READERS,
}
RUNNERS = {
    **dict.fromkeys(ast.stmt.__subclasses__(), _other_statement),
    **statements.RUNNERS,
    **control.RUNNERS,
}
REQUEST = t.External("conduit.Request")


class Reading(Struct, frozen=True):
    """What reading a body gave: its effects, the names that it ``asked`` its module for, and those that it
    makes uncertain (``rebound``)."""

    effects: Effects
    asked: frozenset[str]
    rebound: frozenset[str]


class Names(Struct, frozen=True):
    """What is uncertain in a whole project before any body is read: names ``rebound`` at the top level, those
    bound ``twice``, and names that are imported as others."""

    rebound: frozenset[str]
    twice: frozenset[str]
    renamed: tuple[tuple[str, str], ...]


def names_of(project: Project) -> Names:
    renamed = aliases(project)
    rebound, twice = rebound_at_top(project), bound_twice(project)
    return Names(
        frozenset(with_aliases(rebound, renamed)), frozenset(with_aliases(twice, renamed)), tuple(renamed)
    )


class Reader:
    """Reads the bodies of a project's functions, each with its parameters as in the IR.

    Every body is read once, as if none of them rebound anything, so that no order counts; then again where it
    took a name for granted that one of them rebinds.
    """

    def __init__(self, project: Project, names: Names) -> None:
        self._names = names
        self._facts = new_facts(project, set(names.rebound), set(names.twice))
        self._bodies: dict[int, Body] = {}

    def read(self, function: Function, parameters: tuple[Parameter, ...]) -> None:
        """Read a body for the first time."""
        self._bodies[id(function)] = _read(self._facts, function, parameters)

    def uncertain(self, known: Iterable[str]) -> frozenset[str]:
        """The names that the bodies read so far rebind, and those ``known`` of bodies that were not read."""
        found = self._names.rebound.union(known, *[body.rebound for body in self._bodies.values()])
        new = with_aliases(set(found), list(self._names.renamed)) - self._names.rebound
        if new:
            self._facts.rebound |= new
            self._facts.names.clear()
        return frozenset(name.rpartition(".")[2] for name in new)

    def reading(
        self, function: Function, parameters: tuple[Parameter, ...], uncertain: frozenset[str]
    ) -> Reading:
        """What a body does, where some names are ``uncertain``."""
        body = self._bodies.get(id(function))
        if body is None or not uncertain.isdisjoint(body.asked):
            body = _read(self._facts, function, parameters)
        return Reading(_effects(self._facts, body), frozenset(body.asked), frozenset(body.rebound))


def _read(facts: Facts, function: Function, parameters: tuple[Parameter, ...]) -> Body:
    names = {one.name: _type_of(one) for one in parameters}
    body = Body(
        facts, READERS, RUNNERS, function.scope, function,
        names=names,
        parameters=frozenset(names),
        requests=frozenset([name for name, type_ in names.items() if type_ is REQUEST]),
        unproven=[], blocking=[], calls={}, uses=[], read=set(), asked=set(), looked=set(), outside=set(),
        stale=set(), kept=set(), keepers=set(), prolonged=set(), watched=set(),
        returns=[], rebound=set(),
    )  # fmt: skip
    if function.home is not None and parameters and parameters[0].type is None and not _is_static(function):
        body.names[parameters[0].name] = loose(facts.project.schemas.reference(function.home))
    try:
        run(body, function.node.body)
    except RecursionError:
        body.nested = 0
        body.obstacle(function.node, f"{function.name} is nested too deeply")
    return body


def _is_static(function: Function) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in function.node.decorator_list)


def _is_request(parameter: Parameter) -> bool:
    return parameter.type == REQUEST or (parameter.type is None and parameter.name == "request")


def _type_of(parameter: Parameter) -> Known:
    """A parameter's type; a default that is not of it counts too."""
    if _is_request(parameter):
        return REQUEST
    declared = parameter.type
    if declared is None or isinstance(declared, t.Unknown):
        return t.ANY
    if parameter.kind == "varargs":
        return t.ArrayOf("tuple", declared)
    if parameter.kind == "varkw":
        return t.DictOf(STR, declared)
    default = parameter.default
    if default is None or declared == t.ANY:
        return declared
    if isinstance(default, Constant) and default.value is None:
        return join(declared, t.NONE)
    fits = isinstance(default, Constant) and declared == t.Scalar(type(default.value).__name__)
    return declared if fits else loose(declared)


def _effects(facts: Facts, body: Body) -> Effects:
    return Effects(
        unproven=_once(body.unproven),
        blocking=_once(body.blocking),
        calls=tuple(body.calls),
        awaits=body.awaits,
        request_uses=told(body.function.node, body.scope, body.uses),
        unused_parameters=tuple(sorted(body.parameters - body.read)),
        constant=constant_of(facts, body.function, body.parameters),
        returned=_returned(facts, body),
        fields=tuple(
            FieldUse(schema, how, tuple(sorted(names)), body.scope.span(node))
            for (schema, how), (node, names) in body.fields.items()
        ),
    )


def _once(obstacles: list[Obstacle]) -> tuple[Obstacle, ...]:
    if len(obstacles) < 2:
        return tuple(obstacles)
    return tuple(sorted(dict.fromkeys(obstacles), key=lambda one: one.span))


def _returned(facts: Facts, body: Body) -> t.Type | None:
    """The exact type of every return, if it is proven and encodes the same every time."""
    if body.yields:
        return None
    ends = statements.ends(body.function.node.body)
    type_ = exact(join(*body.returns, *([] if ends else [t.NONE])))
    return type_ if type_ not in (None, EMPTY) and facts.is_sendable(type_) else None
