"""An app's file and a way to serve it → a running uvicorn with an address to talk to.

A way is ``asgi`` (the build of the Python target behind uvicorn's own protocol with httptools), ``python`` or
``cython`` (a build of that target behind the compiled protocol).
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conduitc import driver
from tests.http.client import Client

ROOT = Path(__file__).parents[2]
APPS = Path(__file__).with_name("apps")
PROTOCOL = "conduit.http:Protocol"
#: Generous: a loaded machine must not fail a test.
PATIENCE = 60.0

Address = tuple[str, int] | str


def target_of(way: str) -> str:
    return "cython" if way == "cython" else "python"


def http_of(way: str) -> str:
    return "httptools" if way == "asgi" else PROTOCOL


class Builds:
    """Builds of apps, each made once; ``at(app, target)`` is its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[Path, str], Path] = {}

    def at(self, app: str | Path, target: str) -> Path:
        source = Path(app) if os.sep in str(app) else APPS / f"{app}.py"
        key = source, target
        if key not in self._made:
            dist = self._folder / f"{len(self._made)}-{source.stem}-{target}"
            driver.build(source, dist, kind=target)  # type: ignore[arg-type]
            self._made[key] = dist
        return self._made[key]


@dataclass
class Server:
    """A running uvicorn, or one that has ended."""

    process: subprocess.Popen[bytes]
    log: Path
    address: Address = ""
    tls: Any = None
    _clients: list[Client] = field(default_factory=list)

    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def client(self, timeout: float = 20.0, **options: Any) -> Client:
        """A new connection; it is closed when the server ends at the latest."""
        made = Client(self.address, timeout=timeout, tls=self.tls, **options)
        self._clients.append(made)
        return made

    def ask(self, *raw: bytes, head: bool = False) -> Any:
        """One answer, on a connection of its own."""
        with self.client() as client:
            client.send(b"".join(raw))
            return client.answer(head=head)

    def get(self, target: str = "/", *lines: str) -> Any:
        return self.ask(request("GET", target, *lines))

    def memory(self) -> int:
        """Resident bytes."""
        text = Path(f"/proc/{self.process.pid}/statm").read_text()
        return int(text.split()[1]) * os.sysconf("SC_PAGESIZE")

    def busy(self) -> float:
        """Seconds of CPU used so far."""
        parts = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def wait(self, timeout: float = PATIENCE) -> int:
        return self.process.wait(timeout)

    def stop(self) -> None:
        for client in self._clients:
            client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def request(method: str, target: str, *lines: str, body: bytes | None = None, host: str = "test") -> bytes:
    """A well-formed request; a body brings its length."""
    head = [f"{method} {target} HTTP/1.1", f"host: {host}", *lines]
    if body is not None:
        head.append(f"content-length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + (body or b"")


def start(
    dist: Path,
    log: Path,
    *options: str,
    http: str = PROTOCOL,
    app: str = "app:app",
    env: Mapping[str, str] | None = None,
    keep: tuple[int, ...] = (),
) -> Server:
    """``uvicorn --app-dir DIST app:app --http … OPTIONS``, not waited for."""
    place = () if {"--uds", "--fd"} & set(options) else ("--port", "0")
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(dist), app, "--http", http, *place, *options]
    paths = f"{ROOT / 'runtime'}{os.pathsep}{ROOT}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=log.parent,
            pass_fds=keep,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Server(process, log)


def ready(server: Server) -> Server:
    """``server`` once it takes connections; its address is what it says."""

    def found() -> Any:
        if server.process.poll() is not None:
            raise AssertionError(f"the server ended: {server.output()}")
        text = server.output()
        if "Application startup complete" not in text and "lifespan" not in str(server.process.args):
            return None
        return re.search(r"running on (?:https?://(\S+):(\d+)|unix socket (\S+))", text)

    place = until(found, server.output)
    server.address = place[3] if place[3] else (place[1].strip("[]"), int(place[2]))
    until(lambda: accepts(server.address), server.output)
    return server


def accepts(address: Address) -> bool:
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    try:
        with socket.socket(family) as made:
            made.settimeout(5)
            made.connect(address)
    except OSError:
        return False
    return True


@contextmanager
def serving(dist: Path, log: Path, *options: str, **more: Any) -> Iterator[Server]:
    """A server of its own, killed at the end where it has not ended."""
    server = start(dist, log, *options, **more)
    try:
        yield ready(server)
    finally:
        server.stop()


def until(found: Callable[[], Any], said: Callable[[], str] = str, patience: float = PATIENCE) -> Any:
    """What ``found`` gives once it gives anything."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError(f"waited in vain; the server said: {said()}")
