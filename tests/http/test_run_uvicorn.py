"""What ``conduitc run`` uses of uvicorn, beside the uvicorn that is installed; and what it imports."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conduit.server import run, single
from conduit.server.run import Server

from tests.http.serving import ROOT, Builds

uvicorn = pytest.importorskip("uvicorn")


@pytest.mark.parametrize("name", ["serve", "startup", "shutdown", "on_tick", "capture_signals"])
def test_methods_that_are_overridden(name: str) -> None:
    ours, theirs = (inspect.signature(getattr(one, name)) for one in (Server, uvicorn.Server))
    assert list(ours.parameters) == list(theirs.parameters)
    assert [one.default for one in ours.parameters.values()] == [
        one.default for one in theirs.parameters.values()
    ]
    kind = inspect.iscoroutinefunction
    assert kind(getattr(Server, name)) == kind(getattr(uvicorn.Server, name))


def test_attributes_that_are_used() -> None:
    config = uvicorn.Config("app:app", http="h11")
    server = uvicorn.Server(config)
    assert server.should_exit is server.started is False
    state = server.server_state
    assert state.connections == state.tasks == set() and state.total_requests == 0
    assert state.default_headers == []
    for name in ("lifespan", "servers"):
        assert f"self.{name} " in inspect.getsource(uvicorn.Server) or f"self.{name}:" in inspect.getsource(
            uvicorn.Server
        )
    for name in ("loaded_app", "http_protocol_class", "ssl"):
        assert f"self.{name}" in inspect.getsource(uvicorn.Config.load)


def test_options_that_are_given() -> None:
    given = {
        word.partition("=")[0].strip()
        for word in inspect.getsource(run._config).partition('"app:app",')[2].splitlines()
        if "=" in word
    }
    assert len(given) > 15
    assert given <= set(inspect.signature(uvicorn.Config).parameters)


def test_the_state_is_as_uvicorns() -> None:
    assert set(vars(single.State())) == set(vars(uvicorn.server.ServerState()))


def test_dates_are_as_uvicorns() -> None:
    from email.utils import formatdate

    for seconds in (0, 784111777, 951782400, 1_700_000_000, 4_102_444_799):
        assert single.http_date(seconds) == formatdate(seconds, usegmt=True)


@pytest.mark.parametrize(
    ("mode", "absent"),
    [
        ([], {"conduitc.driver", "conduitc.cli.main", "typer", "jinja2", "libcst", "pydantic", "starlette"}),
        (
            ["--single"],
            {"uvicorn", "click", "starlette", "typer", "jinja2", "conduitc.driver"},
        ),
    ],
    ids=["uvicorn", "single"],
)
def test_what_is_imported(builds: Builds, tmp_path: Path, mode: list[str], absent: set[str]) -> None:
    dist = builds.at("ending", "python")
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'runtime'}"}
    command = [sys.executable, "-X", "importtime", "-m", "conduitc", "run", str(dist), "--port", "0", *mode]
    errors = tmp_path / "errors"
    with (
        errors.open("w") as stream,
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=stream, text=True) as process,
    ):
        assert process.stdout is not None
        while "Server running" not in process.stdout.readline():
            assert process.poll() is None
        process.terminate()
    lines = errors.read_text().splitlines()
    imported = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    assert "conduit.server.command" in imported and absent & imported == set()
