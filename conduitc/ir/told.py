"""App → the names and paths in it that are told to everybody, and which of them hold a secret.

They stand in generated code and in every document as they are, and in ids. A path may hold random text
(proofs of who owns a site do), so of paths only keys of known shape count.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from conduitc.ir import secrets
from conduitc.ir.nodes import App, Dynamic, Route, Schema, Static
from conduitc.span import Span

#: No key is shorter.
_LONG = 16


class Told(Struct, frozen=True):
    """A name or a path: ``what`` says of what it is one."""

    what: str
    text: str
    span: Span
    path: bool = False

    @property
    def secrets(self) -> list[str]:
        """The secrets in it."""
        return secrets.keys(self.text) if self.path else secrets.found(self.text)


def secret(app: App) -> list[Told]:
    """Those that hold a secret."""
    found = [one for one in _names(app) if len(one.text) >= _LONG and secrets.is_secret(one.text)]
    found += [one for one in _paths(app) if secrets.is_key(one.text)]
    return list({(one.span, one.what): one for one in found}.values())


def everything(app: App) -> Iterator[Told]:
    """Whatever it holds."""
    yield from _names(app)
    yield from (Told("the path of a route", one.path.text, one.path.span) for one in app.routes)


def _names(app: App) -> Iterator[Told]:
    for route in app.routes:
        yield from _of_route(route)
    for function in app.functions:
        for one in function.parameters:
            if one.marker_name:
                yield Told(f"the name of `{one.name}` in requests", one.marker_name, one.span)
    for model in app.models:
        yield Told("the name of a model", model.name, model.span)
    for schema in app.schemas:
        yield from _of_schema(schema)
    for offer in app.offers:
        yield Told("the name of what is offered", getattr(offer, "name", ""), offer.span)
        yield from (Told("a scope", scope, offer.span) for scope in getattr(offer, "scopes", ()))


def _of_route(route: Route) -> Iterator[Told]:
    if route.options.name is not None:
        yield Told("the name of the route", route.options.name, route.span)
    yield from (Told("a tag of the route", tag, route.span) for tag in route.options.tags)
    yield from (Told("a method of the route", one, route.span) for one in route.methods if len(one) >= _LONG)
    for binding in route.bindings or ():
        if binding.key != binding.parameter:
            yield Told(f"the name of `{binding.parameter}` in requests", binding.key, binding.span)


def _of_schema(schema: Schema) -> Iterator[Told]:
    if schema.tag is not None:
        yield Told(f"the tag of `{schema.name}`", schema.tag[1], schema.span)
    for field in schema.fields:
        if field.name != field.attribute:
            what = f"the name of `{schema.name}.{field.attribute}` in requests"
            yield Told(what, field.name, field.span)


def _paths(app: App) -> Iterator[Told]:
    for route in app.routes:
        if any(isinstance(one, Static) and len(one.text) >= _LONG for one in route.path.segments):
            yield Told("a part of the path", route.path.text, route.path.span, True)
        for one in route.path.segments:
            if isinstance(one, Dynamic) and len(one.pattern) >= _LONG:
                yield Told("a part of the path", one.pattern.replace("\\", ""), route.path.span, True)
    for endpoint in app.endpoints:
        yield Told("the path of an endpoint", endpoint.path, endpoint.span, True)
