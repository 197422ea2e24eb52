"""``serving(...)``: what wiring asks for. The parts of the serving core put together as one ASGI app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conduit.http.body import MAX_BODY
from conduit.http.lifespan import Lifespan
from conduit.http.serving import Core, behind_asgi, behind_middleware, direct
from conduit.http.threads import POOL
from conduit.table import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from conduit.http.entry import Entry, Finders, Middleware, Receive, Scope, Send
    from conduit.http.serving import Serve


class Serving:
    """One app, served. ``serve`` is the ASGI function; calling the object calls it.

    For who serves without ASGI: ``core`` finds and runs; ``direct`` says that nothing stands before it;
    ``bridged`` that ASGI middleware does. ``max_body`` is the limit of bodies for routes that set none.
    """

    def __init__(
        self, core: Core, lifespan: Lifespan, asgi_middleware: Sequence[Any], sockets: Any = None
    ) -> None:
        self.core = core
        self.direct = not core.app_middleware and not asgi_middleware
        self.bridged = bool(asgi_middleware)
        self.max_body = MAX_BODY
        #: What the app offers by MCP: a ``conduit.mcp.catalogue.Catalogue``, or None.
        self.offered: Any = None
        self.lifespan = lifespan
        self._sockets = sockets
        self._converse: Serve | None = None
        self._app: Any = None
        make = behind_middleware if core.app_middleware else direct
        serve = make(core, self._other)
        self.serve = behind_asgi(core, serve, asgi_middleware) if asgi_middleware else serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.serve(scope, receive, send)

    def adopt(self, app: Any, lifespan: Callable[..., Any] | None, max_body: int | None) -> None:
        """Take from the app what wiring does not know: the app itself, its context and its limit."""
        self._app = app
        if lifespan is not None:
            self.lifespan.context = lifespan
        if max_body is not None:
            self.max_body = max_body
            self.serve = limited(self.serve, max_body)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lifespan, and WebSocket connections; without routes for these they are refused."""
        if scope["type"] == "lifespan":
            await self.lifespan.run(self._app, receive, send)
        elif scope["type"] == "websocket":
            if self._sockets is None:
                await send({"type": "websocket.close", "code": 1000})
                return
            if self._converse is None:
                from conduit.http.sockets import Sockets

                self._converse = Sockets(self._sockets).serve
            await self._converse(scope, receive, send)
        else:
            raise ValueError(f"conduit serves http and websocket, not {scope['type']!r}")


def limited(serve: Serve, max_body: int) -> Serve:
    """``serve`` with a limit of the app's own for bodies that handlers read by hand."""

    async def limiting(scope: Scope, receive: Receive, send: Send) -> None:
        scope["conduit.max_body"] = max_body
        await serve(scope, receive, send)

    return limiting


def serving(
    finders: Finders,
    *,
    app_middleware: Sequence[Middleware] = (),
    asgi_middleware: Sequence[tuple[Callable[..., Any], dict[str, Any]]] = (),
    exception_handlers: Sequence[tuple[type[BaseException], Callable[..., Any]]] = (),
    startup: Sequence[Callable[..., Any]] = (),
    shutdown: Sequence[Callable[..., Any]] = (),
    lifespan: Callable[..., Any] | None = None,
    fallback: Entry | None = None,
    redirect_slashes: bool = False,
    threads: int = 40,
    offered: Any = None,
) -> Serving:
    """The ASGI app. Conditional declarations that did not happen may stand among the lists."""
    POOL.limit = threads
    sockets = finders.pop("WEBSOCKET", None)  # no request has this method, whatever its client calls it
    core = Core(finders, _there(app_middleware), _there(exception_handlers), fallback, redirect_slashes)
    around = _there(asgi_middleware)
    made = Serving(core, Lifespan(_there(startup), _there(shutdown), lifespan), around, sockets)
    made.offered = offered
    return made


def _there(declared: Iterable[Any]) -> list[Any]:
    return [one for one in declared if one is not ABSENT]
