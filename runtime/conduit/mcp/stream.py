"""An answer that takes time: JSON where the call says nothing on the way, else server-sent events."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conduit.http.delivery import Watch, departure
from conduit.http.response import Response, start_message
from conduit.mcp.calls import Call
from conduit.mcp.events import Events
from conduit.mcp.messages import Refused
from conduit.mcp.statuses import status_of
from conduit.mcp.talk import Talk

if TYPE_CHECKING:
    from conduit.http.entry import Receive, Scope, Send
    from conduit.mcp.listening import Listening
    from conduit.mcp.talk import Pending

#: Seconds after which a call is watched for its client to leave: most are over by then, and to watch costs as
#: much as a short call does.
UNWATCHED_SECONDS = 0.02
_JSON = (b"content-type", b"application/json")


class Streamed(Response):
    """A call's answer. A client that leaves cancels the call."""

    __slots__ = ("_call", "_pending")
    streams = True

    def __init__(self, call: Call, pending: Pending) -> None:
        super().__init__()
        self._pairs.append(_JSON)
        self._call = call
        self._pending = pending

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the call, and send what it says and gives."""
        events, watch = Events(self, send), Watch()
        task, later = asyncio.current_task(), asyncio.get_running_loop().call_later
        watching = later(UNWATCHED_SECONDS, watch.attend, task, receive)  # what was asked is read already
        try:
            try:
                answer = await self._call.run(events.emit, Talk(self._pending, events.send))
            except Refused as error:
                answer = error.told(self._call.message.id)  # type: ignore[arg-type]
                self.status = status_of(error.code, self._call.needing != b"")
            except asyncio.CancelledError as error:
                if watch.gone:
                    raise
                answer = self._call.broken_off(error)
            if events.begun:
                await events.end(answer)
            else:
                await send(start_message(self.status, self._pairs, b"%d" % len(answer)))
                await send({"type": "http.response.body", "body": answer})
        except asyncio.CancelledError:
            if not watch.left():
                raise
        finally:
            watching.cancel()
            watch.end()
            events.close()


class Listened(Response):
    """A subscription: an endless stream, until the client leaves or the server ends."""

    __slots__ = ("_listening", "_over", "_task")
    streams = True

    def __init__(self, listening: Listening) -> None:
        super().__init__(b"", 200)
        self._listening = listening
        self._over = False
        self._task: asyncio.Task[object] | None = None

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is heard."""
        events = Events(self, send)
        listener = self._listening.begin(events.send, events.offer)
        self._task, streams = asyncio.current_task(), self._listening.streams
        streams.add(self._end)
        try:
            await departure(receive)
        except asyncio.CancelledError:
            if not self._over or self._task is None:
                raise
            self._task.uncancel()
            await events.end(self._listening.end())
        finally:
            streams.discard(self._end)
            listener.uris.clear()
            events.close()

    def _end(self) -> None:
        """The server ends."""
        if self._task is not None and not self._over:
            self._over = True
            self._task.cancel()


def streamed(made: Call | Listening, pending: Pending) -> Response:
    """The response of what is not there at once."""
    return Streamed(made, pending) if isinstance(made, Call) else Listened(made)
