"""What must hold of an App between passes. A breach is a fault of the compiler, never of the program."""

from collections.abc import Iterable, Iterator

from conduitc.ir.nodes import App, Dynamic, Node, Route
from conduitc.ir.types import Ref, Scalar, Type, walk

_PLACES = {"path", "query", "body", "request", "header", "cookie"}
_PLACEMENTS = {None, "inline", "thread", "task"}


class VerifierError(AssertionError):
    """The App broke a promise; says after which pass, and every breach."""


def verify(app: App, *, after: str, before: App | None = None) -> None:
    """Check ``app`` as it stands after the pass ``after``; what is as in ``before`` is not looked at.

    Raises:
        VerifierError: a promise is broken.
    """
    if app is before:
        return
    breaches = list(_breaches(app, before))
    if breaches:
        raise VerifierError(f"after {after}: " + "; ".join(breaches))


def _breaches(app: App, before: App | None) -> Iterator[str]:
    functions = {function.id for function in app.functions}
    known = {route.id: route for route in before.routes} if before is not None else {}
    for route in app.routes:
        if route.placement not in _PLACEMENTS:
            yield f"{route.id} has an unknown placement: {route.placement}"
        old = known.get(route.id)
        if old is None or route.bindings is not old.bindings or route.path is not old.path:
            yield from _route(route, functions)
    for kind, nodes in (("offer", app.offers), ("hook", app.hooks), ("endpoint", app.endpoints)):
        for node in nodes:
            if node.function not in functions:
                yield f"{kind} names no known function: {node.function}"
    if before is not None and app.functions is before.functions and app.schemas is before.schemas:
        return
    yield from _unique("function", app.functions)
    yield from _unique("schema", app.schemas)
    schemas = {schema.id for schema in app.schemas}
    for owner, type_ in _types(app):
        for one in walk(type_) if type(type_) is not Scalar else ():
            if type(one) is Ref and one.id not in schemas:
                yield f"{owner} refers to no known schema: {one.id}"


def _route(route: Route, functions: set[str]) -> Iterator[str]:
    if route.handler not in functions and not (route.handler == "" and route.answers):
        yield f"{route.id} names no known function: {route.handler}"
    if not route.methods and not route.fallback:
        yield f"{route.id} has no method"
    methods = ",".join(route.methods)
    if methods != methods.upper():
        yield f"{route.id} has a method that is not in capitals"
    if route.bindings is None:
        return
    names = {segment.name for segment in route.path.segments if isinstance(segment, Dynamic)}
    for segment in route.path.segments:
        if isinstance(segment, Dynamic) and segment.converter is None:
            yield f"{route.id} is bound with an unsettled converter: {segment.name}"
    for binding in route.bindings:
        if binding.source not in _PLACES:
            yield f"{route.id} binds {binding.parameter} to an unknown place: {binding.source}"
        if binding.source == "path" and binding.key not in names:
            yield f"{route.id} binds {binding.parameter} to no segment of its path"


def _unique(kind: str, nodes: Iterable[Node]) -> Iterator[str]:
    seen = set()
    for node in nodes:
        id_ = node.id  # type: ignore[attr-defined]
        if id_ in seen:
            yield f"two nodes of kind {kind} have the id {id_}"
        seen.add(id_)


def _types(app: App) -> Iterator[tuple[str, Type]]:
    for function in app.functions:
        for parameter in function.parameters:
            if parameter.type is not None:
                yield function.id, parameter.type
        if function.returns is not None:
            yield function.id, function.returns
    for schema in app.schemas:
        for field in schema.fields:
            yield schema.id, field.type
