"""Answers of calls that take time, several at once or one of a session: JSON, or server-sent events.

Unlike in ``stream.Streamed``, a client can give up a single call by its id, and the calls of a session go on
where it is cut off.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from conduit.http.delivery import departure
from conduit.http.response import Response
from conduit.mcp import messages
from conduit.mcp.batches import Batch, joined
from conduit.mcp.calls import Call
from conduit.mcp.events import Events
from conduit.mcp.http import answer
from conduit.mcp.messages import Malformed, Refused
from conduit.mcp.statuses import status_of
from conduit.mcp.underway import Voice, begin, check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conduit.http.entry import Answer, Receive, Scope, Send
    from conduit.mcp.batches import Take
    from conduit.mcp.session import Session
    from conduit.mcp.underway import Alone, Answering


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
        found = [self._begun(one, voice) for one in self._answers]
        gone = asyncio.ensure_future(departure(receive))
        client.hold()
        try:
            answers = await _gathered(found, gone, events)
            voice.events = None
            if not gone.done():
                await self._finish(answers, events, send)
        finally:
            voice.events = None
            events.close()
            client.release()
            if not (gone.done() and client.outlives):  # it was not cut off, but ended
                for one in found:
                    one.cancel()
            gone.cancel()

    def _begun(self, one: bytes | Call, voice: Voice) -> Answering:
        """An answer that is known now or later."""
        if isinstance(one, Call):
            calls, talk = self._client.calls, self._client.talk(voice.ask)
            try:
                check(one.message.id, calls)  # type: ignore[arg-type]
                return begin(one, calls, voice.tell, talk, self._refused)
            except Refused as error:
                one = self._refused(one.message.id, error)
        found = asyncio.get_running_loop().create_future()
        found.set_result(one)
        return found

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


async def _gathered(found: Sequence[Answering], gone: asyncio.Future[None], events: Events) -> list[bytes]:
    """The answers, in their order; those that come when a stream has begun are sent at once."""
    known: dict[int, bytes] = {}
    waiting = dict(zip(found, range(len(found)), strict=True))
    while waiting and not gone.done():
        several: set[asyncio.Future[Any]] = {*waiting, gone}
        done, _ = await asyncio.wait(several, return_when=asyncio.FIRST_COMPLETED)
        for one, index in [each for each in waiting.items() if each[0] in done]:
            del waiting[one]
            if one.cancelled():
                continue
            if events.begun:
                events.send(one.result())
            else:
                known[index] = one.result()
    return [known[index] for index in sorted(known)]
