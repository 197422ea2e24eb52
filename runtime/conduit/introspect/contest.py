"""Every route of an app, ready to be tried: a path → who takes it, in the order in which they are asked."""

from __future__ import annotations

from conduit.introspect.matching import WEBSOCKET, Candidate, Match, match, regex_of, standing
from conduit.introspect.weighing import LAST, keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from conduit.introspect.store import Row, Store

#: What MCP's path takes.
MCP = ("DELETE", "GET", "POST")
MCP_ID = "mcp"
_OTHER_END = "a route takes it with the other form of its end"


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
            self.candidates.append(Candidate(-1, MCP_ID, MCP, store.about.mcp))
        self.weighs = any(one.weighed for one in self.candidates)
        _weigh(self.candidates)
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

    def loosely(self, segments: Sequence[str], method: str) -> list[Match]:
        """Rules of Werkzeug that take the path with a slash more at its end, or without the one it has."""
        if not self.weighs or not segments:
            return []
        if segments[-1]:
            longer = [one for one in self.matches([*segments, ""]) if one.candidate.pattern.endswith("/")]
            for one in longer:
                one.redirects = not one.candidate.loose
            return [one for one in longer if one.candidate.weighed and self.ranked([one], method)]
        shorter = self.matches(segments[:-1]) if len(segments) > 1 else []
        for one in shorter:
            one.weight = (*one.weight, LAST)
        return [one for one in shorter if one.candidate.loose and one.candidate.weighed]

    def ranked(self, matches: Sequence[Match], method: str) -> list[Match]:
        """Those that take the request, the one that answers first."""
        standings = [(standing(one.candidate, method, self.specific), one) for one in matches]
        taking = [(rank, one) for rank, one in standings if rank is not None and one.refused is None]
        return [one for _, one in sorted(taking, key=lambda pair: self._key(*pair))]

    def _key(self, rank: int, one: Match) -> tuple[object, ...]:
        candidate = one.candidate
        place = (candidate.order, candidate.number)
        if self.specific:
            return (candidate.ranks, rank, *place)
        return (candidate.block, one.weight, *place)

    def row(self, one: Match) -> Row | None:
        """Its route; None for MCP's door."""
        return None if one.candidate.number < 0 else self._store.rows[one.candidate.number]

    def redirects(
        self, matches: Sequence[Match], segments: Sequence[str], method: str
    ) -> tuple[int, str] | None:
        """With which status, and why, a path that nobody takes is sent to another form of it: each framework
        has its own rules. ``matches`` are of the path as it is."""
        if segments in ([], [""]) or not self._store.about.redirect_slashes:
            return None
        other = [*segments[:-1]] if segments[-1] == "" else [*segments, ""]
        if self.specific:
            return (308, _OTHER_END) if self.ranked(self.matches(other), method) else None
        if self.first:  # no route may know the path, and whatever the method, one must know the other
            while other[-1:] == [""] and segments[-1] == "":
                other.pop()
            return (307, _OTHER_END) if not known(matches) and known(self.matches(other)) else None
        found = self.merged(segments, method)
        return (308, "a rule takes it without its empty segments") if self.ranked(found, method) else None

    def merged(self, segments: Sequence[str], method: str) -> list[Match]:
        """What takes the path without its empty segments, where it has some and rules are weighed."""
        left = [*(one for one in segments[:-1] if one), *segments[-1:]]
        if not self.weighs or self.first or left == segments:
            return []
        return [*self.matches(left), *self.loosely(left, method)]


def known(matches: Sequence[Match]) -> bool:
    """Does a route of requests take the path, by some method?"""
    return any(one.refused is None and one.candidate.methods != [WEBSOCKET] for one in matches)


def _weigh(candidates: Sequence[Candidate]) -> None:
    """Those of one Flask app stand together, as what is mounted does, and are ordered within."""
    listed = sorted(candidates, key=lambda one: (one.order, one.number))
    block: list[Candidate] = []
    for one in [*listed, None]:
        if one is not None and one.weighed:
            block.append(one)
            continue
        for member, key in zip(block, keys((each.pattern, each.regex) for each in block), strict=True):
            member.block, member.weight = block[0].order, key
        block = []
        if one is not None:
            one.block = one.order


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
    made.weighed = store.about.precedence == "weight" or bool(facts.get("weighed", {}).get("value"))
    made.loose = bool(facts.get("loose", {}).get("value"))
    made.regex = str(facts.get("regex", {}).get("value", ""))
    if not made.regex and store.about.dialect != "conduit":
        made.regex = regex_of(made.segments, "[^/].*?" if made.weighed else ".*")
    made.accepts = {
        one.get("key", one["name"]): one["accepts"] for one in body.get("parameters", ()) if "accepts" in one
    }
    return made
