"""A plain socket that speaks in raw bytes and hears whole answers."""

import socket
import ssl
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

#: What is left out of a comparison: it is the server's, not the app's.
SERVERS_OWN = {"date", "server", "connection", "transfer-encoding", "keep-alive"}


class Closed(EOFError):
    """The server closed the connection before an answer was complete."""


@dataclass
class Answer:
    """One final answer: pairs with lower-case names, in order, and the body without its framing."""

    status: int
    reason: str
    version: str
    pairs: list[tuple[str, str]]
    body: bytes
    chunks: list[bytes] = field(default_factory=list)
    interim: list[int] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def header(self, name: str) -> str | None:
        found = self.all(name)
        return ", ".join(found) if found else None

    @property
    def closes(self) -> bool:
        tokens = {part.strip().lower() for part in (self.header("connection") or "").split(",")}
        return "close" in tokens or (self.version == "1.0" and "keep-alive" not in tokens)

    @property
    def json(self) -> Any:
        import json

        return json.loads(self.body)

    @property
    def meaning(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """What every way of serving must agree on."""
        return self.status, [pair for pair in self.pairs if pair[0] not in SERVERS_OWN], self.body


class Client:
    """One connection."""

    def __init__(
        self,
        address: Any,
        *,
        timeout: float = 20.0,
        tls: ssl.SSLContext | None = None,
        receive_buffer: int = 0,
    ) -> None:
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket: socket.socket = socket.socket(family)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(address)
        if family == socket.AF_INET:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.buffer = b""
        self.ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Go away without a farewell."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def more(self) -> bool:
        """Take what comes; False once the server has closed."""
        if not self.ended:
            try:
                data = self.socket.recv(1 << 16)
            except (ConnectionResetError, BrokenPipeError):
                data = b""
            self.buffer += data
            self.ended = not data
        return not self.ended

    def line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            if not self.more():
                raise Closed(self.buffer)
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def exactly(self, size: int) -> bytes:
        pieces = [self.buffer]
        have = len(self.buffer)
        while have < size:
            self.buffer = b""
            if not self.more():
                raise Closed(b"".join(pieces))
            pieces.append(self.buffer)
            have += len(self.buffer)
        whole = b"".join(pieces)
        self.buffer = whole[size:]
        return whole[:size]

    def start(self) -> Answer:
        """The status line and the fields of whatever comes next, 1xx too."""
        first = self.line().decode("latin-1")
        version, _, rest = first.partition(" ")
        status, _, reason = rest.partition(" ")
        assert version.startswith("HTTP/"), first
        pairs = []
        while line := self.line():
            name, colon, value = line.decode("latin-1").partition(":")
            assert colon and name == name.strip(), line
            pairs.append((name.lower(), value.strip()))
        return Answer(int(status), reason, version.removeprefix("HTTP/"), pairs, b"")

    def answer(self, head: bool = False) -> Answer:
        """The next final answer, whole.

        Raises:
            Closed: the connection ended first.
        """
        interim = []
        found = self.start()
        while found.status < 200 and found.status != 101:
            interim.append(found.status)
            found = self.start()
        found.interim = interim
        if not head and found.status not in (101, 204, 304):
            self._body(found)
        return found

    def _body(self, found: Answer) -> None:
        length = found.header("content-length")
        if (found.header("transfer-encoding") or "").lower() == "chunked":
            assert length is None, found
            found.chunks = list(self.chunks())
            found.body = b"".join(found.chunks)
        elif length is not None:
            found.body = self.exactly(int(length))
        else:
            while self.more():
                pass
            found.body, self.buffer = self.buffer, b""

    def chunk(self) -> bytes:
        """The next piece of a chunked body; empty after the last one."""
        size = int(self.line().partition(b";")[0], 16)
        data = self.exactly(size)
        assert self.line() == b""
        return data

    def chunks(self) -> Any:
        while data := self.chunk():
            yield data

    def closed(self, within: float = 10.0) -> bool:
        """Whether the server closes, and sends nothing more, in that time."""
        self.socket.settimeout(within)
        try:
            while self.more():
                pass
        except TimeoutError:
            return False
        return not self.buffer

    def open(self, quiet: float = 0.3) -> bool:
        """Whether nothing comes and the connection stays for that time."""
        self.socket.settimeout(quiet)
        try:
            self.more()
        except TimeoutError:
            return True
        return False

    def everything(self) -> bytes:
        """All until the server closes."""
        while self.more():
            pass
        found, self.buffer = self.buffer, b""
        return found
