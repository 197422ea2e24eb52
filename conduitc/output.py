"""{path: bytes} → a dist folder: marked as ours, written beside the old one and exchanged with it.

A reader sees the old tree or the new one, never a mixture. A folder neither empty nor ours is refused.
"""

import contextlib
import ctypes
import os
import py_compile
import shutil
from collections.abc import Mapping
from pathlib import Path

from conduitc.diagnostics import CompileError, Diagnostic, Rule
from conduitc.span import NOWHERE
from conduitc.staging import staging, sweep

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

CANNOT_WRITE = Rule(
    code="CDT505",
    slug="cannot-write",
    severity="error",
    message="{path} cannot be written: {why}",
    docs=(
        "The system refused to make the output folder or a file in it: the disk is full, the place is "
        "read-only, or belongs to somebody else. What an earlier build left there stays as it was."
    ),
    bad="",
    good="",
)

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def check_folder(folder: Path) -> None:
    """Refuse a folder that a build must not replace.

    Raises:
        CompileError: it is a file, a link, holds something that is not ours, or cannot be looked at.
    """
    try:
        why = _foreign(folder)
    except OSError as error:
        raise CompileError(_refused(folder, error)) from None
    if why is not None:
        raise CompileError(FOREIGN_FOLDER.at(NOWHERE, path=folder, why=why))


def _foreign(folder: Path) -> str | None:
    if folder.is_symlink():
        return "is a symbolic link"
    if not folder.exists():
        return None
    if not folder.is_dir():
        return "is not a folder"
    if any(folder.iterdir()) and not (folder / MARK).is_file():
        return "is neither empty nor the output of an earlier build"
    return None


def _refused(folder: Path, error: OSError) -> Diagnostic:
    in_the_way = isinstance(error, FileExistsError)
    why = "a file is in the way" if in_the_way else error.strerror or type(error).__name__
    return CANNOT_WRITE.at(NOWHERE, path=folder, why=why[:1].lower() + why[1:])


def write(folder: Path, files: Mapping[str, bytes], trees: Mapping[str, Path] | None = None) -> None:
    """Make ``folder`` hold exactly ``files`` and copies of ``trees`` (target path → source file).

    Raises:
        CompileError: it must not be replaced, or cannot be written.
    """
    check_folder(folder)
    try:
        _write(folder.absolute(), files, trees or {})
    except OSError as error:
        raise CompileError(_refused(folder, error)) from None


def _write(folder: Path, files: Mapping[str, bytes], trees: Mapping[str, Path]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with staging(folder.parent) as made:
        for path, data in files.items():
            _place(made / path).write_bytes(data)
        for path, source in trees.items():
            shutil.copyfile(source, _place(made / path))
        _add_bytecode(made)
        made.chmod(0o755)
        _swap(made, folder)
    sweep(folder.parent)


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
        with contextlib.suppress(OSError):  # another build may have come first
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
