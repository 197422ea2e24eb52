"""``conduitc introspect``: what it prints, its exit codes, and what it costs to answer."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect import indexing

from conduitc.cli.fast import answer
from conduitc.cli.introspect import introspect_command
from conduitc.codegen.metadata import emit_metadata
from tests.metadata.apps import SHOP, app

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def dist(tmp_path: Path) -> str:
    metadata = emit_metadata(SHOP).encode()
    (tmp_path / "metadata.json").write_bytes(metadata)
    (tmp_path / "metadata.idx").write_bytes(indexing.build(metadata))
    return str(tmp_path)


class Asked:
    """Runs the command and keeps what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        assert introspect_command(list(arguments)) == code
        out, err = self._capsys.readouterr()
        assert bool(out) == (code == 0)
        assert bool(err) == (code != 0)
        return out or err

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--format", "json"))


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Asked:
    return Asked(capsys)


def test_overview(ask: Asked, dist: str) -> None:
    assert ask(dist) == ask(dist, "overview") == ask(os.path.join(dist, "metadata.json"))
    assert ask(dist).splitlines()[:3] == ["Shop 1.2.0: app:app (app.py)", "", "blocks       1"]
    found = ask.json(dist)
    assert found["app"] == {
        "title": "Shop",
        "version": "1.2.0",
        "entry": "app.py",
        "module": "app",
        "variable": "app",
        "dialect": "conduit",
    }
    assert found["resources"]["route"] == 11
    assert found["diagnostics"] == {"error": 0, "warning": 0, "info": 0}
    assert found["unresolved"] == 4


def test_resources(ask: Asked, dist: str) -> None:
    lines = ask(dist, "resources").splitlines()
    assert lines[0].split() == ["KIND", "NAME", "WHERE"]
    assert len(lines) == 38
    assert lines[1].split() == ["block", "lm", "app.py:100"]
    found = ask.json(dist, "resources")["resources"]
    assert len(found) == 37
    assert found[0] == {"id": "block:app.lm", "kind": "block", "name": "lm", "file": "app.py", "line": 100}


def test_routes(ask: Asked, dist: str) -> None:
    lines = ask(dist, "routes").splitlines()
    assert lines[0].split() == ["METHOD", "PATH", "HANDLER", "MIDDLEWARE"]
    assert lines[1].split() == ["GET", "/", "app.index", "GZipMiddleware"]
    (guarded,) = [line for line in lines if "app.get_item" in line]
    assert guarded.endswith("  GZipMiddleware > auth")
    found = ask.json(dist, "routes", "--tag", "shop")["routes"]
    assert found == [
        {
            "id": "route:app.get_item#GET /items/{id:int}",
            "methods": ["GET"],
            "pattern": "/items/{id:int}",
            "handler": "function:app.get_item",
            "middleware": ["middleware:starlette.middleware.gzip.GZipMiddleware", "middleware:app.auth"],
            "tags": ["items", "shop"],
            "file": "app.py",
            "line": 64,
        }
    ]


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ([], 11),
        (["--method", "GET"], 7),
        (["--method=delete"], 1),
        (["--method", "PATCH"], 0),
        (["--middleware", "auth"], 1),
        (["--middleware", "app.auth"], 1),
        (["--middleware", "middleware:app.auth"], 1),
        (["--middleware", "GZipMiddleware"], 11),
        (["--middleware", "uth"], 0),
        (["--tag", "items"], 1),
        (["--tag", "item"], 0),
        (["--tag", "home", "--method", "POST"], 0),
    ],
)
def test_filters(ask: Asked, dist: str, options: list[str], count: int) -> None:
    assert ask.json(dist, "routes", *options)["total"] == count


def test_resource(ask: Asked, dist: str) -> None:
    shown = ask(dist, "resource", "GET", "/items/{id:int}")
    assert shown == ask(dist, "resource", "route:app.get_item#GET /items/{id:int}")
    lines = [line.split() for line in shown.splitlines()]
    assert ["id", "int", "path,", "required,", "ge=1"] in lines
    assert ["colour", "Colour", "query,", "default", "'red'"] in lines
    assert ["pattern", "/items/{id:int}", "literal"] in lines
    assert ask.json(dist, "resource", "load")["facts"]["opaque"]["value"] == "magic(1)"
    assert "RED = red, BLUE = blue" in ask(dist, "resource", "Colour")


def test_names_that_are_not_there_or_not_one(ask: Asked, dist: str) -> None:
    assert "did you mean get_item" in ask(dist, "resource", "getitem", code=1)
    assert "did you mean" not in ask(dist, "resource", "%%%%", code=1)
    several = ask(dist, "resource", "Item", code=1)
    assert several.splitlines()[1:] == ["  schema:app.Item", "  schema:tree.Item"]


