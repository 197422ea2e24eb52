"""Declarations inside functions: they happen when it is called, if ever, so they are errors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from conduitc.diagnostics import Label, Rule
from conduitc.frontend.bodies import functions_at, lines_at, matches
from conduitc.frontend.conduit.declare import methods
from conduitc.frontend.conduit.records import Owner
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Call, Scope
from conduitc.frontend.values import External, Function, Instance, Value

IN_FUNCTION = Rule(
    code="CDT202",
    slug="declared-in-function",
    severity="error",
    message="`{text}` is called inside `{function}()`",
    docs=(
        "Declarations are read from the top level of modules; what a function declares depends on whether "
        "and how it is called. Declare at module level: loops over constants and tests of constants may "
        "stand around it, and a `Router` groups routes that belong together."
    ),
    bad="""\
from conduit import Conduit

app = Conduit()


def setup():
    @app.get("/")
    def index(request):
        return {"ok": True}


setup()
""",
    good="""\
from conduit import Conduit

app = Conduit()


@app.get("/")
def index(request):
    return {"ok": True}
""",
)

_METHODS = re.compile(rf"(?:{'|'.join(sorted(methods('app')))})\b")
_MAKING = re.compile(r"\b(?:Conduit|ConduitML|Router)\(")

MAKERS = ("conduit.Conduit", "conduit.Router", "conduit.ml.ConduitML")


def check_functions(project: Project, entries: list[tuple[Function, Call]], *, made: bool) -> None:
    """Report what functions declare. ``made``: an app was found at module level, so one made in a function
    that nobody calls at import is that function's own affair."""
    for scope in project.scopes.values():
        owners = {name: owner.kind for name, value in scope.names.items() if (owner := _owner(value))}
        if owners:
            _check_names(scope, owners)
        if not made:
            _check_makers(scope)
    for function, call in entries:
        parameters = list(_owners_given(function, call))
        if parameters:
            _report(function, function.scope, dict(parameters))
        if made:
            _report_makers(function)


def _owner(value: Value) -> Owner | None:
    return value.state if isinstance(value, Instance) and isinstance(value.state, Owner) else None


def _check_names(scope: Scope, owners: dict[str, str]) -> None:
    offsets = sorted(offset for name in owners for offset in _uses(scope.source.text, name))
    for function in functions_at(scope, lines_at(scope.source.text, offsets)):
        own = {argument.arg for argument in ast.walk(function.node.args) if isinstance(argument, ast.arg)}
        _report(function, scope, {name: kind for name, kind in owners.items() if name not in own})


def _uses(text: str, name: str) -> Iterator[int]:
    """Where ``name.get`` and the like stand in a text, except as a decorator at the start of a line."""
    word = name + "."
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        before = text[at - 1 : at]
        inner = before.isalnum() or before in ("_", ".") or text[at - 2 : at] == "\n@"
        if not inner and _METHODS.match(text, end):
            yield at
        at = text.find(word, end)


def _report(function: Function, scope: Scope, owners: dict[str, str]) -> None:
    for node in _inside(function):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=method):
                if name in owners and method in methods(owners[name]):
                    _declares(function, scope, node, f"{name}.{method}")


def _check_makers(scope: Scope) -> None:
    for function in functions_at(scope, matches(scope, _MAKING)):
        _report_makers(function)


def _report_makers(function: Function) -> None:
    scope = function.scope
    for node in _inside(function):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                made = scope.lookup(name)
                if isinstance(made, External) and made.name in MAKERS:
                    _declares(function, scope, node, f"{name}(...)")


def _declares(function: Function, scope: Scope, node: ast.expr, text: str) -> None:
    where = Label(function.scope.span(function.node), "happens when this is called, if ever")
    help_ = "declare it at the top level of the module"
    found = IN_FUNCTION.at(scope.span(node), labels=(where,), help=help_, text=text, function=function.name)
    scope.report(found)


def _inside(function: Function) -> Iterator[ast.AST]:
    for statement in function.node.body:
        yield from ast.walk(statement)


def _owners_given(function: Function, call: Call) -> Iterator[tuple[str, str]]:
    """Parameters that get an app or a router."""
    names = [argument.arg for argument in (*function.node.args.posonlyargs, *function.node.args.args)]
    for name, value in (*zip(names, call.positional, strict=False), *call.keywords.items()):
        if owner := _owner(value):
            yield name, owner.kind
