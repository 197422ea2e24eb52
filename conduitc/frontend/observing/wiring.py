"""Routers, what includes them, and middleware → subjects: how the parts of an app are put together."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from conduitc.frontend.observing.seen import AUTH, Seen
from conduitc.frontend.observing.texts import Text, kept, plain, unused
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.ir.nodes import App
from conduitc.ir.patterns import Subject
from conduitc.span import Span

_ROUTERS = ("Router", "Blueprint")
_OWN = frozenset({"name", "import_name"})


def wiring(project: Project, app: App) -> Iterator[Subject]:
    """Each router, each include call, each registration of a middleware."""
    by_file = {scope.source.file: scope for scope in project.scopes.values() if scope.source.file}
    for scope in project.scopes.values():
        yield from _routers(scope)
    for span in dict.fromkeys(span for route in app.routes for span in route.via):
        yield from _at(by_file, span, "include call", "route")
    for span in dict.fromkeys(one.span for one in app.middleware):
        yield from _at(by_file, span, "middleware registration", "middleware")


def _routers(scope: Scope) -> Iterator[Subject]:
    for statement in scope.source.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name() as target], value=ast.Call() as call):
                name = kept(call.func) or ""
                if name.endswith(_ROUTERS):
                    seen = Seen(scope.source)
                    start = seen.writer.hole("router", target) + f" = {name}("
                    _keywords(seen, start, call, statement, "route")
                    yield seen.subject("router", "", statement, (f"in {scope.source.file}",))


def _at(by_file: dict[str, Scope], span: Span, kind: str, category: str) -> Iterator[Subject]:
    """The call that stands at ``span``."""
    scope = by_file.get(span.file)
    if scope is None:
        return
    statement, call = _call_at(scope.source.tree.body, span)
    if statement is None or call is None or not isinstance(call.func, ast.Attribute):
        return
    seen = Seen(scope.source)
    app = seen.writer.hole("app", call.func.value) + f".{call.func.attr}("
    first = _first(seen, call.args)
    seen.add(category, app + first + (", ...)" if len(call.args) + len(call.keywords) > 1 else ")"), call)
    _keywords(seen, app + first + ", ", call, call, category)
    yield seen.subject(kind, "", call, (f"in {span.file}",))


def _call_at(body: Sequence[ast.stmt], span: Span) -> tuple[ast.stmt | None, ast.Call | None]:
    """The statement around a place, and the call that starts there."""
    for statement in body:
        if statement.lineno <= span.line <= (statement.end_lineno or statement.lineno):
            for one in ast.walk(statement):
                if (
                    isinstance(one, ast.Call)
                    and one.lineno == span.line
                    and one.col_offset == span.column - 1
                ):
                    return statement, one
    return None, None


def _first(seen: Seen, args: Sequence[ast.expr]) -> Text:
    """``{module}.router`` tells more than ``{router}``."""
    if not args:
        return Text("")
    if isinstance(args[0], ast.Attribute) and isinstance(args[0].value, ast.Name):
        return seen.writer.hole("module", args[0].value) + plain(f".{args[0].attr}")
    return seen.writer.hole("value", args[0])


def _keywords(seen: Seen, start: Text, call: ast.Call, node: ast.stmt | ast.expr, category: str) -> None:
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in _OWN:
            continue
        own = (
            "auth"
            if keyword.arg == "dependencies" and AUTH.search(seen.writer.text(keyword.value))
            else category
        )
        value = seen.writer.hole(unused(keyword.arg, start), keyword.value)
        seen.add(own, start + f"{keyword.arg}=" + value + ", ...)", node)
