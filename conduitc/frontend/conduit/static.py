"""What must be known at build time: paths, prefixes, lists of middleware; what is said otherwise."""

from __future__ import annotations

import ast

from conduitc.diagnostics import Rule
from conduitc.frontend.conduit.records import Given, Piece
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Const, Sequence, Unknown, Value

PATH_NOT_STATIC = Rule(
    code="CDT200",
    slug="path-not-static",
    severity="error",
    message="{what} must be known at build time: `{text}` is not",
    docs=(
        "Paths and prefixes are compiled into tables, so the compiler must be able to compute them from the "
        "source: literals, module constants, f-strings and concatenations of those, enum members, constants "
        "imported from modules of the project. Loops over constants are unrolled."
    ),
    bad="""\
import os

from conduit import Conduit

app = Conduit()


@app.get(os.environ["HOME_PATH"])
def index():
    return {"ok": True}
""",
    good="""\
from conduit import Conduit

HOME_PATH = "/home"
app = Conduit()


@app.get(HOME_PATH)
def index():
    return {"ok": True}
""",
)

NOT_STATIC = Rule(
    code="CDT211",
    slug="not-static",
    severity="error",
    message="{what} must be known at build time: `{text}` is not",
    docs=(
        "The compiler reads declarations without running them. Static are literals, module constants, "
        "f-strings and concatenations of those, enum members, and constants imported from modules of the "
        "project; loops over constants are unrolled."
    ),
    bad="""\
import os

from conduit import Conduit

app = Conduit()


@app.get("/", tags=[os.environ["TAG"]])
def index():
    return {"ok": True}
""",
    good="""\
from conduit import Conduit

TAG = "shop"
app = Conduit()


@app.get("/", tags=[TAG])
def index():
    return {"ok": True}
""",
)


def given(value: Value, scope: Scope, node: ast.expr) -> tuple[Given, ...]:
    """The items of a ``middleware=[...]`` list."""
    if not isinstance(value, Sequence) or value.spoiled:
        text = scope.source.snippet(node)
        help_ = value.reason if isinstance(value, Unknown) else None
        scope.report(NOT_STATIC.at(scope.span(node), what="the list of middleware", text=text, help=help_))
        return ()
    nodes = (
        node.elts if isinstance(node, ast.List | ast.Tuple) and len(node.elts) == len(value.items) else None
    )
    return tuple(
        Given(item, scope.source.snippet(place), scope.span(place))
        for index, item in enumerate(value.items)
        for place in (nodes[index] if nodes else node,)
    )


def piece(value: Value | None, scope: Scope, node: ast.expr, what: str) -> Piece | None:
    """A path or prefix, with the place of its text; None, reported, where it is not static."""
    if isinstance(value, Const) and value.plain and isinstance(value.value, str):
        return Piece(value.value, scope.span(node), _column(value.value, scope, node))
    text = scope.source.snippet(node)
    if isinstance(value, Const) and value.enum:
        help_ = f"write {text}.value"
    elif isinstance(value, Unknown):
        help_ = value.reason
    else:
        help_ = "static are literals, constants, f-strings and concatenations of those, enum members"
    scope.report(PATH_NOT_STATIC.at(scope.span(node), what=what, text=text, help=help_))
    return None


def _column(text: str, scope: Scope, node: ast.expr) -> int | None:
    span = scope.span(node)
    plain = isinstance(node, ast.Constant) and span.line == span.end_line
    return span.column + 1 if plain and span.end_column - span.column == len(text) + 2 else None
