"""What is said on a stream of server-sent events: messages in, from any thread; pieces of the answer out.

Nothing piles up for a client that does not read: notifications beyond a limit are not kept, and where answers
are too many the stream is ``overrun``.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from threading import get_ident
from typing import TYPE_CHECKING, Any

from conduit.mcp import messages

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from conduit.http.entry import Send
    from conduit.http.response import Response

#: Seconds after which a silent call becomes a stream, and between comments that keep it open.
QUIET_SECONDS = 15.0
#: Messages and bytes that may wait for a client that does not read; of notifications beyond them nothing is
#: kept. Of answers so many times more.
MOST_WAITING = 1000
MOST_BYTES = 1 << 24
_TIMES = 4
_PING = b": \n\n"


class Events:
    """Sends notifications while the call runs; the first of them, or a long silence, begins the stream.

    ``overrun`` is called, once, where more answers wait than may.
    """

    __slots__ = (
        *("_answer", "_closed", "_far", "_loop", "_pump", "_quiet", "_send", "_size", "_thread", "_waiting"),
        *("_woken", "begun", "overrun"),
    )

    def __init__(self, answer: Response, send: Send) -> None:
        self._answer = answer
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._waiting: list[bytes] = []
        self._size = 0
        #: What comes from other threads, and whether the loop was told of it.
        self._far: deque[tuple[bytes, bool]] | None = None
        self._woken = self._closed = False
        self._pump: asyncio.Task[None] | None = None
        self._quiet = self._loop.call_later(QUIET_SECONDS, self._ping)
        #: Whether there is a stream.
        self.begun = False
        self.overrun: Callable[[], object] | None = None

    @property
    def full(self) -> bool:
        """Whether so much waits that nothing more should be asked for."""
        return len(self._waiting) >= MOST_WAITING or self._size >= MOST_BYTES

    def emit(self, method: str, params: dict[str, Any]) -> None:
        """Have a notification sent; from any thread."""
        self.offer(messages.notification(method, params))

    def offer(self, message: bytes) -> None:
        """Have a message sent that may be left out; from any thread."""
        self._put(_event(message), False)

    def send(self, message: bytes) -> None:
        """Have any other message sent; from any thread."""
        self._put(_event(message), True)

    def send_all(self, several: list[bytes]) -> None:
        """Have messages sent."""
        for message in several:
            self.send(message)

    def add(self, piece: bytes) -> None:
        """Have an event sent, as it is; from the loop's own thread."""
        self._add(piece, True)

    def _put(self, piece: bytes, kept: bool) -> None:
        if get_ident() == self._thread:
            self._add(piece, kept)
            return
        if self._far is None:
            self._far = deque()
        if kept or len(self._far) < MOST_WAITING:
            self._far.append((piece, kept))
        if not self._woken:  # the loop takes all that is there
            self._woken = True
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._take_far)

    def _take_far(self) -> None:
        self._woken = False
        while self._far:
            self._add(*self._far.popleft())

    def _add(self, piece: bytes, kept: bool) -> None:
        if self._closed or (self.full and not self._kept(kept)):
            return
        self._waiting.append(piece)
        self._size += len(piece)
        if self._pump is None:
            first, self.begun = not self.begun, True
            self._pump = self._loop.create_task(self._send_waiting(first))

    def _kept(self, kept: bool) -> bool:
        over = len(self._waiting) >= MOST_WAITING * _TIMES or self._size >= MOST_BYTES * _TIMES
        if kept and over and self.overrun is not None:
            self.overrun()
            self.overrun = None
            self._closed = True
            return False
        return kept

    def _ping(self) -> None:
        self._add(_PING, False)

    def _start(self) -> MutableMapping[str, Any]:
        headers = self._answer.headers
        headers["content-type"] = "text/event-stream"
        headers["cache-control"] = "no-cache"
        headers["x-accel-buffering"] = "no"
        return self._answer.start()

    async def _send_waiting(self, first: bool) -> None:
        if first:
            await self._send(self._start())
        while self._waiting:
            pieces = b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            await self._send({"type": "http.response.body", "body": pieces, "more_body": True})
        self._pump = None
        self._quiet.cancel()
        self._quiet = self._loop.call_later(QUIET_SECONDS, self._ping)

    async def end(self, *answers: bytes) -> None:
        """Send the answers, after all else; without one, the stream just ends."""
        if self._pump is not None:
            await self._pump
        if not self.begun:
            self.begun = True
            await self._send(self._start())
        rest = b"".join([*self._waiting, *map(_event, answers)])
        self._waiting.clear()
        await self._send({"type": "http.response.body", "body": rest})

    def close(self) -> None:
        """Nothing is sent any more."""
        self._closed = True
        self._waiting.clear()
        self._far = None
        self._quiet.cancel()
        if self._pump is not None:
            self._pump.cancel()


def _event(message: bytes) -> bytes:
    return b"event: message\ndata: %b\n\n" % message
