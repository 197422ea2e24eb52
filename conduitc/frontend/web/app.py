"""One executed program → its ``App``: routes, middleware, hooks, providers, schemas, and all that is open."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from conduitc.frontend.conduit.edges import edges
from conduitc.frontend.docs import docstring
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Call, Scope
from conduitc.frontend.source import peek
from conduitc.frontend.values import Class, Const, External, Later, Value, ancestry, settled
from conduitc.frontend.web.around import around_app
from conduitc.frontend.web.calls import Calls
from conduitc.frontend.web.choice import Chosen
from conduitc.frontend.web.functions import Functions
from conduitc.frontend.web.reach import Found, Lost, reach
from conduitc.frontend.web.records import Group, Missed
from conduitc.frontend.web.routes import Routes
from conduitc.ir.nodes import (
    App,
    Declaration,
    Edge,
    Hook,
    Module,
    Route,
    Schema,
    Settings,
    Unresolved,
)
from conduitc.ir.nodes import (
    Function as FunctionNode,
)
from conduitc.ir.types import Ref, Type, walk
from conduitc.span import Span

_PRECEDENCE = {"flask": "weight", "fastapi": "declaration", "starlette": "declaration"}
_TABLE = "__tablename__"
_ASSUMED = "it depends on the environment: this is what holds where no variable is set"
_LATE = "it is declared after its router was included: FastAPI before 0.137 leaves it out"


def build(project: Project, chosen: Chosen, framework: str, missed: list[Missed]) -> App:
    """The App that was chosen; without one, an App whose ``variable`` is empty and that has no routes."""
    entry, group = chosen.scope, chosen.app
    whole = entry.source.whole()
    _load_tables(project)
    early = list(project.scopes.values())
    functions = Functions()
    found = list(reach(group)) if group is not None else []
    unresolved = [Unresolved(one.what, one.reason, one.span) for one in found if isinstance(one, Lost)]
    unresolved += [Unresolved(one.what, one.reason, one.placed.span) for one in missed]
    routes: list[Route] = []
    maker = Routes(group, functions) if group is not None else None
    for one in found:
        if isinstance(one, Found) and maker is not None:
            routes.append(maker.route(one))
    unresolved += _doubts([one for one in found if isinstance(one, Found)])
    groups = _groups(group, found)
    middleware = tuple(around_app(groups, functions)) if group is not None else ()
    hooks = tuple(_hooks(groups, functions))
    calls = Calls(project, functions)
    calls.follow()
    unresolved += calls.left.values()
    nodes = functions.nodes(calls.made)
    schemas = _schemas(project, early, nodes, routes)
    unresolved += [Unresolved(what, why, span) for what, why, span in project.unresolved]
    own = Declaration(-1, 0, "app", "", group.span.line if group else 1, group.span if group else whole)
    kind = group.framework if group is not None else framework
    app = App(
        module=entry.name,
        variable=chosen.variable,
        entry=entry.source.file,
        dialect=kind,
        precedence=_PRECEDENCE[kind],
        span=group.span if group is not None else whole,
        declaration=own,
        settings=_settings(group),
        modules=tuple(_module(one) for one in project.scopes.values() if one.source.file),
        functions=nodes,
        schemas=schemas,
        routes=tuple(routes),
        middleware=middleware,
        hooks=hooks,
        declarations=tuple(maker.declarations) if maker is not None else (),
        unresolved=tuple(dict.fromkeys(unresolved)),
        third_parties=tuple(sorted(project.externals)),
        providers=tuple(functions.providers.values()),
    )
    known = [one for one in edges(app, []) if one.target]
    return replace(app, edges=(*known, *(maker.edges if maker is not None else ()), *_of_providers(app)))


def _doubts(found: list[Found]) -> Iterable[Unresolved]:
    """What is known of routes only if something else holds: said once for all that share the reason."""
    assumed: dict[Span, list[Found]] = {}
    for one in found:
        if one.path.assumed:
            place = one.via[0].span if one.via else one.entry.placed.span
            assumed.setdefault(place, []).append(one)
        if one.late:
            yield Unresolved(str(one.path.text), _LATE, one.entry.placed.span)
    for place, listed in assumed.items():
        count = "" if len(listed) == 1 else f" and {len(listed) - 1} more below it"
        yield Unresolved(f"the path {listed[0].path.text}{count}", _ASSUMED, place)


def _groups(app: Group | None, found: list[Found | Lost]) -> list[Group]:
    """The app and every group with a route in it, each once."""
    listed = {id(app): app} if app is not None else {}
    listed |= {id(one): one for item in found if isinstance(item, Found) for one in item.groups}
    return list(listed.values())


def _hooks(groups: list[Group], functions: Functions) -> Iterable[Hook]:
    for one in (hook for group in groups for hook in group.hooks):
        id_ = functions.id_of(one.value)
        if not id_:
            continue
        at = Declaration(-1, 0, one.kind, "", one.placed.span.line, one.placed.span)
        yield Hook(one.kind, id_, at, one.placed.span, _exception(one.exception))


def _exception(value: Value | None) -> str | None:
    match settled(value) if value is not None else None:
        case External(name=name):
            return name.removeprefix("builtins.")
        case Class() as cls:
            return cls.full_name
        case Const(value=int(number)):
            return str(number)
    return None


def _settings(group: Group | None) -> Settings:
    call = group.call if group is not None else None
    title, version, description = (_word(call, key) for key in ("title", "version", "description"))
    given = Settings(
        title=title or (group.framework if group is not None else ""),
        description=description,
        redirect_slashes=group is not None and _redirects(group),
    )
    return replace(given, version=version) if version is not None else given


def _redirects(app: Group) -> bool:
    """Whether a path with the other form of its end is redirected: all three do, unless they are told not to
    (Werkzeug's rules each for itself)."""
    given = app.call.argument("redirect_slashes") if app.call is not None else None
    given = app.instance.names.get("redirect_slashes", given)
    return app.framework == "flask" or not (isinstance(given, Const) and given.value is False)


def _word(call: Call | None, key: str) -> str | None:
    value = call.argument(key) if call is not None else None
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def _load_tables(project: Project) -> None:
    """Import the modules of tables that the program names: handlers use them in their bodies only."""
    named = [one for scope in project.scopes.values() for one in scope.names.values()]
    unread = {one.origin: one for one in named if isinstance(one, Later)}
    for name, value in unread.items():
        found = project.locate(name) if name and name not in project.scopes else None
        if found is not None and found[0] and _TABLE in peek(project.root / found[0]):
            settled(value)


def _schemas(
    project: Project, early: list[Scope], functions: tuple[FunctionNode, ...], routes: list[Route]
) -> tuple[Schema, ...]:
    """Those of the app's own modules, and all that these and the functions refer to or derive from."""
    known = project.schemas
    made: dict[str, Schema] = {}
    waiting = [known.id(cls) for scope in early for cls in scope.classes if known.kind(cls) is not None]
    waiting += [id_ for type_ in _types(functions, routes) for id_ in _refs(type_)]
    for id_ in waiting:
        if id_ not in made:
            cls = known.classes[id_]
            made[id_] = known.of(cls)
            waiting += [ref for field in made[id_].fields for ref in _refs(field.type)]
            above = [one for one in ancestry(cls)[1:] if isinstance(one, Class)]
            waiting += [known.id(one) for one in above if known.kind(one) is not None]
    return tuple(made.values())


def _types(functions: tuple[FunctionNode, ...], routes: list[Route]) -> Iterable[Type | None]:
    for function in functions:
        yield function.returns
        yield from (parameter.type for parameter in function.parameters)
    for route in routes:
        yield route.options.response


def _refs(type_: Type | None) -> list[str]:
    return [one.id for one in walk(type_) if isinstance(one, Ref)] if type_ is not None else []


def _module(scope: Scope) -> Module:
    """Of its imports, those that were followed, and those from elsewhere."""
    source, project = scope.source, scope.project
    imports = {
        one: None
        for one in scope.imports
        if one[0] in project.scopes or project.locate(one[0].partition(".")[0]) is None
    }
    return Module(
        scope.name, source.file, scope.package, source.sha256, docstring(source.tree), source.whole(),
        tuple(imports),
    )  # fmt: skip


def _of_providers(app: App) -> Iterable[Edge]:
    for one in app.providers:
        if one.function:
            yield Edge(one.id, one.function, "handles", one.span)
        yield from (Edge(one.id, other, "depends", one.span) for other in one.needs)
