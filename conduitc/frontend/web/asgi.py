"""Calls on FastAPI and Starlette apps and routers → what they declare, as the run-time router has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conduitc.frontend.loops import turns
from conduitc.frontend.scope import Call
from conduitc.frontend.values import (
    Bound,
    Class,
    Const,
    External,
    Function,
    Instance,
    Pending,
    Sequence,
    Unknown,
    Value,
    settled,
)
from conduitc.frontend.web.names import VERBS, WRAPPERS, name_of, route_kind
from conduitc.frontend.web.records import (
    Around,
    Group,
    Hooked,
    Include,
    Missed,
    Mount,
    Placed,
    Route,
    Text,
    Waiting,
    text_of,
)
from conduitc.ir.nodes import WEBSOCKET

if TYPE_CHECKING:
    from conduitc.frontend.web.dialect import WebDialect

_DECORATORS = frozenset(
    {
        *VERBS,
        "api_route",
        "route",
        "websocket",
        "websocket_route",
        "middleware",
        "exception_handler",
        "on_event",
    }
)
_SOCKETS = ("websocket", "websocket_route", "add_api_websocket_route", "add_websocket_route")
#: The pages that FastAPI adds: option, its default, the options that it needs besides, what answers.
_PAGES = (
    ("openapi_url", "/openapi.json", (), "openapi"),
    ("docs_url", "/docs", ("openapi_url",), "docs"),
    ("swagger_ui_oauth2_redirect_url", "/docs/oauth2-redirect", ("openapi_url", "docs_url"), "docs redirect"),
    ("redoc_url", "/redoc", ("openapi_url",), "redoc"),
)
#: Where Starlette's constructors take them.
_PLACES = {("starlette", "app"): (1, 2), ("starlette", "router"): (0, None), ("fastapi", "app"): (None, None)}
_NOT_LISTED = "its routes are not known"


def made(dialect: WebDialect, group: Group, call: Call) -> None:
    """``FastAPI(...)``, ``APIRouter(...)``, ``Starlette(...)``, ``Router(...)``."""
    if group.kind == "router":
        group.prefix = text_of(call.argument("prefix"), call.span)
    at = _PLACES.get((group.framework, group.kind), (None, None))
    listed(dialect, group, call.argument("routes", at[0]), dialect.placed(call))
    if group.framework == "fastapi" and group.kind == "app":
        _pages(dialect, group, call)
    for one in turns(call.argument("middleware", at[1]) or Sequence("list", [])) or ():
        match settled(one):
            case Instance(call=Call() as inner) as instance if name_of(instance.cls).endswith(".Middleware"):
                _around(dialect, group, inner)
    for kind in ("on_startup", "on_shutdown"):
        for one in turns(call.argument(kind) or Sequence("list", [])) or ():
            group.hooks.append(Hooked(dialect.placed(call), kind, settled(one)))
    if (lifespan := call.argument("lifespan")) is not None and not isinstance(lifespan, Const):
        group.hooks.append(Hooked(dialect.placed(call), "lifespan", lifespan))


def _pages(dialect: WebDialect, group: Group, call: Call) -> None:
    placed = dialect.placed(call)
    known: dict[str, Text] = {}
    for option, default, needs, own in _PAGES:
        given = call.argument(option)
        if given is None and call.open:
            text = Text(None, call.span, reason="what is unpacked here is not known")
        elif isinstance(given, Const) and given.value is None:
            text = Text("", call.span, given.assumed)
        else:
            text = text_of(given, call.span, default)
        known[option] = text
        if any(known[one].text == "" for one in needs) or text.text == "":
            continue
        doubt = next((known[one] for one in (option, *needs) if known[one].text is None), None)
        if doubt is not None:
            group.entries.append(Missed(placed, f"{own} of {group.framework}", doubt.reason))
        else:
            external = External(f"fastapi.{own}")
            group.entries.append(Route(placed, ("GET", "HEAD"), text, external, None, False, own))


def listed(dialect: WebDialect, group: Group, value: Value | None, placed: Placed) -> None:
    """``routes=[Route(...), Mount(...)]``."""
    if value is None or (isinstance(value, Const) and value.value is None):
        return
    items = turns(value)
    if items is None:
        reason = value.reason if isinstance(value, Unknown) else _NOT_LISTED
        group.entries.append(Missed(placed, "routes=", reason))
    for one in map(settled, items or ()):
        kind = route_kind(one.cls) if isinstance(one, Instance) else None
        if isinstance(one, Instance) and one.call is not None and kind is not None:
            at = dialect.placed(one.call)
            at.guards = (*placed.guards, *one.call.guards)
            _object(dialect, group, kind, one.call, at)
        else:
            reason = one.reason if isinstance(one, Unknown) else "it is no route that is known"
            group.entries.append(Missed(placed, "an item of routes=", reason))


def _object(dialect: WebDialect, group: Group, kind: str, call: Call, placed: Placed) -> None:
    path = text_of(call.argument("path", 0), call.span)
    if kind == "mount":
        group.entries.append(_mount(dialect, call, path, call.argument("app", 1), placed))
        return
    handler = call.argument("endpoint", 1)
    methods = (WEBSOCKET,) if kind == "websocket" else _methods(call, 2 if kind == "route" else None)
    if kind != "websocket":
        methods = _as_listed(methods, handler, api=kind == "api")
    group.entries.append(Route(placed, methods, path, handler, call, False))


def method(dialect: WebDialect, group: Group, name: str, call: Call) -> Value | None:
    """One call of a method; None for what declares nothing."""
    if name in _DECORATORS:
        return Pending(Waiting(group, name, call))
    placed = dialect.placed(call)
    match name:
        case "add_api_route" | "add_route" | "add_api_websocket_route" | "add_websocket_route":
            handler = call.argument("endpoint", 1) or call.argument("route", 1)
            _declare(group, name, call, handler, placed)
        case "include_router":
            _include(dialect, group, call, placed)
        case "mount":
            path = text_of(call.argument("path", 0), call.span)
            group.entries.append(_mount(dialect, call, path, call.argument("app", 1), placed))
        case "host" | "frontend":
            group.entries.append(
                Missed(placed, call.scope.source.snippet(call.node), f"`{name}` is not followed")
            )
        case "add_middleware":
            _around(dialect, group, call)
        case "add_exception_handler":
            handler = call.argument("handler", 1)
            exception = call.argument("exc_class_or_status_code", 0)
            if handler is not None:
                group.hooks.append(Hooked(placed, "exception_handler", handler, exception))
        case "add_event_handler":
            kind, handler = call.argument("event_type", 0), call.argument("func", 1)
            if handler is not None and isinstance(kind, Const):
                group.hooks.append(Hooked(placed, f"on_{kind.value}", handler))
        case _:
            return None
    return Const(None)


def apply(dialect: WebDialect, waiting: Waiting, handler: Value, placed: Placed) -> None:
    """A decorator got its function. Where the project's own class has ``add_api_route``, that is called."""
    group, name, call = waiting.group, waiting.name, waiting.call
    match name:
        case "middleware":
            group.around.append(Around(placed, "function", handler, ""))
        case "exception_handler":
            group.hooks.append(Hooked(placed, name, handler, call.argument("exc_class_or_status_code", 0)))
        case "on_event":
            kind = call.argument("event_type", 0)
            if isinstance(kind, Const):
                group.hooks.append(Hooked(placed, f"on_{kind.value}", handler))
        case _:
            own = dialect.overridden(group, "add_api_route") if name in (*VERBS, "api_route") else None
            if own is not None:
                _through(dialect, own, waiting, handler, placed)
            else:
                _declare(group, name, call, handler, placed)


