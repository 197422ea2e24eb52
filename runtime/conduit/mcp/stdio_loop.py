"""A conversation over pipes from its first call that awaits on: an event loop, a task a call.

A thread reads stdin: not every descriptor can be watched by a loop.
"""

from __future__ import annotations

import asyncio
import os
from threading import Thread
from typing import TYPE_CHECKING, Any

from conduit.mcp import messages
from conduit.mcp.calls import Call
from conduit.mcp.hub import Listener
from conduit.mcp.listening import Listening
from conduit.mcp.messages import Refused
from conduit.mcp.stdio import PIECE, write
from conduit.mcp.talk import Pending, Talk
from conduit.server.lifespan import Lifespan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conduit.http.served import Serving
    from conduit.mcp.messages import Id
    from conduit.mcp.stdio import Lines, Peer

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
        self._running: dict[Id, asyncio.Task[None]] = {}
        self._listening: dict[Id, tuple[Listener, Listening]] = {}
        #: Of a legacy client, which subscribes by requests of their own.
        self._subscriber = Listener(self._tell, ())
        self._subscriber.uris = peer.subscribed
        served.offered.hub.add(self._subscriber)
        peer.pending = Pending()
        self._talk = Talk(peer.pending, lambda message: write(out, [message]), lambda: peer.capabilities)

    def run(self, waiting: Sequence[bytes | Call | Listening | None]) -> None:
        """``waiting`` is what was read already."""
        asyncio.run(self._serve(waiting))

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        write(self._out, [messages.notification(method, params)])

    async def _serve(self, waiting: Sequence[bytes | Call | Listening | None]) -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        lifespan = Lifespan(self._served)
        if not await lifespan.step("startup"):
            return
        self._take(waiting)
        Thread(target=self._read, args=(loop, ended), name="stdin", daemon=True).start()
        await ended.wait()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=GRACE_SECONDS)
        for task in self._running.values():
            task.cancel()
        await lifespan.step("shutdown")

    def _read(self, loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
        try:
            while data := os.read(self._stdin, PIECE):
                loop.call_soon_threadsafe(self._received, data)
        finally:
            loop.call_soon_threadsafe(ended.set)

    def _received(self, data: bytes) -> None:
        self._take(self._lines.take(data))

    def _take(self, several: Sequence[bytes | Call | Listening | None]) -> None:
        answers = []
        for one in several:
            answer = one if isinstance(one, Call | Listening) else self._peer.take(one)
            if isinstance(answer, bytes):
                answers.append(answer)
            elif isinstance(answer, Call):
                self._begin(answer)
            elif isinstance(answer, Listening):
                self._listen(answer)
            elif answer is not None:
                self._give_up(answer)
        write(self._out, answers)

    def _listen(self, listening: Listening) -> None:
        id_ = listening.id
        self._listening[id_] = (listening.begin(lambda message: write(self._out, [message])), listening)

    def _give_up(self, id_: Id) -> None:
        if id_ in self._running:
            self._running[id_].cancel()
        elif id_ in self._listening:
            _, listening = self._listening.pop(id_)
            write(self._out, [listening.end()])

    def _begin(self, call: Call) -> None:
        id_: Any = call.message.id
        if id_ in self._running:
            told = messages.error(id_, messages.INVALID_REQUEST, "This id is that of a call under way.")
            write(self._out, [told])
            return
        self._running[id_] = asyncio.ensure_future(self._answer(call, id_))

    async def _answer(self, call: Call, id_: Id) -> None:
        def emit(method: str, params: dict[str, Any]) -> None:
            write(self._out, [messages.notification(method, params)])

        try:
            try:
                answer = await call.run(emit, self._talk)
            except Refused as error:
                answer = error.told(id_)
            write(self._out, [answer])
        finally:
            del self._running[id_]
            if call.context is not None:
                call.context.cancelled = True
