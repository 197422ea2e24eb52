"""Routes and middleware in → their resources."""

import re
from collections.abc import Iterable, Iterator

from conduitc.codegen.metadata.accepts import members
from conduitc.codegen.metadata.parts import Fact, bound, prose, resource, spelled
from conduitc.codegen.metadata.precedence import winners
from conduitc.codegen.metadata.redaction import redact
from conduitc.codegen.schema_json import Json
from conduitc.ir.nodes import App, Dynamic, Function, Middleware, PathTemplate, Route, Segment, Static


def routes(app: App, docs: dict[str, str]) -> Iterator[Json]:
    """One resource a route, named ``METHOD /path``; ``docs`` are what functions say, by their id."""
    functions = {function.id: function for function in app.functions}
    beaten, enums = winners(app.routes, app.precedence), members(app)
    for place, route in enumerate(app.routes):
        handler = functions.get(route.handler)
        yield resource(
            route.id,
            "route",
            title(route),
            route.span,
            doc=docs.get(route.handler),
            facts=[
                *_options(route),
                *_found(app, route, handler, beaten.get(route.id, [])),
                *_order(app, route, place),
            ],
            parameters=[bound(binding, enums) for binding in route.bindings or ()],
        )


def middlewares(app: App) -> Iterator[Json]:
    """One resource a middleware, however often it is used."""
    seen: dict[str, Middleware] = {}
    for one in (*app.middleware, *(m for route in app.routes for m in route.middleware)):
        seen.setdefault(middleware_id(one), one)
    for id_, one in seen.items():
        facts: list[Fact] = [("form", one.kind, "literal"), ("function", one.function, "resolved")]
        yield resource(id_, "middleware", one.name.rpartition(".")[2], one.span, facts=facts)


def middleware_id(one: Middleware) -> str:
    return "middleware:" + (one.function.partition(":")[2] if one.function else one.name)


def title(route: Route) -> str:
    """``GET,HEAD /users/{id}``, or ``fallback``."""
    return "fallback" if route.fallback else f"{','.join(route.methods)} {route.path.text}"


def _options(route: Route) -> list[Fact]:
    """What the declaring call says."""
    given = route.options
    return [
        ("summary", given.summary and prose(given.summary), "literal"),
        ("description", given.description and prose(given.description), "literal"),
        ("name", given.name, "literal"),
        ("status", given.status, "literal"),
        ("tags", given.tags, "literal"),
        ("deprecated", given.deprecated, "literal"),
        ("hidden", not given.include_in_schema, "literal"),
        ("timeout", given.timeout, "literal"),
        ("max_body", given.max_body, "literal"),
    ]


def around(app: App, route: Route) -> Iterable[Middleware]:
    """All middleware of a route, the outermost first. Of a connection, ASGI's sees the beginning."""
    if route.websocket:
        return [one for one in app.middleware if one.kind == "asgi"]
    return (*app.middleware, *route.middleware)


def regex(path: PathTemplate, rest: str = ".*") -> str:
    """What a decoded path must match as a whole where names of converters do not say it; with groups.
    ``rest`` is what takes slashes, too."""
    return "".join(f"/{_matches(one, rest)}" for one in path.segments)


def _matches(segment: Segment, rest: str) -> str:
    if isinstance(segment, Static):
        return re.escape(segment.text)
    language = segment.pattern or (rest if segment.converter == "path" else "[^/]+")
    return f"(?P<{segment.name}>{language})" if segment.name.isidentifier() else f"(?:{language})"


def _conditional(route: Route) -> bool:
    """Is it known only at run time whether there is such a route?"""
    return any(one.conditional for one in (route.declaration, *route.includes))


def _order(app: App, route: Route, place: int) -> Iterator[Fact]:
    """The place among all routes, from 1, where it matters which of two comes first."""
    if app.precedence != "specific" or _conditional(route):
        yield "order", place + 1, "resolved"


def _found(app: App, route: Route, handler: Function | None, beaten: list[str]) -> Iterator[Fact]:
    """What follows from the whole of the app."""
    if not route.fallback:
        as_written = route.declaration.key.partition(" ")[2] == route.path.text and not route.via
        yield "methods", list(route.methods), "literal"
        yield "pattern", route.path.text, "literal" if as_written else "resolved"
        if any(isinstance(one, Dynamic) and one.pattern for one in route.path.segments):
            yield "regex", regex(route.path, "[^/].*?" if route.weighed else ".*"), "resolved"
    yield "handler", route.handler, "resolved"
    yield "answers", redact(route.answers), "resolved"
    yield "mount", route.mount, "literal"
    yield "effective_middleware", [middleware_id(one) for one in around(app, route)], "resolved"
    yield "wins_over", beaten, "inferred"
    yield "conditional", _conditional(route), "resolved"
    yield "weighed", route.weighed and app.precedence != "weight", "resolved"
    yield "loose", route.loose, "literal"
    yield "placement", route.placement, "inferred" if route.options.blocking is None else "declared"
    yield "placement_why", route.placement_why and prose(route.placement_why.reason), "inferred"
    yield "constant_answer", route.folded is not None, "inferred"
    if route.websocket:
        return  # what its handler returns is sent to nobody
    declared = route.options.response or (handler.returns if handler else None)
    if declared is not None:
        yield "response", spelled(declared), "declared"
    elif handler and handler.effects.returned is not None:
        yield "response", spelled(handler.effects.returned), "inferred"
