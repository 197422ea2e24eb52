"""Parsed modules and the App → subjects with their traits: what is done where, in words that compare."""

from __future__ import annotations

from conduitc.frontend.observing.around import middleware
from conduitc.frontend.observing.examples import shown
from conduitc.frontend.observing.handlers import errors, handlers, tools
from conduitc.frontend.observing.schemas import schemas
from conduitc.frontend.observing.tests import tests_of
from conduitc.frontend.observing.wiring import wiring
from conduitc.frontend.project import Project
from conduitc.frontend.values import Function
from conduitc.ir.nodes import App
from conduitc.ir.patterns import Subject

__all__ = ["observe", "shown"]


def observe(project: Project, app: App) -> tuple[Subject, ...]:
    """All that can follow a convention, in the order of the sources."""
    functions = functions_of(project)
    found = [
        *handlers(app, functions),
        *tools(app, functions),
        *errors(app, functions),
        *schemas(project, app),
        *wiring(project, app),
        *middleware(app, functions),
        *tests_of(project),
    ]
    return tuple(sorted(found, key=lambda one: (one.span, one.kind, one.resource)))


def functions_of(project: Project) -> dict[str, Function]:
    """The functions of the program by id; one that a decorator wraps by that of its plain name."""
    listed = [one for scope in project.scopes.values() for one in scope.functions]
    found = {one.known: one for one in listed if one.known is not None}
    for one in listed:
        found.setdefault(f"function:{one.scope.name}.{one.qualname}", one)
    return found
