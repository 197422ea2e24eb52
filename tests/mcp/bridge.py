"""An HTTP server in front of ``conduitc mcp DIST``, for clients that speak HTTP only, as the official suite.

In: POSTs of one message. Out: what the pipe writes to it, as JSON, or as events where the pipe says something
before it answers. Bodies pass as they are. What is HTTP's own is this bridge's: statuses (by the code of an
error), sessions (a process for each `initialize`), streams. It compares no header with a body and asks for
neither Host nor Origin. Modern requests share one process, and another where an id is that of one under way.
"""

import json
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

from conduit.mcp.statuses import status_of
from tests.cli.servers import environment
from tests.mcp.speaking import PREFIX

SESSION = "Mcp-Session-Id"
#: Seconds between looks at whether the client is still there.
LOOK = 0.1
Key = tuple[type, Any]
Lines = Queue[tuple[Any, bytes]]


def key_of(message: Any) -> Key:
    """What an answer is known by: 1 and "1" are two ids; what cannot be read has none."""
    found = message.get("id") if isinstance(message, dict) else None
    return (type(found), found) if type(found) in (int, str) else (type(None), None)


def _in(message: Any, *path: str) -> Any:
    for name in path:
        message = message.get(name) if isinstance(message, dict) else None
    return message


class Pipe:
    """A process, and who waits for what it writes."""

    def __init__(self, dist: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "conduitc", "mcp", str(dist)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment(), "CONDUIT_SECRET": "of the bridge"},
        )
        self.unasked: Lines = Queue()
        self._waiting: dict[Key, tuple[Any, Lines]] = {}
        self._lock = Lock()
        Thread(target=self._read, daemon=True).start()

    def send(self, raw: bytes) -> None:
        """One line; line ends of JSON's own mean nothing."""
        assert self.process.stdin
        with self._lock:
            self.process.stdin.write(raw.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n")
            self.process.stdin.flush()

    def begin(self, message: Any, raw: bytes) -> Lines:
        """Send a request; where what belongs to it will come."""
        found: Lines = Queue()
        self._waiting[key_of(message)] = (message, found)
        self.send(raw)
        return found

    def busy(self, message: Any) -> bool:
        """Whether that id is under way."""
        return key_of(message) in self._waiting

    def end(self, message: Any) -> None:
        """It was answered, or nobody waits any more."""
        self._waiting.pop(key_of(message), None)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            told = json.loads(line)
            self._lines_for(told).put((told, line.rstrip(b"\n")))

    def _lines_for(self, told: Any) -> Lines:
        """By id; else by token or subscription; else whatever runs: pipes have but one client."""
        waiting = tuple(self._waiting.values())
        if _in(told, "method") is None:
            return self._waiting.get(key_of(told), (None, self.unasked))[1]
        token = _in(told, "params", "progressToken")
        named = _in(told, "params", "_meta", f"{PREFIX}subscriptionId")
        for message, lines in waiting:
            if token is not None and token == _in(message, "params", "_meta", "progressToken"):
                return lines
            if named is not None and named == _in(message, "id"):
                return lines
        return waiting[-1][1] if waiting else self.unasked

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()


class Bridge(ThreadingHTTPServer):
    """All processes of one build; they end with it."""

    daemon_threads = True

    def __init__(self, dist: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.dist = dist
        self.sessions: dict[str, Pipe] = {}
        self.modern: list[Pipe] = []
        self.lock = Lock()

    def begin(self, message: Any, raw: bytes, session: str | None) -> tuple[Pipe, Lines, str | None]:
        """A request on its way: its process, what will come of it, its session. KeyError: there is none."""
        with self.lock:
            if _in(message, "method") == "initialize":
                session = uuid4().hex
                self.sessions[session] = Pipe(self.dist)
            if session is not None:
                pipe = self.sessions[session]
            else:
                free = (one for one in self.modern if not one.busy(message))
                pipe = next(free, None) or Pipe(self.dist)
                if pipe not in self.modern:
                    self.modern.append(pipe)
            return pipe, pipe.begin(message, raw), session

    def server_close(self) -> None:
        super().server_close()
        for pipe in (*self.sessions.values(), *self.modern):
            pipe.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bridge

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            message = json.loads(raw)
        except ValueError:
            message = None
        session = self.headers[SESSION]
        try:
            if isinstance(message, dict) and not {"id", "method"} <= message.keys():
                if session is not None:
                    self.server.sessions[session].send(raw)
                self._answer(202)
                return
            pipe, lines, session = self.server.begin(message, raw, session)
        except KeyError:
            self._answer(404)
            return
        try:
            self._deliver(message, lines, session)
        except OSError:  # the client left: over a pipe, that is said
            given_up = {"requestId": message["id"]}
            told = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": given_up}
            pipe.send(json.dumps(told).encode())
        finally:
            pipe.end(message)

    def do_GET(self) -> None:
        pipe = self.server.sessions.get(self.headers[SESSION] or "")
        if pipe is None:
            self._answer(405)
            return
        self._begin_events(None)
        try:
            while True:
                self._event(self._next(pipe.unasked)[1])
        except OSError:
            return

    def do_DELETE(self) -> None:
        pipe = self.server.sessions.pop(self.headers[SESSION] or "", None)
        if pipe is not None:
            pipe.close()
        self._answer(405 if pipe is None else 200)

    def _deliver(self, message: Any, lines: Lines, session: str | None) -> None:
        told, line = self._next(lines)
        if _in(told, "method") is None:
            code = _in(told, "error", "code")
            modern = session is None
            self._answer(200 if code is None else status_of(code, modern), line, session)
            return
        self._begin_events(session)
        self._event(line)
        while _in(told, "method") is not None:
            told, line = self._next(lines)
            self._event(line)

    def _next(self, lines: Lines) -> tuple[Any, bytes]:
        """What comes next. OSError: the client left."""
        while True:
            try:
                return lines.get(timeout=LOOK)
            except Empty:
                readable = select.select([self.connection], [], [], 0)[0]
                if readable and not self.connection.recv(1, socket.MSG_PEEK):
                    raise ConnectionResetError from None

    def _answer(self, status: int, body: bytes = b"", session: str | None = None) -> None:
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        if session is not None:
            self.send_header(SESSION, session)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _begin_events(self, session: str | None) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        if session is not None:
            self.send_header(SESSION, session)
        self.end_headers()

    def _event(self, line: bytes) -> None:
        self.wfile.write(b"event: message\ndata: %b\n\n" % line)
        self.wfile.flush()


@contextmanager
def bridged(dist: Path) -> Iterator[str]:
    """Serves a build's pipes over HTTP; gives the address."""
    bridge = Bridge(dist)
    Thread(target=bridge.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{bridge.server_address[1]}/mcp"
    finally:
        bridge.shutdown()
        bridge.server_close()
