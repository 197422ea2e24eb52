"""Source of a module → its bytecode for this Python: the same bytes, whatever the process did before."""

import marshal
import sys
import warnings
from collections.abc import Mapping
from importlib.util import MAGIC_NUMBER, source_hash
from pathlib import PurePosixPath

from conduitc.cache import Cache

#: Later formats note which objects are shared, and that depends on what else the process has done.
_FORMAT = 2
#: A hash of the source follows; nothing compares it at import (``app.py`` compares the user's files itself).
_UNCHECKED = (1).to_bytes(4, "little")


def compiled(path: str, source: bytes) -> bytes | None:
    """The content of the ``.pyc`` of ``path`` (as tracebacks name it); None where this Python refuses it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(source, path, "exec", dont_inherit=True, optimize=0)
        data = marshal.dumps(code, _FORMAT)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return None
    return MAGIC_NUMBER + _UNCHECKED + source_hash(source) + data


def place(path: str) -> str:
    """Where Python looks for the bytecode of ``path``, whatever ``PYTHONPYCACHEPREFIX`` says here."""
    file = PurePosixPath(path)
    return str(file.parent / "__pycache__" / f"{file.stem}.{sys.implementation.cache_tag}.pyc")


def of_modules(files: Mapping[str, bytes], cache: Cache) -> dict[str, bytes]:
    """Of every module in ``{path: content}``, by its place; one that Python refuses stays a source."""
    made = {}
    for path, source in sorted(files.items()):
        if path.endswith(".py"):
            data = cache.recall("bytecode", (path, source))
            if data is None:
                data = compiled(path, source) or b""
                cache.remember("bytecode", (path, source), data)
            if data:
                made[place(path)] = data
    return made
