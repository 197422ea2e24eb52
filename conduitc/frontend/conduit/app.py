"""One executed program → its ``App``: everything the chosen app reaches, and all else the project holds."""

from __future__ import annotations

from conduitc.diagnostics import Label, Rule
from conduitc.frontend.conduit.assemble import Numbering, Place, reach
from conduitc.frontend.conduit.dialect import ConduitDialect
from conduitc.frontend.conduit.handlers import Handlers
from conduitc.frontend.conduit.parts import Parts
from conduitc.frontend.conduit.records import IncludeDetails, Owner, Record, RouteDetails
from conduitc.frontend.conduit.routes import Routes, exception_name
from conduitc.frontend.conduit.tools import Tools
from conduitc.frontend.facts import Facts
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Call, Scope
from conduitc.frontend.values import Value
from conduitc.ir.nodes import App, Declaration, Hook, Middleware, Settings

CYCLE = Rule(
    code="CDT204",
    slug="include-cycle",
    severity="error",
    message="this router includes itself: {path}",
    docs="Routers are included by reference, so a cycle of includes would have routes without end.",
    bad='from conduit import Conduit, Router\n\na = Router(prefix="/a")\na.include(a)\napp = Conduit()\napp.include(a)\n',
    good='from conduit import Conduit, Router\n\na = Router(prefix="/a")\napp = Conduit()\napp.include(a)\n',
)

NEVER_INCLUDED = Rule(
    code="CDT205",
    slug="router-never-included",
    severity="warning",
    message="this router is included nowhere, so its {count} are never served",
    docs="A router's routes are part of an app once the app, or a router it includes, calls `include` with it.",
    bad=(
        'from conduit import Conduit, Router\n\napp = Conduit()\nusers = Router(prefix="/users")\n\n\n'
        '@users.get("/")\ndef index():\n    return []\n'
    ),
    good=(
        'from conduit import Conduit, Router\n\napp = Conduit()\nusers = Router(prefix="/users")\n\n\n'
        '@users.get("/")\ndef index():\n    return []\n\n\napp.include(users)\n'
    ),
)

_SETTINGS = ("title", "version", "description", "redirect_slashes", "max_body", "threads")


class Built:
    """Gathers the nodes of one app."""

    def __init__(self, project: Project, dialect: ConduitDialect, owner: Owner | None) -> None:
        self.project = project
        self.owner = owner
        scopes = list(project.scopes.values())
        self.numbering = Numbering(scopes, dialect.owners)
        self.handlers = Handlers()
        self.routes = Routes(self.numbering, self.handlers)
        self.tools = Tools(self.numbering, self.handlers)
        self.places = list(reach(owner)) if owner is not None else []
        self.records = _unique(place.record for place in self.places)
        self.parts = Parts()
        for scope in scopes:
            self.parts.collect(scope)

    def of_kind(self, *kinds: str) -> list[Record]:
        return [record for record in self.records if record.kind in kinds]

    def declarations(self) -> tuple[Declaration, ...]:
        """Everything recorded by the app and the routers it reaches."""
        if self.owner is None:
            return ()
        owners = {id(one): one for place in self.places for one in place.owners}
        routers = [one.own for one in owners.values() if one is not self.owner]
        certain = {
            record.order
            for place in self.places
            if not any(include.conditional for include in place.via)
            for record in (place.record, *(one.own for one in place.owners))
        }
        records = [self.owner.own, *routers, *self.records]
        doubtful = {record.order for record in records if record is not self.owner.own} - certain
        return self.numbering.declare(records, doubtful)

    def hooks(self) -> tuple[Hook, ...]:
        found: list[Hook | None] = []
        if self.owner is not None and isinstance(lifespan := self.owner.options.get("lifespan"), Value):
            found.append(self.routes.hook(self.owner.own, lifespan, "lifespan"))
        found.extend(
            self.routes.hook(one, one.value, one.kind) for one in self.of_kind("on_startup", "on_shutdown")
        )
        for record in self.of_kind("exception_handler"):
            name = exception_name(
                record.details.argument("exception", 0) if isinstance(record.details, Call) else None
            )
            found.append(self.routes.hook(record, record.value, record.kind, name))
        return tuple(hook for hook in found if hook is not None)


