"""Who carries patterns: builds, and what answers from a source. ``check`` neither mines nor imports how."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conduitc import driver
from conduitc.options import Options

ROOT = Path(__file__).parents[2]
APP = """
from conduit import Conduit, HTTPError

app = Conduit()


@app.get("/a/{id}")
def a(id: int):
    if id > 1:
        raise HTTPError(404, "no a")
    return id


@app.get("/b/{id}")
def b(id: int):
    if id > 2:
        raise HTTPError(404, "no b")
    return id


@app.get("/c/{id}")
def c(id: int):
    if id > 3:
        raise HTTPError(404, "no c")
    return id
"""
TESTS = "".join(f"def test_{name}(client):\n    assert client.get('/{name}/1')\n\n\n" for name in "abc")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_app.py").write_text(TESTS)
    return tmp_path / "app.py"


def conduitc(app: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "runtime")])
    known = {**os.environ, "PYTHONPATH": paths, "XDG_CACHE_HOME": str(app.parent / "cache"), **environment}
    command = [sys.executable, "-m", "conduitc", *words]
    return subprocess.run(command, cwd=app.parent, env=known, capture_output=True, text=True, check=False)


def told(patterns: list[dict[str, Any]]) -> dict[str, int]:
    return {one["template"]: one["support"] for one in patterns}


EXPECTED = {"raise HTTPError(404, ...)": 3, "def {test}(..., client, ...)": 3}


@pytest.mark.parametrize("strip", [False, True])
def test_a_build(app: Path, strip: bool) -> None:
    built = driver.build(app, app.parent / "dist", kind="python", options=Options(strip=strip))
    found = json.loads((built.folder / "metadata.json").read_text())["patterns"]
    assert told(found).items() >= EXPECTED.items()
    assert ("text" in found[0]["example"]) is not strip


def test_a_source(app: Path) -> None:
    done = conduitc(app, "introspect", "app.py", "patterns", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert told(json.loads(done.stdout)["patterns"]).items() >= EXPECTED.items()


def test_a_build_is_made_again_when_tests_have_changed(app: Path) -> None:
    build = ("build", "app.py", "-o", "dist", "--target", "python")
    first, again = conduitc(app, *build), conduitc(app, *build)
    assert first.returncode == 0 and again.stdout.startswith("nothing changed"), again.stdout + again.stderr
    (app.parent / "tests/test_more.py").write_text(TESTS)
    assert not conduitc(app, *build).stdout.startswith("nothing changed")
    patterns = json.loads((app.parent / "dist/metadata.json").read_text())["patterns"]
    assert told(patterns)["def {test}(..., client, ...)"] == 6


def test_check_imports_nothing_of_it(app: Path) -> None:
    done = conduitc(app, "check", "app.py", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0, done.stderr
    for module in ("conduitc.mined", "conduitc.mining", "conduitc.frontend.observing"):
        assert module not in done.stderr
