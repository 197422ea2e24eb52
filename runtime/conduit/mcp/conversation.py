"""A conversation with one client over a connection that stays: messages in any order, a task a call.

``send`` takes messages of ours; what waits for an answer is given up with ``cancel``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from conduit.mcp import messages
from conduit.mcp.calls import Call
from conduit.mcp.hub import Listener
from conduit.mcp.listening import Listening
from conduit.mcp.messages import Refused
from conduit.mcp.talk import Pending, Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.mcp.hub import Hub
    from conduit.mcp.messages import Id
    from conduit.mcp.peer import Peer

    Taken = bytes | Call | Listening | None


class Conversation:
    """Needs a running event loop."""

    def __init__(self, peer: Peer, hub: Hub, send: Callable[[list[bytes]], None]) -> None:
        self._peer = peer
        self._send = send
        #: Whom the client's token names, where it needs one.
        self.principal: object = None
        self._running: dict[Id, asyncio.Task[None]] = {}
        self._listening: dict[Id, tuple[Listener, Listening]] = {}
        #: Of a legacy client, which subscribes by requests of their own.
        self._subscriber = Listener(self._tell)
        self._subscriber.uris = peer.subscribed
        hub.add(self._subscriber)
        peer.pending = Pending()
        self._talk = Talk(peer.pending, self._say, lambda: peer.capabilities)

    def take(self, several: Sequence[Taken]) -> None:
        """Messages that came, and calls that were begun elsewhere."""
        answers = []
        for one in several:
            answer = one if isinstance(one, Call | Listening) else self._peer.take(one)
            if isinstance(answer, bytes):
                answers.append(answer)
            elif isinstance(answer, Call):
                self._begin(answer)
            elif isinstance(answer, Listening):
                self._listening[answer.id] = (answer.begin(self._say), answer)
            elif answer is not None:
                self._give_up(answer)
        if answers:
            self._send(answers)

    async def finish(self, seconds: float) -> None:
        """Wait so long for calls under way; then give them up."""
        if self._running:
            await asyncio.wait(self._running.values(), timeout=seconds)
        self.cancel()

    def cancel(self) -> None:
        """Give up all that is under way."""
        for task in self._running.values():
            task.cancel()
        self._listening.clear()
        self._subscriber.uris = set()

    def _say(self, message: bytes) -> None:
        self._send([message])

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._say(messages.notification(method, params))

    def _begin(self, call: Call) -> None:
        id_: Any = call.message.id
        if id_ in self._running:
            told = messages.error(id_, messages.INVALID_REQUEST, "This id is that of a call under way.")
            self._say(told)
            return
        self._running[id_] = asyncio.ensure_future(self._answer(call, id_))

    async def _answer(self, call: Call, id_: Id) -> None:
        try:
            try:
                answer = await call.run(self._tell, self._talk)
            except Refused as error:
                answer = error.told(id_)
            self._say(answer)
        finally:
            del self._running[id_]
            if call.context is not None:
                call.context.cancelled = True

    def _give_up(self, id_: Id) -> None:
        if id_ in self._running:
            self._running[id_].cancel()
        elif id_ in self._listening:
            _, listening = self._listening.pop(id_)
            self._say(listening.end())
