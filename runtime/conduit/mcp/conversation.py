"""A conversation with one client over a connection that stays: messages in any order, each call for itself.

``send`` takes messages of ours, ``offer`` one that may be left out; what waits for an answer is given up with
``cancel``.
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
from conduit.mcp.underway import begin, check

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.mcp.batches import Batch
    from conduit.mcp.hub import Hub
    from conduit.mcp.messages import Id
    from conduit.mcp.peer import Peer
    from conduit.mcp.underway import Answering

    Taken = bytes | Call | Listening | Batch | None


class Conversation:
    """Needs a running event loop. Thousands may wait at once, so it is small."""

    __slots__ = (
        *("_calls", "_listening", "_offer", "_peer", "_send", "_subscriber", "_talk", "_together"),
        "principal",
    )

    def __init__(
        self,
        peer: Peer,
        hub: Hub,
        send: Callable[[list[bytes]], None],
        offer: Callable[[bytes], None] | None = None,
    ) -> None:
        self._peer = peer
        self._send = send
        self._offer = offer or self._say
        #: Whom the client's token names, where it needs one.
        self.principal: object = None
        self._calls: dict[Id, Answering] = {}
        #: Calls whose answers are sent together.
        self._together: dict[asyncio.Task[None], None] = {}
        self._listening: dict[Id, tuple[Listener, Listening]] = {}
        #: Of a legacy client, which subscribes by requests of their own.
        self._subscriber = Listener(self._tell)
        self._subscriber.uris = peer.client.uris
        hub.add(self._subscriber)
        peer.pending = Pending()
        self._talk = Talk(peer.pending, self._say, peer.client)

    def take(self, several: Sequence[Taken]) -> None:
        """Messages that came, and calls that were begun elsewhere."""
        answers = []
        for one in several:
            answer = self._peer.take(one) if one is None or isinstance(one, bytes) else one
            if isinstance(answer, bytes):
                answers.append(answer)
            elif isinstance(answer, Call):
                begun = self._begin(answer)
                if isinstance(begun, bytes):
                    answers.append(begun)
                else:
                    begun.add_done_callback(self._answer)
            elif isinstance(answer, Listening):
                self._listen(answer)
            elif isinstance(answer, int | str):
                self._give_up(answer)
            elif answer is not None:
                self._begin_several(answer)
        if answers:
            self._send(answers)

    async def finish(self, seconds: float) -> None:
        """Wait so long for calls under way; then give them up."""
        waiting: list[asyncio.Future[Any]] = [*self._calls.values(), *self._together]
        if waiting:
            await asyncio.wait(waiting, timeout=seconds)
        self.cancel()

    def cancel(self) -> None:
        """Give up all that is under way."""
        under_way: list[asyncio.Future[Any]] = [*self._calls.values(), *self._together]
        for one in under_way:
            one.cancel()
        self._listening.clear()
        self._subscriber.uris = set()

    def _say(self, message: bytes) -> None:
        self._send([message])

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._offer(messages.notification(method, params))

    def _begin(self, one: bytes | Call) -> bytes | Answering:
        """An answer that is known now or later."""
        if isinstance(one, bytes):
            return one
        id_: Any = one.message.id
        try:
            check(id_, self._calls, self._listening)
        except Refused as error:
            return error.told(id_)
        return begin(one, self._calls, self._tell, self._talk)

    def _answer(self, answer: Answering) -> None:
        if not answer.cancelled():
            self._say(answer.result())

    def _listen(self, listening: Listening) -> None:
        try:
            check(listening.id, self._calls, self._listening)
        except Refused as error:
            self._say(error.told(listening.id))
        else:
            self._listening[listening.id] = (listening.begin(self._say, self._offer), listening)

    def _begin_several(self, batch: Batch) -> None:
        for id_ in batch.given_up:
            self._give_up(id_)
        if batch.answers:
            task = asyncio.ensure_future(self._answer_several([*map(self._begin, batch.answers)]))
            self._together[task] = None
            task.add_done_callback(self._together.pop)

    async def _answer_several(self, answers: Sequence[bytes | Answering]) -> None:
        """All of them at once, but those of calls that are given up."""
        from conduit.mcp.batches import joined

        later = [one for one in answers if not isinstance(one, bytes)]
        if later:
            await asyncio.wait(later)
        known = [one if isinstance(one, bytes) else one.result() for one in answers if not _given_up(one)]
        if known:
            self._say(joined(known))

    def _give_up(self, id_: Id) -> None:
        if id_ in self._calls:
            self._calls.pop(id_).cancel()
        elif id_ in self._listening:
            _, listening = self._listening.pop(id_)
            self._say(listening.end())


def _given_up(one: bytes | Answering) -> bool:
    return not isinstance(one, bytes) and one.cancelled()
