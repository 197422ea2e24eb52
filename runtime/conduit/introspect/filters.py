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

    Postings = dict[str, frozenset[int]]

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


class Filters:
    """Picks rows of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._postings: dict[str, Postings] = {}

    def select(self, text: str = "") -> list[Row]:
        """The rows that pass every term of ``text``, in the order of the metadata.

        Raises:
            QueryError: a term is not understood, or names what is not there.
        """
        rows = self._store.rows
        picked: frozenset[int] | None = None
        for term in terms(text) if '"' in text else text.split():
            facet, colon, value = term.partition(":")
            found = self._facet(facet, value) if colon else self._containing(term)
            picked = found if picked is None else picked & found
        return rows[:] if picked is None else [rows[one] for one in sorted(picked)]

    def _facet(self, facet: str, value: str) -> frozenset[int]:
        if facet in _POSTED:
            postings = self._postings.get(facet)
            if postings is None:
                postings = self._postings[facet] = _gather(self._store.rows, _POSTED[facet])
            return _look_up(facet, value, postings)
        if facet in ("uses", "used_by"):
            return self._related(facet, value)
        if facet == "path":
            below = value.rstrip("/*") + "/"
            of_path = ((row.number, row.pattern) for row in self._store.rows if row.pattern)
            return frozenset(n for n, pattern in of_path if pattern == value or pattern.startswith(below))
        raise QueryError("wrong", f"no such filter: {facet}; there are {', '.join(FACETS)}")

    def _related(self, facet: str, value: str) -> frozenset[int]:
        wanted = self._store.find(value)
        if not wanted:
            close = self._store.suggest(value)
            raise QueryError("unknown", f"no resource {value!r} to filter by", close)
        graph = self._store.graph
        neighbours = graph.backward if facet == "uses" else graph.forward
        return frozenset(one for row in wanted for one in neighbours[row.number])

    def _containing(self, word: str) -> frozenset[int]:
        lowered = word.lower()
        ids = self._store.column("id")
        return frozenset(number for number, id_ in enumerate(ids) if lowered in id_.lower())


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


def _look_up(facet: str, value: str, postings: Postings) -> frozenset[int]:
    if facet == "method":
        return postings.get(value.upper(), frozenset()) | postings.get("*", frozenset())
    found = postings.get(value)
    if found is None and facet == "kind" and value not in KINDS:
        import difflib

        close = difflib.get_close_matches(value, KINDS, n=3)
        raise QueryError("wrong", f"no such kind: {value}; there are {', '.join(KINDS)}", close)
    return frozenset() if found is None else found


def _gather(rows: Iterable[Row], values: Callable[[Row], Iterable[str]]) -> Postings:
    gathered: dict[str, set[int]] = {}
    for row in rows:
        for value in values(row):
            gathered.setdefault(value, set()).add(row.number)
    return {value: frozenset(numbers) for value, numbers in gathered.items()}


def names_of(id_: str) -> set[str]:
    """What the resource of an id may be called: of ``middleware:app.auth`` also ``app.auth`` and ``auth``."""
    name = id_.partition(":")[2]
    return {id_, name, name.rpartition(".")[2]}


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
