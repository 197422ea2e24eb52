"""A process of ``conduitc introspect TARGET mcp``, spoken to line by line."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.servers import environment


class Asked:
    """``error`` is what it printed on stderr, once it has ended."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.error = ""
        self._id = 0

    def raw(self, line: bytes) -> Any:
        """The answer to a line."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def request(self, method: str, /, **params: Any) -> Any:
        self._id += 1
        message = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}
        found = self.raw(json.dumps(message).encode())
        assert found["id"] == self._id
        return found

    def greet(self, version: str = "2025-11-25") -> Any:
        client = {"name": "tests", "version": "1"}
        found = self.request("initialize", protocolVersion=version, capabilities={}, clientInfo=client)
        return found["result"]

    def call(self, name: str, /, **arguments: Any) -> Any:
        """A tool's result."""
        return self.request("tools/call", name=name, arguments=arguments)["result"]

    def answer(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """What a tool answers; its text says the same."""
        found = self.call(name, **arguments)
        assert "isError" not in found, found
        answer: dict[str, Any] = found["structuredContent"]
        assert json.loads(found["content"][0]["text"]) == answer
        return answer

    def end(self) -> int:
        """Its exit code, once nobody writes any more."""
        _, error = self.process.communicate(timeout=60)
        self.error = error.decode()
        return self.process.returncode


def started(target: Path | str, *options: str, cwd: Path | None = None) -> Asked:
    return Asked(
        subprocess.Popen(
            [sys.executable, "-m", "conduitc", "introspect", str(target), "mcp", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            cwd=cwd,
        )
    )


@contextmanager
def asked(target: Path | str, *options: str) -> Iterator[Asked]:
    """Ended at the end, and without a word on stderr."""
    found = started(target, *options)
    try:
        yield found
    finally:
        code = found.end()
    assert code == 0 and found.error == "", found.error
