"""The cache: what is wrong with it costs time, and nothing else; it is private, shared and bounded."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conduitc import cache as caching
from conduitc import driver
from conduitc.cache import Cache, user_cache
from tests.build.test_dist import written
from tests.build.test_interrupted import HEADERS, tree
from tests.cli.servers import environment
from tests.service.programs import SHOP

SOAK = bool(os.environ.get("CONDUIT_SOAK"))
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX modes")


def made(data: bytes = b"made") -> Callable[[], bytes]:
    return lambda: data


def refused() -> bytes:
    raise AssertionError("made again")


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_was_made_is_found_again_by_its_parts(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.get("kind", ("a", b"b"), made()) == b"made"
    assert Cache(tmp_path / "cache").get("kind", ("a", b"b"), refused) == b"made"
    for other in (("ab",), ("a", "b", ""), ("", "ab"), ("a",), ("b", "a")):
        assert cache.recall("kind", other) is None
    assert cache.recall("other", ("a", b"b")) is None
    assert Cache(tmp_path / "cache", "another maker").recall("kind", ("a", b"b")) is None
    assert cache.counts() == {"kind": (0, 1)}


def test_an_empty_thing_is_a_thing(tmp_path: Path) -> None:
    Cache(tmp_path / "cache").get("kind", ("a",), made(b""))
    assert Cache(tmp_path / "cache").get("kind", ("a",), refused) == b""


def test_no_cache_keeps_nothing() -> None:
    cache = Cache()
    assert [cache.get("kind", ("a",), made(text)) for text in (b"1", b"2")] == [b"1", b"2"]


def damage(content: bytes) -> list[bytes]:
    """The content flipped and cut at many places, emptied, and with something after it."""
    step = 1 if SOAK else max(1, len(content) // 40)
    flipped = [content[:i] + bytes([content[i] ^ 1]) + content[i + 1 :] for i in range(0, len(content), step)]
    return [*flipped, *(content[:i] for i in range(0, len(content), step)), b"", content + b"\0"]


def test_damaged_entries_are_not_found(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.get("kind", ("a",), made(bytes(range(200))))
    (entry,) = entries(tmp_path / "cache")
    for content in damage(entry.read_bytes()):
        entry.write_bytes(content)
        assert cache.recall("kind", ("a",)) is None
    assert cache.get("kind", ("a",), made(b"new")) == cache.get("kind", ("a",), refused) == b"new"


def test_entries_that_change_places_are_not_found(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    for name in "ab":
        cache.get("kind", (name,), made(name.encode()))
    one, other = entries(tmp_path / "cache")
    one.write_bytes(other.read_bytes())
    assert sorted(cache.recall("kind", (name,)) or b"" for name in "ab") in ([b"", b"a"], [b"", b"b"])


def a_folder(entry: Path) -> None:
    entry.unlink()
    entry.mkdir()


def a_link(entry: Path) -> None:
    entry.rename(entry.with_name("other"))
    entry.symlink_to(entry.with_name("other"))


def a_pipe(entry: Path) -> None:
    entry.unlink()
    os.mkfifo(entry)


def nobody_may_read(entry: Path) -> None:
    entry.chmod(0)
    if os.geteuid() == 0:
        pytest.skip("root reads everything")


@POSIX
@pytest.mark.parametrize("replace", [a_folder, a_link, a_pipe, nobody_may_read])
def test_what_is_no_entry_of_ours_is_not_found(tmp_path: Path, replace: Callable[[Path], None]) -> None:
    cache = Cache(tmp_path / "cache")
    cache.get("kind", ("a",), made())
    replace(entries(tmp_path / "cache")[0])
    descriptors = len(os.listdir("/dev/fd"))
    assert cache.recall("kind", ("a",)) is None
    assert cache.get("kind", ("a",), made(b"new")) == b"new"
    assert len(os.listdir("/dev/fd")) == descriptors


@POSIX
def test_a_folder_of_others_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache(tmp_path / "cache").get("kind", ("a",), made())
    with monkeypatch.context() as patch:
        user = os.geteuid()
        patch.setattr(os, "geteuid", lambda: user + 1)
        assert Cache(tmp_path / "cache").recall("kind", ("a",)) is None
    (tmp_path / "link").symlink_to(tmp_path / "cache")
    assert Cache(tmp_path / "link").recall("kind", ("a",)) is None
    (tmp_path / "cache").chmod(0o777)
    assert Cache(tmp_path / "cache").recall("kind", ("a",)) is None
    (tmp_path / "cache").chmod(0o755)
    assert Cache(tmp_path / "cache").recall("kind", ("a",)) == b"made"
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


@POSIX
def test_what_it_makes_is_private(tmp_path: Path) -> None:
    Cache(tmp_path / "deep" / "cache").get("kind", ("a",), made())
    for path in [tmp_path / "deep" / "cache", *(tmp_path / "deep" / "cache").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_a_disk_that_is_full_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    cache = Cache(tmp_path / "cache")
    monkeypatch.setattr(os, "replace", full)
    assert cache.get("kind", ("a",), made()) == b"made"
    assert entries(tmp_path / "cache") == []


@pytest.mark.parametrize("blocked", ["cache", "cache/kind"])
def test_a_file_in_its_place_keeps_nothing(tmp_path: Path, blocked: str) -> None:
    (tmp_path / blocked).parent.mkdir(mode=0o700, exist_ok=True)
    (tmp_path / blocked).write_text("")
    assert Cache(tmp_path / "cache").get("kind", ("a",), made()) == b"made"
    assert (tmp_path / blocked).read_text() == ""


def test_the_entries_used_least_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit=400)
    for age, name in enumerate("abcd"):
        cache.get("kind", (name,), made(bytes(100)))
        for entry in entries(tmp_path / "cache"):
            os.utime(entry, (age, age)) if entry.stat().st_mtime > 100 else None
    assert cache.recall("kind", ("a",)) is not None
    left = tmp_path / "cache" / "kind" / "left.tmp"
    left.write_bytes(b"")
    os.utime(left, (1, 1))
    cache.trim()
    assert [name for name in "abcd" if cache.recall("kind", (name,))] == ["a", "c", "d"]
    assert not left.exists()


def test_what_only_reads_removes_nothing(tmp_path: Path) -> None:
    Cache(tmp_path / "cache").get("kind", ("a",), made())
    Cache(tmp_path / "cache", limit=0).trim()
    assert len(entries(tmp_path / "cache")) == 1


def test_many_at_once_see_whole_entries(tmp_path: Path) -> None:
    def use(number: int) -> bool:
        cache = Cache(tmp_path / "cache", limit=300_000)
        name = str(number % 7)
        data = cache.get("kind", (name,), made(name.encode() * 100_000))
        cache.trim()
        return data == name.encode() * 100_000

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(200)))


@pytest.mark.parametrize(
    ("given", "used"), [("/x/y", "/x/y/conduitc"), ("relative", None), ("", None), (None, None)]
)
def test_where_it_is(monkeypatch: pytest.MonkeyPatch, given: str | None, used: str | None) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", "/home/user")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if given is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", given)
    assert caching.user_folder() == Path(used or "/home/user/.cache/conduitc")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert caching.user_folder() == Path(used or "/home/user/Library/Caches/conduitc")


def build(tmp_path: Path, name: str, cache: Cache) -> dict[Path, bytes]:
    (tmp_path / "app.py").write_text(SHOP)
    driver.build(tmp_path / "app.py", tmp_path / name, kind="python", cache=cache)
    return tree(tmp_path / name)


def test_a_build_from_a_damaged_cache_is_the_same(tmp_path: Path) -> None:
    """Every entry flipped and cut in turn; in full under CONDUIT_SOAK."""
    folder = tmp_path / "cache"
    fresh = build(tmp_path, "fresh", Cache(folder))
    found = entries(folder)
    kept = {path: path.read_bytes() for path in found}
    assert len({path.parent.name for path in found}) >= 2
    for place in range(0, 4096, 64) if SOAK else (40,):
        for path, content in kept.items():
            at = place % len(content)
            path.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        assert build(tmp_path, "flipped", Cache(folder)) == fresh
        for path, content in kept.items():
            path.write_bytes(content[: place % len(content)])
        assert build(tmp_path, "cut", Cache(folder)) == fresh
    assert build(tmp_path, "whole", Cache(folder)) == fresh


@HEADERS
@pytest.mark.native
def test_a_changed_handler_makes_nothing_native_and_no_slots_again(tmp_path: Path) -> None:
    """Of two modules one changes, in a body: its lines move, and what is native stays."""
    app = "from conduit import Conduit\nimport more\n\napp = Conduit()\napp.include(more.router)\n"
    more = "from conduit import Router\n\nrouter = Router()\n\n\n@router.get('/a')\n"
    more += "def a(q: int):\n    return q\n"
    written(tmp_path, {"app.py": app, "more.py": more})
    cache = tmp_path / "cache"

    def work(kind: str) -> dict[str, tuple[int, int]]:
        found = driver.build(tmp_path / "app.py", tmp_path / "dist", kind=kind, cache=Cache(cache)).work  # type: ignore[arg-type]
        return {"native": (0, 0), **found}

    first = work("cython")
    assert (
        first["native"] == (0, 2)
        and first["slotted"] == first["slots"] == (0, 2)
        and first["bytecode"][0] == 0
    )
    (tmp_path / "more.py").write_text(more.replace("    return q", "    q += 1\n\n    return q"))
    second = work("cython")
    assert second["native"] == (2, 0) and second["slotted"] == (1, 1) and second["slots"] == (1, 0)
    assert 0 < second["bytecode"][1] <= 3, "the module, its wiring, the entry"
    (tmp_path / "more.py").write_text(more.replace("/a", "/b"))
    third = work("cython")
    assert third["slotted"] == (1, 1) and third["slots"] == (0, 1) and third["native"][1] >= 1
    fresh = tree(tmp_path / "dist")
    driver.build(tmp_path / "app.py", tmp_path / "fresh", kind="cython", jobs=1)
    assert tree(tmp_path / "fresh") == fresh


@pytest.mark.parametrize(
    "changed",
    [
        {"XDG_CACHE_HOME": "/dev/null/cache"},
        {"XDG_CACHE_HOME": "/proc/cache"},
        {"XDG_CACHE_HOME": "", "HOME": ""},
        {"XDG_CACHE_HOME": "", "HOME": "/dev/null"},
    ],
)
def test_a_place_that_cannot_be_had_is_no_fault(tmp_path: Path, changed: dict[str, str]) -> None:
    (tmp_path / "app.py").write_text(SHOP)
    known = environment() | changed
    done = subprocess.run(
        [sys.executable, "-m", "conduitc", "build", "app.py", "--target", "python", "-q"],
        cwd=tmp_path,
        env={name: value for name, value in known.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_users_cache_knows_the_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    user_cache().get("kind", ("a",), made())
    assert user_cache().recall("kind", ("a",)) == b"made"
    monkeypatch.setattr(caching, "compiler_digest", lambda: "another")
    assert user_cache().recall("kind", ("a",)) is None
