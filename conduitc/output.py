"""{path: bytes} → a dist folder: marked as ours, written beside the old one and exchanged with it.

A reader sees the old tree or the new one, never a mixture. A folder neither empty nor ours is refused.
"""

import contextlib
import ctypes
import os
import py_compile
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from conduitc.diagnostics import CompileError, Rule
from conduitc.span import NOWHERE

#: Its presence says that a folder was made by us and may be replaced.
MARK = "conduit-build.json"

FOREIGN_FOLDER = Rule(
    code="CDT501",
    slug="foreign-folder",
    severity="error",
    message="{path} {why}",
    docs=(
        "A build replaces its output folder as a whole, so it only writes to a folder that does not exist, "
        f"is empty, or was made by an earlier build (it holds {MARK}). Choose another folder with `-o`."
    ),
    bad="",
    good="",
)

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def check_folder(folder: Path) -> None:
    """Refuse a folder that a build must not replace.

    Raises:
        CompileError: it is a file, a link, or holds something that is not ours.
    """
    why = None
    if folder.is_symlink():
        why = "is a symbolic link"
    elif folder.exists() and not folder.is_dir():
        why = "is not a folder"
    elif folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        why = "is neither empty nor the output of an earlier build"
    if why is not None:
        raise CompileError(FOREIGN_FOLDER.at(NOWHERE, path=folder, why=why))


def write(folder: Path, files: Mapping[str, bytes], trees: Mapping[str, Path] | None = None) -> None:
    """Make ``folder`` hold exactly ``files`` and copies of ``trees`` (target path → source file)."""
    check_folder(folder)
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for path, data in files.items():
            _place(staging / path).write_bytes(data)
        for path, source in (trees or {}).items():
            shutil.copyfile(source, _place(staging / path))
        _add_bytecode(staging)
        staging.chmod(0o755)
        _swap(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _add_bytecode(folder: Path) -> None:
    """Compile every module for this Python, so that the first start need not; others use the sources.

    Unchecked: nothing is compared at import (``app.py`` compares the user's files itself). A file this Python
    cannot compile stays a source.
    """
    for path in sorted(folder.rglob("*.py")):
        with contextlib.suppress(py_compile.PyCompileError):
            py_compile.compile(
                str(path),
                dfile=path.relative_to(folder).as_posix(),
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )


def _place(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _swap(new: Path, folder: Path) -> None:
    """Put ``new`` where ``folder`` is; what was there ends up at ``new``."""
    if not folder.exists():
        new.rename(folder)
        return
    if _exchange(new, folder):
        return
    aside = new.with_name(new.name + "-old")
    folder.rename(aside)
    try:
        new.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two paths in one step, where the system can."""
    with contextlib.suppress(OSError, AttributeError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        done: int = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
        return done == 0
    return False
