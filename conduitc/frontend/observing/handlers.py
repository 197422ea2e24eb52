"""Handlers, what a request gives them, and the errors of their modules → subjects."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from conduitc.frontend.observing.before import Before
from conduitc.frontend.observing.bodies import body, error, raised, when
from conduitc.frontend.observing.functions import filled, signature, taken
from conduitc.frontend.observing.named import named
from conduitc.frontend.observing.seen import Seen, own
from conduitc.frontend.values import Function
from conduitc.ir.nodes import App, Route, Static
from conduitc.ir.patterns import Subject

#: Where a parameter's value comes from, as what the parameter is.
_GIVEN = {"path": "path parameter", "query": "query parameter", "body": "body parameter"}


def handlers(app: App, functions: dict[str, Function]) -> Iterator[Subject]:
    """Each function that answers, once for all of its routes; parameters that requests fill; its names."""
    before = Before()
    routes: dict[str, list[Route]] = {}
    for route in app.routes:
        if route.handler in functions:
            routes.setdefault(route.handler, []).append(route)
    for id_, its in routes.items():
        function = functions[id_]
        sources = {one.parameter: one.source for route in its for one in route.bindings or ()}
        groups = _groups(function, its)
        what = "handler", id_, groups, tuple(sources.items())
        yield from before.subjects(function, what, partial(_handler, id_, function, groups, sources))


def _handler(
    id_: str, function: Function, groups: tuple[str, ...], sources: Mapping[str, str]
) -> Iterator[Subject]:
    nodes = own(function.node.body)  # the dearest step, so it is taken once
    yield _whole("handler", id_, function, groups, sources, nodes)
    for argument, default in taken(function.node):
        kind = _GIVEN.get(sources.get(argument.arg, ""))
        if kind is not None:
            seen = Seen(function.scope.source)
            filled(seen, function.node, argument, default, sources[argument.arg])
            yield seen.subject(kind, id_, function.node, groups)
    yield from named(id_, function, nodes)


def _whole(
    kind: str,
    id_: str,
    function: Function,
    groups: tuple[str, ...],
    sources: Mapping[str, str],
    nodes: Sequence[ast.AST],
) -> Subject:
    """A function as a whole; ``nodes`` are those of its body."""
    seen = Seen(function.scope.source)
    signature(seen, function.node, "handler", sources)
    body(seen, function.node, function.scope, nodes)
    return seen.subject(kind, id_, function.node, groups)


def _groups(function: Function, routes: list[Route]) -> tuple[str, ...]:
    """File, method, both, where the path begins, and the first word of the name."""
    file = function.scope.source.file
    methods = {method for route in routes for method in route.methods}
    methods = methods - {"HEAD"} or methods
    method = f"of {next(iter(methods))}" if len(methods) == 1 else ""
    first = {
        next((one.text for one in route.path.segments if isinstance(one, Static)), "") for route in routes
    }
    under = f"below /{first.pop()}" if len(first) == 1 and any(first) else ""
    verb, more, _ = function.name.partition("_")
    named = f"named {verb}_…" if verb and more else ""
    return f"in {file}", method, method and f"{method} in {file}", under, named


def errors(app: App, functions: dict[str, Function]) -> Iterator[Subject]:
    """Each ``raise`` in the functions of modules that hold handlers, or what stands before them."""
    before = Before()
    middleware = (*app.middleware, *(one for route in app.routes for one in route.middleware))
    answering = {
        *(one.handler for one in app.routes),
        *(one.function for one in app.providers),
        *(one.function or "" for one in middleware),
    }
    modules = {functions[id_].scope.name for id_ in answering if id_ in functions}
    for id_, function in functions.items():
        if function.scope.name in modules:
            resource = id_ if function.known is not None else ""
            yield from before.subjects(function, ("error", resource), partial(_errors, resource, function))


def _errors(resource: str, function: Function) -> Iterator[Subject]:
    for statement, around in raised(function.node):
        seen = Seen(function.scope.source)
        groups = (f"in {function.scope.source.file}",)
        error(seen, statement)
        yield seen.subject("error", resource, statement, groups)
        seen = Seen(function.scope.source)
        if (said := when(seen, statement, around)) is not None:
            yield seen.subject(f"error {said}", resource, around or statement, groups)


def tools(app: App, functions: dict[str, Function]) -> Iterator[Subject]:
    """Each function that is offered to models."""
    for offer in app.offers:
        if (function := functions.get(offer.function)) is not None:
            kind = offer.id.partition(":")[0]
            groups = (f"in {function.scope.source.file}",)
            yield _whole(kind, offer.id, function, groups, {}, own(function.node.body))
