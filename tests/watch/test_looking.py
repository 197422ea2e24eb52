"""What a watcher sees of files: also what times and sizes do not tell; and when it builds."""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from conduitc.dev import rebuild as rebuilding
from conduitc.dev import watch
from conduitc.dev.watch import changed, snapshot, sources
from conduitc.places import MARK


def test_what_is_a_source(tmp_path: Path) -> None:
    for name in ("app.py", "inner/a.py", "inner/deep/b.py", "notes.txt", ".hidden/c.py", "__pycache__/d.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for folder, mark in (("venv", "pyvenv.cfg"), ("dist", MARK)):
        (tmp_path / folder / "src").mkdir(parents=True)
        (tmp_path / folder / mark).touch()
        (tmp_path / folder / "src" / "e.py").touch()
    (tmp_path / "link").symlink_to(tmp_path / "inner")
    found = {Path(one).relative_to(tmp_path).as_posix() for one in sources(tmp_path)}
    assert found == {"app.py", "inner/a.py", "inner/deep/b.py"}
    assert sources(tmp_path / "nowhere") == []


def test_same_size_and_times_but_another_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a file is written twice within one tick of the clock."""
    file = tmp_path / "app.py"
    file.write_text("a = 1")
    real = os.stat(file)
    monkeypatch.setattr(watch.os, "stat", lambda path: real)
    before = snapshot([str(file)])
    assert not changed(before, snapshot([str(file)]))
    file.write_text("a = 2")
    assert changed(before, snapshot([str(file)])) == [file]


def test_a_file_that_grows_older_has_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "app.py"
    file.write_text("a = 1")
    young = snapshot([str(file)])
    later = time.time_ns() + 10**10
    monkeypatch.setattr(watch.time, "time_ns", lambda: later)
    old = snapshot([str(file)])
    assert young[str(file)][1] is not None and old[str(file)][1] is None
    assert not changed(young, old) and not changed(old, young)


@pytest.mark.parametrize("shift", [-(10**6), 10**6])
def test_a_clock_that_was_set(tmp_path: Path, shift: int) -> None:
    """Earlier is as different as later."""
    file = tmp_path / "app.py"
    file.write_text("a = 1")
    before = snapshot([str(file)])
    os.utime(file, (time.time() + shift, time.time() + shift))
    assert changed(before, snapshot([str(file)])) == [file]


def test_put_in_its_place_with_its_old_time(tmp_path: Path) -> None:
    """As ``mv`` and ``cp -p`` do."""
    file, other = tmp_path / "app.py", tmp_path / "other"
    file.write_text("a = 1")
    before = snapshot([str(file)])
    shutil.copy2(file, other)
    other.replace(file)
    assert changed(before, snapshot([str(file)])) == [file]


def test_added_and_removed(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.touch()
    before = snapshot([str(one), str(two)])
    one.unlink()
    two.touch()
    assert changed(before, snapshot([str(one), str(two)])) == [one, two]


class Builds:
    """Runs ``rebuild`` in a thread's place: notes what each build saw, and ends after so many."""

    def __init__(self, file: Path, number: int) -> None:
        self.file, self.number = file, number
        self.seen: list[str] = []
        self.said: list[str] = []

    def build(self) -> int:
        self.seen.append(self.file.read_text())
        if len(self.seen) == self.number:
            raise KeyboardInterrupt
        return 0

    def run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rebuilding.signal, "signal", lambda *_: None)
        assert (
            rebuilding.rebuild(str(self.file), self.file.parent / "dist", self.build, self.said.append) == 0
        )


def test_somebody_who_never_stops_writing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "app.py"
    file.write_text("# -1")
    monkeypatch.setattr(rebuilding, "STORM_SECONDS", 0.1)
    ended = threading.Event()

    def storm() -> None:
        number = 0
        while not ended.is_set():
            (tmp_path / "new").write_text(f"# {number}")
            (tmp_path / "new").replace(file)
            number += 1

    builds = Builds(file, 4)
    writer = threading.Thread(target=storm)
    writer.start()
    try:
        builds.run(monkeypatch)
    finally:
        ended.set()
        writer.join()
    assert len(set(builds.seen)) == 4


def test_a_file_that_is_written_in_two_steps_is_built_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Truncated first: most editors do."""
    file = tmp_path / "app.py"
    file.write_text("# before")
    monkeypatch.setattr(rebuilding, "EMPTY_SECONDS", 0.5)
    builds = Builds(file, 2)

    def save() -> None:
        while not builds.said:
            time.sleep(0.001)
        with file.open("w") as opened:
            time.sleep(0.2)
            opened.write("# after")

    writer = threading.Thread(target=save)
    writer.start()
    builds.run(monkeypatch)
    writer.join()
    assert builds.seen == ["# before", "# after"]


def test_a_save_during_a_build_is_another_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "app.py"
    file.write_text("# 0")

    class Saving(Builds):
        def build(self) -> int:
            result = super().build()
            file.write_text(f"# {len(self.seen)}")
            return result

    builds = Saving(file, 3)
    builds.run(monkeypatch)
    assert builds.seen == ["# 0", "# 1", "# 2"]


def test_what_a_build_is_no_longer_made_of_has_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings that leave data out are one change, not another one for each file of data."""
    file, data = tmp_path / "app.py", tmp_path / "data.txt"
    file.write_text("# 0")
    data.write_text("data")

    (tmp_path / "dist").mkdir()
    mark = tmp_path / "dist" / MARK
    mark.write_text('{"inputs": ["data.txt"]}')

    class Marking(Builds):
        def build(self) -> int:
            result = super().build()
            if len(self.seen) == 2:
                mark.write_text('{"inputs": []}')
            threading.Timer(0.3, file.write_text, [f"# {len(self.seen)}"]).start()
            return result

    builds = Marking(file, 3)
    builds.run(monkeypatch)
    changes = [one for one in builds.said if one.startswith("changed")]
    assert changes == ["changed: app.py", "changed: app.py"] and builds.seen == ["# 0", "# 1", "# 2"]
