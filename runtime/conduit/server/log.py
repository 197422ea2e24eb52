"""The access log: finished requests → lines of JSON, written by a thread of its own.

``structured(stream)`` gives the callable that a worker takes. The event loop only makes the line: a batch is
written every tenth of a second, so a slow reader of the log delays no request.
"""

from __future__ import annotations

import os
import time
from collections import deque
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from msgspec.json import Encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import IO

BATCH_SECONDS = 0.1
#: Bytes that may wait for a reader that does not read; of what comes beyond them only the number is kept.
MOST = 1 << 24
#: Bytes that a pipe takes whole or not at all (PIPE_BUF of Linux).
_PIECE = 4096


class Structured:
    """``log(scope, status, sent, seconds)``, and ``flush()`` at the end."""

    def __init__(self, descriptor: int, query: bool) -> None:
        self._descriptor = descriptor
        self._query = query
        self._encode: Callable[[object], bytes] = Encoder().encode
        self._lines: deque[bytes] = deque()
        #: Bytes of lines, and lines left out: each is counted by the loop and, as done, by the thread.
        self._taken, self._written = 0, 0
        self._lost, self._told = 0, 0
        self._second = 0
        self._clock = ""
        self._woken, self._hurry = Event(), Event()
        self._thread: Thread | None = None

    def __call__(self, scope: Mapping[str, Any], status: int, sent: int, seconds: float) -> None:
        """Note a request that was answered with ``status`` and a body of ``sent`` bytes."""
        if self._taken - self._written > MOST:
            self._lost += 1
            return
        client = scope.get("client")
        record = {
            "time": self._now(),
            "client": client[0] if client else None,
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "bytes": sent,
            "ms": round(seconds * 1000, 3),
        }
        if self._query:
            record["query"] = scope["query_string"].decode("latin-1")
        identity = scope.get("conduit.request_id")
        if identity is not None:
            record["request_id"] = identity
        try:
            line = self._encode(record) + b"\n"
        except UnicodeEncodeError:  # a path with lone surrogates
            record["path"] = record["path"].encode("utf-8", "replace").decode()
            line = self._encode(record) + b"\n"
        self._taken += len(line)
        self._lines.append(line)
        if not self._woken.is_set():
            self._wake()

    def flush(self, seconds: float = 5.0) -> bool:
        """Have everything written; False where nobody takes it in time."""
        taken, lost, end = self._taken, self._lost, time.monotonic() + seconds
        self._hurry.set()
        while self._written < taken or self._told < lost:
            if time.monotonic() > end:
                return False
            self._wake()
            time.sleep(0.001)
        self._hurry.clear()
        return True

    def _now(self) -> str:
        """UTC, in milliseconds."""
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._clock = _clock(second)
        return f"{self._clock}.{int((now - second) * 1000):03}Z"

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._write, name="access-log", daemon=True)
            self._thread.start()
        self._woken.set()

    def _write(self) -> None:
        """The thread: a moment after the first line, write all there are."""
        lines = self._lines
        while True:
            self._woken.wait()
            self._hurry.wait(BATCH_SECONDS)
            self._woken.clear()  # before lines are taken: whoever adds one then sets it again
            while lines:
                text = _piece(lines)
                self._write_all(text)
                self._written += len(text)
            if lost := self._lost - self._told:
                self._write_all(self._encode({"time": _clock(int(time.time())) + "Z", "lost": lost}) + b"\n")
                self._told += lost

    def _write_all(self, text: bytes) -> None:
        rest = memoryview(text)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # somebody made the pipe non-blocking
                time.sleep(BATCH_SECONDS)
            except OSError:  # nobody reads it any more
                return


def _piece(lines: deque[bytes]) -> bytes:
    """As many lines as a pipe takes in one piece: others write to it, too."""
    text = lines.popleft()
    while lines and len(text) + len(lines[0]) <= _PIECE:
        text += lines.popleft()
    return text


def _clock(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def logged(app: Any, log: Structured) -> Any:
    """An ASGI app whose requests are noted: for servers that know no such log."""

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began = time.perf_counter()
        status, sent = 500, 0

        async def counting(message: Any) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await app(scope, receive, counting)
        finally:
            log(scope, status, sent, time.perf_counter() - began)

    return noting


def structured(stream: IO[Any], query: bool = False) -> Structured:
    """A log on ``stream``. A query may hold secrets: it is left out unless asked for."""
    stream.flush()
    return Structured(stream.fileno(), query)
