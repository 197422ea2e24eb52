"""Introspection over MCP: from starting the process to its first reply, and what a question costs.

`conduitc introspect BUILD mcp` on 500 resources: the reply to `initialize` (goal: 80 ms, as of an app's own
tools over pipes) and the first answer; then each of the eight questions over the pipes and in process, the
best of several rounds, with the tokens that its answer is counted as.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from common import goal, require_proc, table, versions
from conduit.introspect import indexing, load
from conduit.introspect.tools.answering import Answering
from conduit.introspect.tools.tokens import MOST, tokens
from introspect import RESOURCES, metadata, micro
from mcp_programs import HELLO, READY, plain
from mcp_stdio import on_cpu

RUNS = 20
#: Tool → what it is asked.
ASKED: dict[str, dict[str, str]] = {
    "overview": {},
    "find": {"query": "kind:route method:POST"},
    "who_handles": {"url": "/api/area3/7"},
    "effective_stack": {"route": "GET /api/area3/{id:int}"},
    "deps_and_impact": {"name": "schema.Item3"},
    "how_do_i": {"question": "how do I add a route that takes a body"},
    "patterns": {},
    "unresolved": {},
}


class Server:
    """A process of the command, spoken to line by line."""

    def __init__(self, build: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "conduitc", "introspect", str(build), "mcp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, line: bytes) -> bytes:
        """The line that answers."""
        assert self.process.stdin and self.process.stdout
        os.write(self.process.stdin.fileno(), line + b"\n")
        return self.process.stdout.readline()

    def call(self, name: str) -> bytes:
        return self.ask(plain("tools/call", 2, name=name, arguments=ASKED[name]))

    def end(self) -> None:
        self.process.communicate()


def started(build: Path) -> tuple[float, float, float]:
    """Milliseconds to the first reply, and to the first question's answer; of CPU until then."""
    began = time.perf_counter()
    server = Server(build)
    server.ask(HELLO)
    reply = time.perf_counter() - began
    server.ask(READY + b"\n" + plain("tools/call", 2, name="who_handles", arguments=ASKED["who_handles"]))
    answer = time.perf_counter() - began
    used = on_cpu(server.process.pid)
    server.end()
    return 1e3 * reply, 1e3 * answer, used


def rows(build: Path) -> list[tuple[str, ...]]:
    """Each question: microseconds in process and over the pipes, bytes and tokens of its answer."""
    codebase = load(str(build))
    found: list[tuple[str, ...]] = []
    answering, server = Answering(lambda: codebase), Server(build)
    server.ask(HELLO)
    for name, arguments in ASKED.items():
        text = json.dumps(answering(name, dict(arguments)), ensure_ascii=False, separators=(",", ":"))
        assert tokens(text) <= MOST and b'"isError"' not in server.call(name)
        inside = micro(lambda name=name, given=arguments: answering(name, dict(given)), 20, 10)  # type: ignore[misc]
        outside = micro(lambda name=name: server.call(name), 20, 10)  # type: ignore[misc]
        found.append((name, f"{inside:.0f}", f"{outside:.0f}", str(len(text.encode())), str(tokens(text))))
    server.end()
    return found


def main() -> None:
    require_proc()
    with tempfile.TemporaryDirectory() as place:
        build = Path(place) / "dist"
        build.mkdir()
        text = metadata(Path(place) / "source", RESOURCES)
        (build / "metadata.json").write_bytes(text)
        (build / "metadata.idx").write_bytes(indexing.build(text))
        print(f"{RESOURCES} resources, {RUNS} starts; {versions('msgspec')}\n")
        started(build)  # which writes bytecode
        samples = [started(build) for _ in range(RUNS)]
        print(table(("tool", "µs in process", "µs over pipes", "bytes", "tokens"), rows(build)), "\n")
        reply, answer, used = (median(of) for of in zip(*samples, strict=True))
        print(goal("ms to the first reply", reply, most=80))
        print(f"  ms to the first answer: {answer:.0f}; of CPU until then: {used:.0f}")


if __name__ == "__main__":
    main()
