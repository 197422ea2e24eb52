"""``conduitc run`` as a process: started, and waited for until it says where it serves."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.http.serving import ROOT, Server, until

needs_protocol = pytest.mark.skipif(
    find_spec("conduit.server._native") is None, reason="the compiled protocol was not built here"
)


def begin(
    dist: Path,
    log: Path,
    *options: str,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> Server:
    """Not waited for. Unless told, it drains for a moment that is enough on one machine."""
    moment = () if "--drain-moment" in options else ("--drain-moment", "0.1")
    place = () if {"--uds", "--fd", "--port"} & set(options) else ("--port", "0")
    paths = f"{ROOT}{os.pathsep}{ROOT / 'runtime'}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "conduitc", "run", str(dist), *place, *moment, *options],
            cwd=log.parent,
            env={**os.environ, "PYTHONPATH": paths, "NO_COLOR": "1", **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=pass_fds,
        )
    return Server(process, log)


def serves(server: Server) -> Server:
    """``server`` once it says where."""

    def found() -> Any:
        if server.process.poll() is not None:
            raise AssertionError(f"it ended with {server.process.returncode}: {server.output()}")
        return re.search(r"Server running at (?:https?://(\S+):(\d+)|unix:(\S+))\n", server.output())

    place = until(found, server.output)
    server.address = place[3] if place[3] else (place[1].strip("[]"), int(place[2]))
    return server


@contextmanager
def running(dist: Path, log: Path, *options: str, **more: Any) -> Iterator[Server]:
    """A server of its own, killed at the end where it has not ended."""
    server = begin(dist, log, *options, **more)
    try:
        yield serves(server)
    finally:
        server.stop()
