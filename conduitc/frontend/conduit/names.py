"""What the library offers: names of the module ``conduit`` in this version, and those to come."""

from __future__ import annotations

import ast

from conduitc.diagnostics import Rule
from conduitc.frontend.conduit.options import LATER
from conduitc.frontend.scope import Scope
from conduitc.suggest import closest

NO_SUCH_EXPORT = Rule(
    code="CDT113",
    slug="no-such-export",
    severity="error",
    message="conduit has no {name}",
    docs="Python would raise ImportError here: the library does not have the name.",
    bad="""\
from conduit import Conduit, Ruoter

app = Conduit()
""",
    good="""\
from conduit import Conduit, Router

app = Conduit()
""",
)

EXPORTS = frozenset(
    (
        *("Body", "Conduit", "Cookie", "Event", "EventStream", "File", "HTML", "HTTPError", "HTTPRequest"),
        *("HTTPResponse", "Header", "JSON", "Query", "Redirect", "Request", "Response", "Router", "Stream"),
        "Text",
    )
)
#: Modules of the library that are imported as such.
PARTS = frozenset(("blocks", "compute_provider", "conduit_types", "ml", "runtime"))
#: Names of the language that this version does not have: importing them fails.
_LATER = frozenset(
    (
        *("APIKey", "Basic", "BearerJWT", "Block", "CORS", "Context", "Depends", "Form", "Introspection"),
        *("WebSocket", "par", "parallel"),
    )
)


def check_import(name: str, scope: Scope, node: ast.alias) -> None:
    """Report what ``from conduit import name`` cannot give; remember the parts of the library in use."""
    if name in PARTS:
        scope.imports.append((f"conduit.{name}", scope.span(node)))
    elif name in _LATER:
        scope.report(LATER.at(scope.span(node), what=f"`{name}`"))
    elif name not in EXPORTS:
        near = closest(name, EXPORTS)
        help_ = f"did you mean `{near}`?" if near else None
        scope.report(NO_SUCH_EXPORT.at(scope.span(node), name=name, help=help_))
