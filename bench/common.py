"""What every bench shares: options, builds, servers pinned to a core, versions, tables, goals.

A row of a comparison is a name and the command that serves it. One whose peer is not installed is left out,
and the bench says so.
"""

import argparse
import importlib.metadata
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn


@dataclass(frozen=True)
class Row:
    """One server of a comparison. ``{port}`` in ``command`` becomes the port; ``needs`` are import names."""

    name: str
    command: Sequence[str]
    needs: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)


def options(description: str, rounds: int, seconds: float) -> argparse.ArgumentParser:
    """The options of a bench that makes load; a bench adds its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=rounds, help="interleaved rounds (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=seconds, help="of load a run (default %(default)s)")
    return parser


def skip(why: str) -> NoReturn:
    """Ends the bench without a figure; that is no failure."""
    print(f"skipped: {why}")
    sys.exit(0)


def require_proc() -> None:
    """Skips where a process's own accounting cannot be read."""
    if not Path("/proc/self/stat").exists():
        skip("CPU time and memory are read from /proc, which this system does not have")


def installed(rows: Sequence[Row]) -> list[Row]:
    """The rows that can run here; says which cannot, and why."""
    found = []
    for row in rows:
        missing = [name for name in row.needs if find_spec(name) is None]
        if missing:
            print(f"no row for {row.name}: {', '.join(missing)} not installed (make setup-bench)")
        else:
            found.append(row)
    return found


def pinned(command: Sequence[str], core: int) -> list[str]:
    """``command`` on one core, where there are two and `taskset` is there."""
    if shutil.which("taskset") and (os.cpu_count() or 1) > core:
        return ["taskset", "-c", str(core), *command]
    return list(command)


def uvicorn(directory: Path, app: str = "app:app", http: str = "httptools", *words: str) -> list[str]:
    """Plain uvicorn as every ASGI row runs it: uvloop, no access log; ``http`` is the protocol class."""
    fixed = "--host 127.0.0.1 --port {port} --loop uvloop --no-access-log --log-level warning --backlog 4096"
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(directory), app, "--http", http]
    return [*command, *fixed.split(), *words]


def conduit_run(dist: Path, *words: str, level: str = "warning") -> list[str]:
    """The command that serves a build by `conduitc run`."""
    return [
        sys.executable,
        "-m",
        "conduitc",
        "run",
        str(dist),
        "--port",
        "{port}",
        "--log-level",
        level,
        *words,
    ]


def built(folder: str, text: str, *flags: str) -> Path:
    """A build of one module for the Cython target, in ``folder``."""
    source = Path(folder) / "app.py"
    source.write_text(text)
    return build(source, Path(folder) / "dist", "cython", *flags)


def build(source: Path, into: Path, target: str, *flags: str) -> Path:
    """`conduitc build` of ``source``; the dist folder."""
    command = [sys.executable, "-m", "conduitc", "build", str(source), "-o", str(into), "--target", target]
    done = subprocess.run([*command, *flags], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return into


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(row: Row, core: int | None = 0) -> Iterator[tuple[int, int]]:
    """Runs the row's server, on one core or (None) on all; gives its process id and port once it accepts."""
    with launched(row, core) as (process, port):
        yield process.pid, port


@contextmanager
def launched(row: Row, core: int | None = 0) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """As ``serving``, for those who want to see how it ends."""
    port = free_port()
    command = [part.replace("{port}", str(port)) for part in row.command]
    if core is not None:
        command = pinned(command, core)
    process = subprocess.Popen(command, env={**os.environ, **row.env}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if process.poll() is not None:
                sys.exit(f"{row.name}: the server ended with {process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield process, port
    finally:
        process.terminate()
        process.wait()


def fetch(port: int, path: str) -> bytes:
    """The body of one answer; a status other than 2xx raises."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return bytes(answer.read())


def versions(*packages: str) -> str:
    """One line: machine, Python, and each package with its version."""
    named = [f"{name} {version_of(name)}" for name in packages]
    return ", ".join(
        [f"{os.cpu_count()} cores", platform.machine(), f"Python {platform.python_version()}", *named]
    )


def version_of(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, padded so that it reads well in a terminal too."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [[*head], ["-" * w for w in widths], *map(list, rows)]
    for line in lines:
        line[:] = [c.rjust(w) if i else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def goal(claim: str, figure: float, least: float | None = None, most: float | None = None) -> str:
    """A line that says whether a figure reaches its goal."""
    reached = (least is None or figure >= least) and (most is None or figure <= most)
    bound = f"at least {least:g}" if least is not None else f"at most {most:g}"
    return f"{'met   ' if reached else 'MISSED'} {claim}: {figure:.2f} ({bound})"
