"""A new folder and the place of an old one → the new one in that place, at every moment one of the two.

Linux and macOS exchange two folders in one step. Elsewhere (other systems, some file systems) the old one is
put aside first, under a lock, and a journal beside says so: whoever comes next and finds it, ``repair``s.
"""

import contextlib
import ctypes
import errno
import os
import sys
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conduitc.staging import ASIDE, JOURNAL, is_journal, locked

_AT_FDCWD = -100
_RENAME_EXCHANGE = _RENAME_SWAP = 2
_AT_ONCE = 8
#: The system, or this file system, does not know how.
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}


def put(new: Path, folder: Path) -> None:
    """Put ``new`` where ``folder`` is, both in one parent folder; what was there is then at ``new``.

    Raises:
        OSError: it is not possible; everything is as it was, unless ``repair`` is needed.
    """
    while True:
        if not os.path.lexists(folder):
            try:
                return os.rename(new, folder)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
        # somebody else may have come first, or take it away now
        try:
            return None if exchanged(new, folder) else _by_journal(new, folder)
        except FileNotFoundError:
            if not os.path.lexists(new):
                raise


def exchanged(one: Path, other: Path) -> bool:
    """Exchange two paths in one step; False where that is not known how.

    Raises:
        OSError: it is, but not possible.
    """
    this, that = os.fsencode(one), os.fsencode(other)
    system = ctypes.CDLL(None, use_errno=True) if os.name != "nt" else None
    if sys.platform == "darwin":
        failed = system.renamex_np(this, that, _RENAME_SWAP) if system else 1
    elif hasattr(system, "renameat2"):
        assert system is not None
        failed = system.renameat2(_AT_FDCWD, this, _AT_FDCWD, that, _RENAME_EXCHANGE)
    else:
        return False
    number = ctypes.get_errno()
    if failed and number not in _UNKNOWN:
        raise OSError(number, os.strerror(number), str(other))
    return not failed


def _by_journal(new: Path, folder: Path) -> None:
    journal, aside = _named(new, JOURNAL), _named(new, ASIDE)
    with locked(folder.parent):
        try:
            with journal.open("xb") as file:
                file.write(os.fsencode(folder.name) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            synced(folder.parent)
            os.rename(folder, aside)
            os.rename(new, folder)
            synced(folder.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                _settle(journal)
            raise
        os.unlink(journal)
        os.rename(aside, new)


def repair(parent: Path) -> None:
    """Where somebody was killed between putting a folder aside and putting the new one there: undo it."""
    with contextlib.suppress(OSError):
        for name in filter(is_journal, os.listdir(parent)):
            with locked(parent):
                _settle(parent / name)


def _settle(journal: Path) -> None:
    """Bring the old folder back where nothing stands in its place. A journal cut off was never acted on."""
    if not journal.exists():
        return
    name, complete, _ = journal.read_bytes().partition(b"\n")
    folder = journal.parent / os.fsdecode(name)
    aside = journal.with_name(journal.name.removesuffix(JOURNAL) + ASIDE)
    if complete and folder.parent == journal.parent and not os.path.lexists(folder):
        with contextlib.suppress(FileNotFoundError):
            os.rename(aside, folder)
            synced(journal.parent)
    os.unlink(journal)


def _named(folder: Path, suffix: str) -> Path:
    return folder.with_name(folder.name + suffix)


def synced(folder: Path, *, below: bool = False, known: Collection[Path] = ()) -> None:
    """What was done in ``folder`` (and all ``below``) is on the disk when this returns; ``known`` files were
    before.

    Several at a time, so that the disk takes them together; ``syncfs`` would wait for what others write, too.

    Raises:
        OSError: it is not.
    """
    if os.name == "nt":
        return
    paths = [folder]
    if below:
        walked = [(Path(inner), files) for inner, _, files in os.walk(folder)]
        files_below = [inner / file for inner, files in walked for file in files]
        paths = [file for file in files_below if file not in known] + [inner for inner, _ in walked]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(_sync, paths):
            pass


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system where folders cannot be synced
            raise
    finally:
        os.close(descriptor)
