"""Clients that are slow on purpose: they send a byte now and then, or do not read.

A third of them is of each kind. Who is closed by the server comes again until the load is over; then all wait
to be closed. Each client's turn comes once in ``PACE`` seconds, spread evenly, so that they take little of
the machine themselves. Who does not read cannot see that it was closed: the state of the server's socket is
looked up in the kernel's table.
"""

import errno
import os
import select
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from clients import connection, more_files

PACE = 1.0
#: Turns are taken this often, for all clients that are due.
STEP = 0.01
_ESTABLISHED = "01"


@dataclass(frozen=True)
class Kind:
    """``first`` is sent at once, ``rest`` byte by byte; without a rest, nothing is read."""

    name: str
    first: bytes
    rest: bytes
    deadline: float


class Report(NamedTuple):
    """What became of the clients of one kind; ``longest`` is in seconds."""

    kind: str
    opened: int
    closed: int
    longest: float


@dataclass
class Client:
    kind: Kind
    port: int
    line: socket.socket = field(init=False)
    began: float = 0
    sent: int = 0

    def begin(self, poll: select.epoll) -> None:
        self.line = connection(self.port)
        self.began, self.sent = time.monotonic(), -1
        reads = select.EPOLLIN if self.kind.rest else 0
        poll.register(self.line, reads | select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR)

    def turn(self) -> None:
        """The first bytes, or the next one."""
        with suppress(BlockingIOError, ConnectionError):
            if self.sent < 0:
                if not self.kind.rest:
                    self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                self.line.send(self.kind.first)
                self.sent, self.began = 0, time.monotonic()
            elif self.sent < len(self.kind.rest):
                self.sent += self.line.send(self.kind.rest[self.sent : self.sent + 1])

    def closed(self, event: int) -> bool:
        """Whether the server has ended it: said so, answered it with an error, or cut it."""
        try:
            data = self.line.recv(65536) if event & select.EPOLLIN else b""
        except OSError as error:
            return error.errno not in (errno.EAGAIN, errno.EINTR)
        return not data or b" 408 " in data


def peers(port: int) -> set[int]:
    """The ports of clients whose connection is open on the server's side."""
    found = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, here, there, state, _ = line.split(maxsplit=4)
        if state == _ESTABLISHED and int(here.rpartition(":")[2], 16) == port:
            found.add(int(there.rpartition(":")[2], 16))
    return found


class Clients:
    """All of them; ``again`` while those who are closed come again."""

    def __init__(self, port: int, kinds: list[Kind], count: int) -> None:
        self.poll, self.port = select.epoll(), port
        self.again = True
        self.open: dict[int, Client] = {}
        self.lived: dict[str, list[float]] = {kind.name: [] for kind in kinds}
        self.opened = dict.fromkeys(self.lived, 0)
        for i in range(count):
            self.begin(Client(kinds[i % len(kinds)], port))
            if i % 100 == 99:
                time.sleep(0.01)

    def begin(self, client: Client) -> None:
        client.begin(self.poll)
        self.open[client.line.fileno()] = client
        self.opened[client.kind.name] += 1

    def hear(self) -> None:
        for number, event in self.poll.poll(0):
            if self.open[number].closed(event):
                self.end(number)

    def look(self) -> None:
        """Who does not read: is it still served?"""
        served = peers(self.port)
        for number, client in list(self.open.items()):
            if not client.kind.rest and client.sent >= 0 and client.line.getsockname()[1] not in served:
                self.end(number)

    def end(self, number: int) -> None:
        client = self.open.pop(number)
        self.poll.unregister(number)
        client.line.close()
        self.lived[client.kind.name].append(time.monotonic() - client.began)
        if self.again:
            self.begin(client)

    def turns(self) -> Iterator[None]:
        """For ever: a step at a time, a share of all clients has its turn."""
        while True:
            self.look()
            numbers = list(self.open)
            share = max(1, int(len(numbers) * STEP / PACE))
            for i in range(0, max(1, len(numbers)), share):
                for number in numbers[i : i + share]:
                    if number in self.open:
                        self.open[number].turn()
                self.hear()
                yield

    def reports(self) -> list[Report]:
        return [
            Report(name, self.opened[name], len(lived), max(lived, default=0))
            for name, lived in self.lived.items()
        ]


def drip(pipe: Connection, port: int, kinds: list[Kind], count: int) -> None:
    """A process of slow clients: says when all are there, and what became of them when it is asked."""
    more_files()
    with suppress(OSError):
        os.sched_setaffinity(0, {1})
        os.nice(19)
    clients = Clients(port, kinds, count)
    turns = clients.turns()
    for _ in range(round(PACE / STEP)):
        next(turns)
        time.sleep(STEP)
    pipe.send("there")
    until = float("inf")
    while clients.open and time.monotonic() < until:
        next(turns)
        time.sleep(STEP)
        if clients.again and pipe.poll():
            pipe.recv()
            clients.again = False
            until = time.monotonic() + max(kind.deadline for kind in kinds) + 10
    pipe.send(clients.reports())
