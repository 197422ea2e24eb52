"""Rows in → those that are asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from conduit.introspect.store import Row


def routes(
    rows: list[Row], method: str | None = None, middleware: str | None = None, tag: str | None = None
) -> list[Row]:
    """The routes that pass every filter given.

    ``middleware`` is an id, a dotted name, or its last part (``auth`` for ``middleware:app.guards.auth``).
    """
    found = [row for row in rows if row.kind == "route"]
    if method is not None:
        found = [row for row in found if method.upper() in row.methods or "*" in row.methods]
    if middleware is not None:
        found = [row for row in found if any(_names(middleware, one) for one in row.middleware)]
    if tag is not None:
        found = [row for row in found if tag in row.tags]
    return sorted(found, key=_by_path)


def resources(rows: list[Row]) -> list[Row]:
    """Every resource, by kind and name."""
    return sorted(rows, key=_by_kind)


def _names(asked: str, id_: str) -> bool:
    name = id_.partition(":")[2]
    return asked in (id_, name, name.rpartition(".")[2])


def _by_path(row: Row) -> tuple[str, list[str], str]:
    return row.pattern, row.methods, row.id


def _by_kind(row: Row) -> tuple[str, str, str]:
    return row.kind, row.name, row.id
