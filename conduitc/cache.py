"""What was made before, by the content it was made of; a file a thing, shared by all builds of one user.

An entry is a digest of its own name and content, then the content: one that was damaged, cut or moved is not
found. It is written beside and renamed, so builds may share the folder. Whatever is wrong with the folder, a
build takes longer and is otherwise the same.
"""

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from conduitc.identity import compiler_digest, python_digest

#: More than that, and the entries that were not used for longest go.
LIMIT = 256 << 20
ENTRIES = 20_000
_DIGEST = 32
_TEMPORARY = ".tmp"
#: What is still being written is younger than that (seconds).
_STALE = 3600.0
_READING = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)


class Cache:
    """Entries of several kinds below ``folder``; without one it knows nothing and keeps nothing.

    ``maker`` says who makes things: entries of another maker are not found.
    """

    def __init__(
        self, folder: Path | None = None, maker: str = "", *, limit: int = LIMIT, entries: int = ENTRIES
    ) -> None:
        self._maker = maker
        self._folder = folder if folder is not None and _made_ours(folder) else None
        self._limit = limit
        self._entries = entries
        self._reused: list[str] = []
        self._made: list[str] = []
        self._written = False

    def get(self, kind: str, parts: tuple[str | bytes, ...], make: Callable[[], bytes]) -> bytes:
        """What was made of ``parts`` before, or what ``make`` makes of them now."""
        known = self.recall(kind, parts)
        if known is not None:
            return known
        data = make()
        self.remember(kind, parts, data)
        return data

    def recall(self, kind: str, parts: tuple[str | bytes, ...]) -> bytes | None:
        """What was made of ``parts`` before; None where it is not known, or no longer what was written."""
        name = _name(kind, (self._maker, *parts))
        data = self._read(kind, name) if self._folder is not None else None
        if data is None:
            return None
        self._reused.append(kind)
        return data

    def remember(self, kind: str, parts: tuple[str | bytes, ...], data: bytes) -> None:
        """Keep what was made of ``parts``, where the disk lets us."""
        self._made.append(kind)
        if self._folder is not None:
            name = _name(kind, (self._maker, *parts))
            with contextlib.suppress(OSError):
                _write(self._folder / kind / name, _digest(kind, name, data) + data)
                self._written = True

    def counts(self) -> dict[str, tuple[int, int]]:
        """By kind: how many entries were reused, how many things were made."""
        reused, made = Counter(self._reused), Counter(self._made)
        return {kind: (reused[kind], made[kind]) for kind in sorted(reused | made)}

    def trim(self) -> None:
        """Keep the folder within its bounds, where this process wrote to it."""
        if self._folder is None or not self._written:
            return
        found = sorted(_entries(self._folder), reverse=True)
        size = 0
        for number, (used, length, path) in enumerate(found):
            size += length
            unfinished = path.endswith(_TEMPORARY) and used < time.time() - _STALE
            if unfinished or size > self._limit or number >= self._entries:
                with contextlib.suppress(OSError):  # another build was faster, or still reads it
                    os.unlink(path)

    def _read(self, kind: str, name: str) -> bytes | None:
        path = f"{self._folder}/{kind}/{name}"
        try:
            content = _content(path)
            digest, data = content[:_DIGEST], content[_DIGEST:]
            if digest != _digest(kind, name, data):
                return None
            with contextlib.suppress(OSError):
                os.utime(path)  # the oldest go first
        except OSError:
            return None
        return data


def user_cache() -> Cache:
    """The cache of who runs this, for this very compiler and Python."""
    return Cache(user_folder(), compiler_digest() + python_digest())


def user_folder() -> Path | None:
    """Where it is on this system; None where there is no home."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(given):
        return Path(given, "conduitc")
    if os.name == "nt":
        local = os.environ.get("LOCALAPPDATA", "")
        return Path(local, "conduitc", "cache") if os.path.isabs(local) else None
    home = os.path.expanduser("~")
    inner = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path(home, inner, "conduitc") if os.path.isabs(home) else None


def _made_ours(folder: Path) -> bool:
    """Whether nobody but us can write there; it is made where it is not there yet."""
    try:
        if not folder.is_dir():
            if not _may_make(folder):
                return False
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if os.name == "nt":
            return stat.S_ISDIR(found.st_mode)
        ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
        if ours and found.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError:
        return False
    return ours


def _may_make(folder: Path) -> bool:
    """Root, working in the home of somebody else, leaves nothing there that this one cannot use."""
    if os.name == "nt" or os.geteuid() != 0:
        return True
    there = next(one for one in folder.parents if one.exists())
    return there.stat().st_uid == 0


def _name(kind: str, parts: tuple[str | bytes, ...]) -> str:
    found = hashlib.sha256(kind.encode())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(b"%d:" % len(data) + data)
    return found.hexdigest()


def _digest(kind: str, name: str, data: bytes) -> bytes:
    return hashlib.sha256(f"{kind}/{name}\n".encode() + data).digest()


def _content(path: str) -> bytes:
    """Of a file; whatever else is there in its place must not be waited for."""
    handle = os.open(path, _READING)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return b""
        with open(handle, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(handle)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, suffix=_TEMPORARY)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def _entries(folder: Path) -> Iterator[tuple[float, int, str]]:
    """When each was used last, how large it is, and where."""
    with contextlib.suppress(OSError):
        for kind in list(os.scandir(folder)):
            if kind.is_dir(follow_symlinks=False):
                for one in list(os.scandir(kind)):
                    with contextlib.suppress(OSError):
                        found = one.stat(follow_symlinks=False)
                        yield found.st_mtime, found.st_size, one.path
