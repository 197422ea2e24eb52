"""What in an App refers to what: ``Edge``s between resource ids, taken from its nodes."""

from __future__ import annotations

from collections.abc import Iterator

from conduitc.ir.nodes import App, Edge
from conduitc.ir.types import Ref, Scalar, Type, walk
from conduitc.span import Span


def edges(app: App, includes: list[tuple[str, str, Span]]) -> tuple[Edge, ...]:
    """Every relationship. ``includes`` are modules whose apps or routers include another's."""
    across = (Edge(f"module:{one}", f"module:{other}", "includes", span) for one, other, span in includes)
    return (*_of_routes(app), *_of_functions(app), *_of_others(app), *across)


def _of_routes(app: App) -> Iterator[Edge]:
    for route in app.routes:
        yield Edge(route.id, route.handler, "handles", route.span)
        for one in (*app.middleware, *route.middleware):
            if one.function is not None:
                yield Edge(route.id, one.function, "middleware", one.span)
        if route.options.response is not None:
            yield from _uses(route.id, route.options.response, route.span)


def _of_functions(app: App) -> Iterator[Edge]:
    known = {function.id for function in app.functions}
    for function in app.functions:
        for called in function.effects.calls:
            if called in known:
                yield Edge(function.id, called, "calls", function.span)
        for parameter in function.parameters:
            if parameter.type is not None:
                yield from _uses(function.id, parameter.type, parameter.span)
        if function.returns is not None:
            yield from _uses(function.id, function.returns, function.returns_span or function.span)


def _of_others(app: App) -> Iterator[Edge]:
    for schema in app.schemas:
        for field in schema.fields:
            yield from _uses(schema.id, field.type, field.span)
    for tool in app.tools:
        yield Edge(tool.id, tool.function, "handles", tool.span)
    models = {model.name: model.id for model in app.models}
    for endpoint in app.endpoints:
        yield Edge(endpoint.id, endpoint.function, "handles", endpoint.span)
        if endpoint.model in models:
            yield Edge(endpoint.id, models[endpoint.model], "uses", endpoint.span)
    for pipeline in app.pipelines:
        for block in pipeline.blocks:
            yield Edge(pipeline.id, block, "uses", pipeline.span)
    for part in app.blocks:
        for type_ in (part.input, part.output):
            if type_ is not None:
                yield from _uses(part.id, type_, part.span)
    modules = {module.name for module in app.modules}
    for module in app.modules:
        for name, span in module.imports:
            if name in modules:
                yield Edge(f"module:{module.name}", f"module:{name}", "imports", span)


def _uses(source: str, type_: Type, span: Span) -> Iterator[Edge]:
    if isinstance(type_, Ref):
        yield Edge(source, type_.id, "uses", span)
    elif not isinstance(type_, Scalar):
        for one in walk(type_):
            if isinstance(one, Ref):
                yield Edge(source, one.id, "uses", span)
