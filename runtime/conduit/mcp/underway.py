"""Calls that are under way for a client: where what they say goes, and how they are given up.

In: a call and its client, a session or one that is ``Alone``. Out: a future of the answer, cancelled where
the call is given up; nobody waits until the call heeds that.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from threading import get_ident
from typing import TYPE_CHECKING, Any

from conduit.mcp.content import ToolError
from conduit.mcp.messages import INTERNAL_ERROR, INVALID_REQUEST, Refused
from conduit.mcp.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from conduit.mcp.calls import Call
    from conduit.mcp.context import Emit
    from conduit.mcp.events import Events
    from conduit.mcp.messages import Id
    from conduit.mcp.session import Session
    from conduit.mcp.talk import Pending

    Answering = asyncio.Future[bytes]

#: Calls, and subscriptions, that one client may have under way.
MOST = 1000


class Alone:
    """A client without a session: its calls end with the connection that asked for them."""

    outlives = False

    def __init__(self, pending: Pending) -> None:
        self.calls: dict[Id, Answering] = {}
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


class Voice:
    """What calls say: to whoever reads their answer; when nobody does, to the client otherwise."""

    def __init__(self, events: Events, client: Alone | Session) -> None:
        self.events: Events | None = events
        self.client = client
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """A notification; from any thread."""
        events = self.events
        if events is not None:
            events.emit(method, params)
        elif get_ident() == self._thread:
            self.client.tell(method, params)
        else:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self.client.tell, method, params)

    def ask(self, message: bytes) -> None:
        """A question.

        Raises:
            ToolError: nobody hears it.
        """
        if self.events is None:
            raise ToolError("the client has gone away")
        self.events.send(message)


def refused(id_: Id, refusal: Refused) -> bytes:
    """The answer to a request that there is no result of."""
    return refusal.told(id_)


def check(id_: Id, *under_way: Collection[Id]) -> None:
    """Refuse what cannot begin; ``under_way`` are the ids of all that the client has.

    Raises:
        Refused: it cannot.
    """
    if any(id_ in one for one in under_way):
        raise Refused(INVALID_REQUEST, "This id is that of a call under way.")
    if sum(map(len, under_way)) >= MOST:
        raise Refused(INTERNAL_ERROR, f"More than {MOST} calls of one client are not run at once.")


def begin(
    call: Call,
    calls: dict[Id, Answering],
    tell: Emit,
    talk: Talk,
    refused: Callable[[Id, Refused], bytes] = refused,
) -> Answering:
    """Run a call, one of the client's ``calls`` until it is over.

    ``refused`` makes its answer where there is no result.
    """
    id_: Any = call.message.id
    answer = calls[id_] = asyncio.get_running_loop().create_future()
    task = asyncio.ensure_future(_run(call, answer, tell, talk, refused))

    def over(answer: Answering) -> None:
        if calls.get(id_) is answer:
            del calls[id_]
        if answer.cancelled():
            task.cancel()
            if call.context is not None:
                call.context.end()

    answer.add_done_callback(over)
    return answer


async def _run(
    call: Call, answer: Answering, tell: Emit, talk: Talk, refused: Callable[[Id, Refused], bytes]
) -> None:
    try:
        try:
            made = await call.run(tell, talk)
        except Refused as error:
            made = refused(call.message.id, error)  # type: ignore[arg-type]
        except asyncio.CancelledError as error:
            if answer.done():
                raise
            made = call.broken_off(error)  # it was the function that cancelled its own task
    except Exception as error:
        if not answer.done():
            answer.set_exception(error)
    else:
        if not answer.done():
            answer.set_result(made)
