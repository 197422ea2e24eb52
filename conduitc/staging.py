"""Folders to work in that live as long as their user: locked while in use, removed at the end.

A process that is killed cannot remove its folder, but the system takes its lock: ``sweep`` removes folders
that nobody holds. Where there are no such locks (Windows), they stay.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

_PREFIX = ".conduitc-"
_OURS = re.compile(re.escape(_PREFIX) + r"\w{8}(-old)?")


@contextmanager
def staging(parent: Path) -> Iterator[Path]:
    """A new folder in ``parent``, removed at the end."""
    folder, lock = _made(parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def sweep(parent: Path) -> None:
    """Remove what processes that were killed left in ``parent``."""
    if fcntl is None:
        return
    with contextlib.suppress(OSError):
        for name in os.listdir(parent):
            if _OURS.fullmatch(name):
                _remove_if_left(parent / name)


def _made(parent: Path) -> tuple[Path, int | None]:
    """The folder and its lock. A sweeper may come between the two: then another folder is made."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        if fcntl is None:
            return folder, None
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_SH)
        if folder.exists():
            return folder, lock
        os.close(lock)


def _remove_if_left(folder: Path) -> None:
    """Remove ``folder`` unless somebody holds its lock, or it is not ours to lock."""
    with contextlib.suppress(OSError):
        lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
