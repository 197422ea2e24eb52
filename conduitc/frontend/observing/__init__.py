"""Parsed modules and the App → subjects with their traits: what is done where, in words that compare."""

from __future__ import annotations

from collections.abc import Iterator

from conduitc.frontend.observing.examples import shown
from conduitc.frontend.observing.functions import signature
from conduitc.frontend.observing.seen import Seen
from conduitc.frontend.project import Project
from conduitc.frontend.values import Function
from conduitc.ir.nodes import App
from conduitc.ir.patterns import Subject


__all__ = ["observe", "shown"]


def observe(project: Project, app: App) -> tuple[Subject, ...]:
    """All that can follow a convention, in the order of the sources."""
    found = [*_handlers(project, app)]
    return tuple(sorted(found, key=lambda one: (one.span, one.kind, one.resource)))


def _handlers(project: Project, app: App) -> Iterator[Subject]:
    functions = functions_of(project)
    methods: dict[str, set[str]] = {}
    for route in app.routes:
        if route.handler in functions:
            methods.setdefault(route.handler, set()).update(set(route.methods) - {"HEAD"})
    for id_, named in methods.items():
        function = functions[id_]
        seen = Seen(function.scope.source)
        signature(seen, function.node, "handler")
        file = function.scope.source.file
        method = named.pop() if len(named) == 1 else ""
        groups = (f"in {file}", method and f"of {method}", method and f"of {method} in {file}")
        yield seen.subject("handler", id_, function.node, groups)


def functions_of(project: Project) -> dict[str, Function]:
    """The functions of the program by id; one that a decorator wraps by that of its plain name."""
    listed = [one for scope in project.scopes.values() for one in scope.functions]
    found = {one.known: one for one in listed if one.known is not None}
    for one in listed:
        found.setdefault(f"function:{one.scope.name}.{one.qualname}", one)
    return found
