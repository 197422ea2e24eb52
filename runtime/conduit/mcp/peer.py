"""One client of a connection that stays: a message → what it is answered with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from conduit.mcp import messages
from conduit.mcp.client import Client
from conduit.mcp.dispatch import BATCHES, Dispatch, checked_meta
from conduit.mcp.messages import INVALID_REQUEST, Malformed, Refused

if TYPE_CHECKING:
    from conduit.mcp.batches import Batch
    from conduit.mcp.calls import Call
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.limited import Limited
    from conduit.mcp.listening import Listening
    from conduit.mcp.messages import Id, Message
    from conduit.mcp.talk import Pending

#: Bytes of one message; a longer one is thrown away and answered by an error.
MOST = 1 << 24


class Peer:
    """What is known of the client: its version and capabilities, once it has said `initialize`."""

    __slots__ = ("_dispatch", "client", "pending")

    def __init__(self, catalogue: Catalogue, dispatch: Dispatch | Limited | None = None) -> None:
        self._dispatch = dispatch or Dispatch(catalogue)
        self.client = Client()
        self.pending: Pending | None = None

    def take(self, line: bytes | None) -> bytes | Call | Listening | Batch | Id | None:
        """What a message is answered with: now or later. An id is that of a call which is given up."""
        if line is None:
            return messages.error(None, INVALID_REQUEST, f"A message is longer than {MOST} bytes.")
        try:
            message = messages.read(line)
        except Malformed as error:
            if self.client.version == BATCHES and line.lstrip(b" \t\r").startswith(b"["):
                return self._several(line)
            return messages.error(error.id, error.code, error.message)
        try:
            if message.method is UNSET or message.id is UNSET:
                return self._noted(message)
            return self._answered(message)
        except Refused as error:
            return error.told(None if message.id is UNSET else message.id)

    def _answered(self, message: Message) -> bytes | Call | Listening:
        meta = message.meta
        if meta is not None and meta.version is not UNSET:
            checked_meta(message)
            return self._dispatch.modern(message)
        return self._legacy(message)

    def _legacy(self, message: Message) -> bytes | Call:
        if message.method == "initialize":
            self.client.greet(message)
        elif self.client.version is None and message.method != "ping":
            checked_meta(message)  # which says what a message without an `initialize` needs
        made = self._dispatch.legacy(message, self.client.level or "debug")
        self.client.heed(message)
        return made

    def _noted(self, message: Message) -> Id | None:
        """A notification, or an answer to what the client was asked."""
        if message.method is UNSET:
            if message.id is UNSET:
                raise Refused(INVALID_REQUEST, "A message has a `method`, or answers a request by its `id`.")
            if self.pending is not None:
                self.pending.take(message)
            return None
        params: Any = message.params
        known = message.method == "notifications/cancelled" and params is not UNSET
        return params.request if known and params.request is not UNSET else None

    def _several(self, line: bytes) -> bytes | Batch | None:
        from conduit.mcp.batches import Batch

        try:
            batch = Batch(line, self._of_several)
        except Malformed as error:
            return messages.error(error.id, error.code, error.message)
        whole = batch.ready()
        return batch if whole is None or batch.given_up else whole or None

    def _of_several(self, message: Message) -> bytes | Call | Id | None:
        if message.method is UNSET or message.id is UNSET:
            return self._noted(message)
        return self._legacy(message)
