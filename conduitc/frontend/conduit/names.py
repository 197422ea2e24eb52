"""What the library offers: names of the module ``conduit`` in this version, and those to come."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Fix, Rule
from conduitc.frontend.conduit.options import LATER
from conduitc.frontend.scope import Scope
from conduitc.suggest import closest

NO_SUCH_EXPORT = Rule(
    code="CDT113",
    slug="no-such-export",
    severity="error",
    message="{module} has no `{name}`",
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
        *(
            "BearerJWT",
            "Body",
            "Conduit",
            "Context",
            "Cookie",
            "Event",
            "EventStream",
            "File",
            "HTML",
            "HTTPError",
            "HTTPRequest",
            "Introspection",
        ),
        *("HTTPResponse", "Header", "JSON", "Query", "Redirect", "Request", "Response", "Router", "Stream"),
        *("Text", "WebSocket"),
    )
)
#: Modules of the library that are imported as such.
PARTS = frozenset(("auth", "blocks", "compute_provider", "conduit_types", "mcp", "ml", "runtime"))
#: Names of the language that this version does not have: importing them fails.
_LATER = frozenset(
    (
        *("APIKey", "Basic", "Block", "CORS", "Depends", "Form"),
        *("par", "parallel"),
    )
)


#: Names of ``conduit`` that bring a part of the library with them.
_OF_A_PART = {"BearerJWT": "conduit.auth", "Context": "conduit.mcp"}
#: What the library's other modules give.
OF_PARTS: dict[str, frozenset[str]] = {
    "conduit.auth": frozenset(("Bearer", "BearerJWT", "Token")),
    "conduit.blocks": frozenset(
        (
            *("Block", "FileSystemOperation", "FileSystemReadBlock", "FileSystemWriteBlock", "HttpGetBlock"),
            *("HttpOperation", "HttpPostBlock", "NoOp", "Pipeline", "PostgresBlock", "SqlOperation"),
            *("Sqlite3Block", "SupportsFileContent", "SupportsShellCommand", "SupportsSqlCommand"),
            *("SystemCommandBlock", "SystemCommandOperation", "parallel"),
        )
    ),
    "conduit.mcp": frozenset(
        (
            *("Audio", "Context", "Elicit", "Embedded", "Image", "Link", "Roots", "Said", "Sample"),
            "ToolError",
        )
    ),
    "conduit.ml": frozenset(("ConduitML", "NumpyModel")),
    "conduit.runtime": frozenset(("LMLiteBlock", "OpenAIBlock", "VLLMBlock")),
    "conduit.conduit_types": frozenset(
        (
            *("ComputeProvider", "DeploymentConstraint", "DeploymentStatus", "DeploymentType"),
            *("LmLiteModelConfig", "LmModelConfig", "NodeStatus", "Runtime"),
        )
    ),
}


def check_import(module: str, name: str, scope: Scope, node: ast.alias) -> None:
    """Report what ``from conduit import name`` cannot give; remember the parts of the library in use."""
    if module == "conduit" and name in PARTS:
        scope.imports.append((f"conduit.{name}", scope.span(node)))
    elif module == "conduit" and name in _OF_A_PART:
        scope.imports.append((_OF_A_PART[name], scope.span(node)))
    elif module == "conduit" and name in _LATER:
        scope.report(LATER.at(scope.span(node), what=f"`{name}`"))
    elif module == "conduit" and name not in EXPORTS:
        scope.report(_unknown(module, name, EXPORTS, scope, node))
    elif name not in OF_PARTS.get(module, (name,)):
        scope.report(_unknown(module, name, OF_PARTS[module], scope, node))


def _unknown(module: str, name: str, known: Iterable[str], scope: Scope, node: ast.alias) -> Diagnostic:
    near = closest(name, known)
    elsewhere = [part for part, names in OF_PARTS.items() if name in names]
    help_ = f"did you mean `{near}`?" if near else f"`{elsewhere[0]}` has it" if elsewhere else None
    span = scope.span(node)
    fix = None
    if near is not None and near not in re.findall(r"\w+", scope.source.lines[span.line - 1]):
        # safe: Python refuses the import as it stands. The module may use the name as it is spelt here.
        used = re.search(rf"\b{re.escape(name)}\b", "\n".join(scope.source.lines[span.end_line :]))
        new = f"{near} as {name}" if used and node.asname is None else near
        place = replace(span, end_line=span.line, end_column=span.column + len(name))
        fix = Fix(f"import `{near}`", place, new, safe=True)
    return NO_SUCH_EXPORT.at(span, module=module, name=name, help=help_, fix=fix)
