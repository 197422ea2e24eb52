"""A target and names of its files → their texts as they stand now, for messages that quote them.

Works where the program could not be loaded, too. What cannot be read is left out: a message is not the place
for another fault.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable
from pathlib import Path

from conduitc.diagnostics import CompileError
from conduitc.frontend.project import find_target


def root_of(target: str | Path) -> Path | None:
    """The folder that places in the program are relative to; None where there is no such program."""
    try:
        return find_target(target).root
    except CompileError:
        return None


def texts_of(root: Path, files: Iterable[str]) -> dict[str, str]:
    """The text of each file that can be read."""
    found = {}
    for file in files:
        try:
            data = (root / file).read_bytes()
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            text = data.decode(encoding, errors="replace")
        except (OSError, SyntaxError, LookupError, ValueError):
            continue
        found[file] = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return found
