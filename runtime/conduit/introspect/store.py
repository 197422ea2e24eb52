"""metadata.json → something to ask: rows for lists and lookups, bodies by offset. Read-only once loaded."""

from __future__ import annotations

import os

from conduit.introspect import index
from conduit.introspect.index import MetadataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Row:
    """What lists show of a resource. The last five are empty but for routes."""

    __slots__ = (
        "file",
        "handler",
        "id",
        "kind",
        "line",
        "methods",
        "middleware",
        "name",
        "pattern",
        "place",
        "tags",
    )  # fmt: skip

    def __init__(self, fields: list[str]) -> None:
        """``fields`` as they stand in the index.

        Raises:
            ValueError: there are too few.
        """
        start, length, self.kind, id_, name, file, line, *route = fields
        self.place = int(start), int(length)
        self.id, self.name, self.file = index.unescape(id_), index.unescape(name), index.unescape(file)
        self.line = int(line)
        methods, pattern, handler, middleware, tags = route or [""] * 5
        self.pattern, self.handler = index.unescape(pattern), index.unescape(handler)
        self.methods, self.middleware, self.tags = _parts(methods), _parts(middleware), _parts(tags)


class About:
    """The app itself, and how much there is of what is no resource."""

    __slots__ = ("diagnostics", "edges", "entry", "module", "title", "unresolved", "variable", "version")

    def __init__(self, fields: list[str]) -> None:
        names, numbers = fields[:5], [int(number) for number in fields[5:]]
        self.title, self.version, self.module, self.variable, self.entry = map(index.unescape, names)
        errors, warnings, infos, self.unresolved, self.edges = numbers
        self.diagnostics = {"error": errors, "warning": warnings, "info": infos}


class Store:
    """The metadata of one app. ``metadata`` is the text, ``made`` its index where one is at hand."""

    def __init__(self, metadata: bytes, made: bytes | None = None) -> None:
        """Make the index where ``made`` is missing, stale or damaged.

        Raises:
            MetadataError: the text is no metadata.json that this version can read.
        """
        lines = None if made is None else index.read(made, metadata)
        if lines is None:
            lines = index.read(index.build(metadata), metadata) or []
        self._metadata = metadata
        self.about = About(lines[0])
        self.rows = [Row(fields) for fields in lines[1:]]
        self._named: dict[str, list[Row]] = {}

    def find(self, name: str) -> list[Row]:
        """The resource of that id; else all of that name, id without its kind, or path."""
        if not self._named:
            for row in self.rows:
                for key in {row.id, row.name, row.id.partition(":")[2], row.pattern or row.id}:
                    self._named.setdefault(key, []).append(row)
        found = self._named.get(name, [])
        return [row for row in found if row.id == name] or found

    def suggest(self, name: str) -> list[str]:
        """Up to three names that look like ``name``, each of another resource."""
        import difflib

        self.find(name)
        lowered = {key.lower(): key for key in self._named}
        close: dict[str, str] = {}
        for key in difflib.get_close_matches(name.lower(), lowered, n=9):
            close.setdefault(self._named[lowered[key]][0].id, lowered[key])
        return list(close.values())[:3]

    def body(self, row: Row) -> dict[str, Any]:
        """All that is known of a resource, as it stands in metadata.json."""
        import json

        start, length = row.place
        if length:
            found: dict[str, Any] = json.loads(self._metadata[start : start + length])
            return found
        return next(one for one in index.parse(self._metadata)["resources"] if one["id"] == row.id)

    def unresolved(self) -> list[dict[str, Any]]:
        """What the analysis could not prove, as it stands in metadata.json."""
        listed: list[dict[str, Any]] = index.parse(self._metadata)["unresolved"]
        return listed


def load(path: str) -> Store:
    """The store of a metadata.json, with the metadata.idx beside it.

    Raises:
        OSError: the file cannot be read.
        MetadataError: it is no metadata.json that this version can read.
    """
    with open(path, "rb") as file:
        metadata = file.read()
    made = None
    if path.endswith(".json"):
        try:
            with open(path[: -len("json")] + "idx", "rb") as file:
                made = file.read()
        except OSError:
            pass
    return Store(metadata, made)


def locate(target: str) -> str | None:
    """The metadata.json that ``target`` names, itself or as a build's folder; None for anything else."""
    if os.path.isdir(target):
        target = os.path.join(target, "metadata.json")
    return target if target.endswith(".json") and os.path.isfile(target) else None


def _parts(field: str) -> list[str]:
    return [index.unescape(part) for part in field.split("\x1f")] if field else []


__all__ = ["About", "MetadataError", "Row", "Store", "load", "locate"]
