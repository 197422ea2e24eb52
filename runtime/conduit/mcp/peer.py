"""One client of a connection that stays: a message → what it is answered with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from msgspec.json import decode

from conduit.mcp import messages
from conduit.mcp.dispatch import Dispatch, checked_meta, negotiated
from conduit.mcp.messages import INVALID_REQUEST, Malformed, Refused

if TYPE_CHECKING:
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

    def __init__(self, catalogue: Catalogue, dispatch: Dispatch | Limited | None = None) -> None:
        self._dispatch = dispatch or Dispatch(catalogue)
        self._version: str | None = None
        self.capabilities: dict[str, Any] = {}
        self.pending: Pending | None = None
        self.subscribed: set[str] = set()

    def take(self, line: bytes | None) -> bytes | Call | Listening | Id | None:
        """What a message is answered with: now or later. An id is that of a call which is given up."""
        if line is None:
            return messages.error(None, INVALID_REQUEST, f"A message is longer than {MOST} bytes.")
        try:
            message = messages.read(line)
        except Malformed as error:
            return messages.error(error.id, error.code, error.message)
        if message.method is UNSET:
            if self.pending is not None:
                why = None if message.error is UNSET else message.error
                found = None if message.result is UNSET else decode(message.result)
                self.pending.settle(message.id, found, why)
            return None
        if message.id is UNSET:
            return _given_up(message)
        try:
            return self._answered(message)
        except Refused as error:
            return error.told(message.id)

    def _answered(self, message: Message) -> bytes | Call | Listening:
        meta = message.meta
        if meta is not None and meta.version is not UNSET:
            checked_meta(message)
            return self._dispatch.modern(message)
        if message.method == "initialize":
            self._version = negotiated(message)
            said = message.params
            self.capabilities = {} if said is UNSET or said.capabilities is UNSET else said.capabilities
        elif self._version is None and message.method != "ping":
            checked_meta(message)  # which says what a message without an `initialize` needs
        made = self._dispatch.legacy(message)
        params: Any = message.params
        if message.method == "resources/subscribe" and params is not UNSET and params.uri is not UNSET:
            self.subscribed.add(params.uri)
        elif message.method == "resources/unsubscribe" and params is not UNSET:
            self.subscribed.discard(params.uri)
        return made


def _given_up(message: Message) -> Id | None:
    params: Any = message.params
    known = message.method == "notifications/cancelled" and params is not UNSET
    return params.request if known and params.request is not UNSET else None
