"""A resource, pattern or rule → what an answer to a question in words tells of it: why, where, an example."""

from __future__ import annotations

from conduit.introspect.examples import example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.introspect.intents import Intent
    from conduit.introspect.ranking import Found
    from conduit.introspect.rules import Rule
    from conduit.introspect.store import Row, Store

_SPELLED = {"fastapi": "FastAPI", "starlette": "Starlette", "flask": "Flask"}


def has(number: int, intent: Intent, words: Found) -> str:
    """Which words of the question a document has."""
    terms = zip(intent.terms, words.by_term, strict=True)
    said = [intent.said[term] for term, found in terms if number in found]
    return f"has {', '.join(said)}" if said else "is of the kind that is asked for"


def told_resource(store: Store, row: Row, why: str) -> dict[str, Any]:
    """``example`` is its declaration, rebuilt."""
    span = store.body(row).get("span")
    return {
        "kind": row.kind,
        "id": row.id,
        "title": f"{row.kind} {row.name}",
        "span": span,
        "why": why,
        "example": {"text": example(store, row), "span": span},
    }


def told_pattern(store: Store, place: int) -> dict[str, Any]:
    """``example`` is the text of one follower."""
    body = store.pattern(place)
    followed = f"{body['support']} of {body['n']} {body.get('population', 'places')} do so"
    curated = "; accepted by a person" if body["state"] == "curated" else ""
    own = body.get("example", {})
    return {
        "kind": "pattern",
        "id": body["id"],
        "title": f"{body['category']}: {body['name']}",
        "span": own.get("span"),
        "why": followed + curated,
        "example": {"text": own.get("text") or body["template"], "span": own.get("span")},
    }


def told_rule(store: Store, rule: Rule, *, conventional: bool) -> dict[str, Any]:
    """It stands nowhere in the code base, and says so where that has no convention of the category."""
    dialect = store.about.dialect
    why = f"how it is done with {_SPELLED.get(dialect, dialect)}"
    if not conventional:
        why += f"; this code base has no convention yet ({rule.category})"
    return {
        "kind": "rule",
        "id": rule.id,
        "title": rule.title,
        "span": None,
        "why": why,
        "example": {"text": rule.example, "span": None},
    }