def _through(dialect: WebDialect, own: Function, waiting: Waiting, handler: Value, placed: Placed) -> None:
    call, group = waiting.call, waiting.group
    keywords = dict(call.keywords)
    path = keywords.pop("path", None) or (call.positional[0] if call.positional else Unknown("no path"))
    if waiting.name in VERBS:
        keywords["methods"] = Sequence("list", [Const(waiting.name.upper())])
    inner = Call(
        call.node, call.scope, [path, handler], keywords, bool(placed.guards), call.endless, call.open,
        placed.guards,
    )  # fmt: skip
    dialect.entering.enter(own, inner, group.instance)


def _declare(group: Group, name: str, call: Call, handler: Value | None, placed: Placed) -> None:
    """One route. Only those of FastAPI's own kinds have the router's prefix before them."""
    path = text_of(call.argument("path", 0), call.span)
    prefixed = name not in ("route", "add_route", "websocket_route", "add_websocket_route")
    if name in _SOCKETS:
        methods: tuple[str, ...] | None = (WEBSOCKET,)
    elif name in VERBS:
        methods = (name.upper(),)
    elif name in ("api_route", "add_api_route"):
        methods = _as_listed(_methods(call, None), handler, api=True)
    else:
        methods = _as_listed(_methods(call, 1 if name == "route" else 2), handler, api=False)
    group.entries.append(Route(placed, methods, path, handler, call, prefixed))


