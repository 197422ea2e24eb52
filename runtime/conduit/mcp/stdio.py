"""MCP over stdin and stdout: a message a line.

Calls that await nothing are answered at once, all that one read brought with one write, and no event loop is
made before a call needs one. Nothing but messages reaches stdout: what else prints goes to stderr.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from msgspec.json import decode

from conduit.mcp import messages
from conduit.mcp.calls import Call
from conduit.mcp.dispatch import Dispatch, checked_meta, negotiated
from conduit.mcp.listening import Listening
from conduit.mcp.messages import INVALID_REQUEST, Malformed, Refused

if TYPE_CHECKING:
    from conduit.http.served import Serving
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.messages import Id, Message
    from conduit.mcp.talk import Pending

PIECE = 1 << 16
#: Bytes of one line; a longer one is thrown away and answered by an error.
MOST = 1 << 24


class Lines:
    """Bytes as they come → whole lines; ``None`` stands for one that was too long."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._skipping = False

    def take(self, data: bytes) -> list[bytes | None]:
        """The lines that are complete now, blank ones left out."""
        *lines, rest = data.split(b"\n")
        found: list[bytes | None] = []
        for line in lines:
            if self._rest:
                line = bytes(self._rest) + line
                self._rest.clear()
            if self._skipping or len(line) > MOST:
                found.append(None)
                self._skipping = False
            elif line.strip():
                found.append(line)
        if not self._skipping:
            self._rest += rest
            if len(self._rest) > MOST:
                self._rest.clear()
                self._skipping = True
        return found


class Peer:
    """The client at the other end of a pair of pipes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._dispatch = Dispatch(catalogue)
        self._version: str | None = None
        self.capabilities: dict[str, Any] = {}
        self.pending: Pending | None = None
        self.subscribed: set[str] = set()

    def take(self, line: bytes | None) -> bytes | Call | Listening | Id | None:
        """What a message is answered with: now or later. An id is that of a call which is given up."""
        if line is None:
            return messages.error(None, INVALID_REQUEST, f"A line is longer than {MOST} bytes.")
        try:
            message = messages.read(line)
        except Malformed as error:
            return messages.error(error.id, error.code, error.message)
        if message.method is UNSET:
            if self.pending is not None:
                error = None if message.error is UNSET else message.error
                self.pending.settle(
                    message.id, None if message.result is UNSET else decode(message.result), error
                )
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
            params = message.params
            self.capabilities = {} if params is UNSET or params.capabilities is UNSET else params.capabilities
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


def own_stdout() -> int:
    """A descriptor of stdout that is ours alone; what others write there goes to stderr."""
    ours = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return ours


def serve(served: Serving, out: int, stdin: int = 0) -> None:
    """Until stdin ends."""
    peer, lines = Peer(served.offered), Lines()
    if not served.lifespan.idle:
        _in_loop(served, peer, lines, [], stdin, out)
        return
    while data := os.read(stdin, PIECE):
        found, answers = lines.take(data), []
        for index, line in enumerate(found):
            answer = peer.take(line)
            if isinstance(answer, Call | Listening):
                write(out, answers)
                _in_loop(served, peer, lines, [answer, *found[index + 1 :]], stdin, out)
                return
            if isinstance(answer, bytes):
                answers.append(answer)
        write(out, answers)


def _in_loop(
    served: Serving, peer: Peer, lines: Lines, waiting: list[bytes | Call | Listening | None], stdin: int, out: int
) -> None:
    from conduit.mcp.stdio_loop import Loop

    Loop(served, peer, lines, stdin, out).run(waiting)


def write(out: int, answers: list[bytes]) -> None:
    """Write each as a line."""
    if not answers:
        return
    rest = memoryview(b"\n".join([*answers, b""]))
    while rest:
        rest = rest[os.write(out, rest) :]
