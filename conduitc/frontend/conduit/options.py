"""The keywords of declaring calls: one table each, and how a keyword is read.

In: an evaluated call. Out: ``{option: plain value}`` with what is wrong reported. The runtime's signatures
are held equal to these tables by a test.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping as Table
from collections.abc import Sequence as Listed

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Fix, Rule
from conduitc.frontend.conduit.static import NOT_STATIC, WRONG_VALUE, given, not_static, piece
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Const, Sequence, Value
from conduitc.span import Span
from conduitc.suggest import closest, quoted

UNKNOWN_OPTION = Rule(
    code="CDT210",
    slug="unknown-option",
    severity="error",
    message="{what} has no option `{option}`",
    docs="Python would raise TypeError here when the module is imported. The options are listed in the docs.",
    bad="""\
from conduit import Conduit

app = Conduit()


@app.get("/", stauts=201)
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

LATER = Rule(
    code="CDT130",
    slug="not-in-this-version",
    severity="error",
    message="{what} is not in this version yet",
    docs=(
        "The language has this, and this version of the compiler does not serve it. It is refused rather "
        "than left out silently. See the roadmap."
    ),
    bad="""\
from conduit import Conduit

app = Conduit()


@app.get("/", rate_limit="100/minute")
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

#: Option → how it is read (``_READERS``); ``raw`` values are handed on as they are.
ROUTE: dict[str, str] = {
    "name": "text",
    "status": "status",
    "tags": "texts",
    "summary": "text",
    "description": "text",
    "deprecated": "flag",
    "response": "raw",
    "include_in_schema": "flag",
    "middleware": "given",
    "blocking": "flag or None",
    "timeout": "seconds",
    "max_body": "size",
}
#: A connection has no status, no body and no middleware.
SOCKET: Table[str, str] = {"name": "text", "tags": "texts", "summary": "text", "description": "text"}
APP: Table[str, str] = {
    "title": "text",
    "version": "text",
    "description": "text",
    "redirect_slashes": "flag",
    "max_body": "size",
    "threads": "size",
    "middleware": "given",
    "lifespan": "raw",
    "introspection": "raw",
}
ROUTER: Table[str, str] = {"prefix": "piece", "middleware": "given", "tags": "texts"}
INCLUDE: Table[str, str] = {"prefix": "piece"}
TOOL: Table[str, str] = {
    "name": "text",
    "title": "text",
    "description": "text",
    "schema": "raw",
    "blocking": "flag or None",
    "timeout": "seconds",
    "scopes": "texts",
}
RESOURCE: Table[str, str] = {
    "name": "text",
    "title": "text",
    "description": "text",
    "media_type": "text",
    "blocking": "flag or None",
    "scopes": "texts",
}
PROMPT: Table[str, str] = {
    "name": "text",
    "title": "text",
    "description": "text",
    "blocking": "flag or None",
    "scopes": "texts",
}
COMPLETION: Table[str, str] = {"blocking": "flag or None"}
#: Most of it is made when the program starts: what is a constant is looked at by ``introspection.py``.
INTROSPECTION: Table[str, str] = dict.fromkeys(
    ("enabled", "token", "rate_limit", "memory_limit_mb", "audit"), "raw"
)
MCP: Table[str, str] = {
    "transport": "text",
    "path": "text",
    "hosts": "texts",
    "instructions": "text",
    "auth": "raw",
    "sessions": "flag",
    "session_seconds": "seconds",
    "max_output": "size",
}

#: Options of the language that this version does not serve.
_LATER: Table[str, frozenset[str]] = {
    "a route": frozenset({"auth", "scopes", "rate_limit"}),
    "a websocket": frozenset({"auth", "scopes", "rate_limit"}),
    "Router(...)": frozenset({"auth", "scopes", "rate_limit"}),
    "Conduit(...)": frozenset(
        ["auth", "scopes", "rate_limit", "metrics", "health", "docs", "cors", "compress"]
    ),
    "ml_endpoint(...)": frozenset(["postprocess", "input", "output", "max_batch", "max_wait_ms"]),
}

_WANTED = {
    "text": "a string",
    "texts": "a list of strings",
    "flag": "True or False",
    "flag or None": "True, False or None",
    "status": "a number from 200 to 599",
    "size": "a whole number, 0 or more",
    "seconds": "a number of seconds above 0",
    "given": "a list of functions",
    "piece": "a string",
}


def read_options(
    call: Call, table: Table[str, str], what: str, positional: Listed[str] = ()
) -> dict[str, object]:
    """The plain values of ``call``'s options; ``positional`` names what may be given without keyword."""
    found: dict[str, object] = {}
    for position, value in enumerate(call.positional):
        if position < len(positional) and positional[position] in table:
            option = positional[position]
            found[option] = _read(value, table[option], call, call.node_of(option, position), what, option)
    for option, value in call.keywords.items():
        node = call.node_of(option)
        if option in table:
            found[option] = _read(value, table[option], call, node, what, option)
        elif option in _LATER.get(what, ()):
            call.scope.report(LATER.at(_keyword_span(call, option), what=f"`{option}=` of {what}"))
        elif option != "_slot" and option not in positional:
            call.scope.report(_unknown(call, table, what, option))
    if call.open:
        call.scope.report(
            NOT_STATIC.at(call.span, what=f"options of {what}", text=call.scope.source.snippet(call.node))
        )
    return {option: value for option, value in found.items() if value is not _BAD}


_BAD = object()


def _unknown(call: Call, table: Table[str, str], what: str, option: str) -> Diagnostic:
    near = _MEANT.get(option) or closest(option, table)
    if near not in table or near in call.keywords:
        near = None
    span = _keyword_span(call, option)
    fix = None
    if near is not None and span != call.span:
        # safe: Python refuses the call as it stands
        name = replace(span, end_line=span.line, end_column=span.column + len(option))
        fix = Fix(f"write `{near}=`", name, near, safe=True)
    help_ = f"did you mean `{near}`?" if near else f"it has {', '.join(table)}"
    return UNKNOWN_OPTION.at(span, what=what, option=option, help=help_, fix=fix)


#: Options of other frameworks, by what they are called here.
_MEANT = {"response_model": "response", "status_code": "status", "method": "methods", "methods": "methods"}


def _keyword_span(call: Call, option: str) -> Span:
    for keyword in call.node.keywords:
        if keyword.arg == option:
            return call.scope.span(keyword)
    return call.span


def _read(value: Value, kind: str, call: Call, node: ast.expr, what: str, option: str) -> object:
    if kind == "raw":
        return value
    if kind == "given":
        return given(value, call.scope, node)
    if kind == "piece":
        return piece(value, call.scope, node, f"`{option}=` of {what}") or _BAD
    plain = _plain(value)
    span, text = call.scope.span(node), call.scope.source.snippet(node)
    where = f"`{option}=` of {what}"
    if plain is _BAD:
        call.scope.report(not_static(value, call.scope, node, where))
    elif not _fits(plain, kind):
        fix = _converted(plain, kind, node, span)
        call.scope.report(WRONG_VALUE.at(span, what=where, wanted=_WANTED[kind], text=text, fix=fix))
        return _BAD
    return plain


def _converted(plain: object, kind: str, node: ast.expr, span: Span) -> Fix | None:
    """The value that a literal text was plainly meant to be: no build takes it as it is."""
    if not isinstance(node, ast.Constant) or not isinstance(plain, str):
        return None
    if kind == "texts":
        return Fix("put it into a list", span, f"[{quoted(plain)}]", safe=True)
    meant: object = _FLAGS.get(plain.lower()) if kind.startswith("flag") else None
    if kind in ("status", "size", "seconds") and plain.isascii() and plain.isdigit():
        meant = int(plain)
    if meant is None or not _fits(meant, kind):
        return None
    return Fix(f"write `{meant}`", span, repr(meant), safe=True)


_FLAGS = {"true": True, "false": False}


def _plain(value: Value) -> object:
    if isinstance(value, Const) and value.plain:
        return value.value
    if isinstance(value, Sequence) and not value.spoiled:
        items = [_plain(item) for item in value.items]
        return _BAD if _BAD in items else tuple(items)
    return _BAD


def _fits(plain: object, kind: str) -> bool:
    match kind:
        case "text":
            return isinstance(plain, str)
        case "texts":
            return isinstance(plain, tuple) and all(isinstance(one, str) for one in plain)
        case "flag":
            return isinstance(plain, bool)
        case "flag or None":
            return plain is None or isinstance(plain, bool)
        case "status":
            return isinstance(plain, int) and not isinstance(plain, bool) and 200 <= plain <= 599
        case "size":
            return plain is None or (isinstance(plain, int) and not isinstance(plain, bool) and plain >= 0)
        case "seconds":
            return plain is None or (
                isinstance(plain, int | float) and not isinstance(plain, bool) and plain > 0
            )
    return True
