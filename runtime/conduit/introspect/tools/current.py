"""The code base as it is now: read again once its file has changed."""

from __future__ import annotations

import os

from conduit.introspect.codebase import Codebase
from conduit.introspect.errors import MetadataError
from conduit.introspect.store import read_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: What tells a file from itself after a change: its number, size and time.
Stamp = tuple[int, int, int]


class Current:
    """Called, gives the ``Codebase`` of ``path``, a metadata.json. One stat a question."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._stamp: Stamp | None = None
        self._codebase: Codebase | None = None

    def __call__(self) -> Codebase:
        """The code base.

        Raises:
            MetadataError: the file cannot be read now.
        """
        try:
            stamp = stamp_of(self._path)
            if self._codebase is None or stamp != self._stamp:
                self._codebase, self._stamp = Codebase(*read_files(self._path)), stamp
        except OSError as error:
            raise MetadataError(f"metadata.json cannot be read: {error.strerror}") from None
        return self._codebase


class Derived:
    """Called, gives what ``make`` made; makes it anew once one of the files that it was made from changed."""

    def __init__(self, make: Callable[[], tuple[Codebase, list[str]]]) -> None:
        self._make = make
        self._stamps: dict[str, Stamp | None] = {}
        self._codebase: Codebase | None = None

    def __call__(self) -> Codebase:
        """The code base.

        Raises:
            MetadataError: nothing can be made of the files as they are.
        """
        if self._codebase is None or any(seen(path) != stamp for path, stamp in self._stamps.items()):
            self._codebase = None
            self._codebase, files = self._make()
            self._stamps = {path: seen(path) for path in files}
        return self._codebase


def stamp_of(path: str) -> Stamp:
    """
    Raises:
        OSError: there is no such file.
    """
    found = os.stat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns


def seen(path: str) -> Stamp | None:
    """As ``stamp_of``; None where there is no such file."""
    try:
        return stamp_of(path)
    except OSError:
        return None
