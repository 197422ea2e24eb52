"""Clients that keep their connection as long as the server does: what they asked, and what became of it."""

import errno
import random
import select
import socket
import time
from contextlib import suppress
from dataclasses import dataclass

from clients import asking, connection

#: Seconds between an answer and the next request, of every other client; the server leaves them 0.5.
LONGEST_THOUGHT = 0.3

ENDS = b'World!"}'


@dataclass
class Tally:
    answered: int = 0
    lost_live: int = 0
    lost_new: int = 0


class Client:
    """One connection at a time; ``asks`` counts the requests of the connection it has."""

    def __init__(self, port: int, number: int, tally: Tally) -> None:
        self.port, self.tally = port, tally
        self.request = asking("/slow" if number % 8 == 0 else "/")
        self.thinks = number % 2 == 1
        self.line: socket.socket | None = None
        self.at = 0.0  # when it asks next

    def connect(self, poll: select.epoll) -> None:
        self.line = connection(self.port)
        self.asks, self.waits, self.got, self.made = 0, False, b"", False
        poll.register(self.line, select.EPOLLOUT)

    def connected(self, poll: select.epoll) -> None:
        """The kernel has made the connection, or says that nobody listens."""
        assert self.line
        if self.line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.end(poll)
        else:
            self.made = True
            poll.modify(self.line, select.EPOLLIN)

    def end(self, poll: select.epoll) -> None:
        assert self.line
        poll.unregister(self.line)
        self.line.close()
        self.line = None

    def ask(self) -> None:
        """The next request, unless the server has closed: that is heard of by reading."""
        assert self.line
        try:
            if self.asks and not self.line.recv(1, socket.MSG_PEEK):
                return
        except BlockingIOError:
            pass
        except OSError:
            return
        with suppress(OSError):
            self.line.send(self.request)
        self.asks += 1
        self.waits, self.got = True, b""

    def hear(self, poll: select.epoll) -> None:
        """Reads; leaves no line where the connection is over."""
        assert self.line
        try:
            data = self.line.recv(65536)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return
            data = b""
        self.got += data
        if data and not self.got.endswith(ENDS):
            return
        if data:
            self.tally.answered += 1
            self.waits = False
            self.at = time.monotonic() + (random.uniform(0, LONGEST_THOUGHT) if self.thinks else 0)
        if not data or b"connection: close" in self.got.lower():
            if self.waits and self.asks > 1:
                self.tally.lost_live += 1
            elif self.waits:
                self.tally.lost_new += 1
            self.end(poll)
