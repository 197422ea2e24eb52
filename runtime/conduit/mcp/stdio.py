"""MCP over stdin and stdout: a message a line.

Calls that await nothing are answered at once, all that one read brought with one write, and no event loop is
made before a call needs one. Nothing but messages reaches stdout: what else prints goes to stderr.
"""

from __future__ import annotations

import os
from signal import SIGINT, default_int_handler, signal
from typing import TYPE_CHECKING, Any, NamedTuple

from conduit.mcp.peer import MOST, Peer
from conduit.mcp.running import Stopped

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


class Pipes(NamedTuple):
    """Descriptors that are ours alone: what messages come from, and where they go."""

    stdin: int
    out: int


def own_pipes() -> Pipes:
    """Those of stdin and stdout. What others read there is empty, what they write goes to stderr: functions
    of the app's, packages, and processes that they start."""
    ours = Pipes(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return ours


def serve(served: Serving, pipes: Pipes) -> int:
    """Until stdin ends; the exit code."""
    try:
        _serve(served, pipes)
    except (KeyboardInterrupt, Stopped):
        return 130
    except BrokenPipeError:  # the client went away
        return 0
    return 0


def _serve(served: Serving, pipes: Pipes) -> None:
    signal(SIGINT, _stop)
    stdin, out = pipes
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

    signal(SIGINT, default_int_handler)  # asyncio has one of its own, where there is none but this
    Loop(served, peer, lines, stdin, out).run(waiting)


def _stop(*_: Any) -> None:
    """No exception that a function of the app's could raise, too, and go on."""
    raise Stopped


def write(out: int, answers: list[bytes]) -> None:
    """Write each as a line."""
    if not answers:
        return
    rest = memoryview(b"\n".join([*answers, b""]))
    while rest:
        rest = rest[os.write(out, rest) :]
