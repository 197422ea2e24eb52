"""metadata.json → its index, and the document itself where the index cannot answer."""

from __future__ import annotations

import json

from conduit.introspect import index
from conduit.introspect.errors import MetadataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: The major version of metadata.json that this reads.
MAJOR = 1
_SECTIONS = {"app": dict, "resources": list, "edges": list, "diagnostics": list, "unresolved": list}


def build(metadata: bytes) -> bytes:
    """The index of a metadata.json.

    Raises:
        MetadataError: it is none.
    """
    document = parse(metadata)
    try:
        columns = {**_of_resources(document, metadata), **_of_routes(document), **_of_edges(document)}
        columns |= _of_patterns(document.get("patterns", ()), _Places(metadata))
        lines = [index.written(_about(document))]
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise MetadataError(f"a resource, relation or pattern lacks what each of them has: {error}") from None
    for name in index.COLUMNS:
        column = columns[name]
        lines.append(" ".join(map(str, column)) if name in index.NUMBERS else column)
    rest = "\n".join(lines).encode(errors="surrogatepass")
    return f"{index.MAGIC}\n{index.checksum(metadata)} {index.checksum(rest)}\n".encode() + rest


def laid_out(metadata: bytes) -> bytes:
    """The same metadata as the compiler lays it out, so that bodies have offsets.

    Raises:
        MetadataError: it is no metadata.
    """
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
    parts = []
    for name, value in parse(metadata).items():
        lines = ",".join(f"\n{encode(one)}" for one in value) if isinstance(value, list) else ""
        parts.append(f"{encode(name)}:" + (f"[{lines}]" if isinstance(value, list) else encode(value)))
    text = ",\n".join(parts)
    return f"{{{text}}}\n".encode(errors="surrogatepass")


def parse(metadata: bytes) -> dict[str, Any]:
    """The document.

    Raises:
        MetadataError: it is not JSON, or no metadata of this version.
    """
    if not metadata.strip():
        raise MetadataError("the file is empty")
    try:
        document = json.loads(metadata)
    except (ValueError, RecursionError) as error:
        raise MetadataError(_unreadable(metadata, error)) from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(schema, str):
        raise MetadataError("JSON, but no metadata.json of a build: it names no schema version")
    major = schema.partition(".")[0]
    if not major.isdecimal() or int(major) != MAJOR:
        newer = major.isdecimal() and int(major) > MAJOR
        what = "newer than this conduitc reads: use a newer one" if newer else "too old: build again"
        raise MetadataError(f"its schema is {schema[:20]!r}, {what} (it reads {MAJOR}.x)")
    for key, kind in _SECTIONS.items():
        if not isinstance(document.get(key), kind):
            raise MetadataError(f"{key!r} is missing or no {kind.__name__}")
    return document  # type: ignore[no-any-return]


def _unreadable(metadata: bytes, error: Exception) -> str:
    """A file that begins like metadata and stops was cut off, by a full disk or a download."""
    if metadata.startswith(b'{"schema":') and not metadata.rstrip().endswith(b"}"):
        return "it ends in the middle: written in part, or cut off; build again"
    return f"not JSON: {error}"


class _Places:
    """Where resources stand in the text: found by their own encoding, each after the one before."""

    def __init__(self, metadata: bytes) -> None:
        self._metadata = metadata
        self._encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
        self._end = 0

    def of(self, resource: dict[str, Any]) -> tuple[int, int]:
        """Offset and length; ``0 0`` once the text is laid out otherwise (it is then parsed whole)."""
        if self._end < 0:
            return 0, 0
        encoded = self._encode(resource).encode(errors="surrogatepass")
        start = self._metadata.find(encoded, self._end)
        self._end = -1 if start < 0 else start + len(encoded)
        return (0, 0) if start < 0 else (start, len(encoded))


class _Files:
    """Names of files → their numbers; a stripped build has the empty name alone."""

    def __init__(self, document: dict[str, Any]) -> None:
        spans = [one.get("span") for one in (*document["resources"], *document["edges"])]
        self.names = sorted({span["file"] if span else "" for span in spans})
        self._numbers = {name: number for number, name in enumerate(self.names)}

    def place(self, one: dict[str, Any]) -> tuple[int, int]:
        """File and line."""
        span = one.get("span")
        return (self._numbers[span["file"]], int(span["line"])) if span else (self._numbers[""], 0)


