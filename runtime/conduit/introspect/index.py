"""metadata.json ⇄ metadata.idx: what most questions need, readable without parsing JSON.

The index is text, one line a thing: the format's name and version; size and checksum of the metadata it was
made from, and a checksum of all that follows; a line about the app; then a line a resource, in the order of
the metadata, which says where the resource itself stands there. Tabs separate fields, ``\\x1f`` the parts of
one. It is derived: where it is missing, stale or damaged it is made again.
"""

from __future__ import annotations

import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAGIC = "conduit-index 1"
#: The major version of metadata.json that this reads.
SCHEMA = "1."

_UNESCAPES = (("\\t", "\t"), ("\\n", "\n"), ("\\u", "\x1f"))
#: A backslash is written ``\\s``, so that undoing the others first can hit nothing else.
_ESCAPES = str.maketrans({"\\": "\\s", **{character: code for code, character in _UNESCAPES}})


class MetadataError(Exception):
    """The file is no metadata.json that this version can read; says why in one line."""


def build(metadata: bytes) -> bytes:
    """The index of a metadata.json.

    Raises:
        MetadataError: it is none.
    """
    document = parse(metadata)
    places = _Places(metadata)
    try:
        lines = ["\t".join(_about(document))]
        lines += ["\t".join([*places.of(one), *_resource(one)]) for one in document["resources"]]
    except (AttributeError, KeyError, TypeError) as error:
        raise MetadataError(f"a resource lacks what every resource has: {error}") from None
    rest = "\n".join(lines).encode(errors="surrogatepass")
    return f"{MAGIC}\n{_sum(metadata)} {_sum(rest)}\n".encode() + rest


def read(index: bytes, metadata: bytes) -> list[list[str]] | None:
    """The fields of every line, the app's first; None where the index is not this metadata's, or damaged."""
    head, _, rest = index.partition(b"\n")
    sums, _, rest = rest.partition(b"\n")
    if head != MAGIC.encode() or sums != f"{_sum(metadata)} {_sum(rest)}".encode():
        return None
    return [line.split("\t") for line in rest.decode(errors="surrogatepass").split("\n")]


def parse(metadata: bytes) -> dict[str, Any]:
    """The document.

    Raises:
        MetadataError: it is not JSON, or no metadata of this version.
    """
    import json

    try:
        document = json.loads(metadata)
    except (ValueError, RecursionError) as error:
        raise MetadataError(f"not JSON: {error}") from None
    if not isinstance(document, dict) or not str(document.get("schema", "")).startswith(SCHEMA):
        raise MetadataError(f"not a metadata.json of version {SCHEMA}x")
    needed = {"app": dict, "resources": list, "edges": list, "diagnostics": list, "unresolved": list}
    for key, kind in needed.items():
        if not isinstance(document.get(key), kind):
            raise MetadataError(f"{key!r} is missing or no {kind.__name__}")
    return document


def unescape(part: str) -> str:
    """What stood in the metadata."""
    if "\\" not in part:
        return part
    for code, character in _UNESCAPES:
        part = part.replace(code, character)
    return part.replace("\\s", "\\")


class _Places:
    """Where resources stand in the text: found by their own encoding, each after the one before."""

    def __init__(self, metadata: bytes) -> None:
        import json

        self._metadata = metadata
        self._encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
        self._end = 0

    def of(self, resource: dict[str, Any]) -> tuple[str, str]:
        """Offset and length; ``0 0`` once the text is laid out otherwise (it is then parsed whole)."""
        if self._end < 0:
            return "0", "0"
        encoded = self._encode(resource).encode(errors="surrogatepass")
        start = self._metadata.find(encoded, self._end)
        self._end = -1 if start < 0 else start + len(encoded)
        return ("0", "0") if start < 0 else (str(start), str(len(encoded)))


def _about(document: dict[str, Any]) -> list[str]:
    app = document["app"]
    severities = [one.get("severity") for one in document["diagnostics"]]
    counts = [severities.count(severity) for severity in ("error", "warning", "info")]
    names = [str(app.get(key, "")) for key in ("title", "version", "module", "variable", "entry")]
    numbers = [*counts, len(document["unresolved"]), len(document["edges"])]
    return [*(name.translate(_ESCAPES) for name in names), *map(str, numbers)]


def _resource(one: dict[str, Any]) -> list[str]:
    """Kind, id, name, file, line; of routes methods, path, handler, middleware and tags besides."""
    facts = one.get("facts", {})

    def fact(name: str) -> str | list[str]:
        value: str | list[str] = facts.get(name, {}).get("value", "")
        return value

    span = one.get("span") or {"file": "", "line": 0}  # a stripped build does not say
    fields: list[str | list[str]] = [one["kind"], one["id"], one["name"], span["file"], str(span["line"])]
    if one["kind"] == "route":
        fields += [fact(name) for name in ("methods", "pattern", "handler", "effective_middleware", "tags")]
    listed = ([field] if isinstance(field, str) else field for field in fields)
    return ["\x1f".join(part.translate(_ESCAPES) for part in parts) for parts in listed]


def _sum(data: bytes) -> str:
    """Size and CRC-32: an edit of up to four neighbouring bytes never goes unseen, another once in 2**32."""
    return f"{len(data)}:{zlib.crc32(data):08x}"
