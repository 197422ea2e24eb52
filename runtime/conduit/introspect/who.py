"""``who_handles``: a method and a URL → the route that answers, and why no other does."""

from __future__ import annotations

from conduit.introspect.contest import MCP, MCP_ID, Table, known
from conduit.introspect.finding import told_route
from conduit.introspect.matching import WEBSOCKET, BadPath, Match, path_of, segments_of, standing
from conduit.introspect.stack import layers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from conduit.introspect.store import Store

#: So many of those that do not answer are told of.
LOSERS = 25


def who_handles(store: Store, table: Table, method: str, url: str) -> dict[str, Any]:
    """Who answers; see docs/introspection.md."""
    method, path = method.upper(), path_of(url)
    answer: dict[str, Any] = {"method": method, "path": path, "certain": True}
    try:
        segments = segments_of(path)
    except BadPath as fault:
        return {**answer, "outcome": "bad_request", "status": 400, "why": str(fault), "losers": []}
    if table.weighs and not table.first:  # Werkzeug's adapter: all slashes at the beginning are one
        while len(segments) > 1 and not segments[0]:
            del segments[0]
    matches = [*table.matches(segments), *table.loosely(segments, method)]
    ranked = table.ranked(matches, method)
    sure = next((place for place, one in enumerate(ranked) if _is_sure(one)), len(ranked))
    answer["certain"] = sure == 0
    if ranked:
        return {**answer, **_won(store, table, ranked, matches, method, sure)}
    answer["certain"] = True
    losers = [_lost(table, one, None, method) for one in matches]
    said = _unanswered(store, table, matches, segments, method)
    return {**answer, **said, "losers": losers[:LOSERS]}


def _won(
    store: Store, table: Table, ranked: Sequence[Match], matches: Sequence[Match], method: str, sure: int
) -> dict[str, Any]:
    first = ranked[0]
    if first.redirects:
        why = f"{_name(table, first)} asks for a slash at the end"
        losers = [_lost(table, one, first, method) for one in matches if one is not first]
        return {"outcome": "redirect", "status": 308, "why": why, "losers": losers[:LOSERS]}
    row = table.row(first)
    rest = [*ranked[1:], *(one for one in matches if one not in ranked)]
    losers = [_lost(table, one, first, method) for one in rest]
    doubts = [f"{_name(table, one)}: {_doubt(one)}" for one in ranked[:sure]]
    if doubts and sure == len(ranked):
        doubts.append("where none of these answers, it is as if there were no route")
    outcome = "mcp" if row is None else "websocket" if method == WEBSOCKET else "route"
    if first.candidate.mount:
        outcome, doubts = "mount", [*doubts, "an app of its own is mounted here, and decides"]
    return {
        "outcome": outcome,
        "status": None,
        "why": "; ".join(doubts) or _reason(first, ranked),
        "route": None if row is None else {**told_route(row), "values": first.values},
        "stack": [] if row is None else layers(store, row),
        "losers": losers[:LOSERS],
    }


def _unanswered(
    store: Store, table: Table, matches: Sequence[Match], segments: Sequence[str], method: str
) -> dict[str, Any]:
    """What is answered where no route takes the request."""
    if method != WEBSOCKET and (redirect := table.redirects(matches, segments, method)) is not None:
        status, why = redirect
        return {"outcome": "redirect", "status": status, "why": why}
    if method != WEBSOCKET:
        matches = [*matches, *table.merged(segments, method)]
    allowed = _allowed(table, matches) if method != WEBSOCKET else []
    if allowed and method == "OPTIONS" and table.specific:
        return {"outcome": "options", "status": 204, "allow": allowed, "why": "generated from the routes"}
    if allowed:
        why = f"no route of {method} takes this path, and others do"
        return {"outcome": "method_not_allowed", "status": 405, "allow": allowed, "why": why}
    if table.fallback is not None and method != WEBSOCKET:
        row = table.fallback
        route = {**told_route(row), "values": {}}
        why = "no route takes this path"
        return {
            "outcome": "fallback",
            "status": None,
            "why": why,
            "route": route,
            "stack": layers(store, row),
        }
    return {"outcome": "not_found", "status": 404, "why": "no route takes this path"}


def _allowed(table: Table, matches: Sequence[Match]) -> list[str]:
    """The methods that would do, OPTIONS among them; or none."""
    taking = [one.candidate.methods for one in matches if known([one])]
    if not table.specific:  # the framework's own methods stand among those of each route
        return sorted({method for methods in (taking[:1] if table.first else taking) for method in methods})
    found = {method for methods in taking for method in methods if method not in ("*", WEBSOCKET)}
    if "GET" in found and table.specific:
        found.add("HEAD")
    return sorted({*found, "OPTIONS"}) if found else []


def _lost(table: Table, one: Match, winner: Match | None, method: str) -> dict[str, Any]:
    """A route that looks as if it could have answered, and why it does not."""
    row = table.row(one)
    told: dict[str, Any] = {"id": MCP_ID, "methods": list(MCP), "pattern": one.candidate.pattern}
    if row is not None:
        told = {
            "id": row.id,
            "methods": row.methods,
            "pattern": row.pattern,
            "file": row.file,
            "line": row.line,
        }
    return {**told, "why": _why_not(table, one, winner, method)}


def _why_not(table: Table, one: Match, winner: Match | None, method: str) -> str:
    if one.refused is not None:
        return one.refused
    if standing(one.candidate, method, table.specific) is None:
        return f"takes {', '.join(one.candidate.methods)}, not {method}"
    assert winner is not None
    if not table.specific:
        later = one.candidate.weighed and one.candidate.block == winner.candidate.block
        return "Werkzeug tries it later" if later else "declared later"
    pairs = zip(winner.candidate.segments, one.candidate.segments, strict=False)
    for mine, theirs in pairs:
        if mine.rank != theirs.rank:
            return f"`{_shown(mine)}` is more specific than `{_shown(theirs)}`"
    if method not in one.candidate.methods:
        named = one.candidate.methods[0] if "*" in one.candidate.methods else "GET"
        return f"{'any method' if named == '*' else named} gives way to {method} itself"
    return "declared later, and only one of the two may be on"


def _shown(segment: Any) -> str:
    if not segment.converter:
        return str(segment.text)
    return f"{{{segment.name}}}" if segment.converter == "str" else f"{{{segment.name}:{segment.converter}}}"


def _reason(first: Match, ranked: Sequence[Match]) -> str:
    if len(ranked) == 1:
        return "the only route that takes it"
    return f"it comes before {len(ranked) - 1} more that would take it"


def _is_sure(one: Match) -> bool:
    return not (one.candidate.conditional or one.doubt)


def _doubt(one: Match) -> str:
    return one.doubt or "declared under a condition that is known at run time only"


def _name(table: Table, one: Match) -> str:
    row = table.row(one)
    return one.candidate.pattern if row is None else row.name
