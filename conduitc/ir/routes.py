"""Routes: paths, where parameters come from, middleware, hooks."""

from __future__ import annotations

from conduitc.ir.declared import Computed, Constant, Declaration, Node
from conduitc.ir.functions import Obstacle
from conduitc.ir.types import Type
from conduitc.span import Span

#: The method of routes that take WebSocket connections; they compete with nothing else, ``*`` included.
WEBSOCKET = "WEBSOCKET"


class Static(Node, frozen=True):
    """A segment that matches itself; ``text`` is decoded."""

    text: str


class Dynamic(Node, frozen=True):
    """A segment that takes a value. ``converter``: int, float, uuid, str, path, or None where none is given
    (the paths pass settles it from the handler's annotation, ``str`` otherwise). ``written`` is the text at
    ``span`` where that is this segment and nothing else, so that it can be changed there. ``pattern`` is what
    the segment matches, as a regular expression, where its converter's name does not say it."""

    name: str
    converter: str | None
    span: Span
    written: str = ""
    pattern: str = ""


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

    ``declaration`` is that of ``use`` or ``@app.middleware``; for ``middleware=[...]`` the one that carries
    the list, and ``index`` within it. ``arguments`` are the constants that ``use`` hands on.
    """

    kind: str
    name: str
    function: str | None
    declaration: Declaration
    index: int
    span: Span
    arguments: tuple[tuple[str, Constant], ...] = ()


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
    app level excluded. *fold*: ``folded``, the answer known at build time. ``includes`` are the declarations
    of the include calls that may not happen: without one of them this route is off, whatever its own
    declaration. A ``mount`` is an app of its own: its methods are ``*``, its path ends in a ``path`` segment,
    and it has no handler. What answers and is no function of the project has no id: ``answers`` names it, and
    what is mounted. Those that are ``weighed`` are ordered among each other by their framework, not by
    declaration; a ``loose`` one takes a slash at its end, or none. A route of method ``WEBSOCKET`` takes
    connections instead of requests: its binding ``request`` is the socket, and no middleware stands around
    it.
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
    includes: tuple[Declaration, ...] = ()
    mount: bool = False
    answers: str = ""
    weighed: bool = False
    loose: bool = False

    @property
    def websocket(self) -> bool:
        """Whether it takes WebSocket connections."""
        return self.methods == (WEBSOCKET,)


class Hook(Node, frozen=True):
    """``on_startup``, ``on_shutdown``, ``lifespan`` or an exception handler (``exception`` names its type).

    ``arity`` is the number of positional parameters where it matters (startup hooks may take the app).
    """

    kind: str
    function: str
    declaration: Declaration
    span: Span
    exception: str | None = None
