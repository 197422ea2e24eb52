"""``check`` on the whole: arguments with and without typer, exit codes, targets, where the output goes."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduitc.cli import check as check_room
from conduitc.cli.check import check_command
from conduitc.cli.main import run_cli
from conduitc.cli.words import check_arguments
from conduitc.report.text import width_for
from tests.cli.servers import environment
from tests.report.programs import CONFLICT, FINE, UNREAD, write

WORDS = [
    *(
        "a.py",
        "--format",
        "text",
        "json",
        "sarif",
        "github",
        "xml",
        "--format=json",
        "--format=",
        "--baseline",
    ),
    *(
        "--baseline=b",
        "--write-baseline",
        "--write-baseline=w",
        "--against",
        "--against=m",
        "-q",
        "--quiet",
        "--exit-zero",
        "--fix",
        "-qq",
    ),
    *("--exit-zer", "--help", "-h", "--", "-", "=", ""),
]
DEFAULTS = {
    "format_": "text",
    "exit_zero": False,
    "quiet": False,
    "fix": False,
    "baseline": None,
    "write_baseline": None,
    "against": None,
}


def by_typer(words: list[str], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the command is called with, if at all."""
    calls: list[dict[str, Any]] = []

    def called(targets: list[str], *values: Any) -> int:
        calls.append({"targets": targets, **dict(zip(DEFAULTS, values, strict=True))})
        return 0

    monkeypatch.setattr(check_room, "check_command", called)
    run_cli(["check", *words])
    return calls


@settings(deadline=None, derandomize=True)
@given(words=st.lists(st.sampled_from(WORDS), max_size=6))
def test_without_typer_the_words_mean_the_same(words: list[str]) -> None:
    quick = check_arguments(words)
    if quick is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        assert by_typer(words, patch) == [DEFAULTS | quick]


@pytest.mark.parametrize(
    "words",
    [
        ["a.py"],
        ["a", "b", "-q"],
        ["--format", "sarif", "a"],
        ["--baseline=x", "a"],
        ["--", "-x"],
        ["a", "--", "--fix"],
    ],
)
def test_plain_words_need_no_typer(words: list[str]) -> None:
    assert check_arguments(words) is not None


@pytest.mark.parametrize(
    "words", [[], ["--help"], ["a", "--format", "xml"], ["--quiet"], ["a", "--baseline"]]
)
def test_help_and_wrong_usage_are_typers(words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert check_arguments(words) is None
    assert run_cli(["check", *words]) == (0 if "--help" in words else 2)
    capfd.readouterr()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "conduitc", "check", *words]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment(), **options}
    return subprocess.run(command, check=False, **streams)


def test_a_finding_of_two_targets_is_said_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "package").mkdir()
    (here / "package/__init__.py").write_text(CONFLICT)
    check_command(["package", "package/__init__.py", "./package"])
    assert capsys.readouterr().out.count("error[CDT240]") == 1


def test_exit_codes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, fine=FINE, conflict=CONFLICT, unread=UNREAD)
    write(here, two="from conduit import Conduit\n\na = Conduit()\nb = Conduit()\n")
    (here / "folder").mkdir()
    expected = {"fine.py": 0, "conflict.py": 1, "unread.py": 1, "folder": 1, "gone.py": 1, "two.py": 2}
    assert {name: check_command([name]) for name in expected} == expected
    assert {name: check_command([name], exit_zero=True) for name in expected} == {
        **dict.fromkeys(expected, 0),
        "two.py": 2,
    }
    assert check_command(list(expected)) == 2
    assert check_command(["fine.py", "unread.py"]) == 1
    capsys.readouterr()


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "github"])
def test_a_reader_who_leaves_changes_nothing(format_: str, here: Path) -> None:
    write(here, app=CONFLICT)
    reading, writing = os.pipe()
    os.close(reading)
    done = run("app.py", "--format", format_, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("format_", ["text", "json", "sarif", "github"])
def test_an_answer_that_cannot_be_written_is_said(format_: str, here: Path) -> None:
    write(here, app=CONFLICT)
    with open("/dev/full", "w") as full:
        done = run("app.py", "--format", format_, stdout=full)
    assert done.returncode == 2
    assert done.stderr == b"conduitc: the output cannot be written: No space left on device\n"


def test_columns_are_obeyed_and_a_pipe_sets_none(here: Path) -> None:
    write(here, app=CONFLICT)
    wide = run("app.py", env={key: value for key, value in environment().items() if key != "COLUMNS"})
    narrow = run("app.py", env={**environment(), "COLUMNS": "40"})
    assert b"conflicts with `/{x:int}`: both take `/1`\n" in wide.stdout
    assert all(len(line) <= 40 for line in narrow.stdout.decode().splitlines())


class Terminal:
    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def fileno(self) -> int:
        raise OSError("no file below it")


@pytest.mark.parametrize(
    ("columns", "terminal", "width"),
    [
        ("72", True, 72),
        ("72", False, 72),
        ("", True, None),
        ("0", False, None),
        ("wide", False, None),
        ("²", True, None),
    ],
)
def test_width(columns: str, terminal: bool, width: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert width_for(Terminal(terminal)) == width  # type: ignore[arg-type]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_a_terminals_own_width(monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl
    import struct
    import termios

    monkeypatch.delenv("COLUMNS", raising=False)
    outer, inner = os.openpty()
    try:
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 57, 0, 0))
        with open(inner, "w", closefd=False) as stream:
            assert width_for(stream) == 57
    finally:
        os.close(outer)
        os.close(inner)
