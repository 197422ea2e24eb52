"""Builds of a program behind uvicorn: its own protocols, and the compiled one."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from conduitc import driver, toolchain
from tests.http.serving import PROTOCOL, Server, serving

#: The targets that can be built here.
TARGETS = ("python", *(("cython",) if toolchain.available() is None else ()))
#: uvicorn's ``--http``, by the name of a test.
DOORS = {"httptools": "httptools", "h11": "h11"}
if find_spec("conduit.server._native") is not None:
    DOORS["protocol"] = PROTOCOL


def build(folder: Path, text: str, target: str = "python") -> Path:
    """A program's text → its build."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text(text, encoding="utf-8")
    driver.build(folder / "app.py", folder / "dist", kind=target)  # type: ignore[arg-type]
    return folder / "dist"


@contextmanager
def serve(dist: Path, folder: Path, door: str) -> Iterator[Server]:
    """A server of the build, killed at the end where it has not ended."""
    with serving(dist, folder / f"{door}.log", "--no-access-log", http=DOORS[door]) as server:
        yield server
