"""Where the metadata of a door comes from: loaded at the first question, whole, and only then taken.

One that is watched is loaded again when its file is another one; what cannot be read is told of once, and the
last good one stays.
"""

from __future__ import annotations

import os
from logging import getLogger
from typing import TYPE_CHECKING

from conduit.introspect.codebase import Codebase
from conduit.introspect.store import read_files

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[], tuple[bytes, bytes | None]]
    Mark = Callable[[], object]

_logger = getLogger("conduit.introspect")


class Source:
    """``read`` gives the metadata and its index, ``mark`` what tells one file from another."""

    def __init__(self, name: str, read: Read, mark: Mark, *, watched: bool = False) -> None:
        self.name = name
        self.codebase: Codebase | None = None
        #: Why there is none.
        self.why = ""
        #: Another one with each that is taken.
        self.turn = 0
        self._read = read
        self._mark = mark
        self._watched = watched
        self._seen: object = None

    def due(self) -> bool:
        """Whether ``load`` has something to do."""
        if self.codebase is not None and not self._watched:
            return False
        return self._mark() != self._seen

    def load(self) -> None:
        """Take what is there now, if it can be read."""
        seen = self._mark()
        try:
            made = Codebase(*self._read())
        except Exception as error:  # whatever is wrong with it: the app goes on
            self.why = f"the metadata cannot be read: {_told(error)}"
            _logger.error("introspection: %s: %s", self.name, self.why)
        else:
            if self.codebase is not None:
                made.counts = self.codebase.counts
            self.codebase = made
            self.turn += 1  # last: who knows the new turn asks the new metadata
        self._seen = seen

    def forget(self) -> None:
        """Hold nothing."""
        self.codebase = None


def of_file(path: str, *, watched: bool = False) -> Source:
    """A metadata.json, or that of a build's folder."""
    file = os.path.join(path, "metadata.json") if os.path.isdir(path) else path

    def mark() -> object:
        try:
            found = os.stat(file)
        except OSError as error:
            return error.errno
        return found.st_ino, found.st_size, found.st_mtime_ns

    return Source(os.path.basename(file), lambda: read_files(file), mark, watched=watched)


def of_memory(compiled: Callable[[], bytes]) -> Source:
    """What the compiler says of an app that has no build."""
    return Source("the app", lambda: (compiled(), None), lambda: True)


def _told(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error).partition("\n")[0]
    return text or type(error).__name__
