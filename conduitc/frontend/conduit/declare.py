"""Methods of apps and routers: one evaluated call → what it declares (``Waiting``, its details read)."""

from __future__ import annotations

from conduitc.diagnostics import Rule
from conduitc.frontend.conduit.options import INCLUDE, MCP, ROUTE, TOOL, read_options
from conduitc.frontend.conduit.records import Given, IncludeDetails, Owner, Piece, RouteDetails, Waiting
from conduitc.frontend.conduit.static import NOT_STATIC, piece
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Class, Const, External, Function, Instance, Sequence, Unknown, Value

VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
#: May stand without parentheses.
BARE = frozenset({"fallback", "middleware", "on_startup", "on_shutdown", "tool"})
#: Declare by themselves, not by a function that follows.
AT_ONCE = frozenset({"include", "use", "enable_mcp", "register_model"})

_OF_ROUTERS = frozenset({*VERBS, "route", "include"})
_OF_APPS = _OF_ROUTERS | BARE | AT_ONCE | {"exception_handler", "ml_endpoint"}

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

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def methods(kind: str) -> frozenset[str]:
    """The declaring methods of an app or a router."""
    return _OF_APPS if kind == "app" else _OF_ROUTERS


def waiting(owner: Owner, name: str, call: Call) -> Waiting:
    """What the call declares, as far as it is said before the function is given."""
    if name in VERBS:
        return _route(owner, (name.upper(),), name.upper(), call, ROUTE)
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


def _route(owner: Owner, listed: tuple[str, ...], key: str, call: Call, table: dict[str, str]) -> Waiting:
    options = read_options(call, table, "a route", ("path",))
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
    names = (
        [one.value for one in value.items if isinstance(one, Const)] if isinstance(value, Sequence) else []
    )
    if not isinstance(value, Sequence) or len(names) != len(value.items) or value.spoiled:
        text = call.scope.source.snippet(node)
        call.scope.report(NOT_STATIC.at(call.scope.span(node), what="`methods=`", text=text))
        return ("GET",), "GET"
    words = [one for one in names if isinstance(one, str) and one and _TOKEN.issuperset(one)]
    if not words or len(words) != len(names):
        text = call.scope.source.snippet(node)
        call.scope.report(BAD_METHODS.at(call.scope.span(node), text=text))
        return ("GET",), "GET"
    return tuple(dict.fromkeys(word.upper() for word in words)), ",".join(words)


def _include(owner: Owner, call: Call) -> Waiting:
    options = read_options(call, INCLUDE, "include(...)", ("router",))
    router = call.argument("router", 0)
    prefix = options.get("prefix")
    found = router.state if isinstance(router, Instance) else None
    place = prefix if isinstance(prefix, Piece) else Piece("", call.span)
    if isinstance(found, Owner) and found.kind == "router":
        return Waiting(owner, "include", call, place.text, IncludeDetails(found, place))
    node = call.node_of("router", 0)
    help_ = router.reason if isinstance(router, Unknown) else None
    text = call.scope.source.snippet(node)
    call.scope.report(NOT_A_ROUTER.at(call.scope.span(node), text=text, help=help_))
    return Waiting(owner, "include", call, place.text)


def _text(call: Call, name: str, position: int, what: str) -> str:
    found = piece(call.argument(name, position), call.scope, call.node_of(name, position), what)
    return found.text if found else ""
