"""Start a conduitc command that serves, ask it over HTTP, stop it."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
#: Generous: a loaded machine must not fail a test.
PATIENCE = 60.0


def environment() -> dict[str, str]:
    paths = f"{ROOT}{os.pathsep}{ROOT / 'runtime'}"
    return {**os.environ, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


class Server:
    """A running command; ``url`` is what it printed."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log
        self.url = self._url()

    def _url(self) -> str:
        found = until(lambda: re.search(r"Server running at (\S+)", self.output()), self.output)
        return str(found.group(1))

    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body; status 0 where nobody answers."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def json(self, path: str) -> Any:
        return json.loads(self.get(path)[1])


@contextmanager
def serving(arguments: Sequence[str], folder: Path, *, module: str = "conduitc") -> Iterator[Server]:
    """The command ``python -m MODULE ARGUMENTS``, run in ``folder``, stopped at the end."""
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=folder,
            env=environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield Server(process, log)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(found: Callable[[], Any], said: Callable[[], str] = str) -> Any:
    """What ``found`` gives once it gives anything."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError(f"waited in vain; the server said: {said()}")


def alive(process: int) -> bool:
    """Whether it runs; one that has ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc/self/stat").exists()
    return state != "Z"
