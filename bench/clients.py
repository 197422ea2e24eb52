"""Many connections from one process: opened, asked, held, each waiting for the end of what it was promised.

`Crowd` holds connections. `Crowds` are several, each in a process with a source address of its own, because
the files of a process and the ports of an address are few.
"""

import errno
import multiprocessing
import resource
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection

#: Lets the kernel choose the port when it knows the destination, so ports do not run out.
IP_BIND_ADDRESS_NO_PORT = 24


def asking(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n".encode()


def more_files() -> int:
    """As many open files as the system lets this process have."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def connection(port: int, source: str = "127.0.0.1") -> socket.socket:
    """One that is being made, and does not block."""
    one = socket.socket()
    one.setblocking(False)
    one.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    one.bind((source, 0))
    if one.connect_ex(("127.0.0.1", port)) not in (0, errno.EINPROGRESS):
        one.close()
        raise OSError("no connection")
    return one


class Crowd:
    """Connections of one process; ``errors`` counts those that broke, were refused, or kept silent."""

    def __init__(
        self, port: int, source: str = "127.0.0.1", at_once: int = 256, patience: float = 60
    ) -> None:
        self.port, self.source, self.at_once, self.patience = port, source, at_once, patience
        self.held: list[socket.socket] = []
        self.errors = 0

    def open(self, count: int, request: bytes, ends: bytes) -> None:
        """So many more, each asked at once; they are held when they have said ``ends``."""
        self.held += self._all(self._made(count), request, ends)

    def ask(self, request: bytes, ends: bytes) -> None:
        """The same of all that are held; who does not answer is held no longer."""
        self.held = self._all(iter(self.held), request, ends)

    def hear(self, ends: bytes) -> None:
        """All that are held say ``ends`` without being asked."""
        self.at_once, before = len(self.held) + 1, self.at_once
        self.held = self._all(iter(self.held), b"", ends)
        self.at_once = before

    def close(self) -> None:
        for one in self.held:
            one.close()
        self.held = []

    def _made(self, count: int) -> Iterator[socket.socket]:
        for _ in range(count):
            try:
                yield connection(self.port, self.source)
            except OSError:
                self.errors += 1

    def _all(self, sockets: Iterator[socket.socket], request: bytes, ends: bytes) -> list[socket.socket]:
        poll, waiting, done = select.epoll(), dict[int, tuple[socket.socket, bytes]](), list[socket.socket]()
        more, until = True, time.monotonic() + self.patience
        while more or waiting:
            while more and len(waiting) < self.at_once:
                one = next(sockets, None)
                if one is None:
                    more = False
                else:
                    waiting[one.fileno()] = (one, b"")
                    poll.register(one, select.EPOLLOUT if request else select.EPOLLIN)
            for number, event in poll.poll(1, 1024):
                one, got = waiting.pop(number)
                still = _step(poll, one, event, request, got)
                if still is None:
                    self._broken(poll, one)
                elif ends in still:
                    poll.unregister(one)
                    done.append(one)
                else:
                    waiting[number] = (one, still[-len(ends) :])
                until = time.monotonic() + self.patience
            if time.monotonic() > until:
                for one, _ in waiting.values():
                    self._broken(poll, one)
                waiting.clear()
        poll.close()
        return done

    def _broken(self, poll: select.epoll, one: socket.socket) -> None:
        with suppress(OSError):
            poll.unregister(one)
        one.close()
        self.errors += 1


def _step(poll: select.epoll, one: socket.socket, event: int, request: bytes, got: bytes) -> bytes | None:
    """Sends or reads; what was read so far, None where the connection is at its end."""
    try:
        if event & select.EPOLLIN:
            data = one.recv(65536)
            return got + data if data else None
        if event & (select.EPOLLERR | select.EPOLLHUP):
            return None
        one.send(request)
        poll.modify(one, select.EPOLLIN)
    except OSError:
        return None
    return got


class Crowds:
    """Crowds in so many processes, told what to do together; ``do`` gives how many they hold, and errors."""

    def __init__(self, port: int, processes: int) -> None:
        forked = multiprocessing.get_context("fork")
        self.pipes: list[Connection] = []
        self.processes = []
        for i in range(processes):
            ours, theirs = forked.Pipe()
            one = forked.Process(target=_serve, args=(theirs, port, f"127.0.0.{i + 2}"), daemon=True)
            one.start()
            self.pipes.append(ours)
            self.processes.append(one)

    def do(self, order: str, *arguments: object) -> tuple[int, int]:
        for pipe in self.pipes:
            pipe.send((order, arguments))
        answers = [pipe.recv() for pipe in self.pipes]
        return sum(held for held, _ in answers), sum(errors for _, errors in answers)

    def end(self) -> None:
        for pipe, process in zip(self.pipes, self.processes, strict=True):
            pipe.send(("end", ()))
            process.join()


def _serve(pipe: Connection, port: int, source: str) -> None:
    more_files()
    crowd = Crowd(port, source)
    while (order := pipe.recv())[0] != "end":
        method: Callable[..., None] = getattr(crowd, order[0])
        method(*order[1])
        pipe.send((len(crowd.held), crowd.errors))