def build(project: Project, dialect: ConduitDialect, entry: Scope, owner: Owner | None, variable: str) -> App:
    """The App of ``owner``; without one, an App whose ``variable`` is empty and that has no routes."""
    built = Built(project, dialect, owner)
    _check_includes(dialect, built.places)
    declarations = built.declarations()
    routes = [built.routes.route(one) for one in built.places if isinstance(one.record.details, RouteDetails)]
    tools = [built.tools.tool(one) for one in built.of_kind("tool")]
    models = [
        found for one in built.of_kind("register_model") if (found := built.tools.model(one)) is not None
    ]
    endpoints = [built.tools.endpoint(one, models) for one in built.of_kind("ml_endpoint")]
    middleware: list[Middleware] = (
        built.routes.app_middleware(owner, built.records) if owner is not None else []
    )
    hooks = built.hooks()
    mcp = [built.tools.mcp(one) for one in built.of_kind("enable_mcp")]
    facts = Facts(project, built.handlers.used)
    whole = entry.source.whole()
    return App(
        module=entry.name,
        variable=variable,
        entry=entry.source.file,
        dialect="conduit",
        precedence="specific",
        span=owner.own.span if owner is not None else whole,
        declaration=built.numbering.of(owner.own)
        if owner is not None
        else Declaration(-1, 0, "app", "", 1, whole),
        settings=_settings(owner),
        modules=tuple(facts.module(scope, built.numbering.sites(scope)) for scope in facts.scopes),
        functions=facts.functions(),
        schemas=facts.schemas(),
        routes=tuple(route for route in routes if route is not None),
        middleware=tuple(middleware),
        hooks=hooks,
        declarations=declarations,
        tools=tuple(tool for tool in tools if tool is not None),
        blocks=tuple(built.parts.blocks),
        pipelines=tuple(built.parts.pipelines),
        models=(*models, *built.parts.models),
        endpoints=tuple(one for one in endpoints if one is not None),
        mcp=mcp[0] if mcp else None,
        edges=(),
        unresolved=facts.unresolved(),
        data_files=tuple(dict.fromkeys(built.tools.data_files)),
        third_parties=tuple(sorted(project.externals)),
    )


def _unique(records: object) -> list[Record]:
    found: dict[int, Record] = {}
    for record in records:  # type: ignore[attr-defined]
        found.setdefault(record.order, record)
    return list(found.values())


def _settings(owner: Owner | None) -> Settings:
    options = owner.options if owner is not None else {}
    given = {key: options[key] for key in _SETTINGS if options.get(key) is not None}
    return Settings(**given)  # type: ignore[arg-type]


def _check_includes(dialect: ConduitDialect, places: list[Place]) -> None:
    """Report routers that include themselves, and those that nothing includes."""
    included: set[int] = set()
    for owner in dialect.owners:
        for record in owner.records:
            if isinstance(record.details, IncludeDetails):
                included.add(id(record.details.router))
    for place in places:
        record = place.record
        if isinstance(record.details, IncludeDetails) and record.details.router in place.owners:
            labels = tuple(Label(one.span, "and this one before") for one in place.via)
            path = (
                "".join((*(piece.text for piece in place.prefix), record.details.prefix.text)) or "no prefix"
            )
            record.scope.report(CYCLE.at(record.span, labels=labels, path=path))
    for owner in dialect.owners:
        if owner.kind == "router" and id(owner) not in included and owner.records:
            number = sum(record.kind == "route" for record in owner.records)
            count = f"{number} route{'s' * (number != 1)}"
            owner.own.scope.report(NEVER_INCLUDED.at(owner.own.span, count=count))
