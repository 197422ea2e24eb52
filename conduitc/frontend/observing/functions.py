"""A handler → what its decorators, parameters and return type say."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from conduitc.frontend.observing.seen import AUTH, Function, Seen
from conduitc.frontend.observing.texts import Text, hole, kept, plain, unused

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
#: Types of answers that say how it is answered, not with what.
_ANSWERS = frozenset({
    "JSONResponse", "HTMLResponse", "PlainTextResponse", "RedirectResponse", "StreamingResponse",
    "FileResponse", "ORJSONResponse", "TemplateResponse", "EventSourceResponse", "Text", "HTML",
    "JSON", "Redirect", "Stream",
})  # fmt: skip
#: Keywords whose values are a route's own.
_VALUES = frozenset({"response_model", "tags", "summary", "response_description"})
#: Keywords that differ from route to route by their nature.
_OWN = frozenset({"name", "path", "rule", "operation_id", "endpoint", "description", "deprecated", "_slot"})


def signature(seen: Seen, node: Function, role: str, sources: Mapping[str, str]) -> None:
    """All that stands before the body; ``role`` is the hole for the function's name, ``sources`` say of
    parameters which part of a request fills them."""
    head = Text("def ") + hole(role, node.name)
    for decorator in node.decorator_list:
        decorated(seen, decorator)
    if isinstance(node, ast.AsyncFunctionDef):
        seen.add("handler", Text("async ") + head + "(...)", node)
    for argument, default in taken(node):
        depends = _depends(default) or _annotated(argument.annotation)
        if depends is not None:
            _dependency(seen, head, argument, depends, default is depends)
        elif argument.arg not in sources:
            _typed(seen, head, argument)
        elif sources[argument.arg] == "query" and default is not None:
            _named(seen, head, argument, default)
    if node.returns is not None:
        _returned(seen, head, node.returns)


def taken(node: Function) -> list[tuple[ast.arg, ast.expr | None]]:
    """The parameters, each with its default."""
    plain_ = [*node.args.posonlyargs, *node.args.args]
    missing: list[ast.expr | None] = [None] * (len(plain_) - len(node.args.defaults))
    return [
        *zip(plain_, [*missing, *node.args.defaults], strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]


def filled(seen: Seen, node: Function, argument: ast.arg, default: ast.expr | None, source: str) -> None:
    """A parameter that a request fills: its type, the bounds on its value, and what it is always called."""
    head = Text("def ") + hole("handler", node.name)
    any_ = hole("name", argument.arg)
    annotation = argument.annotation
    type_ = kept(annotation) if annotation is not None else None
    if source == "body" and annotation is not None and len(argument.arg) > 1:
        seen.add(
            "handler",
            _takes(head, plain(argument.arg) + ": " + seen.writer.hole("type", annotation)),
            argument,
        )
    if source != "body" and type_ is not None and type_.rpartition(".")[2] not in _COMMON:
        seen.add("validation", _takes(head, any_ + plain(f": {type_}")), argument)
    for made in (default, *_metadata(annotation)):
        if isinstance(made, ast.Call) and called(made) in _PLACES:
            name = kept(made.func)
            form = any_ + (f"={name}(" if made is default else ": Annotated[{type}, " + f"{name}(")
            end = ", ...)" if made is default else ", ...)]"
            for keyword in made.keywords:
                if keyword.arg not in (None, "default"):
                    value = seen.writer.hole(unused(str(keyword.arg), head + form), keyword.value)
                    seen.add("validation", _takes(head, form + f"{keyword.arg}=" + value + end), argument)
            seen.add("validation", _takes(head, form + end.removeprefix(", ")), argument)


def _metadata(annotation: ast.expr | None) -> list[ast.expr]:
    """What stands alone beside the type in ``Annotated``."""
    match annotation:
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[_, made])):
            return [made]
    return []


def decorated(seen: Seen, node: ast.expr, usual: str = "handler") -> None:
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
            if value is not None and keyword.arg not in _VALUES:
                seen.add(category, named + plain(value) + ", ...)", node)
            elif isinstance(keyword.value, ast.Dict):
                for text in _entries(seen, keyword.value):
                    seen.add(category, named + text + ", ...)", node)
            elif isinstance(keyword.value, ast.List) and keyword.value.elts:
                for text in _elements(seen, keyword.value):
                    seen.add(category, named + "[" + text + ", ...], ...)", node)
            any_ = seen.writer.hole(unused(keyword.arg, start), keyword.value)
            seen.add(category, named + any_ + ", ...)", node)
        return
    name = kept(node.func if isinstance(node, ast.Call) else node)
    if name is None or name in ("staticmethod", "classmethod", "property"):
        return
    category = "auth" if AUTH.search(name) else usual
    if isinstance(node, ast.Call):
        seen.add(category, Text("@") + plain(name) + "(...)", node)
        exact = seen.writer.call(node, exact=True)
        seen.add(category, Text("@") + exact if exact else None, node)
    else:
        seen.add(category, Text("@") + plain(name), node)


def _entries(seen: Seen, node: ast.Dict) -> list[Text]:
    """Each entry of a dictionary whose key is a number or a name: ``{401: error, **{others}}``."""
    found = []
    for key, value in list(zip(node.keys, node.values, strict=True))[:8]:
        if key is not None and (name := kept(key)) is not None and (what := kept(value)) is not None:
            found.append(plain(f"{{{name}: {what}, **") + hole("others", "") + "}}")
    return found


def _elements(seen: Seen, node: ast.List) -> list[Text]:
    """Calls such as ``Depends(x)`` in a list."""
    calls = [one for one in node.elts[:1] if isinstance(one, ast.Call)]
    return [text for one in calls if (text := seen.writer.call(one, exact=True)) is not None]


def _typed(seen: Seen, head: Text, node: ast.arg) -> None:
    """A parameter that something else fills: which type it is of, and what it is called."""
    type_ = kept(node.annotation) if node.annotation is not None else None
    if node.arg in ("self", "cls") or type_ is None or type_.rpartition(".")[2] in _COMMON:
        return
    category = "auth" if AUTH.search(type_) else "handler"
    for name in (plain(node.arg), hole("name", node.arg)):
        seen.add(category, _takes(head, name + plain(f": {type_}")), node)


def _named(seen: Seen, head: Text, node: ast.arg, default: ast.expr) -> None:
    """What many can be asked for under the same name: ``hydrate: bool = False``."""
    type_ = kept(node.annotation) if node.annotation is not None else None
    if type_ is not None and not isinstance(default, ast.Call):
        start = plain(f"{node.arg}: {type_} = ")
        seen.add("handler", _takes(head, start + seen.writer.hole("default", default)), node)
        seen.add("handler", _takes(head, start + seen.writer.exact(default, "default")), node)


def _takes(head: Text, parameter: Text) -> Text:
    return head + "(..., " + parameter + ", ...)"


def called(node: ast.Call) -> str:
    return (kept(node.func) or "").rpartition(".")[2]


def _depends(node: ast.expr | None) -> ast.Call | None:
    return node if isinstance(node, ast.Call) and called(node) in _DEPENDS else None


def _annotated(node: ast.expr | None) -> ast.Call | None:
    """The ``Depends(...)`` of an ``Annotated``."""
    return next(filter(None, map(_depends, _metadata(node))), None)


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
    """That there is a type, and what it is a subscript of; which schema it is differs by nature."""
    seen.add("handler", head + "(...) -> " + seen.writer.hole("type", node), node)
    if isinstance(node, ast.Subscript) and (base := kept(node.value)) is not None:
        if base not in ("Optional", "Union", "Annotated"):
            inner = seen.writer.hole("type", node.slice)
            seen.add("handler", head + plain(f"(...) -> {base}[") + inner + "]", node)
    elif (name := kept(node)) is not None and name.rpartition(".")[2] in _ANSWERS:
        seen.add("handler", head + f"(...) -> {name}", node)
