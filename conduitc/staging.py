"""Folders to work in that live as long as their user: locked while in use, removed at the end.

A process that is killed cannot remove its folder, but the system takes its lock: ``sweep`` removes folders
that nobody holds. Where there are no such locks (Windows), they stay.
"""

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conduitc.diagnostics import CompileError, Rule
from conduitc.span import NOWHERE

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

CANNOT_WRITE = Rule(
    code="CDT505",
    slug="cannot-write",
    severity="error",
    message="{path} cannot be written: {why}",
    docs=(
        "The system refused to make the output folder, a file in it, or one of the temporary files that a "
        "build needs: the disk is full, the place is read-only, or belongs to somebody else. What an earlier "
        "build left in the output folder stays as it was."
    ),
    bad="",
    good="",
)

_PREFIX = ".conduitc-"
_OURS = re.compile(re.escape(_PREFIX) + r"\w{8}(-old)?")
#: What is put aside, and the note about it, while two folders change places (see ``exchange``).
ASIDE, JOURNAL = "-old", "-journal"
#: As long as a folder is kept from others; moving another one takes no time.
_PATIENCE = 30.0


@contextmanager
def staging(parent: Path) -> Iterator[Path]:
    """A new folder in ``parent``, removed at the end."""
    folder, lock = _made(parent)
    try:
        yield folder
    finally:
        _remove(folder)
        if lock is not None:
            os.close(lock)


def refused(path: Path | str, error: OSError) -> CompileError:
    """What the system would not do, as a diagnostic."""
    in_the_way = isinstance(error, FileExistsError)
    why = "a file is in the way" if in_the_way else error.strerror or type(error).__name__
    return CompileError(CANNOT_WRITE.at(NOWHERE, path=path, why=why[:1].lower() + why[1:]))


def temporary() -> Path:
    """Where temporary folders go.

    Raises:
        OSError: there is no such place that can be written to.
    """
    return Path(tempfile.gettempdir())


def is_journal(name: str) -> bool:
    """Whether a file of this name is a note about an exchange."""
    return name.endswith(JOURNAL) and _OURS.fullmatch(name.removesuffix(JOURNAL)) is not None


def sweep(parent: Path) -> None:
    """Remove what processes that were killed left in ``parent``.

    Not while somebody exchanges folders there, and nothing that a journal speaks of: it may be the only copy.
    """
    if fcntl is None:
        return
    with contextlib.suppress(OSError), locked(parent, patience=0):
        names = os.listdir(parent)
        for name in names:
            if _OURS.fullmatch(name) and name.removesuffix(ASIDE) + JOURNAL not in names:
                _remove_if_left(parent / name)


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Keep ``folder`` from being swept; False where somebody is at it already, or it is gone."""
    if fcntl is None:
        yield os.path.lexists(folder)
        return
    lock, free = None, True
    try:
        with contextlib.suppress(
            OSError
        ):  # a link, a folder that cannot be read, a file system without locks
            lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                free = False
        yield free and os.path.lexists(folder)
    finally:
        if lock is not None:
            os.close(lock)


@contextmanager
def locked(folder: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Keep other builds from moving folders in ``folder``, where the system has locks for that.

    Raises:
        TimeoutError: somebody else holds it for longer than ``patience``.
    """
    lock = None
    if fcntl is not None:
        with contextlib.suppress(OSError):  # a folder that can be written but not read
            lock = os.open(folder, os.O_RDONLY)
    try:
        if lock is not None:
            _lock(lock, time.monotonic() + patience)
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _lock(lock: int, end: float) -> None:
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise TimeoutError(0, "another build holds it") from None
            time.sleep(0.01)
        except OSError:
            return None  # a file system without locks


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
            if os.fstat(lock).st_uid == os.geteuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(folder)
        finally:
            os.close(lock)


def _remove(folder: Path) -> None:
    """Also where somebody has made folders read-only; what cannot be removed stays."""
    shutil.rmtree(folder, ignore_errors=True)
    for inner, _, _ in os.walk(folder):
        with contextlib.suppress(OSError):
            os.chmod(inner, 0o700)
    shutil.rmtree(folder, ignore_errors=True)
