"""A conversation over pipes from its first call that awaits on.

A thread reads stdin: not every descriptor can be watched by a loop.
"""

from __future__ import annotations

import asyncio
import os
from threading import Lock, Thread
from typing import TYPE_CHECKING

from conduit.mcp.conversation import Conversation
from conduit.mcp.stdio import PIECE, write
from conduit.server.lifespan import Lifespan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conduit.http.served import Serving
    from conduit.mcp.conversation import Taken
    from conduit.mcp.peer import Peer
    from conduit.mcp.stdio import Lines

#: Seconds that calls under way have after stdin has ended.
GRACE_SECONDS = 0.5


class Loop:
    """Serves until stdin ends, and calls under way with it."""

    def __init__(self, served: Serving, peer: Peer, lines: Lines, stdin: int, out: int) -> None:
        self._served = served
        self._peer = peer
        self._lines = lines
        self._stdin = stdin
        self._out = out

    def run(self, waiting: Sequence[Taken]) -> None:
        """``waiting`` is what was read already."""
        asyncio.run(self._serve(waiting))

    async def _serve(self, waiting: Sequence[Taken]) -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        lifespan = Lifespan(self._served)
        if not await lifespan.step("startup"):
            return
        lock = Lock()

        def send(several: list[bytes]) -> None:
            try:
                with lock:  # what a tool says may come from its thread
                    write(self._out, several)
            except OSError:  # the client went away
                loop.call_soon_threadsafe(ended.set)

        talk = Conversation(self._peer, self._served.offered.hub, send)
        talk.take(waiting)

        def received(data: bytes) -> None:
            talk.take(self._lines.take(data))

        def read() -> None:
            try:
                while data := os.read(self._stdin, PIECE):
                    loop.call_soon_threadsafe(received, data)
            finally:
                loop.call_soon_threadsafe(ended.set)

        Thread(target=read, name="stdin", daemon=True).start()
        await ended.wait()
        talk.take(self._lines.end())
        await talk.finish(GRACE_SECONDS)
        await lifespan.step("shutdown")
