"""The end of a server: what waits is accepted before it stops listening, and nothing takes for ever.

When a listening socket is closed, the kernel resets connections that wait in its queue, with requests that
their clients have sent already. So a second descriptor holds the socket open until its queue is empty.
"""

from __future__ import annotations

import asyncio
import os
import sys
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable, Iterable

#: Beyond the deadline of what is in flight: for shutdown hooks, before the process ends whatever it does.
GRACE_SECONDS = 5.0
#: Connections that are taken from a queue at once; a flood of new ones must not keep us from ending.
_MOST = 4096


class Held:
    """Listening sockets, held open beside the servers that accept from them."""

    def __init__(self, sockets: Iterable[socket.socket]) -> None:
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

        async def take(connection: socket.socket) -> None:
            try:
                _, protocol = await loop.connect_accepted_socket(connect, connection, ssl=context)
            except OSError:  # the client is gone, or speaks no TLS
                return
            await asyncio.sleep(seconds)
            protocol.shutdown()

        for one in self._sockets:
            for connection in _waiting(one):
                task = loop.create_task(take(connection))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            one.close()


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
        except (OSError, ValueError):
            continue
    os._exit(code)
