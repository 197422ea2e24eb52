"""App in → who stands in which relation to whom: ``(from, to, kind, span)`` between resource ids.

Kinds: ``handles`` (route, tool or endpoint → function), ``takes`` and ``returns`` (→ schema), ``middleware``
(route → middleware; the app's own from its module), ``uses`` (schema or function → schema, endpoint → model),
``extends`` (schema → schema), ``calls`` (function → function), ``includes`` (pipeline → block), ``imports``
(module → module), and whatever the frontend found besides.
"""

from collections.abc import Iterator

from conduitc.codegen.metadata.routes import middleware_id
from conduitc.ir.nodes import App, Edge, Function, Route, Schema
from conduitc.ir.types import Ref, Scalar, Type, walk


def edges(app: App) -> list[Edge]:
    """Every relation once, at the first place that shows it, in order."""
    first: dict[tuple[str, str, str], Edge] = {}
    for edge in (*app.edges, *_derived(app)):
        known = first.setdefault((edge.source, edge.target, edge.kind), edge)
        if known is not edge and edge.span < known.span:
            first[(edge.source, edge.target, edge.kind)] = edge
    return [first[key] for key in sorted(first)]


def _derived(app: App) -> Iterator[Edge]:
    functions = {function.id: function for function in app.functions}
    for route in app.routes:
        yield from _route(route, functions.get(route.handler))
    for function in app.functions:
        yield from [Edge(function.id, callee, "calls", function.span) for callee in function.effects.calls]
        for type_ in (*[parameter.type for parameter in function.parameters], function.returns):
            yield from [Edge(function.id, ref, "uses", function.span) for ref in _refs(type_)]
    schemas = {schema.id for schema in app.schemas}
    for schema in app.schemas:
        yield from _schema(schema, schemas)
    modules = {module.name for module in app.modules}
    for module in app.modules:
        for name, span in module.imports:
            if name in modules:
                yield Edge(f"module:{module.name}", f"module:{name}", "imports", span)
    yield from _others(app)


def _route(route: Route, handler: Function | None) -> Iterator[Edge]:
    yield Edge(route.id, route.handler, "handles", route.span)
    for binding in route.bindings or ():
        yield from [Edge(route.id, ref, "takes", binding.span) for ref in _refs(binding.type)]
    if route.websocket:
        return
    declared = route.options.response or (handler.returns if handler else None)
    yield from [Edge(route.id, ref, "returns", route.span) for ref in _refs(declared)]
    yield from [Edge(route.id, middleware_id(one), "middleware", one.span) for one in route.middleware]


def _schema(schema: Schema, known: set[str]) -> Iterator[Edge]:
    for field in schema.fields:
        yield from [Edge(schema.id, ref, "uses", field.span) for ref in _refs(field.type) if ref != schema.id]
    for base in schema.bases:
        if f"schema:{base}" in known:
            yield Edge(schema.id, f"schema:{base}", "extends", schema.span)


def _others(app: App) -> Iterator[Edge]:
    yield from (Edge(one.id, one.function, "handles", one.span) for one in app.offers)
    models = {model.name: model.id for model in app.models}
    own = f"module:{app.module}"
    yield from (Edge(own, middleware_id(one), "middleware", one.span) for one in app.middleware)
    for endpoint in app.endpoints:
        yield Edge(endpoint.id, endpoint.function, "handles", endpoint.span)
        if endpoint.model in models:
            yield Edge(endpoint.id, models[endpoint.model], "uses", endpoint.span)
    for block in app.blocks:
        for type_, kind in ((block.input, "takes"), (block.output, "returns")):
            yield from (Edge(block.id, ref, kind, block.span) for ref in _refs(type_))
    for pipeline in app.pipelines:
        yield from (Edge(pipeline.id, block, "includes", pipeline.span) for block in pipeline.blocks)


def _refs(type_: Type | None) -> list[str]:
    if type_ is None or type(type_) is Scalar:
        return []
    return [one.id for one in walk(type_) if type(one) is Ref]
