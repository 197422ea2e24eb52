"""The App: one frozen model of a whole application."""

from __future__ import annotations

from conduitc.ir.declared import Constant, Declaration, Node, SlotSite
from conduitc.ir.features import (
    INTROSPECT,
    MCP_METHODS,
    WELL_KNOWN,
    Auth,
    Block,
    Completion,
    Endpoint,
    Introspection,
    MLModel,
    Offer,
    Pipeline,
    Prompt,
    Resource,
    Tool,
)
from conduitc.ir.functions import Function, Provider
from conduitc.ir.routes import Hook, Middleware, Route
from conduitc.ir.schemas import Schema
from conduitc.span import Span


class Module(Node, frozen=True):
    """A module of the project: import name, file (relative, ``/``), hash of its bytes, its slot sites."""

    name: str
    file: str
    package: bool
    sha256: str
    doc: str | None
    span: Span
    imports: tuple[tuple[str, Span], ...] = ()
    slots: tuple[SlotSite, ...] = ()


class Edge(Node, frozen=True):
    """``source`` and ``target`` are resource ids; ``kind``: handles, calls, uses, includes, imports, …

    ``fields`` are those of a schema that this is about, where it is about some.
    """

    source: str
    target: str
    kind: str
    span: Span
    fields: tuple[str, ...] = ()


class Unresolved(Node, frozen=True):
    """Something the analysis could not prove. ``blocks_build``: a route, tool, schema or block needs it."""

    what: str
    reason: str
    span: Span
    blocks_build: bool = False


class LazyGroup(Node, frozen=True):
    """A module that is imported on the first request to one of its routes.

    ``includes`` are the include calls that name its routers; ``declarations`` the places, in the App's, of
    what is declared by it and by the modules that come with it.
    """

    module: str
    includes: tuple[Span, ...]
    declarations: tuple[int, ...]


class Settings(Node, frozen=True):
    """Keywords of ``Conduit(...)``."""

    title: str = "Conduit app"
    version: str = "0.1.0"
    description: str | None = None
    redirect_slashes: bool = False
    max_body: int = 1 << 20
    threads: int = 40


class App(Node, frozen=True):
    """Everything. ``variable`` in ``module`` holds the app object; ``entry`` is that module's file.

    ``precedence`` says which of several routes answers: ``specific`` (the most specific one),
    ``declaration`` (the first), or ``weight`` (by an order of the framework's; of equal ones the first).
    ``unmentioned`` are the functions and schemas whose names stand nowhere but in their own definitions.
    """

    module: str
    variable: str
    entry: str
    dialect: str
    precedence: str
    span: Span
    declaration: Declaration
    settings: Settings = Settings()
    modules: tuple[Module, ...] = ()
    functions: tuple[Function, ...] = ()
    schemas: tuple[Schema, ...] = ()
    routes: tuple[Route, ...] = ()
    middleware: tuple[Middleware, ...] = ()
    hooks: tuple[Hook, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    tools: tuple[Tool, ...] = ()
    resources: tuple[Resource, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    completions: tuple[Completion, ...] = ()
    blocks: tuple[Block, ...] = ()
    pipelines: tuple[Pipeline, ...] = ()
    models: tuple[MLModel, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    mcp: tuple[tuple[str, Constant], ...] | None = None
    edges: tuple[Edge, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    data_files: tuple[str, ...] = ()
    third_parties: tuple[str, ...] = ()
    unmentioned: tuple[str, ...] = ()
    lazy: tuple[LazyGroup, ...] = ()
    providers: tuple[Provider, ...] = ()
    mcp_auth: Auth | None = None
    introspection: Introspection | None = None

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All that MCP's clients can ask for."""
        return (*self.tools, *self.resources, *self.prompts, *self.completions)

    def offer(self, name: str, default: object = None) -> object:
        """An option of ``enable_mcp(...)``; the default where it is not called, or does not say."""
        return next((one.value for key, one in self.mcp or () if key == name), default)

    @property
    def doors(self) -> tuple[tuple[frozenset[str], str], ...]:
        """Where the app offers MCP over HTTP, by methods and path; and where clients learn which tokens are
        asked for, if any are (RFC 9728)."""
        if self.offer("transport") not in ("http", "sse"):
            return ()
        path, get = str(self.offer("path")), frozenset({"GET"})
        about = () if self.mcp_auth is None else ((get, WELL_KNOWN), (get, WELL_KNOWN + path))
        return ((MCP_METHODS, path), *about)

    @property
    def introspection_doors(self) -> tuple[tuple[frozenset[str], str], ...]:
        """Where questions about the app are answered, by methods and path; a last ``*`` is all below it. The
        last of them is for models."""
        if self.introspection is None:
            return ()
        asked = tuple((frozenset({"GET"}), path) for path in (INTROSPECT, f"{INTROSPECT}/*"))
        return (*asked, (MCP_METHODS, f"{INTROSPECT}/mcp"))

    def function(self, id_: str) -> Function:
        """The function of that id.

        Raises:
            KeyError: there is none.
        """
        for function in self.functions:
            if function.id == id_:
                return function
        raise KeyError(id_)

    def schema(self, id_: str) -> Schema:
        """The schema of that id.

        Raises:
            KeyError: there is none.
        """
        for schema in self.schemas:
            if schema.id == id_:
                return schema
        raise KeyError(id_)
