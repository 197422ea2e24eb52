"""An access → one line of JSON at the end of a file, whole, whatever happens to the process next."""

from __future__ import annotations

import os
from time import gmtime, strftime, time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Audit:
    """Lines of one file, which is kept open. A line is one write, so processes may share the file."""

    def __init__(self, path: str | int) -> None:
        """Only its owner may read a file that is made here. A number is a file that is open already.

        Raises:
            OSError: the file cannot be opened for writing.
        """
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        self._file = path if isinstance(path, int) else os.open(path, flags, 0o600)
        self._now = 0, b""  # one value, for threads

    def write(self, way: str, query: str, arguments: dict[str, Any], outcome: str, **more: Any) -> None:
        """``way`` is how it was asked (``cli``, ``http``, ``mcp``), ``outcome`` ``ok`` or why there is no
        answer.

        Raises:
            OSError: the line could not be written.
        """
        self.put(rest_of(way, query, arguments, outcome, **more))

    def put(self, rest: bytes) -> None:
        """A line that tells now, and then ``rest``, which ``rest_of`` made.

        Raises:
            OSError: the line could not be written.
        """
        now = time()
        second, stamp = self._now
        if second != int(now):
            second = int(now)
            stamp = b'{"time":"' + strftime("%Y-%m-%dT%H:%M:%S", gmtime(second)).encode()
            self._now = second, stamp
        line = b'%b.%03dZ",%b' % (stamp, int((now - second) * 1000), rest)
        if os.write(self._file, line) != len(line):
            raise OSError(28, "the audit line was written in part")

    def close(self) -> None:
        os.close(self._file)


def rest_of(way: str, query: str, arguments: dict[str, Any], outcome: str, **more: Any) -> bytes:
    """All of a line but its time."""
    import json

    line = {"way": way, "query": query, "arguments": arguments, "outcome": outcome, **more}
    return json.dumps(line, separators=(",", ":"))[1:].encode() + b"\n"
