"""What a command prints arrives, or is let go: old terminals, readers that leave, full disks, nobody."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.servers import environment

APP = """from conduit import Conduit

app = Conduit()


@app.get("/café/:x")
def ü(y):
    return 1
"""
ASCII = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
BUILD = ["build", "sound.py", "-o", "dist", "--target", "python"]
ANSWERS = [
    BUILD,
    ["introspect", "sound.py", "routes"],
    ["explain", "CDT240"],
    ["completion", "bash"],
    ["--version"],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP, "utf-8")
    (tmp_path / "sound.py").write_text(APP.replace("(y)", "(x: str)"), "utf-8")
    return tmp_path


def conduitc(arguments: list[str], folder: Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "conduitc", *arguments]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment(), **options}
    return subprocess.run(command, cwd=folder, check=False, **streams)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "app.py"], 1),
        (BUILD, 0),
        (["build", "app.py"], 1),
        (["introspect", "app.py", "routes"], 0),
        (["check", "nöpe.py"], 1),
        (["introspect", "nöpe.py"], 1),
    ],
)
def test_a_terminal_that_lacks_the_characters(arguments: list[str], code: int, folder: Path) -> None:
    done = conduitc(arguments, folder, env={**environment(), **ASCII})
    assert done.returncode == code and b"Traceback" not in done.stderr, done.stderr.decode()
    assert (done.stdout + done.stderr).isascii()


@pytest.mark.parametrize("arguments", [["check", "app.py"], ["introspect", "app.py", "routes"]])
def test_json_is_json_on_any_terminal(arguments: list[str], folder: Path) -> None:
    done = conduitc([*arguments, "--format", "json"], folder, env={**environment(), **ASCII})
    json.loads(done.stdout)
    assert "café".encode() in done.stdout


@pytest.mark.parametrize("arguments", [*ANSWERS, ["check", "app.py"]], ids=lambda words: words[0])
def test_a_reader_who_leaves_changes_nothing(arguments: list[str], folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = conduitc(arguments, folder, stdout=writing)
    os.close(writing)
    assert done.returncode == (1 if arguments[0] == "check" else 0)
    assert b"Traceback" not in done.stderr and b"BrokenPipe" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize(
    "arguments", [*ANSWERS, ["--help"], ["build", "--help"], ["run", "--help"]], ids=" ".join
)
def test_an_answer_that_cannot_be_written_is_said(arguments: list[str], buffered: bool, folder: Path) -> None:
    written = {**environment(), "PYTHONUNBUFFERED": "" if buffered else "1"}
    with open("/dev/full", "w") as full:
        done = conduitc(arguments, folder, stdout=full, env=written)
    assert done.returncode == 2
    assert done.stderr == b"conduitc: the output cannot be written: No space left on device\n"


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("arguments", ANSWERS, ids=lambda words: words[0])
def test_without_stdout_there_is_nobody_to_tell(arguments: list[str], folder: Path) -> None:
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "conduitc", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(), stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
