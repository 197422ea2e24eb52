"""App in → the resources that are no routes: modules, functions, schemas, tools, blocks, models.

Constants of the program appear nowhere but where a schema needs them: arguments of blocks and models are
listed by name only.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from conduitc.codegen.metadata.contracts import media_type, promised
from conduitc.codegen.metadata.lines import Line, line_of
from conduitc.codegen.metadata.parts import Fact, fields, prose, remarks, resource, spelled, taken
from conduitc.codegen.metadata.redaction import publishable, redact
from conduitc.codegen.schema_json import Json
from conduitc.ir import secrets
from conduitc.ir.nodes import (
    App,
    Block,
    Completion,
    Function,
    MLModel,
    Module,
    Offer,
    Pipeline,
    Provider,
    Resource,
    Schema,
    Tool,
)
from conduitc.kept import Kept


def resources(app: App, docs: dict[str, str], kept: Kept | None = None) -> Iterator[Json | Line]:
    """One resource a declaration, in no particular order; ``docs`` are what functions say, by their id.

    Where something was ``kept``, functions and schemas come as lines."""
    functions = {function.id: function for function in app.functions}
    known = {module.name for module in app.modules}
    yield from (_module(module, known) for module in app.modules)
    caught = {one.function: one.exception for one in app.hooks if one.exception}
    for function in app.functions:
        given = docs.get(function.id), caught.get(function.id)
        yield line_of(kept, function, given, partial(_function, function, *given))
    for schema in app.schemas:
        yield line_of(kept, schema, (), partial(_schema, schema))
    yield from (_offer(app, one, functions.get(one.function), docs) for one in app.offers)
    yield from (_provider(one, docs) for one in app.providers)
    yield from map(_block, app.blocks)
    yield from map(_pipeline, app.pipelines)
    yield from map(_model, app.models)
    for one in app.endpoints:
        facts: list[Fact] = [
            ("pattern", one.path, "literal"),
            ("model", one.model, "literal"),
            ("handler", one.function, "resolved"),
        ]
        yield resource(one.id, "endpoint", f"POST {one.path}", one.span, facts=facts)


def _module(module: Module, known: set[str]) -> Json:
    outside = sorted({name.partition(".")[0] for name, _ in module.imports if name not in known})
    facts: list[Fact] = [("package", module.package, "resolved"), ("imports", outside, "literal")]
    id_ = f"module:{module.name}"
    return resource(
        id_, "module", module.name, module.span, doc=module.doc and prose(module.doc), facts=facts
    )


def _function(function: Function, doc: str | None, caught: str | None) -> Json:
    returned = function.effects.returned
    facts: list[Fact] = [
        ("async", function.is_async, "literal"),
        ("generator", function.is_generator, "literal"),
        ("opaque", function.opaque, "resolved"),
        ("catches", caught, "literal"),
        ("blocking", [redact(one.reason) for one in function.effects.blocking], "inferred"),
    ]
    if function.returns is not None:
        facts.append(("returns", spelled(function.returns), "declared"))
    elif returned is not None:
        facts.append(("returns", spelled(returned), "inferred"))
    return resource(
        function.id,
        "function",
        function.name,
        function.span,
        doc=doc,
        facts=facts,
        comments=remarks(function.comments),
        decorators=_names(function.decorators),
        parameters=[taken(parameter, default=False) for parameter in function.parameters],
    )


def _schema(schema: Schema) -> Json:
    members = [
        {"name": name, "value": constant.value}
        for name, constant in schema.members
        if isinstance(constant.value, str | int | float)
        and not secrets.is_secret(str(constant.value), name)
        and publishable(str(constant.value))
    ]
    listed, abridged = fields(schema.fields)
    facts: list[Fact] = [
        ("abridged", abridged, "resolved"),
        ("form", schema.kind, "resolved"),
        ("bases", list(schema.bases), "resolved"),
        ("tag", list(schema.tag or ()), "resolved"),
        ("members", members, "literal"),
    ]
    return resource(
        schema.id,
        "schema",
        schema.name,
        schema.span,
        doc=schema.doc and prose(schema.doc),
        facts=facts,
        comments=remarks(schema.comments),
        decorators=_names(schema.decorators),
        fields=listed,
    )


def _names(decorators: Iterable[str]) -> list[str]:
    """Without their arguments, which may hold constants."""
    return [one.partition("(")[0] for one in decorators]


def _offer(app: App, offer: Offer, function: Function | None, docs: dict[str, str]) -> Json:
    """A tool, a resource, a prompt or a completion."""
    facts: list[Fact] = [("handler", offer.function, "resolved")]
    if scopes := getattr(offer, "scopes", ()):
        facts.append(("scopes", list(scopes), "literal"))
    match offer:
        case Tool():
            facts.append(("schema", "given" if offer.schema else "signature", "resolved"))
            if function and function.returns is not None:
                facts.append(("response", spelled(function.returns), "declared"))
        case Resource():
            kind, known = media_type(app, offer, function)
            facts += [("uri", redact(offer.uri), "literal"), ("media_type", kind, known)]
        case Completion():
            facts += [("of", offer.of, "literal"), ("argument", offer.argument, "literal")]
    takes, gives = promised(app, offer, function)
    facts += [("input", takes, "resolved"), ("output", gives, "resolved")]
    parameters = [taken(parameter, default=True) for parameter in function.parameters] if function else []
    said = getattr(offer, "description", None)
    return resource(
        offer.id,
        offer.id.partition(":")[0],
        getattr(offer, "name", None) or offer.id.rpartition(".")[2],
        offer.span,
        doc=prose(said) if said else docs.get(offer.function),
        facts=facts,
        parameters=parameters,
    )


def _provider(provider: Provider, docs: dict[str, str]) -> Json:
    facts: list[Fact] = [
        ("function", provider.function, "resolved"),
        ("needs", list(provider.needs), "resolved"),
    ]
    doc = docs.get(provider.function)
    return resource(provider.id, "provider", provider.name, provider.span, doc=doc, facts=facts)


def _block(block: Block) -> Json:
    facts: list[Fact] = [
        ("class", block.kind, "resolved"),
        ("arguments", sorted(name for name, _ in block.arguments), "literal"),
        ("input", block.input and spelled(block.input), "resolved"),
        ("output", block.output and spelled(block.output), "resolved"),
    ]
    return resource(block.id, "block", block.name, block.span, facts=facts)


def _pipeline(pipeline: Pipeline) -> Json:
    facts: list[Fact] = [("form", pipeline.kind, "literal"), ("blocks", list(pipeline.blocks), "resolved")]
    return resource(pipeline.id, "pipeline", pipeline.name, pipeline.span, facts=facts)


def _model(model: MLModel) -> Json:
    facts: list[Fact] = [
        ("engine", model.engine, "resolved"),
        ("arguments", sorted(name for name, _ in model.arguments), "literal"),
    ]
    return resource(model.id, "model", model.name, model.span, facts=facts)
