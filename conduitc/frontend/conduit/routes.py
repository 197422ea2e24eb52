"""Route records → ``Route`` nodes, with path, options, middleware around each; hooks and app middleware."""

from __future__ import annotations

import ast

from conduitc.diagnostics import Label, Rule
from conduitc.frontend.annotations import Reader
from conduitc.frontend.conduit.assemble import Numbering, Place
from conduitc.frontend.conduit.declare import name_of
from conduitc.frontend.conduit.handlers import Handlers
from conduitc.frontend.conduit.paths import template
from conduitc.frontend.conduit.records import Given, Owner, Record, RouteDetails
from conduitc.frontend.conduit.tools import arguments_of
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Class, External, Function, Instance, Unknown, Value, member
from conduitc.ir.nodes import WEBSOCKET, Hook, Middleware, PathTemplate, Route, RouteOptions
from conduitc.span import Span

BAD_MIDDLEWARE = Rule(
    code="CDT302",
    slug="bad-middleware",
    severity="error",
    message="{where} takes {wanted}: `{text}` is none",
    docs=(
        "`middleware=[...]` and `@app.middleware` take `async def mw(request, call_next)`. An ASGI "
        "middleware class goes to `app.use(Class, **options)`."
    ),
    bad="""\
from conduit import Conduit

app = Conduit()


@app.middleware
def timing(request, call_next):
    return call_next(request)
""",
    good="""\
from conduit import Conduit

app = Conduit()


@app.middleware
async def timing(request, call_next):
    return await call_next(request)
""",
)

SCATTERED = Rule(
    code="CDT214",
    slug="middleware-in-several-modules",
    severity="error",
    message="app middleware is declared in {one} and in {other}",
    docs=(
        "Middleware runs in the order of its declarations. Across modules that order would follow from the "
        "order of imports, so all of an app's middleware stands in one module."
    ),
    bad="""\
# file: app.py
from core import app


@app.middleware
async def one(request, call_next):
    return await call_next(request)
# file: core.py
from conduit import Conduit

app = Conduit()


@app.middleware
async def two(request, call_next):
    return await call_next(request)
""",
    good="""\
# file: app.py
from core import app
# file: core.py
from conduit import Conduit

app = Conduit()


@app.middleware
async def one(request, call_next):
    return await call_next(request)


@app.middleware
async def two(request, call_next):
    return await call_next(request)
""",
)

_FUNCTION = "`async def mw(request, call_next)`"


