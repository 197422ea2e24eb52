"""An answer that takes time: JSON where the call says nothing on the way, else server-sent events."""

from __future__ import annotations

import asyncio
from threading import get_ident
from typing import TYPE_CHECKING, Any

from conduit.http.delivery import Watch
from conduit.http.response import Response
from conduit.mcp import messages
from conduit.mcp.calls import Call
from conduit.mcp.messages import Refused
from conduit.mcp.statuses import status_of
from conduit.mcp.talk import Talk

if TYPE_CHECKING:
    from conduit.http.entry import Receive, Scope, Send
    from conduit.mcp.listening import Listening
    from conduit.mcp.talk import Pending

#: Seconds after which a silent call becomes a stream, and between comments that keep it open.
QUIET_SECONDS = 15.0
#: Notifications that may wait for a client that does not read; of what comes beyond them nothing is kept.
MOST_WAITING = 1000
_PING = b": \n\n"


class Streamed(Response):
    """A call's answer. A client that leaves cancels the call."""

    __slots__ = ("_call", "_pending")
    streams = True

    def __init__(self, call: Call, pending: Pending) -> None:
        super().__init__(b"", 200, media_type="application/json")
        self._call = call
        self._pending = pending

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the call, and send what it says and gives."""
        events, watch = Events(self, send), Watch()
        watch.attend(asyncio.current_task(), receive)  # what was asked is read already
        try:
            try:
                answer = await self._call.run(events.emit, Talk(self._pending, events.send))
            except Refused as error:
                answer = error.told(self._call.message.id)  # type: ignore[arg-type]
                self.status = status_of(error.code, self._call.needing != b"")
            if events.begun:
                await events.end(answer)
            else:
                self.headers["content-length"] = str(len(answer))
                await send(self.start())
                await send({"type": "http.response.body", "body": answer})
        except asyncio.CancelledError:
            if self._call.context is not None:
                self._call.context.cancelled = True
            if not watch.left():
                raise
        finally:
            watch.end()
            events.close()


class Listened(Response):
    """A subscription: an endless stream, until the client leaves or the server ends."""

    __slots__ = ("_listening",)
    streams = True

    def __init__(self, listening: Listening) -> None:
        super().__init__(b"", 200)
        self._listening = listening

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is heard."""
        events = Events(self, send)
        listener = self._listening.begin(events.send)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            listener.uris.clear()
            events.close()


def streamed(made: Call | Listening, pending: Pending) -> Response:
    """The response of what is not there at once."""
    return Streamed(made, pending) if isinstance(made, Call) else Listened(made)


class Events:
    """Sends notifications while the call runs; the first of them, or a long silence, begins the stream."""

    def __init__(self, answer: Response, send: Send) -> None:
        self._answer = answer
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._waiting: list[bytes] = []
        self._pump: asyncio.Task[None] | None = None
        self._thread = get_ident()
        self._quiet = self._loop.call_later(QUIET_SECONDS, self._ping)

    @property
    def begun(self) -> bool:
        """Whether there is a stream."""
        return self._pump is not None

    def emit(self, method: str, params: dict[str, Any]) -> None:
        """Have a notification sent; from any thread."""
        self.send(messages.notification(method, params))

    def send(self, message: bytes) -> None:
        """Have any message sent; from any thread."""
        piece = _event(message)
        if get_ident() == self._thread:
            self.add(piece)
        else:  # what a thread gives comes by the same way, and later
            self._loop.call_soon_threadsafe(self.add, piece)

    def _ping(self) -> None:
        self.add(_PING)

    def send_all(self, several: list[bytes]) -> None:
        """Have messages sent."""
        for message in several:
            self.send(message)

    def add(self, piece: bytes) -> None:
        """Have an event sent, as it is; from the loop's own thread."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(piece)
        if self._pump is None:
            self._begin()
            self._pump = self._loop.create_task(self._send_waiting(True))
        elif self._pump.done():
            self._pump = self._loop.create_task(self._send_waiting(False))

    def _begin(self) -> None:
        headers = self._answer.headers
        headers["content-type"] = "text/event-stream"
        headers["cache-control"] = "no-cache"
        headers["x-accel-buffering"] = "no"

    async def _send_waiting(self, first: bool) -> None:
        if first:
            await self._send(self._answer.start())
        while self._waiting:
            pieces = b"".join(self._waiting)
            self._waiting.clear()
            await self._send({"type": "http.response.body", "body": pieces, "more_body": True})
        self._quiet.cancel()
        self._quiet = self._loop.call_later(QUIET_SECONDS, self._ping)

    async def end(self, *answers: bytes) -> None:
        """Send the answers, after all else; without one, the stream just ends."""
        if self._pump is not None:
            await self._pump
        else:
            self._begin()
            await self._send(self._answer.start())
        rest = b"".join([*self._waiting, *map(_event, answers)])
        self._waiting.clear()
        await self._send({"type": "http.response.body", "body": rest})

    def close(self) -> None:
        """Nothing is sent any more."""
        self._quiet.cancel()
        if self._pump is not None:
            self._pump.cancel()


def _event(message: bytes) -> bytes:
    return b"event: message\ndata: %b\n\n" % message
