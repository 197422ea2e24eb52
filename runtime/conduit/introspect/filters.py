"""``kind:route method:POST middleware:auth uses:schema.User`` → the resources that pass every term.

What each value of a facet picks is made on the facet's first use, so that a question is an intersection of
sets. A word without a colon is looked for in ids, whatever its case. Quotes keep blanks: ``name:"GET
/users"``.
"""

from __future__ import annotations

from conduit.introspect.errors import QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conduit.introspect.store import Row, Store

#: What resources there can be.
KINDS = (
    *("block", "completion", "deployment", "endpoint", "function", "middleware", "model", "module"),
    *("pipeline", "prompt", "provider", "resource", "route", "schema", "tool"),
)
#: Facets, and what their values are.
FACETS = {
    "kind": "a kind of resource",
    "name": "a name as lists show it",
    "file": "a file",
    "method": "an HTTP method; routes of any method come along",
    "path": "a path as declared, or what it begins with",
    "tag": "a tag of routes",
    "middleware": "an id, a dotted name, or the last part of that",
    "uses": "a resource that is needed directly",
    "used_by": "a resource that needs it directly",
}


class Picked:
    """What a term picks: in order, and to look rows up in."""

    __slots__ = ("ordered", "set")

    def __init__(self, rows: Iterable[Row]) -> None:
        self.ordered = tuple(rows)
        self.set = frozenset(self.ordered)


class Filters:
    """Picks rows of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._postings: dict[str, dict[str, Picked]] = {}

    def select(self, text: str = "") -> list[Row]:
        """The rows that pass every term of ``text``, in the order of the metadata.

        Raises:
            QueryError: a term is not understood, or names what is not there.
        """
        picked = [self._term(term) for term in (terms(text) if '"' in text else text.split())]
        if not picked:
            return self._store.rows[:]
        if len(picked) == 1:
            return [*picked[0].ordered]
        fewest = min(picked, key=_size)
        found: Iterable[Row] = fewest.ordered
        for one in picked:
            if one is not fewest:
                within = one.set
                found = [row for row in found if row in within]
        return [*found]

    def _term(self, term: str) -> Picked:
        facet, colon, value = term.partition(":")
        if not colon:
            return self._containing(term)
        postings = self._postings.get(facet)
        if postings is None:
            if facet not in _POSTED:
                return self._other(facet, value)
            postings = self._postings[facet] = _gathered(facet, self._store.rows)
        found = postings.get(value)
        if found is not None:
            return found
        if facet == "method":
            return postings.get(value.upper()) or postings.get("*") or _NOTHING
        if facet == "kind" and value not in KINDS:
            import difflib

            close = difflib.get_close_matches(value, KINDS, n=3)
            raise QueryError("wrong", f"no such kind: {value}; there are {', '.join(KINDS)}", close)
        return _NOTHING

    def _other(self, facet: str, value: str) -> Picked:
        """A facet whose values are too many to be kept."""
        rows = self._store.rows
        if facet == "path":
            below = value.rstrip("/*") + "/"
            return Picked(
                row for row in rows if row.pattern and (row.pattern == value or row.pattern.startswith(below))
            )
        if facet not in ("uses", "used_by"):
            raise QueryError("wrong", f"no such filter: {facet}; there are {', '.join(FACETS)}")
        wanted = self._store.find(value)
        if not wanted:
            raise QueryError("unknown", f"no resource {value!r} to filter by", self._store.suggest(value))
        graph = self._store.graph
        neighbours = graph.backward if facet == "uses" else graph.forward
        return Picked(rows[one] for one in sorted({one for row in wanted for one in neighbours[row.number]}))

    def _containing(self, word: str) -> Picked:
        lowered = word.lower()
        return Picked(row for row in self._store.rows if lowered in row.id.lower())


def terms(text: str) -> Iterator[str]:
    """Words of ``text``; quotes, which go, keep the blanks between them.

    Raises:
        QueryError: a quote is not closed.
    """
    outside = text.split('"')
    if not len(outside) % 2:
        raise QueryError("wrong", 'a quote (") is not closed')
    word = ""
    for place, part in enumerate(outside):
        if place % 2:
            word += part
            continue
        pieces = part.split()
        if pieces and not part[0].isspace():
            word += pieces.pop(0)
        if word and (pieces or part[-1:].isspace()):
            yield word
            word = ""
        if pieces:
            *whole, last = pieces
            yield from whole
            if part[-1:].isspace():
                yield last
            else:
                word = last
    if word:
        yield word


def _size(picked: Picked) -> int:
    return len(picked.ordered)


def _gathered(facet: str, rows: Iterable[Row]) -> dict[str, Picked]:
    """What each value of a facet picks; routes of any method are picked by every method."""
    gathered: dict[str, dict[Row, None]] = {}
    values = _POSTED[facet]
    for row in rows:
        for value in values(row):
            gathered.setdefault(value, {})[row] = None
    if facet == "method" and "*" in gathered:
        anywhere = gathered["*"]
        for value, own in gathered.items():
            gathered[value] = dict.fromkeys(sorted({**own, **anywhere}, key=lambda row: row.number))
    return {value: Picked(own) for value, own in gathered.items()}


def names_of(id_: str) -> set[str]:
    """What the resource of an id may be called: of ``middleware:app.auth`` also ``app.auth`` and ``auth``."""
    name = id_.partition(":")[2]
    return {id_, name, name.rpartition(".")[2]}


_NOTHING = Picked(())
#: Facets whose values the rows themselves hold.
_POSTED: dict[str, Callable[[Row], Iterable[str]]] = {
    "kind": lambda row: (row.kind,),
    "name": lambda row: (row.name,),
    "file": lambda row: (row.file,),
    "method": lambda row: row.methods,
    "tag": lambda row: row.tags,
    "middleware": lambda row: (name for one in row.middleware for name in names_of(one)),
}


__all__ = ["FACETS", "KINDS", "Filters", "names_of", "terms"]
