"""metadata.json → ``Store``: rows for lists and lookups, bodies by offset. Read-only once loaded.

What takes time is made when it is first asked for, whole, and only then kept: threads may make it twice, and
none ever sees a part of it.
"""

from __future__ import annotations

import os

from conduit.introspect import index
from conduit.introspect.errors import MetadataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.introspect.graph import Graph


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
        "number",
        "pattern",
        "tags",
    )  # fmt: skip
    id: str
    kind: str
    name: str
    file: str

    def __init__(self, number: int, id_: str, kind: str, name: str, file: str, line: int) -> None:
        self.number = number
        self.id = id_
        self.kind = kind
        self.name = name
        self.file = file
        self.line = line
        self.pattern = self.handler = ""
        self.methods: list[str] = []
        self.middleware: list[str] = []
        self.tags: list[str] = []


class About:
    """The app itself, how it finds its routes, and how much there is of what is no resource."""

    __slots__ = (
        *("dialect", "entry", "module", "title", "variable", "version"),
        *("mcp", "precedence", "redirect_slashes"),
        *("diagnostics", "edges", "unresolved"),
    )

    def __init__(self, fields: list[str]) -> None:
        self.title, self.version, self.module, self.variable, self.entry, self.dialect = fields[:6]
        self.precedence, self.mcp = fields[6:8]
        self.redirect_slashes = fields[8] == "yes"
        errors, warnings, infos, self.unresolved, self.edges = map(int, fields[9:])
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
            metadata, lines = _indexed(metadata)
        self.metadata = metadata
        self.about = About(index.cells(lines[0]))
        self._lines = dict(zip(index.COLUMNS, lines[1:], strict=True))
        self._columns: dict[str, list[Any]] = {}
        self._numbers: dict[str, int] | None = None
        self._named: dict[str, list[int]] | None = None
        self._rows: list[Row] | None = None
        self._graph: Graph | None = None

    def column(self, name: str) -> list[Any]:
        """One of ``index.COLUMNS``; its cells as they stand there where they have parts."""
        found = self._columns.get(name)
        if found is None:
            line = self._lines[name]
            if name in index.NUMBERS:
                found = index.numbers(line)
            elif name in index.PARTED:
                found = line.split("\t")  # one route without any has an empty line
            else:
                found = index.cells(line)
            self._columns[name] = found
        return found

    @property
    def rows(self) -> list[Row]:
        """Every resource, in the order of the metadata."""
        if self._rows is None:
            self._rows = self._all()
        return self._rows

    def _all(self) -> list[Row]:
        files, named = self.column("files"), map(self.column, ("id", "kind", "name", "file", "line"))
        rows = [
            Row(number, id_, kind, name, files[file], line)
            for number, (id_, kind, name, file, line) in enumerate(zip(*named, strict=True))
        ]
        columns = map(self.column, ("route", "methods", "pattern", "handler", "middleware", "tags"))
        for number, methods, pattern, handler, middleware, tags in zip(*columns, strict=False):
            row = rows[number]
            row.pattern, row.handler = pattern, handler
            row.methods, row.middleware = index.parts(methods), index.parts(middleware)
            row.tags = index.parts(tags)
        return rows

    @property
    def graph(self) -> Graph:
        """Who needs whom."""
        if self._graph is None:
            from conduit.introspect.graph import Graph

            self._graph = Graph(self)
        return self._graph

    def number(self, id_: str) -> int | None:
        """The place of a resource among all."""
        if self._numbers is None:
            ids = self.column("id")
            self._numbers = dict(zip(ids, range(len(ids)), strict=True))
        return self._numbers.get(id_)

    def find(self, name: str) -> list[Row]:
        """The resource of that id; else all of that name, path, ``METHOD /path``, or id without its kind.

        ``schema.User`` is the schema of that name.
        """
        number = self.number(name)
        found = self.names.get(name, []) if number is None else [number]
        return [self.rows[one] for one in found]

    @property
    def names(self) -> dict[str, list[int]]:
        """What resources are called besides their ids, and which."""
        if self._named is None:
            named: dict[str, list[int]] = {}
            for number, row in enumerate(self.rows):
                bare = row.id.partition(":")[2]
                keys = {row.name, bare, f"{row.kind}.{row.name}", f"{row.kind}.{bare}", row.pattern or bare}
                if len(row.methods) > 1:
                    keys |= {f"{method} {row.pattern}" for method in row.methods}
                for key in keys:
                    named.setdefault(key, []).append(number)
            self._named = named
        return self._named

    def suggest(self, name: str, kind: str | None = None) -> list[str]:
        """Up to three names that look like ``name``, each of another resource (of that kind)."""
        import difflib

        rows = self.rows
        lowered: dict[str, tuple[str, str]] = {}
        for key, numbers in self.names.items():
            id_ = next((rows[one].id for one in numbers if kind in (None, rows[one].kind)), None)
            if id_ is not None:
                lowered.setdefault(key.lower(), (key, id_))
        close: dict[str, str] = {}
        for key in difflib.get_close_matches(name.lower(), lowered, n=9):
            close.setdefault(lowered[key][1], lowered[key][0])
        return list(close.values())[:3]

    def body(self, row: Row) -> dict[str, Any]:
        """All that is known of a resource, as it stands in metadata.json."""
        import json

        start, length = self.column("start")[row.number], self.column("length")[row.number]
        listed = None if length else self.document()["resources"]
        found: dict[str, Any]
        found = listed[row.number] if listed else json.loads(self.metadata[start : start + length])
        return found

    def pattern(self, place: int) -> dict[str, Any]:
        """All that is known of a pattern, by its place in the columns."""
        import json

        start, length = self.column("p_start")[place], self.column("p_length")[place]
        found: dict[str, Any]
        if length:
            found = json.loads(self.metadata[start : start + length])
        else:
            id_ = self.column("p_id")[place]
            found = next(one for one in self.document()["patterns"] if one["id"] == id_)
        return found

    def document(self) -> dict[str, Any]:
        """All of metadata.json, parsed."""
        from conduit.introspect.indexing import parse

        return parse(self.metadata)


def _indexed(metadata: bytes) -> tuple[bytes, list[str]]:
    """The metadata and its index; laid out anew where a body has no offset, which would make each a parse."""
    from conduit.introspect.indexing import build, laid_out

    made = build(metadata)
    lines = index.read(made, metadata) or []
    if "0" in lines[1 + index.COLUMNS.index("length")].split(" "):
        metadata = laid_out(metadata)
        lines = index.read(build(metadata), metadata) or []
    return metadata, lines


def read_files(path: str) -> tuple[bytes, bytes | None]:
    """A metadata.json (or that of a build's folder) and the metadata.idx beside it, where there is one.

    Raises:
        OSError: the file cannot be read.
    """
    if os.path.isdir(path):
        path = os.path.join(path, "metadata.json")
    with open(path, "rb") as file:
        metadata = file.read()
    if not path.endswith(".json"):
        return metadata, None
    try:
        with open(path[: -len("json")] + "idx", "rb") as file:
            return metadata, file.read()
    except OSError:
        return metadata, None


def locate(target: str) -> str | None:
    """The metadata.json that ``target`` names, itself or as a build's folder; None for anything else."""
    if os.path.isdir(target):
        target = os.path.join(target, "metadata.json")
    return target if target.endswith(".json") and os.path.isfile(target) else None


__all__ = ["About", "MetadataError", "Row", "Store", "locate", "read_files"]
