"""Reached records → ``Route`` nodes, with bindings, options, and the edges to providers."""

from __future__ import annotations

from collections.abc import Iterator

from conduitc.frontend.annotations import Reader
from conduitc.frontend.loops import turns
from conduitc.frontend.scope import Call, implied
from conduitc.frontend.values import Const, Instance, Unknown, Value, settled
from conduitc.frontend.web.functions import Functions, answers, function_of
from conduitc.frontend.web.names import name_of
from conduitc.frontend.web.parameters import Taken
from conduitc.frontend.web.paths import template
from conduitc.frontend.web.reach import Found
from conduitc.frontend.web.records import Group, Mount, Placed
from conduitc.frontend.web.records import Route as Record
from conduitc.ir.nodes import (
    Binding,
    Declaration,
    Dynamic,
    Edge,
    Guard,
    PathTemplate,
    Route,
    RouteOptions,
)
from conduitc.ir.types import ANY, DictOf, Ref, Scalar, Type, strip_optional, walk
from conduitc.ir.types import External as ExternalType

_REQUESTS = frozenset(
    {
        "fastapi.Request", "starlette.requests.Request", "fastapi.WebSocket", "starlette.websockets.WebSocket",
        "conduit.WebSocket", "fastapi.requests.Request", "starlette.requests.HTTPConnection",
        "fastapi.requests.HTTPConnection", "fastapi.websockets.WebSocket",
    }
)  # fmt: skip
_GIVEN = frozenset(["Response", "BackgroundTasks", "SecurityScopes", "JSONResponse"])
_SOURCES = {
    "Query": "query", "Path": "path", "Body": "body", "Header": "header", "Cookie": "cookie", "Form": "body",
    "File": "body",
}  # fmt: skip


#: What holds where no variable of the environment is set: the same for all that depends on it.
SILENT = Guard(-2_000_000)


class Routes:
    """Makes the nodes of one app's routes; ``edges`` are those that no node holds."""

    def __init__(self, app: Group, functions: Functions) -> None:
        self.app = app
        self.functions = functions
        self.declarations: list[Declaration] = []
        self.edges: list[Edge] = []
        self._slots: dict[int, int] = {}
        self._ids: dict[str, int] = {}

    def route(self, found: Found) -> Route:
        """The node of one route or mount."""
        entry, path = found.entry, self._path(found)
        placed = entry.placed
        if isinstance(entry, Mount):
            name, methods = entry.target or _mounted(entry), ("*",)
            key, options = f"* {path.text}", RouteOptions()
            id_ = self._id(name, methods, path)
            declaration = self._declare(found, "mount", key)
            return Route(
                id_, methods, path, "", declaration, placed.span, options, _spans(found), mount=True,
                answers=name, includes=self._includes(found),
            )  # fmt: skip
        methods = entry.methods or ()
        handler = self.functions.id_of(entry.handler)
        text = placed.scope.source.snippet(placed.node)
        name = handler.partition(":")[2] or answers(entry.handler, text)
        id_ = self._id(name, methods, path)
        declaration = self._declare(found, "route", f"{','.join(methods)} {entry.path.text}")
        self._depends(id_, found)
        return Route(
            id_,
            methods,
            path,
            handler,
            declaration,
            placed.span,
            self._options(found),
            _spans(found),
            bindings=tuple(self._bindings(entry, path)),
            includes=self._includes(found),
            answers="" if handler else name,
        )

    def _path(self, found: Found) -> PathTemplate:
        framework = found.groups[-1].framework
        return template(found.path.text or "", framework, found.path.span)

    def _id(self, name: str, methods: tuple[str, ...], path: PathTemplate) -> str:
        plain = f"route:{name}#{','.join(methods)} {path.text}"
        rank = self._ids[plain] = self._ids.get(plain, 0) + 1
        return plain if rank == 1 else f"{plain}@{rank}"

    def _declare(self, found: Found, kind: str, key: str) -> Declaration:
        placed = found.entry.placed
        guards = self._guards(placed)
        if found.path.assumed:
            guards = (*guards, SILENT)
        made = Declaration(
            self._slots.setdefault(id(placed.node), len(self._slots)),
            len(self.declarations),
            kind,
            key,
            placed.span.line,
            placed.span,
            found.late or bool(guards) or any(self._guards(one) for one in found.via),
            guards,
        )
        self.declarations.append(made)
        return made

    def _guards(self, placed: Placed) -> tuple[Guard, ...]:
        """What stands between the making of the app and this: it may not happen though the app is made."""
        own = self.app.placed.depends
        return tuple(one for one in dict.fromkeys(placed.depends) if not implied((one,), own))

    def _includes(self, found: Found) -> tuple[Declaration, ...]:
        listed = []
        for one in found.via:
            guards = self._guards(one)
            if guards:
                slot = self._slots.setdefault(id(one.node), len(self._slots))
                listed.append(Declaration(slot, 0, "include", "", one.span.line, one.span, True, guards))
        return tuple(listed)

    def _options(self, found: Found) -> RouteOptions:
        entry = found.entry
        call = entry.call if isinstance(entry, Record) else None
        tags = [tag for group in found.groups for tag in _words(group.call, "tags")]
        tags += [tag for one in found.via for tag in _given_tags(found, one)]
        if call is None:
            hidden = isinstance(entry, Record) and bool(entry.own)
            return RouteOptions(tags=tuple(dict.fromkeys(tags)), include_in_schema=not hidden)
        status = _plain(call, "status_code", int)
        return RouteOptions(
            _plain(call, "name", str),
            status,
            tuple(dict.fromkeys([*tags, *_words(call, "tags")])),
            _plain(call, "summary", str),
            _plain(call, "description", str),
            bool(_plain(call, "deprecated", bool)),
            self._response(call),
            _plain(call, "include_in_schema", bool) is not False,
        )

    def _response(self, call: Call) -> Type | None:
        for keyword in call.node.keywords:
            if keyword.arg == "response_model" and not isinstance(call.argument("response_model"), Const):
                return Reader(call.scope).type(keyword.value)
        return None

    def _bindings(self, entry: Record, path: PathTemplate) -> Iterator[Binding]:
        function = function_of(entry.handler)
        if function is None:
            return
        names = {one.name for one in path.segments if isinstance(one, Dynamic)}
        for taken in self.functions.use(function):
            source = _source(taken, names, plain=self.app.framework != "fastapi")
            if source is None:
                continue
            one = taken.parameter
            key = one.marker_name or (one.name.replace("_", "-") if source == "header" else one.name)
            if source == "path" and key not in names:
                continue
            required = one.default is None
            yield Binding(
                one.name, source, key, one.type or ANY, required, one.default, taken.keyword, one.span
            )

    def _depends(self, id_: str, found: Found) -> None:
        """Edges to providers: the handler's own, and those of ``dependencies=[...]`` on the way to it."""
        entry = found.entry
        assert isinstance(entry, Record)
        function = function_of(entry.handler)
        wanted: dict[str, Edge] = {}
        calls = [group.call for group in found.groups] + [entry.call]
        calls += [one.call for group in found.groups for one in group.entries if _is_include(one, found)]
        for call in calls:
            for value in turns(_given(call, "dependencies")) or ():
                match settled(value):
                    case Instance(call=Call() as inner) as made if name_of(made.cls).rpartition(".")[2] in (
                        "Depends",
                        "Security",
                    ):
                        given = inner.argument("dependency", 0)
                        if given is not None:
                            provider = self.functions.provider(given, inner.span)
                            wanted.setdefault(provider, Edge(id_, provider, "depends", inner.span))
        for taken in self.functions.use(function) if function is not None else ():
            if taken.depends is not None:
                span = taken.parameter.span
                provider = self.functions.provider(taken.depends, span)
                wanted.setdefault(provider, Edge(id_, provider, "depends", span))
        self.edges.extend(wanted.values())


