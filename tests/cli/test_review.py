"""``patterns review`` as a person types it, on a real pseudo-terminal; and as CI runs it."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conduitc.codegen.metadata import emit_metadata
from conduitc.curation import ACCEPTED, REJECTED, Decision, read
from conduitc.deciding import decide
from tests.introspect.conventions import AUTH, CONVENTIONS, ERROR, TEST
from tests.metadata.apps import SHOP

pty = pytest.importorskip("pty")
fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
ROOT = Path(__file__).parent.parent.parent
#: As they stand in metadata.json, and so are asked about.
FIRST, SECOND, THIRD = CONVENTIONS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "metadata.json").write_text(emit_metadata(SHOP, (), CONVENTIONS))
    return tmp_path


def command(folder: Path, *words: str) -> list[str]:
    target = str(folder / "metadata.json")
    return [sys.executable, "-m", "conduitc", "introspect", target, "patterns", "review", *words]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")])}


class Terminal:
    """The command at the other end of a pseudo-terminal."""

    def __init__(self, process: subprocess.Popen[bytes], end: int) -> None:
        self.process, self._end = process, end
        self.seen = ""

    def until(self, text: str, seconds: float = 60.0) -> str:
        """What it printed since the last time, ``text`` included."""
        deadline = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self._end], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"it never said {text!r}, but\n{self.seen}"
            try:
                more = os.read(self._end, 4096)
            except OSError:
                more = b""
            assert more, f"it ended without {text!r}:\n{self.seen}"
            self.seen += more.decode(errors="replace")
        told, _, self.seen = self.seen.partition(text)
        return told + text

    def type(self, text: str) -> None:
        os.write(self._end, text.encode())

    def insist(self, key: str, text: str) -> None:
        """Type a key until it is heard: Ctrl-C between a prompt and the wait for what is typed is not."""
        for _ in range(29):
            self.type(key)
            try:
                self.until(text, 2.0)
                return
            except AssertionError:
                if self.process.poll() is not None:
                    raise
        self.until(text)

    def ended(self) -> int:
        """Its exit code, once all it says is read."""
        while True:
            try:
                if not os.read(self._end, 4096):
                    break
            except OSError:
                break
        return self.process.wait(60)


@contextmanager
def terminal(folder: Path) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(folder, "--file", str(folder / "p.toml")),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(),
        start_new_session=True,
        # Ctrl-C reaches whom the terminal controls
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def decided(folder: Path) -> dict[str, Decision]:
    return read(folder / "p.toml", folder).decisions


def test_each_key_does_what_it_says(folder: Path) -> None:
    with terminal(folder) as shell:
        shown = shell.until(" > ")
        for part in ("1 of 3", FIRST.name, FIRST.template, "9 of 10 handlers", "a.py:3", "async def me"):
            assert part in shown
        assert "but 1 exception" in shown and "b.py:8  no such parameter" in shown
        shell.type("x\n")
        shell.until(" > ")
        shell.type("a\n")
        shell.until("2 of 3")
        shell.until(" > ")
        assert decided(folder) == {AUTH.id: Decision(AUTH.id, ACCEPTED)}
        shell.type("s\n")
        shell.until("3 of 3")
        shell.until(" > ")
        shell.type("b\n")
        shell.until("2 of 3")
        shell.until(" > ")
        shell.type("r\n")
        shell.until("3 of 3")
        shell.until(" > ")
        assert decided(folder)[ERROR.id].state == REJECTED
        shell.type("n\n")
        shell.until("name > ")
        shell.type("how tests ask\n")
        assert "3 decisions in" in shell.until("undecided")
        assert shell.ended() == 0
    assert decided(folder) == {
        AUTH.id: Decision(AUTH.id, ACCEPTED),
        ERROR.id: Decision(ERROR.id, REJECTED),
        TEST.id: Decision(TEST.id, ACCEPTED, "how tests ask"),
    }


def test_going_back_shows_and_changes_what_was_decided(folder: Path) -> None:
    with terminal(folder) as shell:
        shell.until(" > ")
        shell.type("n\n")
        shell.until("name > ")
        shell.type("\n")
        shell.until(" > ")
        shell.type("n\n")
        shell.until("name > ")
        shell.type("signed in\n")
        shell.until("2 of 3")
        shell.until(" > ")
        shell.type("b\n")
        assert "so far: accepted, named signed in" in shell.until(" > ")
        shell.type("r\n")
        shell.until("2 of 3")
        shell.until(" > ")
        shell.type("q\n")
        assert "1 decision in" in shell.until("2 undecided")
        assert shell.ended() == 0
    assert decided(folder) == {AUTH.id: Decision(AUTH.id, REJECTED, "signed in")}


@pytest.mark.parametrize("end", ["\x03", "\x04"])
def test_ctrl_c_and_the_end_of_input_lose_nothing(folder: Path, end: str) -> None:
    with terminal(folder) as shell:
        shell.until(" > ")
        shell.type("a\n")
        shell.until("2 of 3")
        shell.until(" > ")
        shell.insist(end, "1 decision in")
        assert shell.ended() == 0
    assert list(decided(folder)) == [AUTH.id]


def test_a_kill_loses_nothing(folder: Path) -> None:
    with terminal(folder) as shell:
        shell.until(" > ")
        shell.type("r\n")
        shell.until("2 of 3")
        os.kill(shell.process.pid, signal.SIGKILL)
        shell.process.wait()
    assert decided(folder) == {AUTH.id: Decision(AUTH.id, REJECTED)}
    with terminal(folder) as shell:
        assert ERROR.name in shell.until("1 of 2") + shell.until(" > ")


def test_a_file_that_is_broken_meanwhile_is_left(folder: Path) -> None:
    with terminal(folder) as shell:
        shell.until(" > ")
        (folder / "p.toml").write_text("oops")
        shell.type("a\n")
        assert "is not TOML" in shell.until(" > ")
        shell.type("q\n")
        shell.ended()
    assert (folder / "p.toml").read_text() == "oops"


# -- without a terminal --------------------------------------------------------------------------------------


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder, *words), env=environment(), capture_output=True, text=True, check=False, input=""
    )


def test_ci_is_told_what_is_undecided(folder: Path) -> None:
    file = folder / "p.toml"
    decide(file, Decision(AUTH.id, ACCEPTED))
    decide(file, Decision("pattern:auth/000000000000", ACCEPTED))
    done = run(folder, "--file", str(file))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        f"2 patterns nobody has decided on ({file})",
        f"  {ERROR.id.partition(':')[2]}  {ERROR.name}",
        f"  {TEST.id.partition(':')[2]}  {TEST.name}",
        "no longer mined, and kept: 1 decision",
        "  auth/000000000000",
    ]
    for one in (ERROR, TEST):
        decide(file, Decision(one.id, REJECTED))
    done = run(folder, "--file", str(file))
    assert done.returncode == 0 and done.stdout.startswith("0 patterns nobody has decided on")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name it with --file"),
        (["--file", "FOLDER/no/p.toml"], "there is no such folder"),
        (["--file", "FOLDER/bad.toml"], "put it right first (CDT150)"),
        (["--file", "FOLDER/p.toml", "--format", "json"], "takes no --format"),
        (["--file", "FOLDER/p.toml", "auth"], "takes one category"),
    ],
)
def test_where_decisions_cannot_go(folder: Path, words: list[str], said: str) -> None:
    (folder / "bad.toml").write_text("oops")
    done = run(folder, *(word.replace("FOLDER", str(folder)) for word in words))
    assert done.returncode == 2 and said in done.stderr and done.stdout == ""


def test_of_a_source_they_stand_beside_it(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from conduit import Conduit\n\napp = Conduit()\n")
    target = [sys.executable, "-m", "conduitc", "introspect", "app.py", "patterns"]
    words = [*target, "review", "--audit", "log"]
    done = subprocess.run(words, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "conduit-patterns.toml)" in done.stdout
    assert '"query":"patterns"' in (tmp_path / "log").read_text().replace(" ", "")
    words = [*target, "--file", "x.toml"]
    done = subprocess.run(words, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "patterns review does" in done.stderr
