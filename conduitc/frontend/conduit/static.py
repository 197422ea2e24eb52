"""What must be known at build time: paths, prefixes, lists of middleware; what is said otherwise."""

from __future__ import annotations

import ast

from conduitc.diagnostics import Diagnostic, Fix, Label, Rule
from conduitc.frontend.conduit.records import Given, Piece
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Class, Const, Function, Sequence, Unknown, Value
from conduitc.span import Span

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

WRONG_VALUE = Rule(
    code="CDT212",
    slug="wrong-option-value",
    severity="error",
    message="{what} must be {wanted}, not `{text}`",
    docs="The value given for an option is of the wrong type, or outside what the option allows.",
    bad="""\
from conduit import Conduit

app = Conduit()


@app.get("/", status="201")
def index():
    return {"ok": True}
""",
    good="""\
from conduit import Conduit

app = Conduit()


@app.get("/", status=201)
def index():
    return {"ok": True}
""",
)

_STATIC = "static are literals, constants, f-strings and concatenations of those, enum members"


def not_static(
    value: Value | None, scope: Scope, node: ast.expr, what: str, rule: Rule = NOT_STATIC
) -> Diagnostic:
    """That ``node`` is not known, with the place that makes it so."""
    span = scope.span(node)
    label, labels = None, tuple[Label, ...]()
    if isinstance(value, Unknown) and value.reason:
        if value.span is None or _within(value.span, span):
            label = value.reason
        else:
            labels = (Label(value.span, value.reason),)
    text = scope.source.snippet(node)
    return rule.at(span, label=label, labels=labels, help=_STATIC, what=what, text=text)


def _within(inner: Span, outer: Span) -> bool:
    return inner.file == outer.file and (outer.line, outer.column) <= (inner.line, inner.column) <= (
        outer.end_line,
        outer.end_column,
    )


def given(value: Value, scope: Scope, node: ast.expr) -> tuple[Given, ...]:
    """The items of a ``middleware=[...]`` list."""
    if isinstance(value, Function | Class | Const):
        text, span = scope.source.snippet(node), scope.span(node)
        fix = Fix("put it into a list", span, f"[{text}]", safe=True) if isinstance(value, Function) else None
        wanted = "a list of functions"
        scope.report(WRONG_VALUE.at(span, what="`middleware=`", wanted=wanted, text=text, fix=fix))
        return ()
    if not isinstance(value, Sequence) or value.spoiled:
        scope.report(not_static(value, scope, node, "the list of middleware"))
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
    """A path or prefix, with the place of its text; None, reported, where it is not static.

    That nothing was given at all is for the caller to say.
    """
    if isinstance(value, Const) and value.plain and isinstance(value.value, str):
        return Piece(value.value, scope.span(node), _column(value.value, scope, node))
    span, text = scope.span(node), scope.source.snippet(node)
    if isinstance(value, Const) and value.enum:
        fix = None
        if isinstance(node, ast.Name | ast.Attribute):
            # a member that is no string can mean nothing else here
            fix = Fix(f"write `{text}.value`", span, f"{text}.value", safe=isinstance(value.value, str))
        scope.report(
            PATH_NOT_STATIC.at(
                span, what=what, text=text, label="a member of an enum, which is no string", fix=fix
            )
        )
    elif isinstance(value, Const):
        scope.report(WRONG_VALUE.at(span, what=what, wanted="a string", text=text))
    elif value is not None:
        scope.report(not_static(value, scope, node, what, PATH_NOT_STATIC))
    return None


def _column(text: str, scope: Scope, node: ast.expr) -> int | None:
    span = scope.span(node)
    plain = isinstance(node, ast.Constant) and span.line == span.end_line
    return span.column + 1 if plain and span.end_column - span.column == len(text) + 2 else None
