"""Which files changed: what the system says of each, and of young ones their content, compared.

A file whose times and size are as before may hold something else where it was written twice within one tick
of the clock that its times are told by. So the content of files counts, too, while they are younger than the
coarsest of these clocks; it is forgotten when they are older. Times are compared for equality only: a clock
that goes back is no earlier version.
"""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable
from importlib.util import cache_from_source
from pathlib import Path
from stat import S_ISREG

from conduitc.frontend.limits import SIZE
from conduitc.places import MARK

#: Times of modification and change, size and number of a file; its digest where it is young.
Look = tuple[tuple[int, int, int, int], bytes | None]
Snapshot = dict[str, Look]

_SKIPPED = frozenset({"__pycache__", "node_modules"})
#: Folders with one of these are environments and builds.
_NOT_SOURCES = frozenset({"pyvenv.cfg", MARK})
#: FAT tells times in steps of two seconds.
_YOUNG = 3_000_000_000


def sources(root: Path) -> list[str]:
    """Every Python file below ``root``, less hidden folders, environments and what builds leave."""
    found: list[str] = []
    waiting = [os.fspath(root)]
    for folder in waiting:
        try:
            with os.scandir(folder) as entries:
                inside = list(entries)
        except OSError:
            continue
        if folder != waiting[0] and not _NOT_SOURCES.isdisjoint([one.name for one in inside]):
            continue
        for one in inside:
            if one.name.endswith(".py"):
                found.append(one.path)
            elif one.name[0] != "." and one.name not in _SKIPPED and one.is_dir(follow_symlinks=False):
                waiting.append(one.path)
    return found


def snapshot(files: Iterable[str]) -> Snapshot:
    """What each file looks like; a file that is gone is left out."""
    taken: Snapshot = {}
    now = time.time_ns()
    for file in files:
        try:
            found = os.stat(file)
        except OSError:
            continue
        look = found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
        young = abs(now - found.st_ctime_ns) < _YOUNG or abs(now - found.st_mtime_ns) < _YOUNG
        taken[file] = look, _digest(file) if young and S_ISREG(found.st_mode) else None
    return taken


def _digest(file: str) -> bytes | None:
    with contextlib.suppress(OSError), open(file, "rb") as opened:
        return hashlib.blake2b(opened.read(SIZE + 1), digest_size=16).digest()
    return None


def changed(before: Snapshot, after: Snapshot) -> list[Path]:
    """Files that were added, removed or written between two snapshots, sorted."""
    names = before.keys() | after.keys()
    return sorted(Path(name) for name in names if _differ(before.get(name), after.get(name)))


def _differ(one: Look | None, other: Look | None) -> bool:
    if one is None or other is None or one[0] != other[0]:
        return one is not other
    return one[1] != other[1] and one[1] is not None and other[1] is not None


def forget_bytecode(files: Iterable[Path]) -> None:
    """Python takes bytecode for that of a source of the same size and second: a save may come sooner."""
    for file in files:
        with contextlib.suppress(OSError, NotImplementedError):
            Path(cache_from_source(str(file))).unlink()
