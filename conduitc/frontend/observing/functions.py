"""A handler → what its decorators, parameters and return type say."""

from __future__ import annotations

import ast

from conduitc.frontend.observing.seen import AUTH, Function, Seen
from conduitc.frontend.observing.texts import Text, hole, joined, kept, plain

#: Methods that declare a route, a tool and the like: what they are given is told keyword by keyword.
DECLARING = frozenset({
    "get", "post", "put", "patch", "delete", "head", "options", "trace", "route", "websocket", "api_route",
    "tool", "resource", "prompt", "completion", "websocket_route",
})  # fmt: skip
_DEPENDS = frozenset({"Depends", "Security"})
_PLACES = frozenset({"Query", "Path", "Body", "Header", "Cookie", "Form", "File", "Param"})
#: Types that say nothing about a project.
_COMMON = frozenset({
    "str", "int", "float", "bool", "bytes", "dict", "list", "set", "tuple", "object", "Any", "Dict", "List",
    "None", "Request", "Response", "HTTPConnection", "BackgroundTasks", "WebSocket",
})  # fmt: skip
#: Keywords that differ from route to route by their nature.
_OWN = frozenset({"name", "path", "rule", "operation_id", "endpoint", "description", "_slot"})


def signature(seen: Seen, node: Function, role: str) -> None:
    """All that stands before the body; ``role`` is the hole for the function's name."""
    head = Text("def ") + hole(role, node.name)
    for decorator in node.decorator_list:
        _decorator(seen, decorator)
    if isinstance(node, ast.AsyncFunctionDef):
        seen.add("handler", Text("async ") + head + "(...)", node)
    plain_ = [*node.args.posonlyargs, *node.args.args]
    defaults = [*[None] * (len(plain_) - len(node.args.defaults)), *node.args.defaults]
    for argument, default in [
        *zip(plain_, defaults, strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]:
        _parameter(seen, head, argument, default)
    if node.returns is not None:
        _returned(seen, head, node.returns)


def _decorator(seen: Seen, node: ast.expr) -> None:
    """A wrapper, or the call that declares: each of its keywords."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DECLARING:
        start = Text("@") + seen.writer.hole("router", node.func.value) + "."
        start = start + hole("method", node.func.attr) + "(..., "
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg in _OWN:
                continue
            category = "auth" if keyword.arg == "dependencies" else "route"
            named = start + f"{keyword.arg}="
            value = kept(keyword.value)
            if value is not None:
                seen.add(category, named + plain(value) + ", ...)", node)
            elif isinstance(keyword.value, ast.List) and keyword.value.elts:
                for text in _elements(seen, keyword.value):
                    seen.add(category, named + "[" + text + ", ...], ...)", node)
            seen.add(category, named + seen.writer.hole(keyword.arg, keyword.value) + ", ...)", node)
        return
    name = kept(node.func if isinstance(node, ast.Call) else node)
    if name is None or name in ("staticmethod", "classmethod", "property"):
        return
    category = "auth" if AUTH.search(name) else "handler"
    if isinstance(node, ast.Call):
        seen.add(category, Text("@") + plain(name) + "(...)", node)
        exact = seen.writer.call(node, exact=True)
        seen.add(category, Text("@") + exact if exact else None, node)
    else:
        seen.add(category, Text("@") + plain(name), node)


def _elements(seen: Seen, node: ast.List) -> list[Text]:
    """Calls such as ``Depends(x)`` in a list."""
    calls = [one for one in node.elts[:1] if isinstance(one, ast.Call)]
    return [text for one in calls if (text := seen.writer.call(one, exact=True)) is not None]


def _parameter(seen: Seen, head: Text, node: ast.arg, default: ast.expr | None) -> None:
    """What gives it its value, and of which type it is; under its own name or any."""
    if node.arg in ("self", "cls"):
        return
    depends = _depends(default) or _annotated(node.annotation)
    if depends is not None:
        _dependency(seen, head, node, depends, default is depends)
        return
    type_ = kept(node.annotation) if node.annotation is not None else None
    own, any_ = plain(node.arg), hole("name", node.arg)
    if isinstance(default, ast.Call) and _called(default) in _PLACES:
        for keyword in default.keywords:
            if keyword.arg not in (None, "default"):
                said = f"={_called(default)}({keyword.arg}="
                value = seen.writer.hole(str(keyword.arg), keyword.value)
                seen.add("validation", _takes(head, any_ + said + value + ", ...)"), node)
        seen.add("validation", _takes(head, any_ + f"={_called(default)}(...)"), node)
        return
    if type_ is None:
        return
    telling = type_.rpartition(".")[2] not in _COMMON
    category = "auth" if AUTH.search(type_) else "handler"
    if telling:
        seen.add(category, _takes(head, any_ + f": {type_}"), node)
    seen.add(category, _takes(head, own + f": {type_}"), node)
    if (value := kept(default) if default is not None else None) is not None:
        seen.add(category, _takes(head, own + f": {type_} = {value}"), node)
    if node.annotation is not None and telling:
        seen.add(category, _takes(head, own + ": " + seen.writer.hole("type", node.annotation)), node)


def _takes(head: Text, parameter: Text) -> Text:
    return head + "(..., " + parameter + ", ...)"


def _called(node: ast.Call) -> str:
    return (kept(node.func) or "").rpartition(".")[2]


def _depends(node: ast.expr | None) -> ast.Call | None:
    return node if isinstance(node, ast.Call) and _called(node) in _DEPENDS else None


def _annotated(node: ast.expr | None) -> ast.Call | None:
    """The ``Depends(...)`` of an ``Annotated``."""
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=elts)):
            if (kept(value) or "").rpartition(".")[2] == "Annotated":
                return next(filter(None, map(_depends, elts)), None)
    return None


def _dependency(seen: Seen, head: Text, node: ast.arg, call: ast.Call, defaulted: bool) -> None:
    exact = _nested(seen, call)
    if exact is None:
        return
    category = "auth" if AUTH.search(exact.text) else "handler"
    maker = f"{kept(call.func)}("
    open_ = Text(maker) + seen.writer.hole("dependency", call.args[0]) + ")" if call.args else None
    for name in (plain(node.arg), hole("name", node.arg)):
        for value in (exact, open_):
            if value is None:
                continue
            if defaulted:
                seen.add(category, _takes(head, name + "=" + value), node)
            else:
                annotated = Text(": Annotated[") + hole("type", "") + ", " + value + "]"
                seen.add(category, _takes(head, name + annotated), node)


def _nested(seen: Seen, call: ast.Call) -> Text | None:
    """``Depends(f)``, or ``Depends(f({argument}))`` where what is depended on is made by a call."""
    if len(call.args) == 1 and isinstance(call.args[0], ast.Call) and not call.keywords:
        inner = seen.writer.call(call.args[0])
        return Text(f"{kept(call.func)}(") + inner + ")" if inner else None
    return seen.writer.call(call, exact=True)


def _returned(seen: Seen, head: Text, node: ast.expr) -> None:
    """The type as a whole, or what it is a subscript of."""
    seen.add("handler", head + "(...) -> " + seen.writer.hole("type", node), node)
    if (text := kept(node)) is not None and text != "None":
        seen.add("handler", head + f"(...) -> {text}", node)
    if isinstance(node, ast.Subscript) and (base := kept(node.value)) is not None:
        inner = joined([seen.writer.hole("type", node.slice)])
        seen.add("handler", head + f"(...) -> {base}[" + inner + "]", node)
