"""``conduitc run --single``: a loop, a socket, lifespan and the compiled protocol, without uvicorn.

For where processes start often: it imports asyncio, uvloop where there is one, and the app. What needs more
is imported when it is first asked for: uvicorn's rules of forwarding headers, and its WebSocket protocol.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

from conduit.server._native import Worker
from conduit.server.drain import Held, leave, let_in
from conduit.server.lifespan import Lifespan
from conduit.server.process import Process, loop_factory, not_started, server_headers

if TYPE_CHECKING:
    from conduit.server.door import Forwarded

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_POLL_SECONDS = 0.02


class State:
    """What the connections of a server share with it."""

    def __init__(self) -> None:
        self.connections: set[Any] = set()
        self.tasks: set[Any] = set()
        self.total_requests = 0
        self.default_headers: list[tuple[bytes, bytes]] = []


class Single:
    """The server."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.state = State()
        self.ended = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.held = Held([process.listener], process.settings.drain_moment)
        self.cut = False
        process.stop = self._stop

    def _stop(self) -> None:
        self.loop.call_soon_threadsafe(self.ended.set)

    async def serve(self) -> int:
        """Until asked to end; 1 where the app does not start."""
        process, options = self.process, self.process.options
        app = import_module("app").app
        lifespan = Lifespan(app)
        if not await lifespan.step("startup"):
            print(not_started(options), file=sys.stderr)
            return 1
        worker = self._worker(app, lifespan)
        self._every_second()
        context = None
        if options.ssl_certfile is not None:
            from conduit.server.tls import context_of

            context = context_of(options)
        server = await self.loop.create_server(
            worker.connect, sock=process.listener, backlog=options.backlog, ssl=context
        )
        process.served()
        await self.ended.wait()
        process.closing()
        await let_in([process.listener])
        server.close()
        self.held.accept(worker.connect, context, self.state.tasks, 0)
        await self._drain()
        await lifespan.step("shutdown")
        worker.close()
        return 0

    def _worker(self, app: Any, lifespan: Lifespan) -> Worker:
        process, options = self.process, self.process.options
        return Worker(
            app=app,
            served=getattr(app, "_conduit", app)._served,
            settings=process.settings,
            loop=self.loop,
            state=self.state,
            app_state=lifespan.state,
            root_path=options.root_path,
            forwarded=_forwarded(options.forwarded_allow_ips) if options.proxy_headers else None,
            log=process.log,
            limit_concurrency=options.limit_concurrency,
            upgrade=Upgrade(self, app, lifespan),
        )

    def _every_second(self) -> None:
        """Date and server; and whether there were as many requests as there should be."""
        now, options = time.time(), self.process.options
        headers = [(name.encode(), value.encode()) for name, value in server_headers(options)]
        if options.date_header:
            headers.insert(0, (b"date", http_date(int(now)).encode()))
        self.state.default_headers = headers
        if options.limit_max_requests is not None and self.state.total_requests >= options.limit_max_requests:
            self.ended.set()
        self.loop.call_later(1 - now % 1, self._every_second)

    async def _drain(self) -> None:
        """Until what is in flight is answered, or has no more time."""
        state, end = self.state, time.monotonic() + self.process.settings.drain_seconds
        for connection in tuple(state.connections):
            connection.shutdown()
        while state.connections or state.tasks:
            if time.monotonic() > end:
                self.cut = True
                print(f"{len(state.tasks)} requests were not answered in time", file=sys.stderr)
                for task in tuple(state.tasks):
                    task.cancel()
                return
            await asyncio.sleep(_POLL_SECONDS)


class Upgrade:
    """Hands a connection that asks for a WebSocket to uvicorn's implementation."""

    def __init__(self, server: Single, app: Any, lifespan: Lifespan) -> None:
        self._server, self._app, self._lifespan = server, app, lifespan
        self._config: Any = None

    def __call__(self, transport: asyncio.Transport, raw: bytes) -> None:
        if self._config is None:
            self._config = self._loaded()
        make = self._config.ws_protocol_class
        if make is None:
            transport.write(b"HTTP/1.1 501 Not Implemented\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            transport.close()
            return
        made = make(config=self._config, server_state=self._server.state, app_state=self._lifespan.state)
        made.connection_made(transport)
        transport.set_protocol(made)
        made.data_received(raw)

    def _loaded(self) -> Any:
        from uvicorn import Config

        options = self._server.process.options
        config = Config(
            self._app,
            proxy_headers=options.proxy_headers,
            forwarded_allow_ips=options.forwarded_allow_ips,
            root_path=options.root_path,
            log_level=options.log_level,
        )
        config.load()
        return config


def _forwarded(allowed: str | None) -> Forwarded:
    """Client and scheme as proxies tell them; the rules are imported when the first proxy tells anything."""
    known: list[Forwarded] = []

    def forwarded(headers: list[tuple[bytes, bytes]], client: Any, scheme: str) -> tuple[Any, str]:
        if not known:
            if not any(name.startswith(b"x-forwarded-") for name, _ in headers):
                return client, scheme
            from conduit.server.door import forwarded_of

            known.append(forwarded_of(allowed))
        return known[0](headers, client, scheme)

    return forwarded


def http_date(seconds: int) -> str:
    """``Sun, 06 Nov 1994 08:49:37 GMT``, whatever the locale."""
    year, month, day, hour, minute, second, weekday, *_ = time.gmtime(seconds)
    return f"{_DAYS[weekday]}, {day:02} {_MONTHS[month - 1]} {year} {hour:02}:{minute:02}:{second:02} GMT"


def run(process: Process) -> int:
    """Serve until stopped."""

    logging.getLogger("uvicorn.error").setLevel(process.options.log_level.upper())  # the protocol's

    async def main() -> int:
        server = Single(process)
        code = await server.serve()
        if server.cut:  # threads may still be at work on what was given up; nobody waits for them
            leave(code, process.flush)
        return code

    with asyncio.Runner(loop_factory=loop_factory(process.options)) as runner:
        return runner.run(main())
