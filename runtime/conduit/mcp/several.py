"""Answers of calls that take time, several at once or one of a session: JSON, or server-sent events.

Unlike in ``stream.Streamed``, each call is a task of its own, which the client can give up by its id. What a
call of a session says when nobody reads its answer any more is left to the session.
"""

from __future__ import annotations

import asyncio
import logging
from threading import get_ident
from typing import TYPE_CHECKING, Any

from conduit.http.response import Response
from conduit.mcp import messages
from conduit.mcp.batches import Batch, joined
from conduit.mcp.calls import Call
from conduit.mcp.content import ToolError
from conduit.mcp.events import Events
from conduit.mcp.http import answer
from conduit.mcp.messages import INTERNAL_ERROR, INVALID_REQUEST, Malformed, Refused
from conduit.mcp.statuses import status_of
from conduit.mcp.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.http.entry import Answer, Receive, Scope, Send
    from conduit.mcp.batches import Take
    from conduit.mcp.messages import Id
    from conduit.mcp.session import Session
    from conduit.mcp.talk import Pending


class Alone:
    """A client without a session: its calls end with the connection that asked for them."""

    outlives = False

    def __init__(self, pending: Pending) -> None:
        self.calls: dict[Id, asyncio.Future[bytes]] = {}
        self._pending = pending

    def talk(self, send: Callable[[bytes], None]) -> Talk:
        """What asks the client."""
        return Talk(self._pending, send)

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """There is nowhere to say it."""

    def hold(self) -> None:
        """Nothing ends that could be held."""

    def release(self) -> None:
        """Nor let go."""


def answers_to(raw: bytes, take: Take, client: Alone | Session) -> Answer:
    """The answer to an array of messages."""
    try:
        batch = Batch(raw, take)
    except Malformed as error:
        return answer(messages.error(error.id, error.code, error.message), 400)
    whole = batch.ready()
    if whole is None:
        return Several(batch.answers, client, array=True)
    return answer(whole, 200) if whole else Response(b"", 202)


class Voice:
    """What calls say: to whoever reads their answer; when nobody does, to the client otherwise."""

    def __init__(self, events: Events, client: Alone | Session) -> None:
        self.events: Events | None = events
        self._client = client
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """A notification; from any thread."""
        if get_ident() == self._thread:
            self._tell(method, params)
        else:
            self._loop.call_soon_threadsafe(self._tell, method, params)

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        if self.events is None:
            self._client.tell(method, params)
        else:
            self.events.emit(method, params)

    def ask(self, message: bytes) -> None:
        """A question.

        Raises:
            ToolError: nobody hears it.
        """
        if self.events is None:
            raise ToolError("the client has gone away")
        self.events.send(message)


class Several(Response):
    """``answers`` are what is known, and calls that are still to run; an ``array`` where several were asked
    for at once."""

    __slots__ = ("_answers", "_array", "_client")
    streams = True

    def __init__(self, answers: Sequence[bytes | Call], client: Alone | Session, *, array: bool) -> None:
        super().__init__(b"", 200, media_type="application/json")
        self._answers = answers
        self._client = client
        self._array = array

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the calls, and send what they say and give."""
        client, events = self._client, Events(self, send)
        voice = Voice(events, client)
        tasks = [self._begun(one, voice) for one in self._answers]
        gone = asyncio.ensure_future(left(receive))
        client.hold()
        try:
            answers = await _gathered(tasks, gone, events)
            voice.events = None
            if not gone.done():
                await self._finish(answers, events, send)
        finally:
            voice.events = None
            events.close()
            client.release()
            if not (gone.done() and client.outlives):  # it was not cut off, but ended
                for task in tasks:
                    task.cancel()
            gone.cancel()

    def _begun(self, one: bytes | Call, voice: Voice) -> asyncio.Future[bytes]:
        """An answer that is known now or later."""
        client = self._client
        if isinstance(one, Call):
            id_: Any = one.message.id
            if id_ not in client.calls:
                task = client.calls[id_] = asyncio.ensure_future(self._run(one, voice))
                task.add_done_callback(lambda task: client.calls.pop(id_, None))
                return task
            one = self._refused(id_, Refused(INVALID_REQUEST, "This id is that of a call under way."))
        found = asyncio.get_running_loop().create_future()
        found.set_result(one)
        return found

    async def _run(self, call: Call, voice: Voice) -> bytes:
        try:
            return await call.run(voice.tell, self._client.talk(voice.ask))
        except Refused as error:
            return self._refused(call.message.id, error)
        except BaseException as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                if call.context is not None:
                    call.context.cancelled = True
                raise
            # SystemExit, say: what a function raises ends its call, and nothing else
            logging.getLogger("conduit").error("a call was ended from within", exc_info=error)
            return self._refused(call.message.id, Refused(INTERNAL_ERROR, "The call broke off."))

    def _refused(self, id_: Any, error: Refused) -> bytes:
        if not self._array:
            self.status = status_of(error.code, False)
        return error.told(id_)

    async def _finish(self, answers: Sequence[bytes], events: Events, send: Send) -> None:
        """What is not sent yet. A call that was given up has no answer: then the stream just ends."""
        if events.begun or not answers:
            await events.end(*answers)
            return
        body = joined(answers) if self._array else answers[0]
        self.headers["content-length"] = str(len(body))
        await send(self.start())
        await send({"type": "http.response.body", "body": body})


async def _gathered(
    tasks: Sequence[asyncio.Future[bytes]], gone: asyncio.Future[None], events: Events
) -> list[bytes]:
    """The answers in the order of ``tasks``; those that come when a stream has begun are sent at once."""
    known: dict[int, bytes] = {}
    waiting = dict(zip(tasks, range(len(tasks)), strict=True))
    while waiting and not gone.done():
        several: set[asyncio.Future[Any]] = {*waiting, gone}
        done, _ = await asyncio.wait(several, return_when=asyncio.FIRST_COMPLETED)
        for task, index in [one for one in waiting.items() if one[0] in done]:
            del waiting[task]
            if task.cancelled():
                continue
            if events.begun:
                events.send(task.result())
            else:
                known[index] = task.result()
    return [known[index] for index in sorted(known)]


async def left(receive: Receive) -> None:
    """Until the client does."""
    while (await receive())["type"] != "http.disconnect":
        pass
