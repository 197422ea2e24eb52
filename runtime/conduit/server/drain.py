"""The end of a server: what waits is accepted before it stops listening, and nothing takes for ever.

When a listening socket is closed, the kernel resets connections that wait in its queue, with requests that
their clients have sent already. So nobody is let in any more (``turn_away``), a second descriptor holds the
socket open until its queue is empty, and then it is closed.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from array import array
from contextlib import suppress
from struct import pack
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

#: Beyond the deadline of what is in flight: for shutdown hooks, before the process ends whatever it does.
GRACE_SECONDS = 5.0
#: The longest round trip that is waited for.
_HANDSHAKE_SECONDS = 0.5
_POLL_SECONDS = 0.01
#: Connections that are taken from a queue at once; a flood of new ones must not keep us from ending.
_MOST = 4096

#: Linux. A filter is a program of (code, jump if true, jump if false, operand); this one drops what has SYN
#: and not ACK in the flags of its TCP header, and takes all else.
_ATTACH_FILTER = 26
_NO_SYN = (
    (0x30, 0, 0, 13),
    (0x54, 0, 0, 0x12),
    (0x15, 0, 1, 0x02),
    (0x06, 0, 0, 0),
    (0x06, 0, 0, 0xFFFFFFFF),
)


def turn_away(listener: socket.socket) -> None:
    """Let no new connection begin, in any process that accepts from ``listener``; those begun are completed.

    Clients that come now are refused as soon as the socket is closed.
    """
    if listener.family not in (socket.AF_INET, socket.AF_INET6):
        try:
            os.unlink(listener.getsockname())
        except OSError:
            return
    elif sys.platform == "linux":
        program = array("B", b"".join(pack("=HBBI", *one) for one in _NO_SYN))
        try:
            listener.setsockopt(
                socket.SOL_SOCKET, _ATTACH_FILTER, pack("@HP", len(_NO_SYN), program.buffer_info()[0])
            )
        except OSError:  # a system that only looks like Linux
            return


async def let_in(listeners: Iterable[socket.socket]) -> None:
    """Make known to its protocol what the loop has accepted, and have it accept no more.

    To be awaited before its servers are closed: asyncio drops what it has accepted but not begun by then.
    """
    loop = asyncio.get_running_loop()
    for one in listeners:
        with suppress(NotImplementedError, ValueError):  # a loop that watches no descriptors; a closed socket
            loop.remove_reader(one.fileno())
    for _ in range(4):  # a task of the loop's, and what it calls soon
        await asyncio.sleep(0)


class Held:
    """Listening sockets, held open beside the servers that accept from them.

    ``moment`` is what handshakes that had begun have to be completed, half a second at most.
    """

    def __init__(self, sockets: Iterable[socket.socket], moment: float) -> None:
        self._moment = min(moment, _HANDSHAKE_SECONDS)
        self._sockets = [one.dup() for one in sockets]
        for one in self._sockets:
            one.setblocking(False)

    def accept(
        self, connect: Callable[[], Any], context: ssl.SSLContext | None, tasks: set[Any], seconds: float
    ) -> None:
        """Accept what waits, then listen no more; the servers must be closed by now.

        Each connection is told to finish ``seconds`` later; ``tasks`` holds what is under way.
        """
        loop = asyncio.get_running_loop()

        def begin(work: Any) -> None:
            task = loop.create_task(work)
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        async def take(connection: socket.socket) -> None:
            try:
                _, protocol = await loop.connect_accepted_socket(connect, connection, ssl=context)
            except OSError:  # the client is gone, or speaks no TLS
                return
            await asyncio.sleep(seconds)
            protocol.shutdown()

        async def empty() -> None:
            end = loop.time() + self._moment
            while self._sockets:
                for one in self._sockets:
                    for connection in _waiting(one):
                        begin(take(connection))
                if loop.time() >= end:
                    self.close()
                else:
                    await asyncio.sleep(_POLL_SECONDS)

        begin(empty())

    def close(self) -> None:
        """Listen no more."""
        for one in self._sockets:
            one.close()
        self._sockets.clear()


def _waiting(listener: socket.socket) -> Iterable[socket.socket]:
    for _ in range(_MOST):
        try:
            connection, _address = listener.accept()
        except ConnectionAbortedError:
            continue
        except OSError:  # none is left, or no file is
            return
        connection.setblocking(False)
        yield connection


class Deadline:
    """Ends the process where an orderly end does not come: a handler may block the loop, or a hook hang."""

    def __init__(self, seconds: float, flush: Callable[[], object]) -> None:
        self._seconds = seconds + GRACE_SECONDS
        self._flush = flush
        self._begun = False
        self._over = Event()

    def begin(self) -> None:
        """From now on, unless it has begun."""
        if not self._begun:
            self._begun = True
            Thread(target=self._watch, name="deadline", daemon=True).start()

    def cancel(self) -> None:
        """It ended."""
        self._over.set()

    def _watch(self) -> None:
        if not self._over.wait(self._seconds):
            print(f"not ended {self._seconds:g} seconds after it was asked to", file=sys.stderr)
            leave(1, self._flush)


def leave(code: int, flush: Callable[[], object]) -> None:
    """End the process now, whatever its threads do."""
    flush()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, RuntimeError, ValueError):  # a signal may have come while it was written to
            continue
    os._exit(code)
