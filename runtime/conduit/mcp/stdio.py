"""MCP over stdin and stdout: a message a line.

Calls that await nothing are answered at once, all that one read brought with one write, and no event loop is
made before a call needs one. Nothing but messages reaches stdout: what else prints goes to stderr.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from conduit.mcp.peer import MOST, Peer

if TYPE_CHECKING:
    from conduit.http.served import Serving
    from conduit.mcp.conversation import Taken

PIECE = 1 << 16


class Lines:
    """Bytes as they come → whole lines; ``None`` stands for one that was too long."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._skipping = False

    def end(self) -> list[bytes | None]:
        """What came after the last line end."""
        return self.take(b"\n")

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
    more = True
    while more:
        data = os.read(stdin, PIECE)
        more = bool(data)
        found, answers = lines.take(data) if data else lines.end(), list[bytes]()
        for index, line in enumerate(found):
            answer = peer.take(line)
            if isinstance(answer, bytes):
                answers.append(answer)
            elif answer is not None and not isinstance(answer, int | str):  # which is an id
                write(out, answers)
                _in_loop(served, peer, lines, [answer, *found[index + 1 :]], stdin, out)
                return
        write(out, answers)


def _in_loop(
    served: Serving,
    peer: Peer,
    lines: Lines,
    waiting: list[Taken],
    stdin: int,
    out: int,
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
