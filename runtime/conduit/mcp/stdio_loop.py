"""A conversation over pipes from its first call that awaits on.

A thread reads stdin: not every descriptor can be watched by a loop. It reads no further ahead than the loop
follows, and a client that does not read stops the loop: nothing piles up here.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from threading import Event, Lock, Semaphore, Thread
from time import sleep
from typing import TYPE_CHECKING

from conduit.mcp.conversation import Conversation
from conduit.mcp.stdio import PIECE
from conduit.server.drain import leave
from conduit.server.lifespan import Lifespan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.http.served import Serving
    from conduit.mcp.conversation import Taken
    from conduit.mcp.peer import Peer
    from conduit.mcp.stdio import Lines

#: Seconds that calls under way have after stdin has ended.
GRACE_SECONDS = 0.5
#: Pieces of stdin that may wait for the loop.
_AHEAD = 4
#: Seconds after which the process ends although the loop does not notice that stdin has ended and nothing is
#: written, hooks of the shutdown do not return, or something that a call began does not end.
_DEAF_SECONDS, _HOOK_SECONDS, _LEFT_SECONDS = 3.0, 10.0, 1.0


class Loop:
    """Serves until stdin ends, and calls under way with it."""

    def __init__(self, served: Serving, peer: Peer, lines: Lines, stdin: int, out: int) -> None:
        self._served = served
        self._peer = peer
        self._lines = lines
        self._stdin = stdin
        self._out = out
        self._lock = Lock()
        self._room = Semaphore(_AHEAD)
        self._noticed, self._over = Event(), Event()
        self._written = 0

    def run(self, waiting: Sequence[Taken]) -> None:
        """``waiting`` is what was read already."""
        asyncio.run(self._serve(waiting))

    async def _serve(self, waiting: Sequence[Taken]) -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        lifespan = Lifespan(self._served)
        if not await lifespan.step("startup"):
            return

        def send(several: list[bytes]) -> None:
            try:
                self._write(b"\n".join([*several, b""]))
            except OSError:  # the client went away
                _soon(loop, ended.set)

        talk = Conversation(self._peer, self._served.offered.hub, send)
        talk.take(waiting)

        def received(data: bytes) -> None:
            self._room.release()
            talk.take(self._lines.take(data))

        Thread(target=self._read, args=(loop, received, ended.set), name="stdin", daemon=True).start()
        await ended.wait()
        talk.take(self._lines.end())
        await talk.finish(GRACE_SECONDS)
        self._noticed.set()
        Thread(target=self._end, name="end", daemon=True).start()
        await lifespan.step("shutdown")
        self._over.set()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        with self._lock:  # what a tool says may come from its thread
            while rest:
                rest = rest[os.write(self._out, rest[:PIECE]) :]
                self._written += 1

    def _read(
        self, loop: asyncio.AbstractEventLoop, received: Callable[[bytes], None], ended: Callable[[], None]
    ) -> None:
        with suppress(OSError):  # there is nothing to read from
            while self._room.acquire() and (data := os.read(self._stdin, PIECE)):
                _soon(loop, received, data)
        _soon(loop, ended)
        before = -1
        while not self._noticed.wait(_DEAF_SECONDS):
            if self._written == before:  # a call holds the loop up, or the client reads no answer
                leave(1, int)
            before = self._written

    def _end(self) -> None:
        """See to it that the process does: a call may heed no cancellation, and a thread never return."""
        done = self._over.wait(_HOOK_SECONDS)
        sleep(_LEFT_SECONDS)  # and then the process has ended, unless something holds it up
        leave(0 if done else 1, int)


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: bytes) -> None:
    """Have it called by the loop, unless that has ended."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *arguments)
