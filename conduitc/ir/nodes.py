"""The App: one frozen model of a whole application, made by a frontend, enriched by passes, read by codegen.

Every node has the span of the text it came from. Fields marked *pass* are empty until that pass fills them.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from conduitc.ir.types import Type
from conduitc.span import Span

Provenance = Literal["literal", "resolved", "inferred", "declared"]


class Node(Struct, frozen=True):
    """Base of all nodes."""


# -- constants -----------------------------------------------------------------------------------------------


class Constant(Node, frozen=True):
    """A value known at build time: ``None``, bool, int, float, str, bytes, or list, tuple, dict of those.

    ``text`` is how the source spells it. ``enum`` is the member's full name where it was one.
    """

    value: object
    text: str
    enum: str | None = None


class Computed(Node, frozen=True):
    """A default whose value is not known at build time (``Field(default_factory=list)``, a call)."""

    text: str


# -- declarations --------------------------------------------------------------------------------------------


class Declaration(Node, frozen=True):
    """One declaring call, as the runtime records it.

    In a build it is found by ``(slot, turn)``: ``turn`` counts the executions of one call site in an unrolled
    loop. Without a build it is found by ``(file, line, kind, key, turn)``: ``line`` is the first line of the
    function or class with its decorators, or the call's where the object has no code; ``key`` is
    ``"GET,HEAD /path"`` (methods as declared, path as written) or a name.
    """

    slot: int
    turn: int
    kind: str
    key: str
    line: int
    span: Span
    conditional: bool = False


class SlotSite(Node, frozen=True):
    """Where ``_slot=N`` goes: the call (or bare decorator expression) that starts and ends here."""

    slot: int
    span: Span
    bare: bool = False


# -- functions -----------------------------------------------------------------------------------------------


class Parameter(Node, frozen=True):
    """A parameter as written. ``kind``: positional_only, positional, keyword_only, varargs, varkw.

    ``marker`` is the place an ``Annotated`` names (``Query``, ``Body``, ``Header``, ``Cookie``, ``Form``,
    ``File``, ``Depends``), ``marker_name`` the name given there.
    """

    name: str
    kind: str
    type: Type | None
    default: Constant | Computed | None
    span: Span
    marker: str | None = None
    marker_name: str | None = None


class Obstacle(Node, frozen=True):
    """Something in a body that keeps it from a promise: what, where, and what to write instead."""

    reason: str
    span: Span
    help: str | None = None


class RequestUse(Node, frozen=True):
    """``request.params["id"]``: attribute ``params``, key ``id``, of parameter ``parameter``.

    ``key`` is None where the attribute is used without a constant key; attribute ``*`` where the request
    itself is passed on.
    """

    parameter: str
    attribute: str
    key: str | None
    span: Span


class Effects(Node, frozen=True):
    """What a function's body does, as far as its text proves it.

    ``unproven`` lists everything outside the closed list of 1-language.md (the function alone; ``calls``
    names the project functions it calls, so the placement pass can follow them). ``blocking`` lists calls
    known to block. ``constant`` is the value every call returns, where the body proves one.
    ``returned`` is the exact type of every return, where proven.
    """

    unproven: tuple[Obstacle, ...] = ()
    blocking: tuple[Obstacle, ...] = ()
    calls: tuple[str, ...] = ()
    awaits: bool = False
    request_uses: tuple[RequestUse, ...] = ()
    unused_parameters: tuple[str, ...] = ()
    constant: Constant | None = None
    returned: Type | None = None


class Function(Node, frozen=True):
    """A function of the project. ``id`` is ``function:module.qualname``; ``line`` as in ``Declaration``.

    ``opaque`` names the unknown decorator below the declaration, where there is one: what runs then is not
    this body.
    """

    id: str
    name: str
    qualname: str
    module: str
    span: Span
    line: int
    is_async: bool
    is_generator: bool
    doc: str | None
    parameters: tuple[Parameter, ...]
    returns: Type | None
    returns_span: Span | None
    decorators: tuple[str, ...] = ()
    opaque: str | None = None
    comments: tuple[str, ...] = ()
    effects: Effects = Effects()


# -- routes --------------------------------------------------------------------------------------------------


class Static(Node, frozen=True):
    """A segment that matches itself; ``text`` is decoded."""

    text: str


class Dynamic(Node, frozen=True):
    """A segment that takes a value. ``converter``: int, float, uuid, str, path, or None where none is given
    (the paths pass settles it from the handler's annotation, ``str`` otherwise)."""

    name: str
    converter: str | None
    span: Span


Segment = Static | Dynamic


class PathTemplate(Node, frozen=True):
    """``text`` is the full path as joined from prefixes, in ``{name:conv}`` form once settled.

    ``segments`` are what stands between the slashes after the first: ``/`` has one static empty segment,
    ``/users/:id`` two, ``/v1/`` two (the last empty), ``""`` none.
    """

    text: str
    segments: tuple[Segment, ...]
    span: Span


class Binding(Node, frozen=True):
    """Where one handler parameter's value comes from.

    ``source``: path, query, body, request, header, cookie. ``key`` is the name on the wire. ``refined`` marks
    a path parameter whose type says more than its converter (enum, Meta, date …).
    """

    parameter: str
    source: str
    key: str
    type: Type
    required: bool
    default: Constant | Computed | None
    keyword: bool
    span: Span
    refined: bool = False


class Middleware(Node, frozen=True):
    """``kind``: ``asgi`` (a class given to ``use``) or ``function`` (``async def mw(request, call_next)``).

    ``options_span`` covers the keywords of ``use``. ``source`` says how emitted code finds the object:
    ``decl`` for ``use`` and ``@app.middleware``; for ``middleware=[...]`` the declaration that carries the
    list, and ``index`` within it.
    """

    kind: str
    name: str
    function: str | None
    declaration: Declaration
    index: int
    span: Span


class RouteOptions(Node, frozen=True):
    """What the declaring call's keywords say; ``None`` where not given."""

    name: str | None = None
    status: int | None = None
    tags: tuple[str, ...] = ()
    summary: str | None = None
    description: str | None = None
    deprecated: bool = False
    response: Type | None = None
    include_in_schema: bool = True
    blocking: bool | None = None
    timeout: float | None = None
    max_body: int | None = None


class Route(Node, frozen=True):
    """One path that the app answers.

    ``id`` is ``route:module.qualname#METHOD /full/path`` (several methods joined by ``,``). ``via`` are the
    include calls, outermost first. *bind*: ``bindings``. *placement*: ``placement`` (``inline``, ``thread``,
    ``task``) and ``placement_why``. *middleware*: ``middleware`` holds the effective chain, outermost first,
    app level excluded. *fold*: ``folded``, the answer known at build time.
    """

    id: str
    methods: tuple[str, ...]
    path: PathTemplate
    handler: str
    declaration: Declaration
    span: Span
    options: RouteOptions = RouteOptions()
    via: tuple[Span, ...] = ()
    middleware: tuple[Middleware, ...] = ()
    bindings: tuple[Binding, ...] | None = None
    placement: str | None = None
    placement_why: Obstacle | None = None
    folded: Constant | None = None
    fallback: bool = False


class Hook(Node, frozen=True):
    """``on_startup``, ``on_shutdown``, ``lifespan`` or an exception handler (``exception`` names its type).

    ``arity`` is the number of positional parameters where it matters (startup hooks may take the app).
    """

    kind: str
    function: str
    declaration: Declaration
    span: Span
    exception: str | None = None


# -- schemas -------------------------------------------------------------------------------------------------


class Field(Node, frozen=True):
    """A field of a schema; ``name`` on the wire, ``attribute`` in Python."""

    name: str
    attribute: str
    type: Type
    required: bool
    default: Constant | Computed | None
    doc: str | None
    span: Span


class Schema(Node, frozen=True):
    """A dataclass, Struct, TypedDict or enum. ``id`` is ``schema:module.qualname``.

    ``kind``: dataclass, struct, typeddict, enum. For an enum ``members`` are name and value.
    ``tag`` is the value of a tagged Struct. ``problems`` are what keeps it from being a schema.
    """

    id: str
    name: str
    module: str
    kind: str
    fields: tuple[Field, ...]
    doc: str | None
    span: Span
    members: tuple[tuple[str, Constant], ...] = ()
    tag: tuple[str, str] | None = None
    bases: tuple[str, ...] = ()


# -- tools, blocks, models -----------------------------------------------------------------------------------


class Tool(Node, frozen=True):
    """``@app.tool``. ``schema`` is the hand-given input schema, ``None`` where it follows the signature."""

    id: str
    name: str
    description: str | None
    schema: Constant | None
    function: str
    declaration: Declaration
    span: Span


class Block(Node, frozen=True):
    """An instance of a block (``kind`` its class's full name) assigned at module level, or a block class.

    ``input`` and ``output`` are its types where known; ``arguments`` the constants it was made with.
    """

    id: str
    name: str
    kind: str
    input: Type | None
    output: Type | None
    arguments: tuple[tuple[str, Constant], ...]
    span: Span


class Pipeline(Node, frozen=True):
    """``a >> b >> c`` or ``parallel(a, b)``: the blocks' ids in order."""

    id: str
    name: str
    kind: str
    blocks: tuple[str, ...]
    span: Span


class MLModel(Node, frozen=True):
    """``register_model(name, NumpyModel(...))`` or a model of an LM block (``engine`` says which)."""

    id: str
    name: str
    engine: str
    file: str | None
    arguments: tuple[tuple[str, Constant], ...]
    declaration: Declaration | None
    span: Span


class Endpoint(Node, frozen=True):
    """``@app.ml_endpoint(path, model)``."""

    id: str
    path: str
    model: str
    function: str
    declaration: Declaration
    span: Span


# -- the whole -----------------------------------------------------------------------------------------------


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
    """``source`` and ``target`` are resource ids; ``kind``: handles, calls, uses, includes, imports, …"""

    source: str
    target: str
    kind: str
    span: Span


class Unresolved(Node, frozen=True):
    """Something the analysis could not prove. ``blocks_build`` where a route, tool, schema or block needs it."""

    what: str
    reason: str
    span: Span
    blocks_build: bool = False


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
