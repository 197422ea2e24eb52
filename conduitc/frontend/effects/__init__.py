"""Function bodies → ``ir.nodes.Effects``: what they do, as far as their text proves it.

``read_functions`` reads every body once, with one reader per type of node (``names``, ``values``,
``operators``, ``calls``, ``statements``, ``control``) on the state in ``body``. Some are read again: where a
body rebinds a name of a module (``global``, ``config.X = …``), those that took its value for granted.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

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


def read_functions(
    project: Project, functions: Sequence[tuple[Function, tuple[Parameter, ...]]]
) -> list[Effects]:
    """The effects of functions, given with their parameters as in the IR; in the same order."""
    renamed = aliases(project)
    rebound = with_aliases(rebound_at_top(project), renamed)
    facts = new_facts(project, rebound, with_aliases(bound_twice(project), renamed))
    known = set(rebound)
    bodies = [_read(facts, function, parameters) for function, parameters in functions]
    new = with_aliases(facts.rebound, renamed) - known
    asked = {name.rpartition(".")[2] for name in new}
    if new:
        facts.rebound |= new
        facts.names.clear()
        for index, (function, parameters) in enumerate(functions):
            if not asked.isdisjoint(bodies[index].asked):
                bodies[index] = _read(facts, function, parameters)
    return [_effects(facts, body) for body in bodies]


def _read(facts: Facts, function: Function, parameters: tuple[Parameter, ...]) -> Body:
    names = {one.name: _type_of(one) for one in parameters}
    body = Body(
        facts, READERS, RUNNERS, function.scope, function,
        names=names,
        parameters=frozenset(names),
        requests=frozenset([name for name, type_ in names.items() if type_ is REQUEST]),
        unproven=[], blocking=[], calls={}, uses=[], read=set(), asked=set(), looked=set(), outside=set(),
        stale=set(), kept=set(), keepers=set(), prolonged=set(), watched=set(),
        returns=[],
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
