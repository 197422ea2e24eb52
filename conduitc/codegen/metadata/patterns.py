"""Patterns in → the entries of ``patterns[]``, every text through the scanner for secrets."""

from collections.abc import Iterable, Sequence

from conduitc.codegen.metadata.redaction import redact
from conduitc.codegen.schema_json import Json
from conduitc.ir.patterns import Follower, Pattern

#: Followers and exceptions of one pattern that are listed; ``support`` and ``n`` count all of them.
FOLLOWERS, EXCEPTIONS = 20, 30


def patterns(found: Iterable[Pattern]) -> list[Json]:
    """One entry a pattern, as sorted as they come; a template that may not be published is no template."""
    return [_pattern(one) for one in found if redact(one.template) == one.template]


def _pattern(one: Pattern) -> Json:
    return {
        "id": one.id,
        "category": one.category,
        "name": redact(one.name),
        "state": one.state,
        "template": one.template,
        "holes": {name: [redact(text) for text in texts] for name, texts in one.holes},
        "population": redact(one.population),
        "support": one.support,
        "n": one.n,
        "confidence": one.confidence,
        "lift": one.lift,
        "files": list(one.files),
        "followers": _places(one.followers[:FOLLOWERS]),
        "exceptions": _places(one.exceptions[:EXCEPTIONS]),
        "example": {**_place(one.example), "text": redact(one.example_text)},
    }


def _places(listed: Sequence[Follower]) -> list[Json]:
    return [_place(one) for one in listed]


def _place(one: Follower) -> Json:
    made: Json = {"span": one.span}
    if one.resource:
        made["id"] = one.resource
    if one.why:
        made["why"] = redact(one.why)
    return made
