"""What in an App refers to what: ``Edge``s between resource ids, taken from its nodes."""

from __future__ import annotations

from conduitc.ir.nodes import App, Edge
from conduitc.ir.types import Ref, Scalar, Type, children
from conduitc.span import Span


def edges(app: App, includes: list[tuple[str, str, Span]]) -> tuple[Edge, ...]:
    """Every relationship. ``includes`` are modules whose apps or routers include another's."""
    found: list[Edge] = []
    _of_routes(app, found)
    _of_functions(app, found)
    _of_others(app, found)
    _of_modules(app, found)
    found.extend(Edge(f"module:{one}", f"module:{other}", "includes", span) for one, other, span in includes)
    return tuple(found)


def _of_routes(app: App, found: list[Edge]) -> None:
    for route in app.routes:
        found.append(Edge(route.id, route.handler, "handles", route.span))
        for one in () if route.websocket else (*app.middleware, *route.middleware):
            if one.function is not None:
                found.append(Edge(route.id, one.function, "middleware", one.span))
        if route.options.response is not None:
            _uses(route.id, route.options.response, route.span, found)


def _of_functions(app: App, found: list[Edge]) -> None:
    known = {function.id for function in app.functions}
    for function in app.functions:
        id_ = function.id
        for called in function.effects.calls:
            if called in known:
                found.append(Edge(id_, called, "calls", function.span))
        for parameter in function.parameters:
            if parameter.type is not None:
                _uses(id_, parameter.type, parameter.span, found)
        if function.returns is not None:
            _uses(id_, function.returns, function.returns_span or function.span, found)


def _of_others(app: App, found: list[Edge]) -> None:
    for schema in app.schemas:
        for field in schema.fields:
            _uses(schema.id, field.type, field.span, found)
    for offer in app.offers:
        found.append(Edge(offer.id, offer.function, "handles", offer.span))
    models = {model.name: model.id for model in app.models}
    for endpoint in app.endpoints:
        found.append(Edge(endpoint.id, endpoint.function, "handles", endpoint.span))
        if endpoint.model in models:
            found.append(Edge(endpoint.id, models[endpoint.model], "uses", endpoint.span))
    for pipeline in app.pipelines:
        found.extend(Edge(pipeline.id, block, "uses", pipeline.span) for block in pipeline.blocks)
    for part in app.blocks:
        for type_ in (part.input, part.output):
            if type_ is not None:
                _uses(part.id, type_, part.span, found)


def _of_modules(app: App, found: list[Edge]) -> None:
    modules = {module.name for module in app.modules}
    for module in app.modules:
        for name, span in module.imports:
            if name in modules:
                found.append(Edge(f"module:{module.name}", f"module:{name}", "imports", span))


def _uses(source: str, type_: Type, span: Span, found: list[Edge]) -> None:
    kind = type(type_)
    if kind is Ref:
        found.append(Edge(source, type_.id, "uses", span))  # type: ignore[attr-defined]
    elif kind is not Scalar:
        for one in children(type_):
            _uses(source, one, span, found)
