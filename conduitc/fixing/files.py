"""Source files read to be changed, and replaced whole: the old bytes or the new ones, never a mixture.

Encoding, BOM and line ends stay; so do mode and owner.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tokenize
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from conduitc import replacing
from conduitc.frontend.edits import LINE_END

_BOM = b"\xef\xbb\xbf"


class Refused(Exception):
    """Why a file is left as it is, in words that follow its name."""


class Text(Struct, frozen=True):
    """A file's bytes and what they say; ``text`` has no BOM and the file's own line ends."""

    data: bytes
    text: str
    encoding: str
    bom: bytes

    def line_ends(self, text: str) -> str:
        """``text`` with the line ends of this file."""
        found = LINE_END.search(self.text)
        return text.replace("\n", found[0]) if found else text

    def changed(self, text: str) -> Text:
        """The same file with another text.

        Raises:
            Refused: its encoding has no such characters.
        """
        try:
            return replace(self, text=text, data=self.bom + text.encode(self.encoding))
        except UnicodeEncodeError:
            raise Refused(f"the fix has characters that {self.encoding} lacks") from None


def text_of(root: Path, file: str, sha256: str | None) -> Text:
    """The text of a file of the project at ``root``, if it may be changed and is what was analysed.

    Raises:
        Refused: it is not.
    """
    path = root / file
    if sha256 is None:
        raise Refused("is not one of the program's modules")
    try:
        _check(path, root)
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"cannot be read: {_why(error)}") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused("was changed meanwhile")
    bom = _BOM if data.startswith(_BOM) else b""
    encoding = "utf-8" if bom else tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    text = data[len(bom) :].decode(encoding)
    if bom + text.encode(encoding) != data:
        raise Refused(f"its {encoding} bytes could not be kept")
    return Text(data, text, encoding, bom)


def _check(path: Path, root: Path) -> None:
    if path.is_symlink():
        raise Refused("is a symbolic link: check the file that it leads to")
    if not path.resolve().is_relative_to(root.resolve()):
        raise Refused("lies outside of the project")
    status = path.stat()
    if status.st_nlink > 1:
        raise Refused("has other names (hard links), which would keep the old text")
    if not status.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        raise Refused("is read-only")


def replaced(path: Path, old: Text, new: Text) -> None:
    """Put ``new`` in the place of ``old``: written beside it, synced, renamed over it.

    Raises:
        Refused: the file is no longer ``old``, or the disk refuses.
    """
    try:
        replacing.replace(path, new.data, old.data)
    except replacing.Changed:
        raise Refused("was changed meanwhile") from None
    except OSError as error:
        raise Refused(f"cannot be written: {_why(error)}") from None


def _why(error: OSError) -> str:
    words = error.strerror or "it cannot be opened"
    return words[:1].lower() + words[1:]
