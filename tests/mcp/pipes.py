"""A process of ``conduitc mcp DIST``, and who waits for what it writes.

In: messages as bytes, each with what it says. Out: queues of what belongs to it, up to its answer.
"""

import json
import subprocess
import sys
from pathlib import Path
from queue import Queue
from threading import Lock, Thread
from typing import Any

from tests.cli.servers import environment
from tests.mcp.speaking import PREFIX

Key = tuple[type, Any]
Lines = Queue[tuple[Any, bytes]]


def key_of(message: Any) -> Key:
    """What an answer is known by: 1 and "1" are two ids; what cannot be read has none."""
    found = message.get("id") if isinstance(message, dict) else None
    return (type(found), found) if type(found) in (int, str) else (type(None), None)


def inside(message: Any, *path: str) -> Any:
    """What stands there, None where nothing does."""
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
        if inside(told, "method") is None:
            return self._waiting.get(key_of(told), (None, self.unasked))[1]
        token = inside(told, "params", "progressToken")
        named = inside(told, "params", "_meta", f"{PREFIX}subscriptionId")
        for message, lines in waiting:
            if token is not None and token == inside(message, "params", "_meta", "progressToken"):
                return lines
            if named is not None and named == inside(message, "id"):
                return lines
        return waiting[-1][1] if waiting else self.unasked

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()
