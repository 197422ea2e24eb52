"""``conduitc introspect METADATA serve``."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.http.serving import ROOT, Server, until
from tests.introspect.serving.doors import METADATA, TOKEN
from tests.introspect.serving.programs import VARIABLE

LINE = f"authorization: Bearer {TOKEN}"
OTHER = METADATA.replace(b'"title":"', b'"title":"Other ', 1)


def begin(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    paths = f"{ROOT}{os.pathsep}{ROOT / 'runtime'}"
    inherited = {name: value for name, value in os.environ.items() if name != VARIABLE}
    with (folder / "log").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "conduitc", "introspect", "metadata.json", "serve", *words],
            cwd=folder,
            env={**inherited, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1", **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


@contextmanager
def alone(folder: Path, *words: str, token: str | None = TOKEN) -> Iterator[Server]:
    env = {} if token is None else {VARIABLE: token}
    server = Server(begin(folder, "--port", "0", *words, env=env), folder / "log")
    try:

        def found() -> Any:
            assert server.process.poll() is None, server.output()
            return re.search(r"Introspection at http://(\S+):(\d+)/introspect/v1/\n", server.output())

        place = until(found, server.output)
        server.address = (place[1], int(place[2]))
        yield server
    finally:
        server.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "metadata.json").write_bytes(METADATA)
    return tmp_path


def put(folder: Path, text: bytes) -> None:
    (folder / "new").write_bytes(text)
    os.replace(folder / "new", folder / "metadata.json")


def test_it_serves(folder: Path) -> None:
    with alone(folder, "--audit", "audit.log") as server:
        title = server.get("/introspect/v1/", LINE).json["app"]["title"]
        assert title == json.loads(METADATA)["app"]["title"]
        assert server.get("/introspect/v1/resources", LINE).json["total"] > 5
        assert server.get("/introspect/v1/resources").status == 401
        assert server.get("/elsewhere", LINE).status == 404
        assert "Token" not in server.output()
        server.terminate()
        assert server.wait() == 0
    lines = (folder / "audit.log").read_text().splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["ok", "ok", "no token"]


def test_a_token_is_made_and_told_once(folder: Path) -> None:
    with alone(folder, token=None) as server:
        token = re.findall(r"^Token, for this time: (\S{43})$", server.output(), re.MULTILINE)
        assert len(token) == 1
        assert server.get("/introspect/v1/tools", f"authorization: Bearer {token[0]}").status == 200
        assert server.get("/introspect/v1/tools", LINE).status == 401


def test_a_token_from_another_variable(folder: Path) -> None:
    process = begin(folder, "--token-env", "MINE", "--port", "0")
    assert process.wait(60) == 2
    assert "--token-env MINE: the variable is not set" in (folder / "log").read_text()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--rate", "often"], "a rate is a text such as"),
        (["--port", "x"], "invalid int value"),
        (["--nonsense"], "unrecognized arguments"),
        (["--audit", "none/such/file"], "serve: none/such/file: No such file"),
    ],
)
def test_what_cannot_be_done(folder: Path, words: list[str], why: str) -> None:
    process = begin(folder, "--port", "0", *words, env={VARIABLE: TOKEN})
    assert process.wait(60) == 2
    assert why in (folder / "log").read_text()


@pytest.mark.parametrize(
    "text", [None, b"{", METADATA[:100], METADATA.replace(b'"schema":"1.', b'"schema":"9.')]
)
def test_metadata_that_is_none(tmp_path: Path, text: bytes | None) -> None:
    if text is not None:
        (tmp_path / "metadata.json").write_bytes(text)
    process = begin(tmp_path, env={VARIABLE: TOKEN})
    assert process.wait(60) == 2
    said = (tmp_path / "log").read_text()
    assert said.startswith("conduitc introspect") and "Traceback" not in said


def test_other_metadata_is_taken_while_it_runs(folder: Path) -> None:
    with alone(folder, "--workers", "2") as server:

        def titles() -> set[str]:
            return {server.get("/introspect/v1/", LINE).json["app"]["title"] for _ in range(20)}

        before = titles()
        put(folder, METADATA[: len(METADATA) // 2])
        assert titles() == before, "the last good one stays"
        put(folder, OTHER)
        assert titles() == {f"Other {one}" for one in before}
        assert 1 <= server.output().count("the metadata cannot be read") <= 2, "once in each worker"


def test_a_killed_worker_is_replaced(folder: Path) -> None:
    with alone(folder, "--workers", "2") as server:
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        until(lambda: len(children.read_text().split()) == 2)
        before = children.read_text().split()
        os.kill(int(before[0]), signal.SIGKILL)
        until(lambda: "ended by signal 9" in server.output(), server.output)
        until(lambda: len({*children.read_text().split()} - {before[0]}) == 2, server.output)
        assert {server.get("/introspect/v1/tools", LINE).status for _ in range(10)} == {200}


def test_a_source_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("")
    run = subprocess.run(
        [sys.executable, "-m", "conduitc", "introspect", "app.py", "serve"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'runtime'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (
        2,
        "conduitc introspect: app.py: no build and no metadata.json; serve needs one\n",
    )
