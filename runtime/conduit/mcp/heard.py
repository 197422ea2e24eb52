"""The GET of a session: a stream of what the server says by itself, until either side ends it.

Streams are not resumed: events have no ids. What changed while there was none is told when the next begins.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from conduit.http.delivery import departure
from conduit.http.response import Response
from conduit.mcp.events import Events

if TYPE_CHECKING:
    from conduit.http.entry import Receive, Scope, Send
    from conduit.mcp.session import Session

_BEGIN = b": \n\n"


class Heard(Response):
    """The stream."""

    __slots__ = ("_events", "_over", "_session")
    streams = True

    def __init__(self, session: Session) -> None:
        super().__init__(b"", 200)
        self._session = session

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is said."""
        session = self._session
        self._events = Events(self, send)
        self._over = asyncio.get_running_loop().create_future()
        self._events.add(_BEGIN)  # headers do not wait for the first message
        gone = asyncio.ensure_future(departure(receive))
        session.hold()
        session.listen(self)
        session.streams.add(self.end)
        try:
            await asyncio.wait((gone, self._over), return_when=asyncio.FIRST_COMPLETED)
            if not gone.done():
                await self._events.end()
        finally:
            gone.cancel()
            session.streams.discard(self.end)
            self._events.close()
            session.release()
            if session.stream is self:
                session.stream = None

    def send(self, message: bytes) -> None:
        """Have a message sent; from the loop's own thread."""
        self._events.offer(message)

    def end(self) -> None:
        """Another stream takes its place, or the session or the server is over."""
        if not self._over.done():
            self._over.set_result(None)
