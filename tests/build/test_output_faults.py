"""Whatever the system refuses, and whenever: the old tree or the new one, a diagnostic, nothing beside."""

import errno
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conduitc import exchange, output
from conduitc.diagnostics import CompileError
from conduitc.places import MARK
from tests.build.trees import MARKED, SOAK, beside, build_command, conduitc, tree
from tests.cli.servers import environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork and POSIX limits")
APP = 'from conduit import Conduit\n\napp = Conduit()\n\n\n@app.get("/")\ndef index():\n    return "old"\n'
#: Requests that strace refuses, those the audit hook cannot see among them.
CALLS = ("write", "fsync", "renameat2", "rename", "mkdir", "chmod", "openat", "copy_file_range")
STRACE = shutil.which("strace")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """``app.py``, and in ``old`` the build of what it was before."""
    (tmp_path / "app.py").write_text(APP)
    done = conduitc("build", "app.py", "-o", "old", "--target", "python", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    (tmp_path / "app.py").write_text(APP.replace("old", "new"))
    return tmp_path


def injected(folder: Path, *words: str | int) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.build.injected", str(folder), *map(str, words)]
    given = {**environment(), "XDG_CACHE_HOME": str(folder / "cache"), "TMPDIR": str(folder / "temporary")}
    (folder / "temporary").mkdir()
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    yield from map(json.loads, done.stdout.splitlines()[1:])


def step(way: str) -> int:
    """Every request in a soak; by journal, which has its own test below, every fourth."""
    return 141 if not SOAK else 1 if way == "exchange" else 4


@pytest.mark.parametrize("way", ["exchange", "journal"])
def test_any_request_that_fails(folder: Path, way: str) -> None:
    codes = set()
    for one in injected(folder, "python", "error", way, 3, step(way)):
        codes.add(one["code"])
        if one["code"] == 0:  # what is only convenient failed: the cache, removing what is old
            assert one["tree"] == ["new"] and one["said"] == "", one
        else:
            assert one["code"] == 1 and one["said"].startswith("error[CDT505]: "), one
            assert "Traceback" not in one["said"] and len(one["tree"]) == 1, one
        assert one["beside"] == [], one
    assert codes == {0, 1}


@pytest.mark.parametrize("way", ["exchange", "journal"])
def test_killed_at_any_request(folder: Path, way: str) -> None:
    found = set()
    for one in injected(folder, "python", "kill", way, 3, step(way)):
        assert one["code"] == -9 or (one["code"] == 0 and not one["request"]), one
        assert (one["tree"] or way == "journal") and len(one["mended"]) == 1 and one["beside"] == [], one
        found.update(one["mended"])
    assert found == {"old", "new"}


@pytest.mark.skipif(not SOAK, reason="takes minutes")
@pytest.mark.parametrize("fault", ["error", "kill"])
def test_native_builds_too(folder: Path, fault: str) -> None:
    shutil.rmtree(folder / "old")
    (folder / "app.py").write_text(APP)
    assert conduitc("build", "app.py", "-o", "old", "--target", "cython", folder=folder).returncode == 0
    (folder / "app.py").write_text(APP.replace("old", "new"))
    for one in injected(folder, "cython", fault, "exchange", 3, 11):
        assert one["code"] in (0, 1, -9) and len(one["mended"]) == 1 and one["beside"] == [], one
        assert one["code"] != 1 or re.match(r"error\[CDT5(05|10)\]: ", one["said"]), one


def killed_in_exchange(folder: Path, number: int) -> bool:
    """Fork, exchange by journal, end at that request to the system; whether there was one."""
    child = os.fork()
    if child == 0:
        left = iter(range(number))

        def seen(event: str, arguments: tuple[object, ...]) -> None:
            if event in ("os.rename", "os.remove", "open", "os.listdir") and next(left, None) is None:
                os._exit(9)

        exchange.exchanged = lambda one, other: False
        sys.addaudithook(seen)
        exchange.put(folder / ".conduitc-abcdefgh", folder / "dist")
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.parametrize("command", ["build", "run", "introspect"])
def test_the_next_command_repairs_what_a_killed_one_left_half_done(tmp_path: Path, command: str) -> None:
    """At every moment of an exchange without ``renameat2``; the lost build answers again."""
    missing = 0
    for number in range(100):
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        parent = tmp_path / "out"
        output.write(parent / "dist", {MARK: MARKED, "app.py": b"X = 1", "metadata.json": b"{}"})
        output.write(parent / ".conduitc-abcdefgh", {MARK: MARKED, "app.py": b"X = 2"})
        if not killed_in_exchange(parent, number):
            break
        lost = not (parent / "dist").exists()
        missing += lost
        if command == "build":
            output.check_folder(parent / "dist")
            assert beside(parent / "dist") == set()
        elif lost:
            words = {"run": ["run", "out/dist", "--port", "x"], "introspect": ["introspect", "out/dist"]}
            if command == "run":
                from conduitc.cli.served import mend

                mend(parent / "dist")
            else:
                conduitc(*words[command], folder=tmp_path)
        assert (parent / "dist" / "app.py").read_text() in ("X = 1", "X = 2")
    assert number > 5 and missing > 0


def test_what_a_journal_speaks_of_is_not_swept(tmp_path: Path) -> None:
    output.write(tmp_path / "dist", {MARK: MARKED})
    (tmp_path / "dist").rename(tmp_path / ".conduitc-abcdefgh-old")
    (tmp_path / ".conduitc-abcdefgh-journal").write_bytes(b"dist\n")
    output.check_folder(tmp_path / "dist")
    assert {path.name for path in tmp_path.iterdir()} == {"dist"}


@pytest.mark.parametrize("text", [b"", b"dis", b"../dist\n", b"/\n", b"\n"])
def test_a_journal_cut_off_or_forged_moves_nothing(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / ".conduitc-abcdefgh-journal").write_bytes(text)
    (tmp_path / "inner" / ".conduitc-abcdefgh-old").mkdir()
    exchange.repair(tmp_path / "inner")
    assert not (tmp_path / "dist").exists() and {path.name for path in tmp_path.rglob("*")} == {
        *("inner", ".conduitc-abcdefgh-old")
    }


def test_what_was_put_there_meanwhile_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's folder takes the place of the old build after it was looked at."""
    output.write(tmp_path / "dist", {MARK: MARKED})
    real = exchange.synced

    def replaced(folder: Path, *, below: bool = False, known: Collection[Path] = ()) -> None:
        real(folder, below=below, known=known)
        if below:
            shutil.rmtree(tmp_path / "dist")
            (tmp_path / "dist").mkdir()
            (tmp_path / "dist" / "precious.txt").write_text("keep")

    monkeypatch.setattr(exchange, "synced", replaced)
    with pytest.raises(CompileError, match="CDT501"):
        output.write(tmp_path / "dist", {MARK: MARKED, "app.py": b"X = 1"})
    assert (tmp_path / "dist" / "precious.txt").read_text() == "keep"
    assert beside(tmp_path / "dist") == set()


def strace_works() -> bool:
    if STRACE is None:
        return False
    done = subprocess.run(
        [STRACE, "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, "-e", "trace=mkdir", "true"],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


@pytest.mark.skipif(not strace_works(), reason="strace is missing, or not permitted")
@pytest.mark.parametrize("call", CALLS)
def test_system_calls_that_fail(folder: Path, call: str) -> None:
    """The real calls, in the compiler's process and each of its children; every one of them in a soak."""
    dist = folder / "out" / "dist"
    shutil.copytree(folder / "old", dist)
    command = build_command(folder / "app.py", dist, "--target", "python")
    given = {**environment(), "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    trees = {"old": tree(dist)}

    def traced(log: Path, fault: str) -> subprocess.CompletedProcess[str]:
        assert STRACE is not None
        shutil.rmtree(folder / "cache", ignore_errors=True)
        options = ["-f", "--seccomp-bpf", "-qq", "-y", "-o", str(log), "-e", f"trace={call}", "-e", fault]
        return subprocess.run(
            [STRACE, *options, *command], env=given, capture_output=True, text=True, check=False
        )

    assert traced(folder / "log", "signal=none").returncode == 0
    trees["new"] = tree(dist)
    lines = [line.split(None, 1) for line in (folder / "log").read_text().splitlines()]
    own = [words[1] for words in lines if words[0] == lines[0][0] and words[1].startswith(call)]
    ours = [n for n, text in enumerate(own, 1) if ".conduitc-" in text or str(dist.parent) in text]
    # files that are opened and given a mode fail one by one above, too
    every = max(1, len(ours) - 1) if not SOAK else 5 if call in ("openat", "chmod") else 1
    for number in ours[::every]:
        if tree(dist) != trees["old"]:
            shutil.rmtree(dist)
            shutil.copytree(folder / "old", dist)
        error = ("ENOSPC", "EIO")[number % 2]
        done = traced(folder / "log", f"inject={call}:error={error}:when={number}")
        assert "Traceback" not in done.stderr and done.returncode in (0, 1), (number, done.stderr)
        if done.returncode == 0:
            assert tree(dist) == trees["new"], number
        else:
            assert re.match(r"error\[CDT505\]:\s", done.stderr), (number, own[number - 1], done.stderr)
            assert tree(dist) in trees.values(), number
        output.check_folder(dist)
        assert beside(dist) == set(), number


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    """A file system of ``size`` KiB; skips where one may not be made."""
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={size}k,mode=0755", "tmpfs", str(place)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("room", [-50, *range(0, 1200, 40 if SOAK else 350)])
def test_a_disk_that_fills_up(folder: Path, room: int) -> None:
    """From no room for what changed to nearly enough for a second tree; what did not change needs none."""
    size = sum(-(-path.stat().st_size // 4096) * 4 for path in (folder / "old").rglob("*") if path.is_file())
    with small_disk(folder / "small", size + room + 64) as disk:
        shutil.copytree(folder / "old", disk / "dist")
        before = tree(disk / "dist")
        done = conduitc("build", "app.py", "-o", disk / "dist", "--target", "python", folder=folder)
        if done.returncode == 0:
            assert tree(disk / "dist") != before and room >= 0
        else:
            assert done.returncode == 1 and "cannot be written: no space left on device" in done.stderr
            assert "error[CDT505]" in done.stderr and tree(disk / "dist") == before
        assert beside(disk / "dist") == set()


@pytest.mark.parametrize("what", ["XDG_CACHE_HOME", "TMPDIR"])
@pytest.mark.native
def test_a_full_disk_elsewhere(folder: Path, what: str) -> None:
    """The cache's: it is a slower build. The temporary files': the target that needs none is built."""
    with small_disk(folder / "small", 8) as disk:
        given = {"XDG_CACHE_HOME": str(folder / "other"), what: str(disk)}
        done = conduitc("build", "app.py", "-o", "dist", "--target", "python", folder=folder, given=given)
        assert (done.returncode, done.stderr) == (0, "")
        native = conduitc("build", "app.py", "-o", "dist", "--target", "cython", folder=folder, given=given)
        assert native.returncode == (0 if what == "XDG_CACHE_HOME" else 1)
        assert "Traceback" not in native.stderr
        assert what == "XDG_CACHE_HOME" or "no space left" in native.stderr.lower()


@pytest.mark.parametrize("limit", [0, 100, 4000, 9000])
def test_files_that_may_not_grow(folder: Path, limit: int) -> None:
    shutil.copytree(folder / "old", folder / "dist")
    before = tree(folder / "dist")
    done = subprocess.run(
        build_command(folder / "app.py", folder / "dist", "--target", "python"),
        env={**environment(), "XDG_CACHE_HOME": str(folder / "cache")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, tree(folder / "dist")) == (1, before)
    assert "error[CDT505]" in done.stderr and os.strerror(errno.EFBIG).lower() in done.stderr
    assert not [name for name in beside(folder / "dist") if name.startswith(".conduitc-")]


@pytest.mark.parametrize("target", ["python", "cython"])
@pytest.mark.parametrize("folders", [1, 8])
def test_eight_builds_at_once(tmp_path: Path, folders: int, target: str) -> None:
    """Into one folder: a complete build of one of them. Into eight: they share a cache."""
    if target == "cython" and not SOAK:
        pytest.skip("takes minutes")
    done: dict[int, subprocess.CompletedProcess[str]] = {}
    (tmp_path / "out").mkdir()

    def build(number: int) -> None:
        source = tmp_path / f"app{number}"
        source.mkdir()
        (source / "app.py").write_text(APP.replace("old", f"number {number}"))
        dist = tmp_path / "out" / f"dist{number % folders}"
        done[number] = conduitc("build", source / "app.py", "-o", dist, "--target", target, folder=tmp_path)

    threads = [threading.Thread(target=build, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(done[number].returncode, done[number].stderr) for number in range(8)] == [(0, "")] * 8
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"dist{one}" for one in range(folders)}
    for built in range(folders):
        dist = tmp_path / "out" / f"dist{built}"
        number = re.findall(r"number (\d)", (dist / "src" / "app.py").read_text())[0]
        app, place = tmp_path / f"app{number}" / "app.py", tmp_path / "alone"
        conduitc("build", app, "-o", place, "--target", target, folder=tmp_path)
        assert tree(place) == tree(dist) and (folders == 1 or number == str(built))
        if not SOAK:
            break
