"""Reached records → ``Route`` nodes, with bindings, options, and the edges to providers."""

from __future__ import annotations

from conduitc.frontend.annotations import Reader
from conduitc.frontend.loops import turns
from conduitc.frontend.scope import Call, implied
from conduitc.frontend.values import Const, Instance, Unknown, Value, settled
from conduitc.frontend.web.around import around_routes
from conduitc.frontend.web.bindings import bindings
from conduitc.frontend.web.functions import Functions, answers, function_of
from conduitc.frontend.web.names import name_of
from conduitc.frontend.web.paths import template
from conduitc.frontend.web.reach import Found
from conduitc.frontend.web.records import Group, Mount, Placed
from conduitc.frontend.web.records import Route as Record
from conduitc.ir.nodes import (
    Declaration,
    Edge,
    Guard,
    PathTemplate,
    Route,
    RouteOptions,
)
from conduitc.ir.types import Type
from conduitc.span import Span

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
            name = entry.target or _mounted(entry)
            declaration = self._declare(found, "mount", f"* {path.text}")
            return Route(
                self._id(name, ("*",), path), ("*",), path, "", declaration, placed.span, via=_spans(found),
                mount=True, answers=name, includes=self._includes(found),
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
            middleware=tuple(around_routes(found.groups, self.functions)),
            bindings=tuple(bindings(self.functions, entry, path, self.app.framework)),
            includes=self._includes(found),
            answers="" if handler else name,
            weighed=found.groups[-1].framework == "flask",
            loose=_loose(entry.call, found.groups),
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
        tags += [tag for one in found.via for tag in _words(one.call, "tags")]
        if call is None:
            hidden = isinstance(entry, Record) and bool(entry.own)
            return RouteOptions(tags=tuple(dict.fromkeys(tags)), include_in_schema=not hidden)
        status = _plain(call, "status_code")
        return RouteOptions(
            _word(call, "name"),
            status if isinstance(status, int) else None,
            tuple(dict.fromkeys([*tags, *_words(call, "tags")])),
            _word(call, "summary"),
            _word(call, "description"),
            _plain(call, "deprecated") is True,
            self._response(call),
            _plain(call, "include_in_schema") is not False,
        )

    def _response(self, call: Call) -> Type | None:
        for keyword in call.node.keywords:
            if keyword.arg == "response_model" and not isinstance(call.argument("response_model"), Const):
                return Reader(call.scope).type(keyword.value)
        return None

    def _depends(self, id_: str, found: Found) -> None:
        """Edges to providers: the handler's own, and those of ``dependencies=[...]`` on the way to it."""
        entry = found.entry
        assert isinstance(entry, Record)
        function = function_of(entry.handler)
        wanted: dict[str, Edge] = {}
        calls = [group.call for group in found.groups] + [entry.call]
        calls += [one.call for one in found.via]
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


def _given(call: Call | None, name: str) -> Value:
    found = call.argument(name) if call is not None else None
    return found or Unknown("")


def _words(call: Call | None, name: str) -> list[str]:
    items = turns(_given(call, name)) or []
    return [one.value for one in map(settled, items) if isinstance(one, Const) and isinstance(one.value, str)]


def _loose(call: Call | None, groups: tuple[Group, ...]) -> bool:
    """Whether a slash at the end does not matter: ``strict_slashes`` of the rule, else of the app's map."""
    given = call.argument("strict_slashes") if call is not None else None
    app = next((one for one in groups if one.framework == "flask"), None)
    if given is None and app is not None:
        given = app.instance.names.get("strict_slashes")
    return isinstance(given, Const) and given.value is False


def _plain(call: Call, name: str) -> object:
    value = call.argument(name)
    return value.value if isinstance(value, Const) and not value.assumed else None


def _word(call: Call, name: str) -> str | None:
    value = _plain(call, name)
    return value if isinstance(value, str) else None


def _spans(found: Found) -> tuple[Span, ...]:
    return tuple(one.span for one in found.via)


def _mounted(entry: Mount) -> str:
    """The name of an app whose routes are known."""
    group = entry.group
    assert group is not None
    scope = group.placed.scope
    names = [name for name, one in scope.names.items() if one is group.instance]
    return f"{scope.name}.{names[0]}" if names else f"{scope.name}.{group.framework}"
