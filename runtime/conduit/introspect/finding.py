"""A name → the one resource that is meant, or why there is none; a resource → what answers tell of it."""

from __future__ import annotations

from conduit.introspect.errors import QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.introspect.store import Row, Store


def the(store: Store, name: str, kind: str | None = None) -> Row:
    """The resource of that name (and kind).

    Raises:
        QueryError: there is none, or there are several.
    """
    found = [row for row in store.find(name) if kind in (None, row.kind)]
    what = kind or "resource"
    if not found:
        raise QueryError("unknown", f"no {what} {name!r}", store.suggest(name, kind))
    if len(found) > 1:
        raise QueryError("ambiguous", f"{name!r} is one of several", [row.id for row in found])
    return found[0]


def told(row: Row) -> dict[str, Any]:
    """What every list says of a resource."""
    return {"id": row.id, "kind": row.kind, "name": row.name, "file": row.file, "line": row.line}


def told_route(row: Row) -> dict[str, Any]:
    """What lists say of a route; middleware from the outside to the inside."""
    return {
        "id": row.id,
        "methods": row.methods,
        "pattern": row.pattern,
        "handler": row.handler,
        "middleware": row.middleware,
        "tags": row.tags,
        "file": row.file,
        "line": row.line,
    }
