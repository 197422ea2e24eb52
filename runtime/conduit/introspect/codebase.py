"""``Codebase``: an app's metadata, and every question that can be asked about it.

Answers are plain dicts that JSON can hold, made for the one who asks. ``answer`` takes a query by its name,
checks its arguments, and is where queries are counted and timed; the methods are the same without that.
"""

from __future__ import annotations

from time import perf_counter

from conduit.introspect.counts import Counts
from conduit.introspect.errors import MetadataError, QueryError
from conduit.introspect.store import Row, Store, read_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.introspect.asking import Asking
    from conduit.introspect.contest import Table
    from conduit.introspect.filters import Filters
    from conduit.introspect.patterns import Patterns


class Codebase:
    """Read-only once loaded, and without locks: any number of threads may ask."""

    def __init__(self, metadata: bytes, index: bytes | None = None) -> None:
        """``index`` is the metadata.idx, where one is at hand; one that is stale or damaged is made anew.

        Raises:
            MetadataError: the text is no metadata.json that this version can read.
        """
        self.store = Store(metadata, index)
        self.counts = Counts()
        self._filters: Filters | None = None
        self._table: Table | None = None
        self._patterns: Patterns | None = None
        self._asking: Asking | None = None

    def answer(self, query: str, /, **arguments: Any) -> dict[str, Any]:
        """The answer to a query of ``QUERIES``, by name. Arguments that are None are as if not given.

        Raises:
            QueryError: no such query, no such resource, or an argument that is not understood.
        """
        from conduit.introspect.queries import QUERIES

        known = QUERIES.get(query)
        if known is None:
            raise QueryError("unknown", f"no query {query!r}", sorted(QUERIES))
        start = perf_counter()
        try:
            answer: dict[str, Any] = getattr(self, query)(**known.checked(arguments))
        except BaseException:
            self.counts.of(query).add(perf_counter() - start, failed=True)
            raise
        self.counts.of(query).add(perf_counter() - start, complete=answer.get("complete", True))
        if query == "pattern":
            self.counts.pattern(answer["id"]).asked += 1
        elif query == "how_do_i":
            for one in answer["answers"]:
                if one["kind"] == "pattern":
                    self.counts.pattern(one["id"]).suggested += 1
        return answer

    # -- lists -----------------------------------------------------------------------------------------------

    def select(self, filter: str = "") -> list[Row]:
        """The rows that pass every term of a filter; ``filters.FACETS`` says what can be asked."""
        if self._filters is None:
            from conduit.introspect.filters import Filters

            self._filters = Filters(self.store)
        return self._filters.select(filter)

    def overview(self) -> dict[str, Any]:
        """The app, and how many there are of everything."""
        from conduit.introspect import listing

        return listing.overview(self.store)

    def resources(self, filter: str = "", limit: int | None = None) -> dict[str, Any]:
        """Resources by kind and name."""
        from conduit.introspect import listing

        return listing.resources(self.select(filter), limit)

    def routes(self, filter: str = "", limit: int | None = None) -> dict[str, Any]:
        """Routes by path, with handler and effective middleware."""
        from conduit.introspect import listing

        return listing.routes(self.select(f"kind:route {filter}"), limit)

    def tools(self) -> dict[str, Any]:
        """What is offered to models."""
        from conduit.introspect import listing

        return listing.tools(self.store)

    def blocks(self) -> dict[str, Any]:
        """Blocks and pipelines."""
        from conduit.introspect import listing

        return listing.blocks(self.store)

    def unresolved(self, limit: int | None = None) -> dict[str, Any]:
        """What the analysis could not prove, and why."""
        from conduit.introspect import listing

        return listing.unresolved(self.store, limit)

    def stats(self) -> dict[str, Any]:
        """Figures of the code base, and of the queries asked through ``answer``."""
        from conduit.introspect import statistics

        return statistics.stats(self.store, self.counts.told(), self.counts.patterns_told())

    def export(self) -> dict[str, Any]:
        """Everything, as it stands in metadata.json."""
        return self.store.document()

    # -- one resource ----------------------------------------------------------------------------------------

    def find(self, name: str) -> list[Row]:
        """All that a name may mean: an id, a name, a path, ``METHOD /path``, ``schema.User``."""
        return self.store.find(name)

    def resource(self, name: str) -> dict[str, Any]:
        """All that is known of one resource, as it stands in metadata.json."""
        from conduit.introspect.finding import the

        return self.store.body(the(self.store, name))

    def deps(
        self, name: str, reverse: bool = False, depth: int = 10, limit: int | None = None
    ) -> dict[str, Any]:
        """What a resource needs, or who needs it, nearest first; with cycles."""
        from conduit.introspect import depending

        return depending.deps(self.store, name, reverse=reverse, depth=depth, limit=limit)

    def impact(self, name: str, limit: int | None = None) -> dict[str, Any]:
        """Who may behave otherwise once a resource, or ``Schema.field``, changes; at most 100 ms."""
        from conduit.introspect import depending

        return depending.impact(self.store, name, limit=limit)

    # -- routes ----------------------------------------------------------------------------------------------

    def who_handles(self, method: str, url: str) -> dict[str, Any]:
        """Which route answers a request, with the losers and why."""
        from conduit.introspect.contest import Table
        from conduit.introspect.who import who_handles

        if self._table is None:
            self._table = Table(self.store)
        return who_handles(self.store, self._table, method, url)

    def effective_stack(self, name: str) -> dict[str, Any]:
        """What really runs around and before a route's handler, from the outside to the inside."""
        from conduit.introspect.stack import effective_stack

        return effective_stack(self.store, name)

    # -- how things are done here ----------------------------------------------------------------------------

    @property
    def conventions(self) -> Patterns:
        """The patterns by rank."""
        if self._patterns is None:
            from conduit.introspect.patterns import Patterns

            self._patterns = Patterns(self.store)
        return self._patterns

    def patterns(self, category: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """Conventions of a category, or all, of the highest confidence first."""
        return self.conventions.listed(category, limit)

    def pattern(self, name: str) -> dict[str, Any]:
        """One convention with its followers and exceptions, as it stands in metadata.json."""
        return self.store.pattern(self.conventions.the(name))

    def how_do_i(self, text: str, limit: int = 5) -> dict[str, Any]:
        """A question in words → patterns, resources and rules of the framework, best first."""
        if self._asking is None:
            from conduit.introspect.asking import Asking

            self._asking = Asking(self.store, self.conventions, self.who_handles)
        return self._asking.how_do_i(text, limit)


def load(path: str) -> Codebase:
    """The code base of a metadata.json, or of a build's folder; the metadata.idx beside it is used if it
    fits.

    Raises:
        OSError: the file cannot be read.
        MetadataError: it is no metadata.json that this version can read.
    """
    return Codebase(*read_files(path))


__all__ = ["Codebase", "MetadataError", "QueryError", "load"]
