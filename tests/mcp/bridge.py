"""An HTTP server in front of ``conduitc mcp DIST``, for clients that speak HTTP only, as the official suite.

In: POSTs of one message. Out: what the pipe writes to it, as JSON, or as events where the pipe says something
before it answers. Bodies pass as they are. What is HTTP's own is this bridge's: statuses (by the code of an
error), sessions (a process for each `initialize`), streams. It compares no header with a body and asks for
neither Host nor Origin. Modern requests share one process, and another where an id is that of one under way.
"""

import json
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

from conduit.mcp.statuses import status_of

from tests.mcp.pipes import Lines, Pipe, inside
from tests.mcp.speaking import PREFIX

SESSION = "Mcp-Session-Id"
#: Seconds between looks at whether the client is still there.
LOOK = 0.1


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
            modern = inside(message, "params", "_meta", f"{PREFIX}protocolVersion") is not None
            if inside(message, "method") == "initialize" and not modern:
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
        if inside(told, "method") is None:
            code = inside(told, "error", "code")
            modern = session is None
            self._answer(200 if code is None else status_of(code, modern), line, session)
            return
        self._begin_events(session)
        self._event(line)
        while inside(told, "method") is not None:
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