def _methods(call: Call, position: int | None) -> tuple[str, ...] | None:
    """``methods=``: nothing where it is not given, None where it is not known."""
    given = call.argument("methods", position)
    if given is None or (isinstance(given, Const) and given.value is None):
        return None if call.open and given is None else ()
    items = turns(given, ordered=False)
    words = [
        one.value.upper()
        for one in map(settled, items or ())
        if isinstance(one, Const) and isinstance(one.value, str)
    ]
    return tuple(words) if items is not None and len(words) == len(items) else None


def _as_listed(
    methods: tuple[str, ...] | None, handler: Value | None, *, api: bool
) -> tuple[str, ...] | None:
    """As the run-time router lists them: HEAD beside GET, but for FastAPI's own; a class takes any."""
    if methods is None:
        return None
    if not methods:
        if not api and isinstance(handler, Class | Instance):
            return ("*",)
        methods = ("GET",)
    if "GET" in methods and not api:
        methods = (*methods, "HEAD")
    return tuple(sorted(set(methods)))


def _include(dialect: WebDialect, group: Group, call: Call, placed: Placed) -> None:
    router = call.argument("router", 0)
    prefix = text_of(call.argument("prefix", 1), call.span)
    if call.open and "prefix" not in call.keywords:
        prefix = Text(None, call.span, reason="what is unpacked here is not known")
    match router:
        case Instance(state=Group() as inner):
            group.entries.append(Include(placed, inner, prefix, call))
            return
        case Unknown(reason=reason):
            pass
        case Instance(cls=cls):
            reason = f"it is made by {name_of(cls) or 'a class'}, which is outside of the project"
        case External(name=name):
            reason = f"{name} is outside of the project"
        case _:
            reason = "it is no router that is known"
    text = call.scope.source.snippet(call.node_of("router", 0))
    group.entries.append(Missed(placed, text, reason))


def _mount(dialect: WebDialect, call: Call, path: Text, app: Value | None, placed: Placed) -> Mount:
    """An app below a path. A wrapper around an app that is known is looked through."""
    placed.live = True
    text = call.scope.source.snippet(call.node_of("app", 1))
    routes = call.argument("routes", 2)
    if app is None and routes is not None:
        instance = Instance(External("starlette.routing.Router"), call, {})
        inner = Group("starlette", "router", instance, placed, Text("", call.span), [], [], [], call, True)
        dialect.groups.append(inner)
        listed(dialect, inner, routes, placed)
        return Mount(placed, path, inner, "")
    for _ in range(3):
        match app:
            case Instance(state=Group() as group):
                return Mount(placed, path, group, "")
            case Instance(cls=Class(), names=names, call=Call()) if (found := _wrapped(names)) is not None:
                app = found
            case Instance(cls=cls, call=Call() as inner_call) if name_of(cls) in WRAPPERS:
                key, position = WRAPPERS[name_of(cls)]
                app = inner_call.argument(key, position)
    match app:
        case Instance(cls=cls):
            text = name_of(cls) or (cls.full_name if isinstance(cls, Class) else text)
        case External(name=name):
            text = name
        case Function() as function:
            text = f"{function.scope.name}.{function.qualname}"
        case Bound():
            pass
    return Mount(placed, path, None, text)


def _wrapped(names: dict[str, Value]) -> Value | None:
    """The app in a middleware object of the project: its ``app``."""
    found = settled(names["app"]) if "app" in names else None
    return found if isinstance(found, Instance) and isinstance(found.state, Group) else None


def _around(dialect: WebDialect, group: Group, call: Call) -> None:
    value = call.argument("middleware_class", 0) or call.argument("cls", 0)
    if value is not None:
        text = call.scope.source.snippet(call.node_of("middleware_class", 0))
        group.around.append(Around(dialect.placed(call), "asgi", value, text))
