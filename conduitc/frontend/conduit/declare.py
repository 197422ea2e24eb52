"""Methods of apps and routers: one evaluated call → what it declares (``Waiting``, its details read)."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from conduitc.diagnostics import Diagnostic, Fix, Label, Rule
from conduitc.frontend.conduit.options import (
    COMPLETION,
    INCLUDE,
    MCP,
    PROMPT,
    RESOURCE,
    ROUTE,
    SOCKET,
    TOOL,
    read_options,
)
from conduitc.frontend.conduit.records import Given, IncludeDetails, Owner, Piece, RouteDetails, Waiting
from conduitc.frontend.conduit.static import not_static, piece
from conduitc.frontend.scope import Call, Scope
from conduitc.frontend.values import (
    Class,
    Const,
    External,
    Function,
    Instance,
    Module,
    Sequence,
    Unknown,
    Value,
)
from conduitc.ir.nodes import WEBSOCKET
from conduitc.span import Span
from conduitc.suggest import quoted

VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
#: May stand without parentheses.
BARE = frozenset({"fallback", "middleware", "on_startup", "on_shutdown", "prompt", "tool"})
#: Declare by themselves, not by a function that follows.
AT_ONCE = frozenset({"include", "use", "enable_mcp", "register_model"})

_OF_ROUTERS = frozenset({*VERBS, "route", "websocket", "include"})
_OF_APPS = _OF_ROUTERS | BARE | AT_ONCE | {"exception_handler", "ml_endpoint", "resource", "completion"}

NOT_A_ROUTER = Rule(
    code="CDT206",
    slug="include-needs-router",
    severity="error",
    message="`{text}` is not a Router known at build time",
    docs="`include` takes a `Router` that a module of the project makes at its top level.",
    bad="""\
from conduit import Conduit

app = Conduit()
other = Conduit()
app.include(other)
""",
    good="""\
from conduit import Conduit, Router

app = Conduit()
other = Router()
app.include(other)
""",
)

BAD_METHODS = Rule(
    code="CDT208",
    slug="bad-methods",
    severity="error",
    message="`methods=` takes a list of HTTP method names, not `{text}`",
    docs='A method is a token such as `GET`; `methods=["*"]` takes any. The list must not be empty.',
    bad="""\
from conduit import Conduit

app = Conduit()


@app.route("/", methods=["GET POST"])
def index():
    return {"ok": True}
""",
    good="""\
from conduit import Conduit

app = Conduit()


@app.route("/", methods=["GET", "POST"])
def index():
    return {"ok": True}
""",
)

MISSING = Rule(
    code="CDT216",
    slug="missing-argument",
    severity="error",
    message="`{text}` lacks {what}",
    docs=(
        "A declaring call needs what it is about: a route its path, `include` a router, `ml_endpoint` a path "
        "and a model. Only `fallback`, `middleware`, `on_startup`, `on_shutdown`, `prompt` and `tool` may "
        "stand without parentheses. Python would raise TypeError here, or take the function for the path."
    ),
    bad="""\
from conduit import Conduit

app = Conduit()


@app.get
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

