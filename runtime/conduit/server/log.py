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
        state = scope.get("state")
        if state and "request_id" in state:
            record["request_id"] = str(state["request_id"])
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
            text = b"".join([lines.popleft() for _ in range(len(lines))])
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


def _clock(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def structured(stream: IO[Any], query: bool = False) -> Structured:
    """A log on ``stream``. A query may hold secrets: it is left out unless asked for."""
    stream.flush()
    return Structured(stream.fileno(), query)