def _is_include(entry: object, found: Found) -> bool:
    return getattr(entry, "placed", None) in found.via and isinstance(getattr(entry, "call", None), Call)


def _given_tags(found: Found, placed: Placed) -> list[str]:
    for group in found.groups:
        for entry in group.entries:
            if entry.placed is placed and isinstance(call := getattr(entry, "call", None), Call):
                return _words(call, "tags")
    return []


def _given(call: Call | None, name: str) -> Value:
    found = call.argument(name) if call is not None else None
    return found or Unknown("")


def _words(call: Call | None, name: str) -> list[str]:
    items = turns(_given(call, name)) or []
    return [one.value for one in map(settled, items) if isinstance(one, Const) and isinstance(one.value, str)]


def _plain(call: Call, name: str, kind: type) -> object:
    value = call.argument(name)
    if isinstance(value, Const) and type(value.value) is kind and not value.assumed:
        return value.value
    return None


def _spans(found: Found) -> tuple[object, ...]:
    return tuple(one.span for one in found.via)


def _mounted(entry: Mount) -> str:
    """The name of an app whose routes are known."""
    group = entry.group
    assert group is not None
    scope = group.placed.scope
    names = [name for name, one in scope.names.items() if one is group.instance]
    return f"{scope.name}.{names[0]}" if names else f"{scope.name}.{group.framework}"


def _source(taken: Taken, names: set[str], *, plain: bool) -> str | None:
    """Where a parameter's value comes from; None for what the framework gives by itself."""
    one = taken.parameter
    if taken.depends is not None or one.kind in ("varargs", "varkw"):
        return None
    if one.marker in _SOURCES:
        return _SOURCES[one.marker]
    if one.name in names:
        return "path"
    type_ = one.type
    if isinstance(type_, ExternalType) and type_.name in _REQUESTS:
        return "request"
    if plain:
        return "request" if one.name in ("request", "websocket") else None
    if isinstance(type_, ExternalType) and type_.name.rpartition(".")[2] in _GIVEN:
        return None
    return "body" if type_ is not None and _is_body(type_) else "query"


def _is_body(type_: Type) -> bool:
    """FastAPI takes what is not a plain value from the body."""
    bare = strip_optional(type_)[0]
    return any(isinstance(one, Ref | DictOf) for one in walk(bare)) or bare == Scalar("any")
