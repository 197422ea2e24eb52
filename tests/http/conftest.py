"""Builds and servers for the tests of the compiled protocol: each is made once and shared.

This folder has no ``__init__.py``: pytest would take it for the standard library's ``http``.
"""

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.http.serving import Builds, Server, http_of, ready, serving, start, target_of

Serve = Callable[..., Server]


def native() -> bool:
    """Whether the compiled protocol is there."""
    try:
        return find_spec("conduit.server._native") is not None
    except ModuleNotFoundError:
        return False


needs_protocol = pytest.mark.skipif(not native(), reason="the compiled protocol was not built here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever takes a ``way`` that needs the protocol is left out where there is none."""
    here = Path(__file__).parent
    for item in items if not native() else ():
        parameters = getattr(item, "callspec", None)
        if item.path.parent == here and parameters and parameters.params.get("way") in ("python", "cython"):
            item.add_marker(pytest.mark.skip(reason="the compiled protocol was not built here"))


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    return Builds(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def shared(builds: Builds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """``shared(app, way, *options)``: a server that several tests use."""
    folder = tmp_path_factory.mktemp("servers")
    running: dict[Any, Server] = {}

    def serve(app: str | Path, way: str, *options: str) -> Server:
        key = app, way, options
        found = running.get(key)
        if found is None or found.process.poll() is not None:
            log = folder / f"{len(running)}-{Path(app).stem}-{way}-{os.urandom(2).hex()}.log"
            dist = builds.at(app, target_of(way))
            running[key] = start(dist, log, *options, http=http_of(way))
        return ready(running[key])

    yield serve
    for server in running.values():
        server.stop()


@pytest.fixture
def served(builds: Builds, tmp_path: Path) -> Iterator[Serve]:
    """``served(app, way, *options, **more)``: a server for one test alone."""
    running: list[Server] = []

    def serve(app: str | Path, way: str, *options: str, **more: Any) -> Server:
        log = tmp_path / f"server-{len(running)}.log"
        running.append(start(builds.at(app, target_of(way)), log, *options, http=http_of(way), **more))
        return ready(running[-1])

    yield serve
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def served_once(builds: Builds, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """``with served_once(app, way, *options) as server``: a server for a while."""
    folder = tmp_path_factory.mktemp("once")

    def serve(app: str | Path, way: str, *options: str) -> Any:
        log = folder / f"{os.urandom(4).hex()}.log"
        return serving(builds.at(app, target_of(way)), log, *options, http=http_of(way))

    return serve
