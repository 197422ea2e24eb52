"""Builds that are stopped, killed, run beside each other, or cannot write: the old tree or the new one."""

import os
import signal
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conduitc import driver, output
from conduitc.diagnostics import CompileError
from conduitc.places import MARK
from conduitc.staging import staging, sweep
from tests.cli.servers import alive, environment, until
from tests.service.programs import HELLO

#: A C compiler that is found to work, says that it has begun, and never ends.
ENDLESS = """#!/bin/sh
case "$*" in *probe.c* | *--version*) exit 0 ;; esac
echo $$ > "$STARTED.part" && mv "$STARTED.part" "$STARTED"
exec sleep 1000
"""
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and locks")
#: What makes a folder ours.
MARKED = b'{"compiler": "0.1.0", "abi": 1, "target": "python", "app": "app:app", "inputs": {}}'
HEADERS = pytest.mark.skipif(
    not Path(sysconfig.get_path("include"), "Python.h").is_file(), reason="Python's header files are not here"
)


def tree(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def swept(folder: Path) -> bool:
    sweep(folder)
    return not any(folder.iterdir())


@POSIX
@HEADERS
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_a_build_stopped_while_compiling(tmp_path: Path, number: signal.Signals, code: int) -> None:
    (tmp_path / "app.py").write_text(HELLO)
    driver.build(tmp_path / "app.py", tmp_path / "dist", kind="python")
    before = tree(tmp_path / "dist")
    compiler, started, temporary = tmp_path / "cc", tmp_path / "started", tmp_path / "temporary"
    compiler.write_text(ENDLESS)
    compiler.chmod(0o755)
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "conduitc", "build", "app.py", "-o", "dist", "--target", "cython", "-j", "1"],
        cwd=tmp_path,
        env={**environment(), "CC": f"env STARTED={started} {compiler}", "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: started.exists() or process.poll() is not None)
    process.send_signal(number)
    _, said = process.communicate(timeout=120)
    assert (process.returncode, said) == (code, "")
    assert tree(tmp_path / "dist") == before
    pid = int(started.read_text())
    until(lambda: not alive(pid))
    if number == signal.SIGKILL:
        until(lambda: swept(temporary))
    assert not any(temporary.iterdir())


@POSIX
def test_only_folders_that_nobody_holds_are_swept(tmp_path: Path) -> None:
    left, foreign = tmp_path / ".conduitc-abcdefgh", tmp_path / ".conduitc-notes"
    for folder in (left, foreign):
        (folder / "inner").mkdir(parents=True)
    with staging(tmp_path) as held:
        sweep(tmp_path)
        assert held.is_dir() and foreign.is_dir() and not left.exists()
    assert {path.name for path in tmp_path.iterdir()} == {".conduitc-notes"}


@POSIX
def test_the_next_build_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    (tmp_path / ".conduitc-abcdefgh" / "src").mkdir(parents=True)
    output.write(tmp_path / "dist", {MARK: MARKED})
    assert {path.name for path in tmp_path.iterdir()} == {"dist"}


def test_builds_beside_each_other(tmp_path: Path) -> None:
    def build(number: int) -> None:
        text = f"{number // 8}".encode()
        output.write(
            tmp_path / f"dist{number % 8}",
            {MARK: MARKED, "src/a": text, "src/b": text, "app.py": b"X = 1"},
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(build, range(48)))
    assert {path.name for path in tmp_path.iterdir()} == {f"dist{number}" for number in range(8)}
    for folder in tmp_path.iterdir():
        assert (folder / "src/a").read_bytes() == (folder / "src/b").read_bytes()


def test_another_build_may_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output.write(tmp_path / "dist", {MARK: MARKED, "app.py": b"first"})
    seen = os.path.lexists
    monkeypatch.setattr(os.path, "lexists", lambda path: Path(path).name != "dist" and seen(path))
    output.write(tmp_path / "dist", {MARK: MARKED, "app.py": b"second"})
    assert (tmp_path / "dist" / "app.py").read_bytes() == b"second"
    assert {path.name for path in tmp_path.iterdir()} == {"dist"}


@pytest.mark.parametrize("place", ["file/dist", "x" * 300, "x" * 200 + "/" + "x" * 300])
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "app.py").write_text(HELLO)
    with pytest.raises(CompileError, match="CDT505"):
        driver.build(tmp_path / "app.py", tmp_path / place, kind="python")


def test_a_full_disk_leaves_the_old_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    output.write(tmp_path / "dist", {MARK: MARKED, "app.py": b"first"})
    monkeypatch.setattr(output, "_set_modes", full)
    with pytest.raises(CompileError, match="no space left"):
        output.write(tmp_path / "dist", {MARK: MARKED, "app.py": b"second"})
    assert (tmp_path / "dist" / "app.py").read_bytes() == b"first"
    assert {path.name for path in tmp_path.iterdir()} == {"dist"}


def test_a_sweep_beside_may_have_begun_with_the_old_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes out of the exchange is nobody's for a moment: half swept, it must not go back."""
    fcntl = pytest.importorskip("fcntl")
    output.write(tmp_path / "dist", {MARK: MARKED, "app.py": b"first"})
    locks = []
    put = output.exchange.put

    def swept(new: Path, folder: Path) -> None:
        put(new, folder)
        if not locks:
            locks.append(os.open(new, os.O_RDONLY))
            fcntl.flock(locks[0], fcntl.LOCK_EX)
            (new / MARK).unlink()

    monkeypatch.setattr(output.exchange, "put", swept)
    output.write(tmp_path / "dist", {MARK: MARKED, "app.py": b"second"})
    os.close(locks[0])
    assert (tmp_path / "dist" / "app.py").read_bytes() == b"second"
    assert (tmp_path / "dist" / MARK).read_bytes() == MARKED
