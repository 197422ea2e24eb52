"""Calls on Flask apps and blueprints → what they declare, as Werkzeug's map has it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from conduitc.frontend.loops import turns
from conduitc.frontend.scope import Call
from conduitc.frontend.values import (
    Class,
    Const,
    External,
    Function,
    Instance,
    Pending,
    Unknown,
    Value,
    ancestry,
    member,
    settled,
)
from conduitc.frontend.web.names import VERBS, derives, name_of
from conduitc.frontend.web.records import (
    Around,
    Group,
    Hooked,
    Include,
    Missed,
    Placed,
    Route,
    Text,
    View,
    Waiting,
    text_of,
)

if TYPE_CHECKING:
    from conduitc.frontend.web.dialect import WebDialect

_VERBS = ("get", "post", "put", "delete", "patch")
_HOOKS = frozenset(
    {
        "before_request", "after_request", "teardown_request", "before_app_request", "after_app_request",
        "teardown_appcontext", "before_first_request",
    }
)  # fmt: skip


def made(dialect: WebDialect, group: Group, call: Call) -> None:
    """``Flask(...)`` and ``Blueprint(...)``; files in the static folder have a rule."""
    placed = dialect.placed(call)
    blueprint = group.kind == "blueprint"
    if blueprint:
        group.prefix = text_of(call.argument("url_prefix", 5), call.span)
    folder = call.argument("static_folder", 2 if blueprint else 4)
    url = call.argument("static_url_path", 3 if blueprint else 1)
    if folder is None and call.open:
        group.entries.append(Missed(placed, "static files", "what is unpacked here is not known"))
        return
    kept = text_of(folder, call.span, "" if blueprint or folder is not None else "static")
    if kept.text == "":
        return
    path = text_of(url, call.span)
    if path.text == "" and kept.text is not None:
        base = posixpath.basename(kept.text.rstrip("/"))
        path = Text(f"/{base}", call.span, kept.assumed)
    if path.text is None or (kept.text is None and path.text == ""):
        group.entries.append(Missed(placed, "static files", path.reason or kept.reason))
        return
    rule = Text(f"{path.text.rstrip('/')}/<path:filename>", path.span, path.assumed)
    handler = External("flask.send_static_file")
    group.entries.append(Route(placed, ("GET", "HEAD", "OPTIONS"), rule, handler, None, True, "static"))


def method(dialect: WebDialect, group: Group, name: str, call: Call) -> Value | None:
    """One call of a method; None for what declares nothing."""
    if name in (*_VERBS, "route"):
        return Pending(Waiting(group, name, call))
    if name in ("errorhandler", "app_errorhandler"):
        return Pending(Waiting(group, name, call))
    placed = dialect.placed(call)
    match name:
        case "add_url_rule":
            _declare(group, name, call, call.argument("view_func", 2), placed)
        case "register_blueprint":
            _include(group, call, placed)
        case "register_error_handler":
            if (handler := call.argument("f", 1)) is not None:
                exception = call.argument("code_or_exception", 0)
                group.hooks.append(Hooked(placed, "exception_handler", handler, exception))
        case _ if name in _HOOKS and call.positional:
            hook(dialect, group, name, settled(call.positional[0]), placed)
        case _:
            return None
    return Const(None)


def hook(dialect: WebDialect, group: Group, name: str, function: Value, placed: Placed) -> bool:
    """``@app.before_request`` and the like, which need no parentheses."""
    if name not in _HOOKS:
        return False
    if name.startswith(("before", "after")):
        group.around.append(Around(placed, "function", function, name))
    else:
        group.hooks.append(Hooked(placed, name, function))
    return True


def apply(dialect: WebDialect, waiting: Waiting, handler: Value, placed: Placed) -> None:
    """A decorator got its function."""
    if waiting.name in ("errorhandler", "app_errorhandler"):
        exception = waiting.call.argument("code_or_exception", 0)
        waiting.group.hooks.append(Hooked(placed, "exception_handler", handler, exception))
        return
    own = dialect.overridden(waiting.group, "add_url_rule")
    if own is not None:
        call = waiting.call
        keywords = {**call.keywords, "view_func": handler}
        if waiting.name in VERBS:
            keywords["methods"] = Const(None)
        inner = Call(
            call.node, call.scope, call.positional[:1], keywords, bool(placed.guards), guards=placed.guards
        )
        dialect.entering.enter(own, inner, waiting.group.instance)
        return
    _declare(waiting.group, waiting.name, waiting.call, handler, placed)


def _declare(group: Group, name: str, call: Call, handler: Value | None, placed: Placed) -> None:
    path = text_of(call.argument("rule", 0), call.span)
    methods = (name.upper(),) if name in _VERBS else _given(call)
    if methods == ():
        methods = _of_view(handler)
    listed = None if methods is None else _as_listed(methods, call, handler)
    group.entries.append(Route(placed, listed, path, handler, call))


def _given(call: Call) -> tuple[str, ...] | None:
    """``methods=``: nothing where it is not given, None where it is not known."""
    given = call.argument("methods")
    if given is None or (isinstance(given, Const) and given.value is None):
        return None if call.open and given is None else ()
    return _words(given)


def _words(value: Value) -> tuple[str, ...] | None:
    items = turns(value, ordered=False)
    words = [
        one.value.upper()
        for one in map(settled, items or ())
        if isinstance(one, Const) and isinstance(one.value, str)
    ]
    return tuple(words) if items is not None and len(words) == len(items) else None


def _of_view(handler: Value | None) -> tuple[str, ...] | None:
    """What a view class takes: its ``methods``, else the verbs that it and its bases define."""
    match handler:
        case Instance(state=View(cls=Class() as cls)):
            if (given := member(cls, "methods")) is not None:
                return _words(given)
            if derives(cls, "flask.views.MethodView"):
                classes = [one for one in ancestry(cls) if isinstance(one, Class)]
                found = {name.upper() for one in classes for name in one.names if name in VERBS}
                outside = any(
                    isinstance(one, External)
                    and not one.name.startswith(("flask.views.", "builtins.", "abc.", "typing."))
                    for one in ancestry(cls)
                )
                return None if outside or not found else tuple(found)
    return ("GET",)


def _as_listed(methods: tuple[str, ...], call: Call, handler: Value | None) -> tuple[str, ...] | None:
    """HEAD beside GET, OPTIONS unless it is told not to be."""
    automatic = call.argument("provide_automatic_options")
    found = set(methods)
    if "GET" in found:
        found.add("HEAD")
    match automatic:
        case None | Const(value=None):
            found.add("OPTIONS")
        case Const(value=wanted):
            found |= {"OPTIONS"} if wanted else set()
        case _:
            return None
    return tuple(sorted(found))


def _include(group: Group, call: Call, placed: Placed) -> None:
    blueprint = call.argument("blueprint", 0)
    given = call.argument("url_prefix", 1)
    whole = given is not None and not (isinstance(given, Const) and given.value is None)
    match blueprint:
        case Instance(state=Group() as inner):
            prefix = text_of(given, call.span)
            if call.open:
                prefix = Text(None, call.span, reason="what is unpacked here is not known")
            group.entries.append(Include(placed, inner, prefix, call, whole))
            return
        case Unknown(reason=reason):
            pass
        case Instance(cls=cls):
            reason = f"it is made by {name_of(cls) or 'a class'}, which is outside of the project"
        case External(name=name):
            reason = f"{name} is outside of the project"
        case Function():
            reason = "it is a function"
        case _:
            reason = "it is no blueprint that is known"
    group.entries.append(Missed(placed, call.scope.source.snippet(call.node_of("blueprint", 0)), reason))
