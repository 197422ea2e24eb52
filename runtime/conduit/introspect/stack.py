"""What really runs around and before a route's handler, from the outside to the inside."""

from __future__ import annotations

from conduit.introspect.finding import the

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.introspect.store import Row, Store

#: Where a handler runs, in words.
_PLACES = {"inline": "on the event loop", "thread": "in a thread", "task": "in a task"}


def effective_stack(store: Store, name: str) -> dict[str, Any]:
    """The layers of a route, the outermost first, and who answers what is raised inside.

    Raises:
        QueryError: there is no such route, or there are several.
    """
    row = the(store, name, "route")
    return {"route": row.id, "stack": layers(store, row), "exception_handlers": _catching(store)}


def layers(store: Store, row: Row) -> list[dict[str, Any]]:
    """Middleware, providers, the reading of parameters, the handler."""
    body = store.body(row)
    own = {one.other for one in store.graph.out_of(row.number, "middleware")}
    app_level = _of_app(store)
    found: list[dict[str, Any]] = []
    for id_ in row.middleware:
        number = store.number(id_)
        layer: dict[str, Any] = {
            "layer": "middleware",
            "id": id_,
            "level": "app" if number in app_level else "route",
        }
        if number is not None and number in own | app_level:
            known = store.rows[number]
            layer |= {"name": known.name, "file": known.file, "line": known.line}
        found.append(layer)
    found += [_provider(store, number) for number in _providers(store, row.number)]
    if read := body.get("parameters"):
        found.append({"layer": "parameters", "reads": [_read(one) for one in read]})
    facts = body.get("facts", {})
    place = facts.get("placement", {}).get("value")
    layer = {"layer": "handler", "id": row.handler}
    number = store.number(row.handler)
    if number is not None:
        known = store.rows[number]
        layer |= {"name": known.name, "file": known.file, "line": known.line}
    if place:
        layer["runs"] = _PLACES.get(place, place)
    if why := facts.get("placement_why", {}).get("value"):
        layer["because"] = why
    return [*found, layer]


def _providers(store: Store, number: int, seen: set[int] | None = None) -> list[int]:
    """What is called to give parameters their values: each once, after what it needs itself."""
    seen = set() if seen is None else seen
    found: list[int] = []
    for one in store.graph.out_of(number, "depends"):
        if one.other not in seen:
            seen.add(one.other)
            found += [*_providers(store, one.other, seen), one.other]
    return found


def _provider(store: Store, number: int) -> dict[str, Any]:
    row = store.rows[number]
    return {"layer": "provider", "id": row.id, "name": row.name, "file": row.file, "line": row.line}


def _read(parameter: dict[str, Any]) -> dict[str, Any]:
    return {key: parameter[key] for key in ("name", "in", "key", "type", "required") if key in parameter}


def _of_app(store: Store) -> set[int]:
    """Middleware around everything."""
    module = store.number(f"module:{store.about.module}")
    if module is None:
        return set()
    return {one.other for one in store.graph.out_of(module, "middleware")}


def _catching(store: Store) -> list[dict[str, Any]]:
    """Exception handlers: inside all middleware, they see what handlers and their parameters raise."""
    module = store.number(f"module:{store.about.module}")
    found = []
    for one in () if module is None else store.graph.out_of(module, "exception_handler"):
        row = store.rows[one.other]
        catches = store.body(row).get("facts", {}).get("catches", {}).get("value", "")
        found.append({"id": row.id, "catches": catches, "file": row.file, "line": row.line})
    return found
