"""A store → lists: the overview, resources, routes, what is offered to models, blocks, what is unresolved."""

from __future__ import annotations

from conduit.introspect.finding import told, told_route

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from conduit.introspect.store import Row, Store

#: What MCP's clients can ask for.
OFFERS = ("tool", "resource", "prompt", "completion")


def overview(store: Store) -> dict[str, Any]:
    """The app, and how many there are of everything."""
    about = store.about
    counts: dict[str, int] = {}
    for kind in store.column("kind"):
        counts[kind] = counts.get(kind, 0) + 1
    names = ("title", "version", "entry", "module", "variable", "dialect")
    return {
        "app": {name: getattr(about, name) for name in names},
        "resources": {kind: counts[kind] for kind in sorted(counts)},
        "edges": about.edges,
        "patterns": len(store.column("p_id")),
        "diagnostics": about.diagnostics,
        "unresolved": about.unresolved,
    }


def resources(rows: Sequence[Row], limit: int | None) -> dict[str, Any]:
    """One entry a resource, by kind and name."""
    ordered = sorted(rows, key=lambda row: (row.kind, row.name, row.id))
    return {"total": len(rows), "resources": [told(row) for row in ordered[:limit]]}


def routes(rows: Sequence[Row], limit: int | None) -> dict[str, Any]:
    """One entry a route, by path."""
    ordered = sorted(rows, key=lambda row: (row.pattern, row.methods, row.id))
    return {"total": len(rows), "routes": [told_route(row) for row in ordered[:limit]]}


def tools(store: Store) -> dict[str, Any]:
    """What is offered to models: tools first, then resources, prompts and completions."""
    rows = sorted(
        (row for row in store.rows if row.kind in OFFERS),
        key=lambda row: (OFFERS.index(row.kind), row.name, row.id),
    )
    return {"total": len(rows), "tools": [_offer(store, row) for row in rows]}


def _offer(store: Store, row: Row) -> dict[str, Any]:
    body = store.body(row)
    facts = {name: fact["value"] for name, fact in body.get("facts", {}).items()}
    made = {**told(row), "doc": body.get("doc", "").partition("\n")[0], "handler": facts.get("handler", "")}
    made |= {
        name: facts[name] for name in ("response", "uri", "media_type", "of", "argument") if name in facts
    }
    made["parameters"] = body.get("parameters", [])
    return made


def blocks(store: Store) -> dict[str, Any]:
    """Blocks, and the pipelines made of them."""
    found: dict[str, list[dict[str, Any]]] = {"block": [], "pipeline": []}
    for row in store.rows:
        if row.kind in found:
            facts = store.body(row).get("facts", {})
            kept = ("class", "input", "output", "form", "blocks")
            found[row.kind].append(
                {**told(row), **{name: facts[name]["value"] for name in kept if name in facts}}
            )
    return {"blocks": found["block"], "pipelines": found["pipeline"]}


def unresolved(store: Store, limit: int | None) -> dict[str, Any]:
    """What the analysis could not prove, as it stands in metadata.json."""
    listed = _last_section(store)
    if listed is None:
        listed = store.document()["unresolved"]
    return {"total": len(listed), "unresolved": listed[:limit]}


def _last_section(store: Store) -> list[dict[str, Any]] | None:
    """``unresolved`` as it ends a text that the compiler laid out: all else need not be parsed. No text of
    JSON holds the end of a line."""
    import json

    place = store.metadata.rfind(b',\n"unresolved":[')
    if place < 0:
        return None
    try:
        found = json.loads(b"{" + store.metadata[place + 1 :])
    except ValueError:
        return None
    return found["unresolved"] if list(found) == ["unresolved"] else None
