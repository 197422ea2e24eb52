"""uvicorn's side of the protocol: the only file that knows what uvicorn keeps to itself.

In: the keywords with which uvicorn makes a protocol for each connection. Out: a connection of the compiled
protocol, or uvicorn's own protocol where the app is no Conduit, or this installation has no native module.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from uvicorn.config import Config
    from uvicorn.server import ServerState

    Forwarded = Callable[[list[tuple[bytes, bytes]], Any, str], tuple[Any, str]]
    Connect = Callable[..., Any]
    Log = Callable[[Any, int, int, float], None]

#: Where a server's protocol is kept: on its state, which lives as long as the server.
_KEPT = "_conduit_connect"
_logger = logging.getLogger("uvicorn.error")


def protocol(
    config: Config,
    server_state: ServerState,
    app_state: dict[str, Any],
    _loop: asyncio.AbstractEventLoop | None = None,
    log: Log | None = None,
    **others: Any,
) -> Any:
    """A protocol for one connection: what uvicorn calls its ``--http`` class.

    Parameters:
        config, server_state, app_state, _loop: as uvicorn gives them; what it adds goes to its own protocol.
        log: an access log in the place of uvicorn's.
    """
    connect: Connect | None = getattr(server_state, _KEPT, None)
    if connect is None:
        connect = _connect(config, server_state, app_state, log, others)
        setattr(server_state, _KEPT, connect)
    return connect(_loop)


def _connect(
    config: Config,
    server_state: ServerState,
    app_state: dict[str, Any],
    log: Log | None,
    others: dict[str, Any],
) -> Connect:
    """What makes this server's connections; says once why it is uvicorn's own."""
    if not config.loaded:
        config.load()
    app, trusted = unwrapped(config.loaded_app)
    conduit = _conduit_of(app)
    if conduit is None:
        why = f"{type(app).__name__} is no Conduit app"
    else:
        try:
            worker = _worker(config, server_state, app_state, conduit, app, trusted, log)
            return worker.connect  # type: ignore[no-any-return]
        except ImportError as error:
            if error.name != "conduit.server._native":
                raise
            why = "this installation of conduit has no native module (there was no C compiler)"
    _logger.warning("conduit.http:Protocol: %s; uvicorn's own protocol serves it", why)
    own = _own_protocol(config)

    def connect(_loop: asyncio.AbstractEventLoop | None = None) -> Any:
        return own(config=config, server_state=server_state, app_state=app_state, _loop=_loop, **others)

    return connect


def unwrapped(app: Any) -> tuple[Any, Any]:
    """The app below uvicorn's own layers, and whose forwarding headers are believed, if anybody's.

    Exactly those two types are taken off; what a subclass does is not known.
    """
    from uvicorn.middleware.message_logger import MessageLoggerMiddleware
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    trusted = None
    while type(app) in (ProxyHeadersMiddleware, MessageLoggerMiddleware):
        if type(app) is ProxyHeadersMiddleware:
            trusted = app.trusted_hosts
        app = app.app
    return app, trusted


def _conduit_of(app: Any) -> Any:
    """The Conduit that is served as ``app``; a build may offer it as its user's own module."""
    from conduit.app import Conduit

    app = getattr(app, "_conduit", app)
    return app if isinstance(app, Conduit) else None


def _worker(
    config: Config,
    server_state: ServerState,
    app_state: dict[str, Any],
    conduit: Any,
    app: Any,
    trusted: Any,
    log: Log | None,
) -> Any:
    import asyncio

    from conduit.server._native import Worker
    from conduit.server.settings import Settings

    given = {"keep_alive_seconds": config.timeout_keep_alive}
    if config.timeout_graceful_shutdown is not None:
        given["drain_seconds"] = config.timeout_graceful_shutdown
    return Worker(
        app=app,
        served=conduit._served,
        settings=Settings.from_environment(os.environ, **given),
        loop=asyncio.get_running_loop(),
        state=server_state,
        app_state=app_state,
        root_path=config.root_path,
        forwarded=None if trusted is None else forwarded_by(trusted),
        log=log or _access_log(),
        limit_concurrency=config.limit_concurrency,
        upgrade=_upgrade(config, server_state, app_state),
        fresh_context=getattr(config, "reset_contextvars", False),
    )


def forwarded_by(trusted: Any) -> Forwarded:
    """Client and scheme as a trusted proxy tells them, by the rules of uvicorn's own middleware."""

    def forwarded(headers: list[tuple[bytes, bytes]], client: Any, scheme: str) -> tuple[Any, str]:
        if (client[0] if client else None) not in trusted:
            return client, scheme
        told, hosts = None, []
        for name, value in headers:
            if name == b"x-forwarded-proto":
                told = value.decode("latin1").strip()
            elif name == b"x-forwarded-for":
                hosts.append(value)
        if told in ("http", "https", "ws", "wss"):
            scheme = told
        if hosts:
            host, port = trusted.get_trusted_client_address(b", ".join(hosts).decode("latin1"))
            client = (host, port) if host else client
        return client, scheme

    return forwarded


def forwarded_of(allowed: str | None) -> Forwarded:
    """The same for a server that is not uvicorn; None means what uvicorn's option does by default."""
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    told = allowed if allowed is not None else os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
    middleware: Any = ProxyHeadersMiddleware
    return forwarded_by(middleware(None, told).trusted_hosts)


def _access_log() -> Log | None:
    """uvicorn's own lines; None where it writes none."""
    logger = logging.getLogger("uvicorn.access")
    if not logger.hasHandlers():
        return None
    from uvicorn.protocols.utils import get_client_addr, get_path_with_query_string

    def log(scope: Any, status: int, sent: int, seconds: float) -> None:
        logger.info(
            '%s - "%s %s HTTP/%s" %d',
            get_client_addr(scope),
            scope["method"],
            get_path_with_query_string(scope),
            scope["http_version"],
            status,
        )

    return log


def _upgrade(config: Config, server_state: ServerState, app_state: dict[str, Any]) -> Any:
    """Hands a connection to uvicorn's WebSocket protocol; None where there is none installed."""
    if config.ws_protocol_class is None:
        return None
    make: Any = config.ws_protocol_class

    def upgrade(transport: asyncio.Transport, raw: bytes) -> None:
        made = make(config=config, server_state=server_state, app_state=app_state)
        made.connection_made(transport)
        transport.set_protocol(made)
        head, end, rest = raw.partition(b"\r\n\r\n")
        made.data_received(head + end)
        if rest and not transport.is_closing():  # what follows a handshake that it refuses, it cannot take
            made.data_received(rest)

    return upgrade


def _own_protocol(config: Config) -> Any:
    """The class that uvicorn takes by itself."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    return AutoHTTPProtocol
