"""Sections of metadata.json → the same without what a person wrote and where: docs, comments,
spans, examples.

For builds that should answer questions about the app, not about its source.
"""

from typing import Any

from conduitc.codegen.schema_json import Json
from conduitc.span import Span

_PROSE = frozenset({"comments", "doc", "help", "labels", "text"})
#: Facts that quote a person's words.
_FACTS = frozenset({"description", "summary"})


def strip(section: list[Json]) -> list[Json]:
    """A section's entries, stripped."""
    return [_entry(one) for one in section]


def _entry(one: Json) -> Json:
    kept: dict[str, Any] = {
        key: value for key, value in one.items() if key not in _PROSE and not isinstance(value, Span)
    }
    if facts := kept.get("facts"):
        kept["facts"] = {name: fact for name, fact in facts.items() if name not in _FACTS}
    for key in ("fields", "parameters"):
        members = kept.get(key, ())
        if any(isinstance(member, dict) for member in members):
            kept[key] = [_entry(member) for member in members]
    if "template" in kept:
        kept |= _pattern(kept)
    return kept


def _pattern(kept: dict[str, Any]) -> Json:
    """Of places in patterns only the ids are left, and of holes only their names."""
    return {
        "followers": [_entry(one) for one in kept["followers"] if "id" in one],
        "exceptions": [_entry(one) for one in kept["exceptions"] if "id" in one],
        "example": _entry(kept["example"]),
        "holes": {name: [] for name in kept["holes"]},
    }