class Routes:
    """Makes the nodes of one app's routes."""

    def __init__(self, numbering: Numbering, handlers: Handlers) -> None:
        self.numbering = numbering
        self.handlers = handlers

    def route(self, place: Place) -> Route | None:
        """The node of one route as reached through its includes; None, reported, if it cannot be made."""
        record = place.record
        details = record.details
        assert isinstance(details, RouteDetails)
        handler = self.handlers.id_of(record, record.value, "a handler")
        if handler is None or (details.path is None and record.kind == "route"):
            return None  # reported
        if details.path is None:
            path, fault = PathTemplate("", (), record.span), None
        else:
            path, fault = template((*place.prefix, details.path))
        if fault is not None:
            record.scope.report(fault)
        written = (
            "".join((*(p.text for p in place.prefix), details.path.text)) if details.path else "fallback"
        )
        chain = [
            one
            for owner in place.owners
            if owner.kind == "router" and details.methods != (WEBSOCKET,)
            for one in self.given(owner.middleware, owner.own)
        ]
        tags = [
            tag
            for owner in place.owners
            if owner.kind == "router"
            for tag in _texts(owner.options.get("tags"))
        ]
        name = handler.partition(":")[2]
        return Route(
            f"route:{name}#{','.join(details.methods)} {path.text or written}",
            details.methods,
            path,
            handler,
            self.numbering.of(record),
            record.span,
            _options(details, record, tags),
            tuple(one.span for one in place.via),
            (*chain, *self.given(details.middleware, record)),
            fallback=details.path is None,
            includes=tuple(self.numbering.of(one) for one in place.via if one.uncertain),
        )

    def given(self, listed: tuple[Given, ...], record: Record) -> list[Middleware]:
        """The items of ``middleware=[...]``; ``record`` is the declaration that carries the list."""
        found = []
        for index, one in enumerate(listed):
            if _is_made(one.value):  # the object of the list counts, whatever made it
                name = one.name.partition("(")[0]
                found.append(Middleware("function", name, None, self.numbering.of(record), index, one.span))
                continue
            made = self.middleware(one.value, record, index, one.span, one.name, "`middleware=`")
            if made is not None:
                found.append(made)
        return found

    def middleware(
        self, value: Value, record: Record, index: int, span: Span, text: str, where: str
    ) -> Middleware | None:
        """One function around requests; None, reported, for anything else."""
        scope = record.scope
        if isinstance(value, External):
            return Middleware("function", value.name, None, self.numbering.of(record), index, span)
        if isinstance(value, Function) and (value.opaque or isinstance(value.node, ast.AsyncFunctionDef)):
            id_ = self.handlers.id_of(record, value, "middleware", text)
            name = f"{value.scope.name}.{value.qualname}"
            return Middleware("function", name, id_, self.numbering.of(record), index, span) if id_ else None
        help_ = value.reason if isinstance(value, Unknown) else None
        if isinstance(value, Class):
            help_ = f"write `app.use({value.name})`"
        labels: tuple[Label, ...] = ()
        if isinstance(value, Function):
            help_ = "make it `async def`, and await `call_next(request)`"
            labels = (Label(value.scope.span(value.node), "a plain `def`"),)
        scope.report(
            BAD_MIDDLEWARE.at(span, where=where, wanted=_FUNCTION, text=text, labels=labels, help=help_)
        )
        return None

    def app_middleware(self, owner: Owner, records: list[Record]) -> list[Middleware]:
        """``use`` and ``@middleware`` of the app, outermost first."""
        found = self.given(owner.middleware, owner.own)
        seen: Record | None = None
        for record in (item for item in records if item.kind in ("use", "middleware")):
            if seen is not None and seen.scope is not record.scope:
                label = Label(seen.span, "the other module")
                one, other = seen.scope.source.file, record.scope.source.file
                help_ = "put all of it into one of them"
                record.scope.report(
                    SCATTERED.at(record.span, labels=(label,), help=help_, one=one, other=other)
                )
            seen = seen or record
        for record in (one for one in records if one.kind == "middleware"):
            text = name_of(record.value) or "this"
            made = self.middleware(record.value, record, 0, record.span, text, "`@app.middleware`")
            if made is not None:
                found.append(made)
        outer = [self._asgi(record) for record in records if record.kind == "use"]
        return [*outer, *found]

    def _asgi(self, record: Record) -> Middleware:
        call = record.details
        assert isinstance(call, Call)
        name = record.scope.source.snippet(call.node_of("middleware", 0))
        match record.value:
            case External(name=full):
                name = full
            case Class() as cls:
                name = cls.full_name
            case Function() as function:
                name = f"{function.scope.name}.{function.qualname}"
        given = arguments_of(call, ("middleware",))
        return Middleware("asgi", name, None, self.numbering.of(record), 0, record.span, given)

    def hook(self, record: Record, value: Value, kind: str, exception: str | None = None) -> Hook | None:
        """A start, shutdown or lifespan function, or an exception handler."""
        role = "an exception handler" if exception else f"`{kind}`"
        function = self.handlers.id_of(record, value, role)
        if function is None:
            return None
        return Hook(kind, function, self.numbering.of(record), record.span, exception)


#: ``async def __call__(self, request, call_next)``; an ASGI middleware's has one more.
_SELF_AND_TWO = 3


def _is_made(value: Value) -> bool:
    """What a call gave: a closure, a partial, an object that can be called."""
    match value:
        case Unknown():
            return value.returned
        case Instance(cls=Class() as cls):
            called = member(cls, "__call__")
            return isinstance(called, Function) and len(called.node.args.args) == _SELF_AND_TWO
    return isinstance(value, Instance)


def exception_name(value: Value | None) -> str | None:
    """The full name of an exception type; builtins by their own."""
    match value:
        case External(name=name):
            return name.removeprefix("builtins.")
        case Class() as cls:
            return cls.full_name
    return None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ()


def _options(details: RouteDetails, record: Record, tags: list[str]) -> RouteOptions:
    options = dict(details.options)
    response = options.pop("response", None)
    own = _texts(options.pop("tags", ()))
    if isinstance(response, Value):
        options["response"] = _response(record)
    options["tags"] = tuple(dict.fromkeys((*tags, *own)))
    return RouteOptions(**{key: value for key, value in options.items() if value is not None})  # type: ignore[arg-type]


def _response(record: Record) -> object:
    node = record.node
    for keyword in node.keywords if isinstance(node, ast.Call) else ():
        if keyword.arg == "response":
            return Reader(record.scope).type(keyword.value)
    return None
