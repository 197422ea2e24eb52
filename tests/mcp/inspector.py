"""The official inspector's command line: what it lists, and lints, and calls.

A place is a command that speaks over pipes, or the options that name an address.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.servers import environment
from tests.http.running import running
from tests.mcp import npm

ERAS = ("legacy", "modern")


class Complaint(Exception):
    """The inspector found something, or could not do what was asked."""


@contextmanager
def inspected(dist: Path, transport: str) -> Iterator[list[str]]:
    """A build, served where that is needed; gives the inspector's words for it."""
    if transport == "stdio":
        paths = environment()["PYTHONPATH"]
        yield ["-e", f"PYTHONPATH={paths}", "--", sys.executable, "-m", "conduitc", "mcp", str(dist)]
        return
    with running(dist, dist.parent / "inspected.log") as server:
        address = f"http://{server.address[0]}:{server.address[1]}/mcp"
        yield ["--transport", transport, "--server-url", address]


def ask(tools: npm.Tools, place: list[str], era: str, method: str, *options: str) -> dict[str, Any]:
    """The result of a method.

    Raises:
        Complaint: so it is; a warning is one, too.
    """
    command = [*tools.inspector, "--method", method, *options]
    command += ["--protocol-era", era, "--format", "json", *place]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=npm.environment())
    if done.returncode or done.stderr.strip():
        raise Complaint(f"{method} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout)["result"]
    return found


def listed(tools: npm.Tools, place: list[str], era: str) -> set[str]:
    """Names of the tools; their schemas are linted."""
    return {one["name"] for one in ask(tools, place, era, "tools/list", "--strict")["tools"]}


def called(tools: npm.Tools, place: list[str], era: str, name: str, arguments: dict[str, Any]) -> str:
    """The text that a tool answers with."""
    given = ["--tool-name", name, "--tool-args-json", json.dumps(arguments)]
    text: str = ask(tools, place, era, "tools/call", *given)["content"][0]["text"]
    return text
