"""An access → one line of JSON at the end of a file, whole, whatever happens to the process next."""

from __future__ import annotations

import os
from time import gmtime, strftime, time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Audit:
    """Lines of one file, which is kept open. A line is one write, so processes may share the file."""

    def __init__(self, path: str) -> None:
        """Only its owner may read a file that is made here.

        Raises:
            OSError: the file cannot be opened for writing.
        """
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        self._file = os.open(path, flags, 0o600)

    def write(self, way: str, query: str, arguments: dict[str, Any], outcome: str, **more: Any) -> None:
        """``way`` is how it was asked (``cli``, ``http``, ``mcp``), ``outcome`` ``ok`` or why there is no
        answer.

        Raises:
            OSError: the line could not be written.
        """
        import json

        now = time()
        stamp = f"{strftime('%Y-%m-%dT%H:%M:%S', gmtime(now))}.{int(now % 1 * 1000):03d}Z"
        line = {"time": stamp, "way": way, "query": query, "arguments": arguments, "outcome": outcome, **more}
        data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        if os.write(self._file, data) != len(data):
            raise OSError(28, "the audit line was written in part")

    def close(self) -> None:
        os.close(self._file)
