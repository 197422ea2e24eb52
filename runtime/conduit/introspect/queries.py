"""Every query by name: what it takes, which it cannot do without, and what it is for.

The command line, HTTP and MCP are made from this table; ``Codebase.answer`` looks here. A query is a method
of ``Codebase`` of that name.
"""

from __future__ import annotations

from conduit.introspect.errors import QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Query:
    """``takes`` are arguments and their types, those of ``needs`` must be given."""

    __slots__ = ("about", "name", "needs", "takes")

    def __init__(self, name: str, about: str, needs: Mapping[str, type], takes: Mapping[str, type]) -> None:
        self.name, self.about, self.needs, self.takes = name, about, needs, {**needs, **takes}

    def checked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """``arguments`` as the query takes them; None is as if it were not given.

        Raises:
            QueryError: one is not known, of another type, or missing.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        for name, value in given.items():
            kind = self.takes.get(name)
            if kind is None:
                raise QueryError("wrong", f"{self.name} takes no {name!r}", sorted(self.takes))
            if type(value) is not kind:
                raise QueryError("wrong", f"{name!r} must be {_CALLED[kind]}, not {value!r:.80}")
            if isinstance(value, int) and value < 0:
                raise QueryError("wrong", f"{name!r} must not be negative, and is {value}")
        for name in self.needs:
            if not given.get(name):
                raise QueryError("wrong", f"{self.name} needs {name!r}")
        return given


_CALLED = {str: "text", int: "a whole number", bool: "true or false"}
_NAME: Mapping[str, type] = {"name": str}
_LIMIT: Mapping[str, type] = {"limit": int}

QUERIES = {
    one.name: one
    for one in (
        Query("overview", "the app, and how many there are of everything", {}, {}),
        Query("resources", "resources that pass a filter", {}, {"filter": str, **_LIMIT}),
        Query("resource", "all about one resource", _NAME, {}),
        Query(
            "routes", "routes that pass a filter: path, handler, middleware", {}, {"filter": str, **_LIMIT}
        ),
        Query("tools", "what is offered to models", {}, {}),
        Query("blocks", "blocks, and pipelines of them", {}, {}),
        Query(
            "deps", "what a resource needs, or who needs it", _NAME, {"reverse": bool, "depth": int, **_LIMIT}
        ),
        Query("impact", "who may behave otherwise once a resource, or a field, changes", _NAME, _LIMIT),
        Query("who_handles", "which route answers, and why no other", {"method": str, "url": str}, {}),
        Query("effective_stack", "what runs around and before a route's handler", _NAME, {}),
        Query("patterns", "how things are done here, by category", {}, {"category": str, **_LIMIT}),
        Query("pattern", "one convention: template, followers, exceptions, an example", _NAME, {}),
        Query("how_do_i", "what answers a question in words, with an example", {"text": str}, _LIMIT),
        Query("unresolved", "what the analysis could not prove, and why", {}, _LIMIT),
        Query("stats", "figures of the code base, and of the queries to it", {}, {}),
        Query("export", "everything, as it stands in metadata.json", {}, {}),
    )
}
