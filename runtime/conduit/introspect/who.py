"""``who_handles``: a method and a URL → the route that answers, and why no other does."""

from __future__ import annotations

from conduit.introspect.finding import told_route
from conduit.introspect.matching import (
    WEBSOCKET,
    BadPath,
    Candidate,
    Match,
    match,
    path_of,
    regex_of,
    segments_of,
    standing,
)
from conduit.introspect.stack import layers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from conduit.introspect.store import Row, Store

#: What MCP's path takes.
_MCP = ("DELETE", "GET", "POST")
_MCP_ID = "mcp"
#: What frameworks redirect with.
_REDIRECTS = {"fastapi": 307, "starlette": 307}
#: So many of those that do not answer are told of.
LOSERS = 25


class Table:
    """Every route of one app, ready to be tried."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.specific = store.about.precedence == "specific"
        self.first = store.about.precedence == "declaration"
        self.candidates = [
            _candidate(store, row) for row in store.rows if row.kind == "route" and row.pattern
        ]
        if store.about.mcp:
            self.candidates.append(Candidate(-1, _MCP_ID, _MCP, store.about.mcp))
        self.fallback = next((row for row in store.rows if row.kind == "route" and not row.pattern), None)
        self._by_text: dict[tuple[str, ...], list[tuple[int, Candidate]]] = {}
        for place, one in enumerate(self.candidates):
            self._by_text.setdefault(_beginning(one), []).append((place, one))

    def matches(self, segments: Sequence[str]) -> list[Match]:
        """Every candidate whose shape fits, whether or not its values do. Tried are those whose text up to
        their first parameter is there."""
        near: list[tuple[int, Candidate]] = []
        for size in range(len(segments) + 1):
            near += self._by_text.get(tuple(segments[:size]), ())
        near.sort(key=lambda pair: pair[0])
        found = (match(one, segments) for _, one in near)
        return sorted((one for one in found if one is not None), key=lambda one: one.candidate.order)

    def ranked(self, matches: Sequence[Match], method: str) -> list[Match]:
        """Those that take the request, the one that answers first."""
        standings = [(standing(one.candidate, method, self.specific), one) for one in matches]
        taking = [(rank, one) for rank, one in standings if rank is not None and one.refused is None]
        return [one for _, one in sorted(taking, key=lambda pair: self._key(*pair))]

    def _key(self, rank: int, one: Match) -> tuple[object, ...]:
        candidate = one.candidate
        place = (candidate.order, candidate.number)
        return place if self.first else (candidate.ranks, rank, *place)

    def row(self, one: Match) -> Row | None:
        """Its route; None for MCP's door."""
        return None if one.candidate.number < 0 else self._store.rows[one.candidate.number]


def who_handles(store: Store, table: Table, method: str, url: str) -> dict[str, Any]:
    """Who answers; see docs/introspection.md."""
    method, path = method.upper(), path_of(url)
    answer: dict[str, Any] = {"method": method, "path": path, "certain": True}
    try:
        segments = segments_of(path)
    except BadPath as fault:
        return {**answer, "outcome": "bad_request", "status": 400, "why": str(fault), "losers": []}
    matches = table.matches(segments)
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
    if method != WEBSOCKET and store.about.redirect_slashes:
        other = [*segments[:-1]] if segments[-1:] == [""] else [*segments, ""]
        if segments != [""] and segments and table.ranked(table.matches(other), method):
            return {
                "outcome": "redirect",
                "status": _REDIRECTS.get(store.about.dialect, 308),
                "why": "a route takes it with the other form of its end",
            }
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
    taking = [one.candidate.methods for one in matches if one.refused is None]
    if not table.specific:  # the framework's own methods stand among those of each route
        return sorted({method for methods in (taking[:1] if table.first else taking) for method in methods})
    found = {method for methods in taking for method in methods if method not in ("*", WEBSOCKET)}
    if "GET" in found and table.specific:
        found.add("HEAD")
    return sorted({*found, "OPTIONS"}) if found else []


def _lost(table: Table, one: Match, winner: Match | None, method: str) -> dict[str, Any]:
    """A route that looks as if it could have answered, and why it does not."""
    row = table.row(one)
    told: dict[str, Any] = {"id": _MCP_ID, "methods": list(_MCP), "pattern": one.candidate.pattern}
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
    if table.first:
        return "declared later"
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


def _beginning(one: Candidate) -> tuple[str, ...]:
    """The segments that a path must begin with. What a regular expression takes is not known: nothing."""
    found: list[str] = []
    for segment in one.segments if not one.regex else ():
        if segment.converter:
            break
        found.append(segment.text)
    return tuple(found)


def _candidate(store: Store, row: Row) -> Candidate:
    made = Candidate(row.number, row.id, row.methods, row.pattern)
    body = store.body(row)
    facts = body.get("facts", {})
    made.conditional = bool(facts.get("conditional", {}).get("value"))
    made.mount = bool(facts.get("mount", {}).get("value"))
    made.order = int(facts.get("order", {}).get("value", 0))
    made.regex = str(facts.get("regex", {}).get("value", ""))
    if not made.regex and store.about.dialect != "conduit":
        made.regex = regex_of(made.segments)
    made.accepts = {
        one.get("key", one["name"]): one["accepts"] for one in body.get("parameters", ()) if "accepts" in one
    }
    return made
