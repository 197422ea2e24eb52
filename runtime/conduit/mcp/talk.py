"""Questions over a connection that goes both ways (2025-11-25 and before): requests of ours to the client."""

from __future__ import annotations

import asyncio
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from msgspec.json import decode, encode

from conduit.mcp.asks import Unfit
from conduit.mcp.content import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conduit.mcp.asks import Question
    from conduit.mcp.client import Client
    from conduit.mcp.messages import Message

#: Seconds that a client may take to answer.
PATIENCE_SECONDS = 600


class Pending:
    """Requests that the client has not answered yet, by their ids, which nobody else can guess."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[Any]] = {}

    def begin(self) -> tuple[str, asyncio.Future[Any]]:
        """A new id, and what its answer will be put into."""
        id_ = token_hex(16)
        future = self._waiting[id_] = asyncio.get_running_loop().create_future()
        return id_, future

    def end(self, id_: str) -> None:
        """Nobody waits for it any more."""
        self._waiting.pop(id_, None)

    def take(self, message: Message) -> bool:
        """As ``settle``, from the client's message."""
        error = None if message.error is UNSET else message.error
        return self.settle(message.id, None if message.result is UNSET else decode(message.result), error)

    def settle(self, id_: object, result: Any, error: Any) -> bool:
        """The client answered; False where nobody asked."""
        future = self._waiting.get(id_) if isinstance(id_, str) else None
        if future is None or future.done():
            return False
        future.set_result((result, error))
        return True


class Talk:
    """Asks a client that is connected. ``send`` takes a message; where nothing is known of the ``client``,
    its answer tells what it can."""

    __slots__ = ("_client", "_pending", "_send")

    def __init__(
        self,
        pending: Pending,
        send: Callable[[bytes], None],
        client: Client | None = None,
    ) -> None:
        self._pending = pending
        self._send = send
        self._client = client

    @property
    def about(self) -> dict[str, Any]:
        """What the client says of itself."""
        return {} if self._client is None else self._client.about

    def can(self, capability: str) -> bool:
        """Whether the client declared it, or may have."""
        return self._client is None or capability in self._client.capabilities

    async def ask(self, questions: Mapping[str, Question]) -> dict[str, Any]:
        """The answers, by the questions' names.

        Raises:
            ToolError: the client cannot be asked such a thing, refuses, or does not answer.
        """
        for one in questions.values():
            for need in one.needs:
                if not self.can(need):
                    raise ToolError(f"this needs a client that declares {need}")
        answers = await asyncio.gather(*map(self._one, questions.values()))
        return dict(zip(questions, answers, strict=True))

    async def _one(self, question: Question) -> Any:
        id_, future = self._pending.begin()
        params = question.params()
        request = {"jsonrpc": "2.0", "id": id_, "method": question.method, "params": params}
        try:
            self._send(encode(request))
            result, error = await asyncio.wait_for(future, PATIENCE_SECONDS)
        finally:
            self._pending.end(id_)
        if error is not None:
            raise ToolError(f"the client refused {question.method}")
        try:
            return question.answer(result)
        except Unfit as unfit:
            raise ToolError(f"the client's answer to {question.method} is none: {unfit}") from None
