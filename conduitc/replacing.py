"""Bytes → a file that a person keeps, all of them or none: written beside it, synced, renamed over it."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path


class Changed(Exception):
    """The file is no longer what it was; nothing was written."""


def replace(file: Path, data: bytes, old: bytes | None = None) -> None:
    """``file`` holds ``data``, with the permissions and, where it may be, the owner that it had.

    Raises:
        Changed: it does not hold ``old``, where that is given.
        OSError: the disk refuses; the file is as it was.
    """
    descriptor, beside = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with open(descriptor, "wb") as new:
            new.write(data)
            new.flush()
            os.fsync(new.fileno())
        _like(file, beside)
        if old is not None and file.read_bytes() != old:
            raise Changed
        os.replace(beside, file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)


def _like(file: Path, beside: str) -> None:
    """Permissions and owner of the file, or of any new one."""
    try:
        status = file.stat()
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        os.chmod(beside, 0o666 & ~mask)
        return
    os.chmod(beside, stat.S_IMODE(status.st_mode))
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(beside, status.st_uid, status.st_gid)
