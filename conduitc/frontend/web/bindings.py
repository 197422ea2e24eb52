"""A route and its handler's parameters → ``Binding``s: what comes from the path, the query, the body …"""

from __future__ import annotations

from collections.abc import Iterator

from conduitc.frontend.web.functions import Functions, function_of
from conduitc.frontend.web.parameters import Taken
from conduitc.frontend.web.records import Route
from conduitc.ir.nodes import Binding, Dynamic, PathTemplate
from conduitc.ir.types import ANY, DictOf, External, Ref, Scalar, Type, strip_optional, walk

_REQUESTS = frozenset(
    {
        "conduit.WebSocket", "fastapi.Request", "fastapi.WebSocket", "fastapi.requests.HTTPConnection",
        "fastapi.requests.Request", "fastapi.websockets.WebSocket", "starlette.requests.HTTPConnection",
        "starlette.requests.Request", "starlette.websockets.WebSocket",
    }
)  # fmt: skip
_GIVEN = frozenset(["Response", "BackgroundTasks", "SecurityScopes", "JSONResponse"])
_SOURCES = {
    "Query": "query", "Path": "path", "Body": "body", "Header": "header", "Cookie": "cookie", "Form": "body",
    "File": "body",
}  # fmt: skip


def bindings(functions: Functions, entry: Route, path: PathTemplate, framework: str) -> Iterator[Binding]:
    """Where each parameter of a route's handler comes from."""
    function = function_of(entry.handler)
    if function is None:
        return
    names = {one.name for one in path.segments if isinstance(one, Dynamic)}
    for taken in functions.use(function):
        source = _source(taken, names, plain=framework != "fastapi")
        if source is None:
            continue
        one = taken.parameter
        key = one.marker_name or (one.name.replace("_", "-") if source == "header" else one.name)
        if source == "path" and key not in names:
            continue
        required = one.default is None
        yield Binding(one.name, source, key, one.type or ANY, required, one.default, taken.keyword, one.span)


def _source(taken: Taken, names: set[str], *, plain: bool) -> str | None:
    """Where a parameter's value comes from; None for what the framework gives by itself."""
    one = taken.parameter
    if taken.depends is not None or one.kind in ("varargs", "varkw"):
        return None
    if one.marker in _SOURCES:
        return _SOURCES[one.marker]
    if one.name in names:
        return "path"
    type_ = one.type
    if isinstance(type_, External) and type_.name in _REQUESTS:
        return "request"
    if plain:
        return "request" if one.name in ("request", "websocket") else None
    if isinstance(type_, External) and type_.name.rpartition(".")[2] in _GIVEN:
        return None
    return "body" if type_ is not None and _is_body(type_) else "query"


def _is_body(type_: Type) -> bool:
    """FastAPI takes what is not a plain value from the body."""
    bare = strip_optional(type_)[0]
    return any(isinstance(one, Ref | DictOf) for one in walk(bare)) or bare == Scalar("any")
