"""Which files changed: a snapshot of stat results, compared."""

import contextlib
import os
from collections.abc import Iterable
from importlib.util import cache_from_source
from pathlib import Path

from conduitc.places import MARK

Snapshot = dict[Path, tuple[int, int]]

_SKIPPED = frozenset({"__pycache__", "node_modules"})
#: Folders with one of these are environments and builds.
_NOT_SOURCES = ("pyvenv.cfg", MARK)


def sources(root: Path) -> list[Path]:
    """Every Python file below ``root``, less hidden folders, environments and what builds leave."""
    found: list[Path] = []
    for folder, folders, files in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if name not in _SKIPPED
            and not name.startswith(".")
            and not any(os.path.exists(os.path.join(folder, name, one)) for one in _NOT_SOURCES)
        ]
        found += [Path(folder, name) for name in files if name.endswith(".py")]
    return found


def snapshot(files: Iterable[Path]) -> Snapshot:
    """Time and size of each file; a file that is gone is left out."""
    taken: Snapshot = {}
    for file in files:
        try:
            status = file.stat()
        except OSError:
            continue
        taken[file] = (status.st_mtime_ns, status.st_size)
    return taken


def changed(before: Snapshot, after: Snapshot) -> list[Path]:
    """Files that were added, removed or written between two snapshots, sorted."""
    return sorted(file for file in before.keys() | after.keys() if before.get(file) != after.get(file))


def forget_bytecode(files: Iterable[Path]) -> None:
    """Python takes bytecode for that of a source of the same size and second: a save may come sooner."""
    for file in files:
        with contextlib.suppress(OSError, NotImplementedError):
            Path(cache_from_source(str(file))).unlink()
