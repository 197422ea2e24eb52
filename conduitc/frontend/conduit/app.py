"""One executed program → its ``App``: everything the chosen app reaches, and all else the project holds."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from conduitc.diagnostics import Label, Rule
from conduitc.frontend.conduit.assemble import Numbering, Place, reached
from conduitc.frontend.conduit.auth import auth_of
from conduitc.frontend.conduit.choice import Chosen
from conduitc.frontend.conduit.declare import NOT_A_ROUTER
from conduitc.frontend.conduit.dialect import ENDLESS, ConduitDialect
from conduitc.frontend.conduit.edges import edges
from conduitc.frontend.conduit.handlers import NOT_A_HANDLER, Handlers
from conduitc.frontend.conduit.inside import IN_FUNCTION
from conduitc.frontend.conduit.introspection import introspection_of
from conduitc.frontend.conduit.lost import LOST
from conduitc.frontend.conduit.offers import Offers
from conduitc.frontend.conduit.parts import Parts
from conduitc.frontend.conduit.records import IncludeDetails, Owner, Record, RouteDetails
from conduitc.frontend.conduit.routes import Routes, exception_name
from conduitc.frontend.conduit.static import NOT_STATIC, PATH_NOT_STATIC
from conduitc.frontend.conduit.tools import Tools
from conduitc.frontend.facts import Facts
from conduitc.frontend.mentions import unmentioned
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Value
from conduitc.ir.nodes import App, Declaration, Hook, Middleware, Settings, Unresolved
from conduitc.span import Span

CYCLE = Rule(
    code="CDT204",
    slug="include-cycle",
    severity="error",
    message="this router includes itself, at `{path}`",
    docs="Routers are included by reference, so a cycle of includes would have routes without end.",
    bad="""\
from conduit import Conduit, Router

a = Router(prefix="/a")
a.include(a)
app = Conduit()
app.include(a)
""",
    good="""\
from conduit import Conduit, Router

a = Router(prefix="/a")
app = Conduit()
app.include(a)
""",
)

NEVER_INCLUDED = Rule(
    code="CDT205",
    slug="router-never-included",
    severity="warning",
    message="this router is included nowhere, so its {count} never served",
    docs="A router's routes are served once the app, or a router it includes, calls `include` with it.",
    bad="""\
from conduit import Conduit, Router

app = Conduit()
users = Router(prefix="/users")


@users.get("/")
def index():
    return []
""",
    good="""\
from conduit import Conduit, Router

app = Conduit()
users = Router(prefix="/users")


@users.get("/")
def index():
    return []


app.include(users)
""",
)

#: Rules that say that a declaration could not be resolved.
_UNRESOLVED = (PATH_NOT_STATIC, NOT_STATIC, NOT_A_HANDLER, NOT_A_ROUTER, ENDLESS, IN_FUNCTION, LOST)

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
        self.offers = Offers(self.numbering, self.handlers)
        self.places, fault = reached(owner) if owner is not None else ([], None)
        if fault is not None:
            project.diagnostics.append(fault)
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
            if not any(include.uncertain for include in place.via)
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


def build(project: Project, dialect: ConduitDialect, chosen: Chosen) -> App:
    """The App that was chosen; without one, an App whose ``variable`` is empty and that has no routes."""
    entry, owner = chosen.scope, chosen.owner
    built = Built(project, dialect, owner)
    _check_includes(dialect, built.places)
    declarations = built.declarations()
    routes = [built.routes.route(one) for one in built.places if isinstance(one.record.details, RouteDetails)]
    tools = [built.tools.tool(one) for one in built.of_kind("tool")]
    resources = [built.offers.resource(one) for one in built.of_kind("resource")]
    prompts = [built.offers.prompt(one) for one in built.of_kind("prompt")]
    completions = [built.offers.completion(one) for one in built.of_kind("completion")]
    models = [
        found for one in built.of_kind("register_model") if (found := built.tools.model(one)) is not None
    ]
    endpoints = [built.tools.endpoint(one, models) for one in built.of_kind("ml_endpoint")]
    middleware: list[Middleware] = (
        built.routes.app_middleware(owner, built.records) if owner is not None else []
    )
    hooks = built.hooks()
    mcp = [built.tools.mcp(one) for one in built.of_kind("enable_mcp")]
    auth = [auth_of(one) for one in built.of_kind("enable_mcp")]
    facts = Facts(project, built.handlers.used)
    functions, schemas = facts.functions(), facts.schemas()
    whole = entry.source.whole()
    app = App(
        module=entry.name,
        variable=chosen.variable,
        entry=entry.source.file,
        dialect="conduit",
        precedence="specific",
        span=owner.own.span if owner is not None else whole,
        declaration=built.numbering.of(owner.own)
        if owner is not None
        else Declaration(-1, 0, "app", "", 1, whole),
        settings=_settings(owner),
        modules=tuple(facts.module(scope, built.numbering.sites(scope)) for scope in facts.scopes),
        functions=functions,
        schemas=schemas,
        routes=tuple(route for route in routes if route is not None),
        middleware=tuple(middleware),
        hooks=hooks,
        declarations=declarations,
        tools=tuple(tool for tool in tools if tool is not None),
        resources=tuple(one for one in resources if one is not None),
        prompts=tuple(one for one in prompts if one is not None),
        completions=tuple(one for one in completions if one is not None),
        blocks=tuple(built.parts.blocks),
        pipelines=tuple(built.parts.pipelines),
        models=(*models, *built.parts.models),
        endpoints=tuple(one for one in endpoints if one is not None),
        mcp=mcp[0] if mcp else None,
        mcp_auth=auth[0] if auth else None,
        introspection=None if owner is None else introspection_of(owner, project.root),
        unresolved=(*facts.unresolved(functions, schemas), *_refused(project)),
        data_files=tuple(dict.fromkeys(built.tools.data_files)),
        third_parties=tuple(sorted(project.externals)),
    )
    app = replace(app, edges=edges(app, _includes(built.places)))
    return replace(app, unmentioned=unmentioned(app, [scope.source.text for scope in facts.scopes]))


def _includes(places: list[Place]) -> list[tuple[str, str, Span]]:
    """Includes of a router by an app or router of another module, or of the same."""
    found = [
        (place.owners[-1].own.scope.name, place.record.details.router.own.scope.name, place.record.span)
        for place in places
        if isinstance(place.record.details, IncludeDetails)
    ]
    return list(dict.fromkeys(found))


def _refused(project: Project) -> list[Unresolved]:
    """What declarations could not be resolved: each is an error too."""
    return [
        Unresolved(one.message, one.help or one.rule.slug, one.span, blocks_build=True)
        for one in project.diagnostics
        if one.rule in _UNRESOLVED
    ]


def _unique(records: Iterable[Record]) -> list[Record]:
    found: dict[int, Record] = {}
    for record in records:
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
            help_: str | None = "leave one of these includes out"
            record.scope.report(CYCLE.at(record.span, labels=labels, help=help_, path=path))
    for owner in dialect.owners:
        if owner.kind == "router" and id(owner) not in included and owner.records:
            number = sum(record.kind == "route" for record in owner.records)
            count = "one route is" if number == 1 else f"{number} routes are"
            names = [name for name, one in owner.own.scope.names.items() if one is owner.own.value]
            help_ = f"add `app.include({names[0]})`, with whatever the app is called" if names else None
            owner.own.scope.report(NEVER_INCLUDED.at(owner.own.span, help=help_, count=count))
