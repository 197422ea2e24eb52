"""``conduitc run`` by uvicorn, with the compiled protocol and an end of its own.

It differs from plain uvicorn in its end: connections that wait to be accepted are accepted before it stops
listening, and what a signal asked for is an orderly end, so the exit code is 0.

Of uvicorn's own this file uses ``Server.serve``, ``startup``, ``shutdown``, ``on_tick``, ``capture_signals``,
``should_exit``, ``started``, ``servers``, ``lifespan`` and ``server_state``; ``loaded_app``, ``ssl``, ``ws``
and ``http_protocol_class`` of ``Config``. tests/http/test_run_uvicorn.py compares them with what is there.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import uvicorn

from conduit.server.drain import Held, leave, let_in
from conduit.server.process import Process, server_headers

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from typing import Any

#: Where uvicorn's own protocol serves: how long a connection just accepted has to send what it waited with.
_MOMENT = 0.1


class Server(uvicorn.Server):
    """uvicorn's, which ends without loss."""

    def __init__(self, config: uvicorn.Config, process: Process) -> None:
        super().__init__(config)
        self.process = process
        self.held = Held([process.listener], process.settings.drain_moment)
        self.cut = False

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Heed signals; they are not raised again afterwards."""
        self.process.stop = self._stop
        yield

    def _stop(self) -> None:
        self.should_exit = True

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await super().serve(sockets=sockets)
        if self.cut:  # threads may still be at work on what was given up; nobody waits for them
            leave(0, self.process.flush)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        process = self.process
        if process.log is not None and not process.native:
            from conduit.server.log import logged

            self.config.loaded_app = logged(self.config.loaded_app, process.log)
        await super().startup(sockets=sockets)
        if self.started and not self.should_exit:
            process.served()

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self.process.orphaned()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        process, began = self.process, time.monotonic()
        process.closing()
        await let_in(sockets or ())
        for server in self.servers:
            server.close()
        moment = 0 if process.native else _MOMENT
        self.held.accept(self._connect, self.config.ssl, self.server_state.tasks, moment)
        await asyncio.sleep(4 * moment)
        await super().shutdown(sockets)
        self.cut = time.monotonic() - began > process.settings.drain_seconds

    def _connect(self) -> Any:
        made: Any = self.config.http_protocol_class
        return made(
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
            _loop=asyncio.get_running_loop(),
        )


def run(process: Process) -> int:
    """Serve until stopped."""
    server = Server(_config(process), process)
    server.run(sockets=[process.listener])
    return 0


def _config(process: Process) -> uvicorn.Config:
    options, settings = process.options, process.settings
    return uvicorn.Config(
        "app:app",
        http=_protocol(process),
        ws=_websockets(process),
        loop=options.loop,
        log_level=options.log_level,
        access_log=False,
        proxy_headers=options.proxy_headers,
        forwarded_allow_ips=options.forwarded_allow_ips,
        root_path=options.root_path,
        date_header=options.date_header,
        server_header=False,
        headers=server_headers(options),
        backlog=options.backlog,
        limit_concurrency=options.limit_concurrency,
        limit_max_requests=options.limit_max_requests,
        timeout_keep_alive=settings.keep_alive_seconds,  # type: ignore[arg-type]  # any number of seconds
        timeout_graceful_shutdown=settings.drain_seconds,  # type: ignore[arg-type]
        ssl_certfile=options.ssl_certfile,
        ssl_keyfile=options.ssl_keyfile,
        ssl_keyfile_password=options.ssl_keyfile_password,
        ssl_ca_certs=options.ssl_ca_certs,
        ssl_cert_reqs=2 if options.ssl_ca_certs else 0,  # CERT_REQUIRED, CERT_NONE
    )


def _websockets(process: Process) -> Any:
    """uvicorn's own protocol for them, imported with the first: it is a tenth of the process's memory."""
    if not process.native or not (find_spec("websockets") or find_spec("wsproto")):
        return "auto"

    def later(**given: Any) -> Any:
        from uvicorn.protocols.websockets.auto import AutoWebSocketsProtocol

        assert AutoWebSocketsProtocol is not None
        return AutoWebSocketsProtocol(**given)

    return later


def _protocol(process: Process) -> Any:
    if not process.native:
        return "auto"
    from conduit.server.door import protocol

    return partial(protocol, log=process.log) if process.log is not None else protocol
