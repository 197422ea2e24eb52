"""Declarations that would be missed: on an app or router that depends on a test, or handed to other code."""

from __future__ import annotations

import ast

from conduitc.diagnostics import Rule
from conduitc.frontend.conduit.declare import methods
from conduitc.frontend.conduit.records import Owner
from conduitc.frontend.scope import Call, Scope
from conduitc.frontend.values import Bound, Instance, Unknown, Value

LOST = Rule(
    code="CDT215",
    slug="declaration-not-followed",
    severity="error",
    message="what `{text}` declares cannot be followed: {reason}",
    docs=(
        "The compiler must know which app or router is meant, and sees only what is declared by calls of its "
        "methods. Make one app, and choose its settings, or what is included, by the test."
    ),
    bad="""\
import os

from conduit import Conduit

if os.environ.get("DEBUG"):
    app = Conduit(title="Debug")
else:
    app = Conduit()


@app.get("/")
def index():
    return {"ok": True}
""",
    good="""\
from conduit import Conduit

app = Conduit()


@app.get("/")
def index():
    return {"ok": True}
""",
)

#: Calls that serve an app and declare nothing on it.
_SERVERS = ("uvicorn.", "granian.", "hypercorn.", "starlette.testclient.", "httpx.")


def check_call(function: Value, call: Call) -> None:
    """Report calls on an unknown app, and declaring methods given to other code; list apps that are."""
    if isinstance(function, Unknown) and function.lost:
        report(function, call.node.func, call.scope)
    for given in (*call.positional, *call.keywords.values()):
        match given:
            case Bound(owner=Instance(state=Owner(kind=kind)), name=name) if name in methods(kind):
                text = call.scope.source.snippet(call.node)
                reason = f"`{name}` is handed to other code"
                call.scope.report(LOST.at(call.span, text=text, reason=reason))
            case Instance(state=Owner()) if not getattr(function, "name", "").startswith(_SERVERS):
                text = call.scope.source.snippet(call.node)
                call.scope.project.unresolved.append((text, "it may declare something on the app", call.span))


def report(value: Unknown, node: ast.expr, scope: Scope) -> None:
    scope.report(LOST.at(scope.span(node), text=scope.source.snippet(node), reason=value.reason))
