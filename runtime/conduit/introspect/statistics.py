"""A store → figures: how much there is of what, where facts come from, who is needed most."""

from __future__ import annotations

from conduit.introspect.finding import told
from conduit.introspect.listing import overview

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from conduit.introspect.store import Store

#: So many of those that are needed most.
MOST = 10


def stats(
    store: Store, queries: dict[str, dict[str, Any]], used: dict[str, dict[str, int]]
) -> dict[str, Any]:
    """Figures of the code base, and ``queries`` of the process that answers; ``used`` are its patterns."""
    document = store.document()
    facts = [fact for one in document["resources"] for fact in one.get("facts", {}).values()]
    known = overview(store)
    return {
        "schema": document["schema"],
        "bytes": len(store.metadata),
        "resources": known["resources"],
        "methods": _counted(method for row in store.rows for method in row.methods),
        "edges": _counted(edge["kind"] for edge in document["edges"]),
        "facts": _counted(fact["provenance"] for fact in facts),
        "documented": sum("doc" in one for one in document["resources"]),
        "diagnostics": known["diagnostics"],
        "unresolved": known["unresolved"],
        "patterns": len(store.column("p_id")),
        "pattern_usage": _used(store, used),
        "most_needed": most_needed(store),
        "queries": queries,
    }


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return {name: counts[name] for name in sorted(counts)}


def _used(store: Store, used: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """The patterns that are asked for most."""
    names = dict(zip(store.column("p_id"), store.column("p_name"), strict=True)) if used else {}
    return [{"id": id_, "name": names[id_], **counts} for id_, counts in list(used.items())[:MOST]]


def most_needed(store: Store) -> list[dict[str, Any]]:
    """Resources that many others need directly."""
    needed = [(len(set(users)), number) for number, users in enumerate(store.graph.backward)]
    most = sorted((one for one in needed if one[0] > 1), key=lambda one: (-one[0], one[1]))[:MOST]
    return [{**told(store.rows[number]), "users": users} for users, number in most]
