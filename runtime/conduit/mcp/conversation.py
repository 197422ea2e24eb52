"""A conversation with one client over a connection that stays: messages in any order, a task a call.

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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.mcp.batches import Batch
    from conduit.mcp.hub import Hub
    from conduit.mcp.messages import Id
    from conduit.mcp.peer import Peer

    Taken = bytes | Call | Listening | Batch | None


#: Calls, and subscriptions, that one client may have under way.
MOST = 1000


class Conversation:
    """Needs a running event loop. Thousands may wait at once, so it is small."""

    __slots__ = (
        *("_listening", "_offer", "_over", "_peer", "_running", "_send", "_subscriber", "_talk", "_together"),
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
        self._running: dict[Id, asyncio.Task[Any]] = {}
        #: Calls whose answers are sent together.
        self._together: dict[asyncio.Task[None], None] = {}
        self._over = False
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
                self._begin(answer)
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
        waiting = [*self._running.values(), *self._together]
        if waiting:
            await asyncio.wait(waiting, timeout=seconds)
        self.cancel()

    def cancel(self) -> None:
        """Give up all that is under way."""
        self._over = True
        for task in (*self._running.values(), *self._together):
            task.cancel()
        self._listening.clear()
        self._subscriber.uris = set()

    def _say(self, message: bytes) -> None:
        self._send([message])

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._offer(messages.notification(method, params))

    def _begin(self, call: Call) -> None:
        id_: Any = call.message.id
        refusal = self._refusal(id_)
        if refusal is not None:
            self._say(refusal)
        else:
            self._running[id_] = asyncio.ensure_future(self._answer(call, id_))

    async def _answer(self, call: Call, id_: Id) -> None:
        self._say(await self._run(call, id_))

    def _listen(self, listening: Listening) -> None:
        refusal = self._refusal(listening.id)
        if refusal is not None:
            self._say(refusal)
        else:
            self._listening[listening.id] = (listening.begin(self._say, self._offer), listening)

    def _refusal(self, id_: Id) -> bytes | None:
        """The answer to a request that cannot begin."""
        if id_ in self._running or id_ in self._listening:
            return messages.error(id_, messages.INVALID_REQUEST, "This id is that of a call under way.")
        if len(self._running) + len(self._listening) >= MOST:
            why = f"More than {MOST} calls of one client are not run at once."
            return messages.error(id_, messages.INTERNAL_ERROR, why)
        return None

    async def _run(self, call: Call, id_: Id) -> bytes:
        try:
            try:
                answer = await call.run(self._tell, self._talk)
            except Refused as error:
                answer = error.told(id_)
            except asyncio.CancelledError as error:
                if self._is_given_up(id_):
                    raise
                answer = call.broken_off(error)
            if self._is_given_up(id_):  # which the function did not heed
                raise asyncio.CancelledError
            return answer
        finally:
            if not self._is_given_up(id_):
                del self._running[id_]
            if call.context is not None:
                call.context.cancelled = True

    def _is_given_up(self, id_: Id) -> bool:
        """Whether nobody waits for this very call any more."""
        return self._over or self._running.get(id_) is not asyncio.current_task()

    def _begin_several(self, batch: Batch) -> None:
        for id_ in batch.given_up:
            self._give_up(id_)
        if batch.answers:
            task = asyncio.ensure_future(self._answer_several([*map(self._begun, batch.answers)]))
            self._together[task] = None
            task.add_done_callback(self._together.pop)

    def _begun(self, one: bytes | Call) -> bytes | asyncio.Task[bytes]:
        """An answer that is known now or later."""
        if isinstance(one, bytes):
            return one
        id_: Any = one.message.id
        refusal = self._refusal(id_)
        if refusal is not None:
            return refusal
        task = self._running[id_] = asyncio.ensure_future(self._run(one, id_))
        return task

    async def _answer_several(self, answers: Sequence[bytes | asyncio.Task[bytes]]) -> None:
        """All of them at once, but those of calls that are given up."""
        from conduit.mcp.batches import joined

        tasks = [one for one in answers if not isinstance(one, bytes)]
        if tasks:
            await asyncio.wait(tasks)
        known = [one if isinstance(one, bytes) else one.result() for one in answers if not _given_up(one)]
        if known:
            self._say(joined(known))

    def _give_up(self, id_: Id) -> None:
        if id_ in self._running:
            self._running.pop(id_).cancel()
        elif id_ in self._listening:
            _, listening = self._listening.pop(id_)
            self._say(listening.end())


def _given_up(one: bytes | asyncio.Task[bytes]) -> bool:
    return not isinstance(one, bytes) and one.cancelled()