SURPLUS = Rule(
    code="CDT217",
    slug="surplus-argument",
    severity="error",
    message="`{call}` takes {most} without a keyword, and `{text}` is one more",
    docs="Python would raise TypeError here when the module is imported. Options are given by keyword.",
    bad="""\
from conduit import Conduit

app = Conduit()


@app.get("/", 201)
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

_PATH = (("path", "a path"),)
#: What must be given, in the order of its places, and what it is called in messages.
_NEEDED = {
    **dict.fromkeys((*VERBS, "route", "websocket"), _PATH),
    "include": (("router", "a router"),),
    "use": (("middleware", "a middleware class"),),
    "exception_handler": (("exception", "a class of exceptions"),),
    "register_model": (("name", "a name"), ("model", "a model")),
    "ml_endpoint": (*_PATH, ("model", "the name of a model")),
    "resource": (("uri", "a URI"),),
    "completion": (("of", "the name of a prompt, or a resource's URI"), ("argument", "an argument's name")),
}

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def methods(kind: str) -> frozenset[str]:
    """The declaring methods of an app or a router."""
    return _OF_APPS if kind == "app" else _OF_ROUTERS


def waiting(owner: Owner, name: str, call: Call) -> Waiting:
    """What the call declares, as far as it is said before the function is given."""
    _check_places(name, call)
    if name in VERBS:
        return _route(owner, (name.upper(),), name.upper(), call, ROUTE)
    if name == "websocket":
        return _route(owner, (WEBSOCKET,), WEBSOCKET, call, SOCKET, "a websocket")
    match name:
        case "route":
            listed, key = _methods(call)
            return _route(owner, listed, key, call, {**ROUTE, "methods": "raw"})
        case "fallback":
            return Waiting(owner, name, call, "", RouteDetails(("*",), None, {}))
        case "include":
            return _include(owner, call)
        case "tool":
            options = read_options(call, TOOL, "a tool")
            return Waiting(owner, name, call, str(options.get("name") or ""), options)
        case "prompt":
            options = read_options(call, PROMPT, "a prompt")
            return Waiting(owner, name, call, str(options.get("name") or ""), options)
        case "resource":
            options = read_options(call, RESOURCE, "a resource", ("uri",))
            options["uri"] = uri = _text(call, "uri", 0, "a resource's URI")
            return Waiting(owner, name, call, uri, options)
        case "completion":
            options = read_options(call, COMPLETION, "a completion", ("of", "argument"))
            options["of"] = of = _text(call, "of", 0, "what is completed")
            options["argument"] = _text(call, "argument", 1, "an argument's name")
            return Waiting(owner, name, call, f"{of} {options['argument']}", options)
        case "enable_mcp":
            options = read_options(call, MCP, "enable_mcp(...)")
            return Waiting(owner, name, call, str(options.get("transport", "http")), options)
        case "use":
            return Waiting(owner, name, call, "", call)
        case "register_model":
            return Waiting(owner, name, call, _text(call, "name", 0, "a model's name"), call)
        case "ml_endpoint":
            read_options(call, {}, "ml_endpoint(...)", ("path", "model"))
            return Waiting(owner, name, call, _text(call, "path", 0, "an endpoint's path"), call)
        case "exception_handler":
            return Waiting(owner, name, call, name_of(call.argument("exception", 0)), call)
    return Waiting(owner, name, call, "")


def _check_places(name: str, call: Call) -> None:
    """Report what is missing, and what is too much; a bare decorator's call has nothing but its function."""
    needed = _NEEDED.get(name, ())
    if call.open:
        return
    for position, (keyword, what) in enumerate(needed):
        if call.argument(keyword, position) is None:
            call.scope.report(MISSING.at(call.span, text=call.scope.source.snippet(call.node), what=what))
            return
    most = len(needed) or int(name in BARE)
    if len(call.positional) > most and most < len(call.node.args):
        node = call.node.args[most]
        call.scope.report(
            SURPLUS.at(
                call.scope.span(node),
                help="give it by its name, such as `status=201`" if name in VERBS else None,
                call=call.scope.source.snippet(call.node.func),
                most=("nothing", "one argument", "two arguments")[most],
                text=call.scope.source.snippet(node),
            )
        )


def without_parentheses(name: str, node: ast.expr, function: str, scope: Scope) -> None:
    """Report a decorator such as ``@app.get``."""
    what = _NEEDED[name][0][1] if name in _NEEDED else "its parentheses"
    span = scope.span(node)
    fix = None
    if name in VERBS or name in ("route", "websocket"):
        end = Span(span.file, span.end_line, span.end_column, span.end_line, span.end_column)
        fix = Fix("say which path", end, f'("/{function}")')
    scope.report(MISSING.at(span, text=f"@{scope.source.snippet(node)}", what=what, fix=fix))


def subject(name: str, call: Call) -> Value:
    """The object that a call which declares at once is about."""
    found = call.argument("model", 1) if name == "register_model" else call.argument("", 0)
    return found or Const(None)


def returned(name: str, call: Call) -> Value:
    return subject(name, call) if name == "register_model" else Const(None)


def name_of(value: Value | None) -> str:
    """The name by which the runtime records an object."""
    match value:
        case Function(name=name) | Class(name=name):
            return name
        case External(name=name):
            return name.rpartition(".")[2]
        case Instance(cls=cls):
            return name_of(cls)
    return ""


def _route(
    owner: Owner,
    listed: tuple[str, ...],
    key: str,
    call: Call,
    table: Mapping[str, str],
    what: str = "a route",
) -> Waiting:
    options = read_options(call, table, what, ("path",))
    options.pop("methods", None)
    path = piece(call.argument("path", 0), call.scope, call.node_of("path", 0), "a route's path")
    middleware = options.pop("middleware", ())
    chain = (
        tuple(one for one in middleware if isinstance(one, Given)) if isinstance(middleware, tuple) else ()
    )
    details = RouteDetails(listed, path, options, chain)
    return Waiting(owner, "route", call, f"{key} {path.text if path else ''}", details)


def _methods(call: Call) -> tuple[tuple[str, ...], str]:
    """The methods in capitals, and as the key spells them."""
    value = call.argument("methods")
    if value is None:
        return ("GET",), "GET"
    node = call.node_of("methods")
    names = value.items if isinstance(value, Sequence) and not value.spoiled else [value]
    texts = [one.value for one in names if isinstance(one, Const)]
    if len(texts) != len(names):
        call.scope.report(not_static(value, call.scope, node, "`methods=`"))
        return ("GET",), "GET"
    words = [one for one in texts if isinstance(one, str) and one and _TOKEN.issuperset(one)]
    listed = tuple(dict.fromkeys(word.upper() for word in words))
    if not words or len(words) != len(texts) or not isinstance(value, Sequence) or WEBSOCKET in listed:
        call.scope.report(_bad_methods(call, node, texts))
        return ("GET",), "GET"
    return listed, ",".join(words)


def _bad_methods(call: Call, node: ast.expr, given: list[object]) -> Diagnostic:
    span, text = call.scope.span(node), call.scope.source.snippet(node)
    words = [word for one in given if isinstance(one, str) for word in re.split(r"[\s,;|/]+", one) if word]
    if WEBSOCKET in (word.upper() for word in words):
        return BAD_METHODS.at(span, text=text, help="connections are taken by `@app.websocket(path)`")
    fix = None
    if words and len(given) == sum(isinstance(one, str) for one in given):
        meant = f"[{', '.join(quoted(word.upper()) for word in words)}]"
        # safe where nothing else can be meant: all of them are methods of HTTP
        fix = Fix(f"write `{meant}`", span, meant, safe=all(word.lower() in VERBS for word in words))
    return BAD_METHODS.at(span, text=text, fix=fix)


def _include(owner: Owner, call: Call) -> Waiting:
    options = read_options(call, INCLUDE, "include(...)", ("router",))
    router = call.argument("router", 0)
    prefix = options.get("prefix")
    found = router.state if isinstance(router, Instance) else None
    place = prefix if isinstance(prefix, Piece) else Piece("", call.span)
    if isinstance(found, Owner) and found.kind == "router":
        return Waiting(owner, "include", call, place.text, IncludeDetails(found, place))
    if router is not None:
        call.scope.report(_no_router(router, call))
    return Waiting(owner, "include", call, place.text)


def _no_router(value: Value, call: Call) -> Diagnostic:
    node = call.node_of("router", 0)
    span = call.scope.span(node)
    label, labels, help_ = None, tuple[Label, ...](), None
    match value:
        case Unknown(reason=reason):
            label = reason
        case Instance(state=Owner(own=own)):
            labels = (Label(own.span, "an app, not a router"),)
            help_ = "make it a `Router`: an app includes routers only"
        case Module(scope=scope):
            label = "a module"
            routers = [
                name
                for name, one in scope.names.items()
                if isinstance(one, Instance) and isinstance(one.state, Owner) and one.state.kind == "router"
            ]
            help_ = f"write `{call.scope.source.snippet(node)}.{routers[0]}`" if routers else None
    text = call.scope.source.snippet(node)
    return NOT_A_ROUTER.at(span, label=label, labels=labels, help=help_, text=text)


def _text(call: Call, name: str, position: int, what: str) -> str:
    found = piece(call.argument(name, position), call.scope, call.node_of(name, position), what)
    return found.text if found else ""
