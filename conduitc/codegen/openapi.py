"""App in → the text of openapi.json (OpenAPI 3.1): every route that is not hidden, schemas as components.

What OpenAPI cannot say stands under extensions, so that nothing is left out: methods it does not know under
``x-additional-operations`` of the path, and routes that differ only in their converters, which are one path
to OpenAPI, under ``x-alternatives`` of the operation that wins.
"""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import msgspec

from conduitc.codegen.openapi_operation import Operations
from conduitc.codegen.schema_json import Components, Json, docstring
from conduitc.ir.nodes import App, Dynamic, Route
from conduitc.ir.secrets import redact

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
#: The characters that RFC 3986 lets stand in a segment.
_SAFE = "-._~!$&'()*+,;=:@"
#: Which of several routes with one shape is asked first.
_RANK = {"int": 1, "float": 1, "uuid": 1, None: 2, "str": 2, "path": 3}


def emit_openapi(app: App) -> str:
    """The document, as indented JSON."""
    components = Components(app, "#/components/schemas/")
    operations = Operations(app, components)
    groups = _groups(app)
    entries = [(group, route, method) for group in groups for route, method in _entries(group)]
    paths: dict[str, Json] = {_path(group[0]): {} for group in groups}
    for (group, route, method), id_ in zip(entries, _operation_ids(app, entries), strict=True):
        names = [segment.name for segment in group[0].path.segments if isinstance(segment, Dynamic)]
        _add(paths[_path(group[0])], method, operations.operation(route, method, id_, names))
    tags = dict.fromkeys(tag for _, route, _ in entries for tag in route.options.tags)
    schemas = {**components.definitions(), **operations.problem()}
    document: Json = {
        "openapi": "3.1.0",
        "info": _info(app),
        "paths": paths,
        **({"tags": [{"name": tag} for tag in tags]} if tags else {}),
        **({"components": {"schemas": schemas}} if schemas else {}),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _info(app: App) -> Json:
    said = app.settings.description
    described = {"description": docstring(said)} if said else {}
    return {"title": redact(app.settings.title), "version": redact(app.settings.version), **described}


def _add(item: Json, method: str, operation: Json) -> None:
    """Put an operation into its path's item; the second of one method stands under the first."""
    place, key = item, method
    if method not in _METHODS:
        place, key = item.setdefault("x-additional-operations", {}), method.upper()  # type: ignore[assignment]
    first = place.setdefault(key, operation)
    if first is not operation:
        first.setdefault("x-alternatives", []).append(operation)  # type: ignore[attr-defined]


def _groups(app: App) -> list[list[Route]]:
    """Routes by what their path is to OpenAPI; within one, in the order in which they are asked."""
    groups: dict[tuple[str | None, ...], list[Route]] = {}
    for route in app.routes:
        if route.options.include_in_schema and not route.fallback and not route.websocket:
            shape = tuple(None if isinstance(s, Dynamic) else s.text for s in route.path.segments)
            groups.setdefault(shape, []).append(route)
    for routes in groups.values():
        routes.sort(key=lambda one: [_RANK[s.converter] for s in one.path.segments if isinstance(s, Dynamic)])
    return list(groups.values())


def _entries(routes: list[Route]) -> Iterator[tuple[Route, str]]:
    """Each route with each of its methods; ``*`` is every method that no other route here names."""
    named = {method.lower() for route in routes for method in route.methods}
    for route in routes:
        for method in route.methods:
            if method == "*":
                yield from ((route, one) for one in _METHODS if one not in named)
            else:
                yield route, method.lower()


def _path(route: Route) -> str:
    parts = (f"{{{s.name}}}" if isinstance(s, Dynamic) else quote(s.text, _SAFE) for s in route.path.segments)
    return "/" + "/".join(parts)


def _operation_ids(app: App, entries: list[tuple[list[Route], Route, str]]) -> list[str]:
    """The route's name, or its handler's; where that is not enough the method, the path, at last a number."""
    functions = {function.id: function.name for function in app.functions}
    names = [_names(route, method, functions.get(route.handler)) for _, route, method in entries]
    chosen = [""] * len(entries)
    taken: set[str] = set()
    for level in range(3):
        open_ = [number for number, name in enumerate(chosen) if not name]
        count = Counter(names[number][level] for number in open_)
        for number in open_:
            name = names[number][level]
            if count[name] == 1 and name not in taken:
                chosen[number] = name
                taken.add(name)
    for number in (number for number, name in enumerate(chosen) if not name):
        turn, base = 2, names[number][2]
        while (name := f"{base}_{turn}") in taken:
            turn += 1
        chosen[number] = name
        taken.add(name)
    return chosen


def _names(route: Route, method: str, handler: str | None) -> tuple[str, str, str]:
    base = route.options.name or handler or route.handler.rpartition(".")[2]
    slug = re.sub(r"\W+", "_", _path(route)).strip("_")
    return base, f"{base}_{method}", f"{base}_{method}_{slug}".rstrip("_")
