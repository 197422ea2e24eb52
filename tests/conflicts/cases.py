"""Hand-made tables for cases that no program can be written for yet, and what the passes say of them."""

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic
from conduitc.ir.nodes import App, Function, Guard, Route
from conduitc.passes import bind, conflicts, paths, unreachable
from tests.passes import build
from tests.passes.build import route

One = tuple[Route, Function]


def mount(path: str) -> One:
    """An app of its own below ``path``; the handler is none that the program has."""
    made, function = route(f"* {path}/{{rest:path}}", rest=None)
    return replace(made, mount=True, handler="function:nowhere"), function


def guarded(one: One, *guards: Guard) -> One:
    declaration = replace(one[0].declaration, conditional=True, guards=guards)
    return replace(one[0], declaration=declaration), one[1]


def app_of(table: list[One], precedence: str) -> App:
    """The App of a table; what is bound is bound as if a mount had a handler."""
    app = replace(build.app(*table), precedence=precedence)
    app = replace(app, routes=tuple(replace(one, handler=function.id) for one, function in table))
    for tool in (paths, bind):
        app, _ = tool.run(app)
    pairs = zip(app.routes, table, strict=True)
    return replace(app, routes=tuple(replace(one, handler=before.handler) for one, (before, _) in pairs))


def found(table: list[One], precedence: str) -> list[Diagnostic]:
    app = app_of(table, precedence)
    return [one for tool in (conflicts, unreachable) for one in tool.run(app)[1]]


def dead(table: list[One], precedence: str = "declaration") -> list[int]:
    """The rows that are never reached; nothing else is reported."""
    where = {one.path.span: number for number, (one, _) in enumerate(table)}
    diagnostics = found(table, precedence)
    assert {one.rule.code for one in diagnostics} <= {"CDT242"}
    return [where[one.span] for one in diagnostics]