def test_unresolved(ask: Asked, dist: str, tmp_path: Path) -> None:
    assert "settings.prefix is only known at run time (blocks a build)" in ask(dist, "unresolved")
    assert ask.json(dist, "unresolved")["unresolved"][0]["what"] == "path of get"
    (tmp_path / "none.json").write_text(emit_metadata(app()))
    assert ask(str(tmp_path / "none.json"), "unresolved") == "everything was resolved\n"
    assert ask(str(tmp_path / "none.json"), "routes").split() == ["METHOD", "PATH", "HANDLER", "MIDDLEWARE"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--format"],
        ["--format", "json"],
        ["DIST", "nonsense"],
        ["DIST", "resource"],
        ["DIST", "unresolved", "x"],
        ["DIST", "resources", "colour:red"],
        ["DIST", "resources", 'name:"open'],
        ["DIST", "resources", "kind:rout"],
        ["DIST", "deps"],
        ["DIST", "deps", "load", "--depth", "0"],
        ["DIST", "deps", "load", "--depth", "x"],
        ["DIST", "impact", "load", "--depth", "3"],
        ["DIST", "who"],
        ["DIST", "who", "GET", "/a", "/b"],
        ["DIST", "stats", "--format", "mermaid"],
        ["DIST", "resources", "--format", "markdown"],
        ["DIST", "export", "--format", "table"],
        ["DIST", "routes", "--reverse"],
        ["DIST", "routes", "--audit", "DIST/no/such/folder/log"],
        ["DIST", "--format", "xml"],
        ["DIST", "--colour"],
        ["DIST", "resources", "--tag", "x"],
        ["DIST", "routes", "--tag"],
        ["DIST/no.json"],
        ["DIST/bad.json"],
    ],
)
def test_wrong_usage_is_two(ask: Asked, dist: str, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "bad.json").write_text("{")
    ask(*(one.replace("DIST", dist) for one in arguments), code=2)


def test_help(ask: Asked) -> None:
    assert ask("--help").startswith("usage: conduitc introspect")


def test_control_characters_are_shown_not_obeyed(ask: Asked, tmp_path: Path) -> None:
    text = emit_metadata(SHOP).replace('"name":"search"', '"name":"\\u001b[2Jsearch"')
    (tmp_path / "metadata.json").write_text(text)
    assert "\x1b" not in ask(str(tmp_path), "resources")
    assert "\x1b" not in ask(str(tmp_path), "resource", "tool:app.search")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process without site-packages: neither typer nor msgspec can be had there."""
    modules = os.pathsep.join([str(ROOT), str(ROOT / "runtime")])
    return subprocess.run(
        [sys.executable, "-S", *arguments],
        env={"PYTHONPATH": modules, "PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_but_the_standard_library(dist: str) -> None:
    for words in (
        ["resources"],
        ["routes", "--format", "json"],
        ["resource", "get_item"],
        ["unresolved"],
        [],
    ):
        done = run("-m", "conduitc", "introspect", dist, *words)
        assert (done.returncode, done.stderr) == (0, "")
    assert run("-m", "conduitc", "--version").stdout.startswith("conduitc ")


def test_a_list_imports_nearly_nothing(dist: str) -> None:
    code = (
        "import os, sys; before = set(sys.modules); from conduitc.cli.fast import answer\n"
        f"answer(['introspect', {dist!r}, 'resources'])\n"
        "print(*sorted(set(sys.modules) - before), sep=',', file=sys.stderr)"
    )
    added = set(run("-c", code).stderr.strip().split(","))
    ours = {name for name in added if name.partition(".")[0] in {"conduit", "conduitc"}}
    assert added - ours <= {"__future__", "zlib"}
    assert not {"conduit.introspect.indexing", "conduit.introspect.graph", "conduit.introspect.who"} & ours
    assert "conduitc.driver" not in ours


def test_a_terminal_that_knows_only_ascii(tmp_path: Path) -> None:
    text = emit_metadata(SHOP).replace('"name":"search"', '"name":"süche"')
    (tmp_path / "metadata.json").write_text(text, encoding="utf-8")
    done = run("-m", "conduitc", "introspect", str(tmp_path), "resources", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "s\\xfcche" in done.stdout


def test_a_reader_that_goes_away(dist: str) -> None:
    command = (
        f"{sys.executable} -S -m conduitc introspect {dist} resources | head -1; exit ${{PIPESTATUS[0]}}"
    )
    modules = os.pathsep.join([str(ROOT), str(ROOT / "runtime")])
    done = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "PYTHONPATH": modules},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_only_what_is_fast_is_answered() -> None:
    assert answer([]) is None
    assert answer(["build", "--no-such-option", "app.py"]) is None
    assert answer(["dev", "app.py"]) is None
    assert answer(["--version", "build"]) is None