def _about(document: dict[str, Any]) -> list[str]:
    """Names of the app and numbers of what is no resource; how it finds its routes."""
    app = document["app"]
    severities = [one.get("severity") for one in document["diagnostics"]]
    counts = [severities.count(severity) for severity in ("error", "warning", "info")]
    names = [str(app.get(key, "")) for key in ("title", "version", "module", "variable", "entry", "dialect")]
    offered = app.get("mcp") or {}
    over_http = offered["path"] if offered.get("transport") in ("http", "sse") else ""
    finding = [str(app.get("precedence", "specific")), over_http]
    finding.append("yes" if app.get("redirect_slashes") else "no")
    numbers = [*counts, len(document["unresolved"]), len(document["edges"])]
    return [*names, *finding, *map(str, numbers)]


def _of_resources(document: dict[str, Any], metadata: bytes) -> dict[str, Any]:
    resources, files, places = document["resources"], _Files(document), _Places(metadata)
    where = [files.place(one) for one in resources]
    stands = [places.of(one) for one in resources]
    return {
        **{key: index.written(one[key] for one in resources) for key in ("id", "kind", "name")},
        "files": index.written(files.names),
        "file": [file for file, _ in where],
        "line": [line for _, line in where],
        "start": [start for start, _ in stands],
        "length": [length for _, length in stands],
    }


def _of_routes(document: dict[str, Any]) -> dict[str, Any]:
    numbered = [(n, one) for n, one in enumerate(document["resources"]) if one["kind"] == "route"]
    facts = [one.get("facts", {}) for _, one in numbered]

    def fact(name: str, default: str | list[str]) -> list[Any]:
        return [one.get(name, {}).get("value", default) for one in facts]

    return {
        "route": [number for number, _ in numbered],
        "pattern": index.written(fact("pattern", "")),
        "handler": index.written(map(_first, zip(fact("handler", ""), fact("answers", ""), strict=True))),
        **{key: index.written_parts(fact(key, [])) for key in ("methods", "tags")},
        "middleware": index.written_parts(fact("effective_middleware", [])),
    }


def _first(names: tuple[str, str]) -> str:
    """The handler's id; the name of one that is no function of the project."""
    return names[0] or names[1]


def _of_edges(document: dict[str, Any]) -> dict[str, Any]:
    numbers = {one["id"]: number for number, one in enumerate(document["resources"])}
    files = _Files(document)
    relations = sorted({one["kind"] for one in document["edges"]})
    grouped: list[list[dict[str, Any]]] = [[] for _ in document["resources"]]
    for one in document["edges"]:
        if one["from"] in numbers and one["to"] in numbers:
            grouped[numbers[one["from"]]].append(one)
    listed = [one for group in grouped for one in group]
    where = [files.place(one) for one in listed]
    return {
        "relations": index.written(relations),
        "degree": [len(group) for group in grouped],
        "target": [numbers[one["to"]] for one in listed],
        "relation": [relations.index(one["kind"]) for one in listed],
        "edge_file": [file for file, _ in where],
        "edge_line": [line for _, line in where],
        "edge_fields": index.written_parts(one.get("fields", []) for one in listed),
    }


def _of_patterns(patterns: Sequence[dict[str, Any]], places: _Places) -> dict[str, Any]:
    stands = [places.of(one) for one in patterns]
    order = sorted(range(len(patterns)), key=lambda n: (-patterns[n]["confidence"], patterns[n]["id"]))
    ranked = [patterns[n] for n in order]
    texts = ("id", "category", "name", "state", "template")
    return {
        **{f"p_{key}": index.written(one[key] for one in ranked) for key in texts},
        **{f"p_{key}": [int(one[key]) for one in ranked] for key in ("support", "n")},
        "p_confidence": index.written(repr(float(one["confidence"])) for one in ranked),
        "p_span": index.written_parts(_span_parts(one.get("example", {})) for one in ranked),
        "p_start": [stands[n][0] for n in order],
        "p_length": [stands[n][1] for n in order],
    }


def _span_parts(example: dict[str, Any]) -> list[str]:
    """The file, then the numbers; nothing in a stripped build."""
    span = example.get("span")
    return [span["file"], *(str(int(span[key])) for key in index.SPAN)] if span else []
