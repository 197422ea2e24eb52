"""App in → everything that the analysis could not prove: where, what, why. Nothing is silently left out."""

from collections.abc import Iterator

from conduitc.codegen.metadata.redaction import redact
from conduitc.codegen.schema_json import Json
from conduitc.ir.nodes import App, Edge, Unresolved
from conduitc.ir.types import Ref, Scalar, Type, Unknown, walk
from conduitc.span import Span

#: Types that hold no other.
_KNOWN = (Scalar, Ref)


def unresolved(app: App, dangling: list[Edge]) -> list[Json]:
    """In order of place; what blocks a build and what does not, both."""
    found = {(one.span, one.what, one.reason): one.blocks_build for one in _all(app, dangling)}
    return [
        {"span": span, "what": redact(what), "reason": redact(reason), "blocks_build": blocks}
        for (span, what, reason), blocks in sorted(found.items())
    ]


def _all(app: App, dangling: list[Edge]) -> Iterator[Unresolved]:
    for span, type_ in _types(app):
        for one in walk(type_):
            if isinstance(one, Unknown):
                yield Unresolved(one.text, one.reason, span)
    doors = {one.handler for one in app.routes}
    doors |= {one.function for group in (app.offers, app.endpoints) for one in group}
    doors |= {hook.function for hook in app.hooks if hook.kind != "lifespan"}  # a context manager by nature
    for function in app.functions:
        if function.opaque and function.id in doors:
            reason = "an unknown decorator: what runs may differ from the body"
            yield Unresolved(f"@{function.opaque.partition('(')[0]}", reason, function.span)
    for edge in dangling:
        yield Unresolved(edge.target, f"{edge.source} {edge.kind} it, and it is not in this app", edge.span)
    yield from app.unresolved


def _types(app: App) -> Iterator[tuple[Span, Type]]:
    """Every type that is written somewhere and could hold one that is not known."""
    for function in app.functions:
        for parameter in function.parameters:
            if parameter.type is not None and not isinstance(parameter.type, _KNOWN):
                yield parameter.span, parameter.type
        if function.returns is not None:
            yield function.returns_span or function.span, function.returns
    for schema in app.schemas:
        for field in schema.fields:
            if not isinstance(field.type, _KNOWN):
                yield field.span, field.type
    for block in app.blocks:
        yield from ((block.span, type_) for type_ in (block.input, block.output) if type_ is not None)
