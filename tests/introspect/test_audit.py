"""Audit lines: one an access, whole, also where there is no answer, and no answer without one."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conduit.introspect.audit import Audit

from conduitc.cli.introspect import introspect_command
from conduitc.codegen.metadata import emit_metadata
from tests.metadata.apps import SHOP

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def dist(tmp_path: Path) -> str:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "metadata.json").write_text(emit_metadata(SHOP))
    return str(tmp_path / "dist")


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_an_access(dist: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "audit.log"
    asked = {
        ("deps", "load", "--reverse", "--depth", "2"): 0,
        ("impact", "nothing"): 1,
        ("resources", "kind:nothing"): 2,
        ("who", "GET", "/items/7"): 0,
    }
    for words, code in asked.items():
        assert introspect_command([dist, *words, "--audit", str(log)]) == code
    assert introspect_command([str(tmp_path / "no.json"), "--audit", str(log)]) == 2
    found = lines(log)
    assert [(one["query"], one["outcome"]) for one in found] == [
        ("deps", "ok"),
        ("impact", "no answer"),
        ("resources", "refused"),
        ("who_handles", "ok"),
        ("overview", "refused"),
    ]
    assert found[0]["arguments"] == {"name": "load", "reverse": True, "depth": 2}
    assert found[0]["way"] == "cli" and found[0]["target"] == dist
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(found[0]["time"]))
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    capsys.readouterr()


def test_no_answer_where_it_cannot_be_written(
    dist: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert introspect_command([dist, "--audit", str(tmp_path / "no" / "log")]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "cannot be written: No such file" in captured.err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_no_answer_where_the_disk_is_full(dist: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert introspect_command([dist, "--audit", "/dev/full"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "No space left" in captured.err


def test_a_link_in_the_text_stays_a_line(tmp_path: Path) -> None:
    audit = Audit(str(tmp_path / "log"))
    audit.write("mcp", "deps", {"name": 'a\n{"way":"forged"}\u2028'}, "ok", session="x")
    audit.close()
    (one,) = lines(tmp_path / "log")
    assert (one["arguments"], one["session"]) == ({"name": 'a\n{"way":"forged"}\u2028'}, "x")


WRITER = """
import os, signal, sys
from conduit.introspect.audit import Audit
audit = Audit(sys.argv[1])
for number in range(int(sys.argv[2])):
    audit.write("http", "deps", {"name": "x" * 300, "number": number}, "ok")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_lines_of_killed_processes_are_whole(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", WRITER, str(log), "200"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "runtime")}
    writers = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert {writer.wait() for writer in writers} == {-9}
    numbers = [one["arguments"]["number"] for one in lines(log)]  # type: ignore[index]
    assert sorted(numbers) == sorted([*range(200)] * 3)
