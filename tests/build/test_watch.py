"""``build --watch``: builds whatever is saved; an error leaves the old build; ends with nothing left."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.build.test_dist import written
from tests.build.test_interrupted import tree
from tests.cli.servers import PATIENCE, environment, until

APP = """from conduit import Conduit

app = Conduit()


@app.get("/VERSION")
def index():
    return {}
"""


class Watching:
    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process = process
        self.folder = folder

    def said(self) -> str:
        return (self.folder / "watch.log").read_text("utf-8", "replace")

    def rounds(self) -> int:
        return self.said().count("watching app.py")

    def built(self, number: int) -> None:
        until(lambda: self.rounds() >= number, self.said)

    def paths(self) -> list[str]:
        return list(json.loads((self.folder / "dist/openapi.json").read_text())["paths"])


def save(folder: Path, version: str) -> None:
    (folder / "app.py").write_text(APP.replace("VERSION", version))


@contextmanager
def watching(folder: Path) -> Iterator[Watching]:
    with (folder / "watch.log").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "conduitc", "build", "app.py", "--target", "python", "--watch"],
            cwd=folder,
            env=environment() | {"XDG_CACHE_HOME": str(folder / ".cache")},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield Watching(process, folder)
        finally:
            process.kill()
            process.wait()


def test_it_builds_whatever_is_saved_and_ends_cleanly(tmp_path: Path) -> None:
    settings = '[tool.conduit]\ninclude = ["data"]\n'
    written(tmp_path, {"pyproject.toml": settings, "data/one.txt": "one"})
    save(tmp_path, "1")
    with watching(tmp_path) as watch:
        watch.built(1)
        assert watch.paths() == ["/1"]
        save(tmp_path, "2")
        watch.built(2)
        assert watch.paths() == ["/2"] and "changed: app.py" in watch.said()

        (tmp_path / "data/one.txt").write_text("two")
        watch.built(3)
        assert (tmp_path / "dist/src/data/one.txt").read_text() == "two"
        (tmp_path / "data/two.txt").write_text("new")
        watch.built(4)
        assert (tmp_path / "dist/src/data/two.txt").is_file()
        (tmp_path / "pyproject.toml").write_text("")
        watch.built(5)
        assert not (tmp_path / "dist/src/data").exists()

        before = tree(tmp_path / "dist")
        save(tmp_path, "{other")
        watch.built(6)
        assert "error[CDT" in watch.said() and tree(tmp_path / "dist") == before
        save(tmp_path, "3")
        watch.built(7)
        assert watch.paths() == ["/3"]

        (tmp_path / "app.py").touch()
        watch.built(8)
        assert "nothing changed: dist is app:app" in watch.said()

        watch.process.send_signal(signal.SIGINT)
        assert watch.process.wait(PATIENCE) == 0
        assert "Traceback" not in watch.said() and watch.rounds() == 8
    assert {path.name for path in tmp_path.iterdir()} == {
        *(".cache", "app.py", "data", "dist", "pyproject.toml", "watch.log")
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_nothing_was_ever_built(tmp_path: Path, number: signal.Signals) -> None:
    with watching(tmp_path) as watch:
        watch.built(1)
        assert "CDT100" in watch.said()
        watch.process.send_signal(number)
        assert watch.process.wait(PATIENCE) == 0
    assert not (tmp_path / "dist").exists() and "Traceback" not in watch.said()
    assert {path.name for path in tmp_path.iterdir()} <= {".cache", "watch.log"}


def test_a_program_that_comes_later_is_built(tmp_path: Path) -> None:
    with watching(tmp_path) as watch:
        watch.built(1)
        save(tmp_path, "late")
        watch.built(2)
        assert watch.paths() == ["/late"]
