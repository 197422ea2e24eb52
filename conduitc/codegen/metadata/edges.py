"""App in → who stands in which relation to whom: ``(from, to, kind, span)`` between resource ids.

Who stands at ``from`` needs what stands at ``to``. Kinds: ``handles`` (route, tool, endpoint, provider or
middleware → function), ``takes`` and ``returns`` (route, tool or block → schema), ``middleware`` (route → all
that is around it; the app's own from its module, too), ``uses`` (schema or function → schema, endpoint →
model), ``reads``, ``writes`` and ``makes`` (function → schema, with the fields), ``extends`` (schema →
schema), ``calls`` (function → function), ``depends`` (route or provider → provider), ``includes`` (pipeline →
block, module → module), ``imports`` (module → module), ``on_startup``, ``on_shutdown``, ``lifespan`` and
``exception_handler`` (module → function), and whatever the frontend found besides.
"""

from collections.abc import Iterator

from conduitc.codegen.metadata.routes import around, middleware_id
from conduitc.ir.nodes import App, Edge, Function, Offer, Route, Schema
from conduitc.ir.types import Ref, Scalar, Type, walk

#: Say more than ``uses`` between the same two.
_CLOSER = frozenset({"takes", "returns", "extends", "includes", "makes", "reads", "writes"})


def edges(app: App) -> list[Edge]:
    """Every relation once, at the first place that shows it, in order."""
    first: dict[tuple[str, str, str], Edge] = {}
    for edge in (*_told(app), *_derived(app)):
        known = first.setdefault((edge.source, edge.target, edge.kind), edge)
        if known is not edge and edge.span < known.span:
            first[(edge.source, edge.target, edge.kind)] = edge
    closer = {(source, target) for source, target, kind in first if kind in _CLOSER}
    return [first[key] for key in sorted(first) if key[2] != "uses" or key[:2] not in closer]


def _told(app: App) -> Iterator[Edge]:
    """What the frontend found. Middleware is a resource of its own here, and leads to its function; that a
    module includes a router of its own says nothing."""
    functions = {one.function for one in app.middleware}
    functions |= {one.function for route in app.routes for one in route.middleware}
    for edge in app.edges:
        around = edge.kind == "middleware" and edge.target in functions
        if not around and (edge.kind != "includes" or edge.source != edge.target):
            yield edge


def _derived(app: App) -> Iterator[Edge]:
    functions = {function.id: function for function in app.functions}
    for route in app.routes:
        yield from _route(app, route, functions.get(route.handler))
    for function in app.functions:
        yield from [Edge(function.id, callee, "calls", function.span) for callee in function.effects.calls]
        for type_ in (*[parameter.type for parameter in function.parameters], function.returns):
            yield from [Edge(function.id, ref, "uses", function.span) for ref in _refs(type_)]
    schemas = {schema.id: schema for schema in app.schemas}
    yield from _touched(app, schemas)
    for schema in app.schemas:
        yield from _schema(schema, schemas)
    modules = {module.name for module in app.modules}
    for module in app.modules:
        for name, span in module.imports:
            if name in modules:
                yield Edge(f"module:{module.name}", f"module:{name}", "imports", span)
    yield from _others(app)


def _route(app: App, route: Route, handler: Function | None) -> Iterator[Edge]:
    if route.handler:
        yield Edge(route.id, route.handler, "handles", route.span)
    for binding in route.bindings or ():
        yield from [Edge(route.id, ref, "takes", binding.span) for ref in _refs(binding.type)]
    yield from [Edge(route.id, middleware_id(one), "middleware", one.span) for one in around(app, route)]
    if route.websocket:
        return
    declared = route.options.response or (handler.returns if handler else None)
    yield from [Edge(route.id, ref, "returns", route.span) for ref in _refs(declared)]


def _touched(app: App, schemas: dict[str, Schema]) -> Iterator[Edge]:
    """What bodies do to schemas, with the fields that there are."""
    for function in app.functions:
        for use in function.effects.fields:
            schema = schemas.get(use.schema)
            if schema is not None:
                known = {field.name for field in schema.fields}
                names = tuple(name for name in use.fields if name in known)
                yield Edge(function.id, use.schema, use.how, use.span, names)


def _schema(schema: Schema, known: dict[str, Schema]) -> Iterator[Edge]:
    for field in schema.fields:
        yield from [Edge(schema.id, ref, "uses", field.span) for ref in _refs(field.type) if ref != schema.id]
    for base in schema.bases:
        if f"schema:{base}" in known:
            yield Edge(schema.id, f"schema:{base}", "extends", schema.span)


def _others(app: App) -> Iterator[Edge]:
    functions = {function.id: function for function in app.functions}
    for offer in app.offers:
        yield from _offer(offer, functions.get(offer.function))
    models = {model.name: model.id for model in app.models}
    own = f"module:{app.module}"
    yield from (Edge(own, middleware_id(one), "middleware", one.span) for one in app.middleware)
    for one in (*app.middleware, *(m for route in app.routes for m in route.middleware)):
        if one.function is not None:
            yield Edge(middleware_id(one), one.function, "handles", one.span)
    yield from (Edge(own, one.function, one.kind, one.span) for one in app.hooks)
    for endpoint in app.endpoints:
        yield Edge(endpoint.id, endpoint.function, "handles", endpoint.span)
        if endpoint.model in models:
            yield Edge(endpoint.id, models[endpoint.model], "uses", endpoint.span)
    for block in app.blocks:
        for type_, kind in ((block.input, "takes"), (block.output, "returns")):
            yield from (Edge(block.id, ref, kind, block.span) for ref in _refs(type_))
    for pipeline in app.pipelines:
        yield from (Edge(pipeline.id, block, "includes", pipeline.span) for block in pipeline.blocks)


def _offer(offer: Offer, function: Function | None) -> Iterator[Edge]:
    """A tool's schemas are on the wire, as a route's are."""
    yield Edge(offer.id, offer.function, "handles", offer.span)
    for parameter in function.parameters if function else ():
        yield from [Edge(offer.id, ref, "takes", parameter.span) for ref in _refs(parameter.type)]
    yield from [
        Edge(offer.id, ref, "returns", offer.span) for ref in _refs(function.returns if function else None)
    ]


def _refs(type_: Type | None) -> list[str]:
    if type_ is None or type(type_) is Scalar:
        return []
    return [one.id for one in walk(type_) if type(one) is Ref]
