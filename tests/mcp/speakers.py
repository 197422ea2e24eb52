"""Clients of three transports that send what they are told, and give back what they are answered."""

import http.client
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.cli.servers import environment
from tests.http.serving import Server
from tests.mcp.served import serve
from tests.mcp.speaking import SUBJECT, VERSION, message

#: Nothing here takes long; who gets no answer in so many seconds waits for nothing.
PATIENCE = 60.0


class Http:
    """Streamable HTTP: a POST for each message; ``modern`` says with which headers."""

    def __init__(self, server: Server, modern: bool = True) -> None:
        assert not isinstance(server.address, str)
        self.connection = http.client.HTTPConnection(*server.address, timeout=PATIENCE)
        self.modern = modern

    def ask(self, told: dict[str, Any]) -> dict[str, Any]:
        """The answer to a message."""
        status, said = self.raw(json.dumps(told).encode(), told)
        assert status < 500 and said, (status, said)
        found: dict[str, Any] = said[-1]
        return found

    def raw(self, body: bytes, told: Any = None) -> tuple[int, list[Any]]:
        """The status, and all messages that came, for any bytes; ``told`` is what headers are made of."""
        made = {"Host": "localhost", "MCP-Protocol-Version": VERSION if self.modern else "2025-11-25"}
        if self.modern and isinstance(told, dict):
            params = told.get("params")
            subject = params.get(SUBJECT.get(str(told.get("method")))) if isinstance(params, dict) else None
            made |= {
                name: one
                for name, one in (("Mcp-Method", told.get("method")), ("Mcp-Name", subject))
                if isinstance(one, str) and one.isascii() and one.isprintable()
            }
        self.connection.request("POST", "/mcp", body, {**made, "content-type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if not text or answer.headers["content-type"] == "application/problem+json":
            return answer.status, []
        if answer.headers["content-type"] == "text/event-stream":
            lines = [one.removeprefix("data: ") for one in text.splitlines() if one.startswith("data: ")]
            return answer.status, [json.loads(one) for one in lines]
        return answer.status, [json.loads(text)]

    def close(self) -> None:
        self.connection.close()


class Pair:
    """The old pair: a GET that stays open, and POSTs beside it."""

    modern = False

    def __init__(self, server: Server) -> None:
        assert not isinstance(server.address, str)
        self.stream = socket.create_connection(server.address, PATIENCE)
        self.stream.sendall(b"GET /mcp HTTP/1.1\r\nhost: localhost\r\n\r\n")
        self.beside = http.client.HTTPConnection(*server.address, timeout=PATIENCE)
        self.rest = b""
        self.place = self._until(b"session_id=", b"\n").split(b"data: ")[-1].strip().decode()

    def _until(self, *marks: bytes) -> bytes:
        """What came up to the last mark."""
        at = 0
        for mark in marks:
            while (found := self.rest.find(mark, at)) < 0:
                data = self.stream.recv(1 << 16)
                assert data, "the stream ended"
                self.rest += data
            at = found + len(mark)
        got, self.rest = self.rest[:at], self.rest[at:]
        return got

    def post(self, body: bytes) -> int:
        """The status of a POST."""
        self.beside.request("POST", self.place, body, {"host": "localhost"})
        answer = self.beside.getresponse()
        answer.read()
        return answer.status

    def read(self) -> Any:
        """The next message."""
        while True:
            event = self._until(b"\n\n")
            data = [one for one in event.split(b"\n") if one.startswith(b"data: ")]
            if data:
                return json.loads(data[0].removeprefix(b"data: ").strip(b"\r"))

    def ask(self, told: dict[str, Any]) -> dict[str, Any]:
        """The answer to a message, by its id."""
        assert self.post(json.dumps(told).encode()) == 202
        return self.answer(told["id"])

    def answer(self, id_: Any) -> dict[str, Any]:
        """What comes with that id; what comes before is passed over."""
        while True:
            found: dict[str, Any] = self.read()
            if found.get("id") == id_ and "method" not in found:
                return found

    def close(self) -> None:
        self.stream.close()
        self.beside.close()


class Pipes:
    """A process, its stdin and its stdout."""

    modern = True

    def __init__(self, dist: Path) -> None:
        self.log = dist.parent / "pipes.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "conduitc", "mcp", str(dist)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment(),
            )
        assert self.process.stdin and self.process.stdout
        self.stdin, self.stdout = self.process.stdin.fileno(), self.process.stdout.fileno()
        self.rest = b""

    def write(self, data: bytes) -> None:
        """All of it, and what is answered meanwhile is read: nobody waits for the other for ever."""
        os.set_blocking(self.stdin, False)
        while data:
            readable, writable, _ = select.select([self.stdout], [self.stdin], [], PATIENCE)
            assert readable or writable, "nobody reads"
            if readable:
                self._more()
            if writable:
                data = data[os.write(self.stdin, data) :]

    def _more(self) -> None:
        data = os.read(self.stdout, 1 << 20)
        assert data, f"it ended: {self.log.read_text('utf-8', 'replace')[-2000:]}"
        self.rest += data

    def read(self) -> Any:
        """The next message."""
        while b"\n" not in self.rest:
            assert select.select([self.stdout], [], [], PATIENCE)[0], "no answer"
            self._more()
        line, _, self.rest = self.rest.partition(b"\n")
        return json.loads(line)

    def ask(self, told: dict[str, Any]) -> dict[str, Any]:
        """The answer to a message, by its id."""
        self.write(json.dumps(told).encode() + b"\n")
        return self.answer(told["id"])

    def answer(self, id_: Any) -> dict[str, Any]:
        """What comes with that id; what comes before is passed over."""
        while True:
            found: dict[str, Any] = self.read()
            if found.get("id") == id_ and "method" not in found:
                return found

    def end(self) -> int:
        """End stdin; the exit code."""
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        with suppress(BrokenPipeError):
            self.process.stdin.close()


Speaker = Http | Pair | Pipes


def call(speaker: Speaker, name: str, id_: Any = 1, **arguments: Any) -> dict[str, Any]:
    """Call a tool as the transport does; notifications are wanted."""
    wishes = {"progressToken": 1, "io.modelcontextprotocol/logLevel": "debug"}
    told = message("tools/call", id_, name=name, arguments=arguments, _meta=wishes)
    if not speaker.modern:
        told["params"]["_meta"] = {"progressToken": 1}
    return speaker.ask(told)


@contextmanager
def speaking(transport: str, dist: Path, door: str = "httptools") -> Iterator[tuple[Speaker, Any]]:
    """A client of ``http``, ``legacy``, ``sse`` or ``stdio``, and its server."""
    if transport == "stdio":
        pipes = Pipes(dist)
        try:
            yield pipes, pipes.process
        finally:
            pipes.close()
        return
    with serve(dist, dist.parent, door) as server:
        speaker: Speaker = Pair(server) if transport == "sse" else Http(server, transport == "http")
        if isinstance(speaker, Pair):
            speaker.ask(message("initialize", 0, _meta=None, protocolVersion="2024-11-05"))
        try:
            yield speaker, server.process
        finally:
            speaker.close()
