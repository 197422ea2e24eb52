"""WebSocket connections: an ASGI scope in, a conversation out. Imported with the first of them.

The socket that a handler gets is Starlette's. What no route takes is closed before it was accepted; so is
what does not bind (code 1008), which a server answers with 403. Afterwards a handler that returns ends the
connection normally (1000), one that fails with 1011.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.http.errors import HTTPError, Invalid, Loaded
from conduit.http.failing import log_unhandled
from conduit.http.matching import BadPath, Matcher
from conduit.http.problem import from_error, problem
from conduit.http.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.websockets import WebSocket

    from conduit.http.entry import Hit, Pair, Receive, Scope, Send

#: The method under which dispatch tables hold the routes of connections.
WEBSOCKET = "WEBSOCKET"

_NORMAL, _POLICY, _INTERNAL = 1000, 1008, 1011
#: By this a server says that a refusal may be any answer of HTTP.
_REFUSABLE = "websocket.http.response"
#: Bytes that the reason of a close may have.
_REASON = 123


class Sockets:
    """The routes that take connections."""

    def __init__(self, pair: tuple[Callable[..., Hit | None], Callable[..., Hit | None]]) -> None:
        self._find = Matcher({WEBSOCKET: pair}).find

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the connection to its route."""
        from starlette.websockets import WebSocket

        hit: Hit | None = None
        socket = WebSocket(scope, receive, send)
        try:
            hit = self._find(scope, WEBSOCKET)
            if hit is not None:
                scope["path_params"] = dict(zip(hit[0].names, hit[1:], strict=False))
                await hit[0].run(scope, socket, hit)
        except Loaded:
            await self.serve(scope, receive, send)
        except BadPath:
            await _close(socket, _NORMAL)
        except Exception as error:
            await _failed(socket, hit, error)
        else:
            await _close(socket, _NORMAL)


async def _failed(socket: WebSocket, hit: Hit | None, error: Exception) -> None:
    """End a connection as what its handler raised says."""
    from starlette.exceptions import WebSocketException

    if _is_over(error):
        await _close(socket, _NORMAL)
    elif isinstance(error, WebSocketException):
        await _close(socket, error.code, error.reason or "")
    elif isinstance(error, Invalid):
        await _close(socket, _POLICY)
    elif isinstance(error, HTTPError):
        await _refuse(socket, from_error(error).messages(), _POLICY, error.detail or "")
    else:
        log_unhandled(Request({**socket.scope, "method": WEBSOCKET}, None, hit), error)
        await _refuse(socket, problem(500).messages(), _INTERNAL)


def _is_over(error: BaseException) -> bool:
    """Is it that the client has gone, by itself or in a group of tasks?"""
    from starlette.websockets import WebSocketDisconnect

    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_over, error.exceptions))
    return isinstance(error, WebSocketDisconnect)


async def _refuse(socket: WebSocket, answer: Pair, code: int, reason: str = "") -> None:
    """Answer instead of accepting, where it was not accepted and the server can; else close."""
    from starlette.websockets import WebSocketState

    waiting = socket.application_state is WebSocketState.CONNECTING
    if not waiting or _REFUSABLE not in (socket.scope.get("extensions") or {}):
        await _close(socket, code, reason)
        return
    for message in answer:
        await socket.send({**message, "type": f"websocket.{message['type']}"})


async def _close(socket: WebSocket, code: int, reason: str = "") -> None:
    """Close what is still open; the client may be gone meanwhile."""
    from starlette.websockets import WebSocketDisconnect, WebSocketState

    open_ = (WebSocketState.CONNECTING, WebSocketState.CONNECTED)
    if socket.application_state not in open_ or socket.client_state is WebSocketState.DISCONNECTED:
        return
    try:
        await socket.close(code, reason.encode()[:_REASON].decode(errors="ignore"))
    except WebSocketDisconnect:
        return
