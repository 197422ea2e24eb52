"""{path: bytes} → a dist folder: marked as ours, written beside the old one and exchanged with it.

A reader sees the old tree or the new one, never a mixture. A folder neither empty nor ours is refused.
"""

import contextlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from conduitc import exchange
from conduitc.diagnostics import CompileError, Rule
from conduitc.places import MARK
from conduitc.span import NOWHERE
from conduitc.staging import held, refused, staging, sweep

#: All that a build has at its top. Anything else there is not ours to remove.
TOP = {
    *("app.py", "src", "_conduit", "conduit", "deploy", "__pycache__", "requirements.txt", MARK),
    *("metadata.json", "metadata.json.gz", "metadata.idx", "openapi.json", "mcp.json", "ai.txt"),
}
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
_MARK_SIZE = 1 << 26

FOREIGN_FOLDER = Rule(
    code="CDT501",
    slug="foreign-folder",
    severity="error",
    message="{path} {why}",
    docs=(
        "A build replaces its output folder as a whole, so it only writes to a folder that does not exist, "
        f"is empty, or was made by an earlier build: it holds the {MARK} of one, and at its top nothing that "
        "a build does not write. Never to a link, a file, a mount point, the home or the working folder, or "
        "one that holds the sources. Choose another folder with `-o`."
    ),
    bad="",
    good="",
)


def check_folder(folder: Path, source: Path | None = None) -> None:
    """Refuse a folder that a build of ``source`` (a file or folder) must not replace.

    What a build that was killed left half done beside it is mended, the rest of it removed.

    Raises:
        CompileError: it is a file, a link, holds something that is not ours, or cannot be looked at.
    """
    try:
        parent = _absolute(folder).parent
        exchange.repair(parent)
        why = _special(folder, source) or _foreign(folder)
    except OSError as error:
        raise refused(folder, error) from None
    if why is not None:
        raise CompileError(FOREIGN_FOLDER.at(NOWHERE, path=folder, why=why))
    sweep(parent)


def _absolute(folder: Path) -> Path:
    """The same place, by a name that can be exchanged."""
    if folder.name in ("", ".."):
        return Path(os.path.realpath(folder))
    return Path(os.path.realpath(folder.parent)) / folder.name


def _special(folder: Path, source: Path | None) -> str | None:
    """Why a folder must stay where it is, whatever it holds."""
    if folder.parts[:1] == ("~",):
        return "begins with a ~ that no shell has replaced: write the path out"
    if not folder.is_dir() or folder.is_symlink():
        return None
    home = os.path.expanduser("~")
    places = [("is the working folder, or holds it", os.getcwd()), ("is the home folder, or holds it", home)]
    if source is not None:
        places.append(("holds the sources of the build", os.path.realpath(source)))
    for why, place in places:
        if any(_same(folder, one) for one in (Path(place), *Path(place).parents)):
            return why
    return "is a mount point: name a folder in it" if os.path.ismount(folder) else None


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.samefile(other)


def _foreign(folder: Path) -> str | None:
    """Why a folder is not ours."""
    if folder.is_symlink():
        return "is a symbolic link"
    if not folder.exists():
        return None
    if not folder.is_dir():
        return "is not a folder"
    names = sorted(os.listdir(folder))
    if not names:
        return None
    if not _is_mark(folder / MARK):
        return "is neither empty nor the output of an earlier build"
    others = [name for name in names if name not in TOP | _LITTER]
    return f"holds {others[0]!a}, which no build wrote: move it away first" if others else None


def _is_mark(file: Path) -> bool:
    """Whether it says what ours say; any file may have that name."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > _MARK_SIZE:
        return False
    try:
        facts = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return False
    if not isinstance(facts, dict) or not isinstance(facts.get("inputs"), dict):
        return False
    kinds = {"compiler": str, "abi": int, "target": str, "app": str}
    known = all(isinstance(facts.get(key), kind) for key, kind in kinds.items())
    return known and re.fullmatch(r"\d+\.\d+\S*", facts["compiler"]) is not None


def write(folder: Path, files: Mapping[str, bytes], trees: Mapping[str, Path] | None = None) -> None:
    """Make ``folder`` hold exactly ``files`` and copies of ``trees`` (target path → source file).

    Raises:
        CompileError: it must not be replaced, or cannot be written.
    """
    check_folder(folder)
    place = _absolute(folder)
    try:
        with _parents(place):
            _write(place, files, trees or {})
    except OSError as error:
        raise refused(folder, error) from None


@contextlib.contextmanager
def _parents(folder: Path) -> Iterator[None]:
    """Make the folders above; those that were not there before go again where the build fails."""
    missing = [one for one in folder.parents if not one.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for one in missing:
            with contextlib.suppress(OSError):
                one.rmdir()
        raise


def _write(folder: Path, files: Mapping[str, bytes], trees: Mapping[str, Path]) -> None:
    with staging(folder.parent) as made:
        for inner in sorted({(made / path).parent for path in (*files, *trees)}):
            inner.mkdir(parents=True, exist_ok=True)
        linked = {made / path for path, data in files.items() if _linked(folder / path, made / path, data)}
        for path, data in files.items():
            if made / path not in linked:
                (made / path).write_bytes(data)
        for path, source in trees.items():
            shutil.copyfile(source, made / path)
        _set_modes(made, folder)
        exchange.synced(made, below=True, known=linked)
        exchange.put(made, folder)
        with held(made) as ours:  # else a build beside us has begun to sweep the old tree away
            why = _foreign(made) if ours else None
            if why is not None:  # put there since we looked: it goes back
                exchange.put(made, folder)
                raise CompileError(FOREIGN_FOLDER.at(NOWHERE, path=folder, why=why))
        exchange.synced(folder.parent)


def _linked(old: Path, new: Path, data: bytes) -> bool:
    """Whether ``old``, which holds ``data`` already, could be given the name ``new``, too.

    Of a build that was saved again nearly all files are the same, and these need not be written and synced.
    What is not ours alone is left alone: another name of the same file may be somebody's backup.
    """
    try:
        found = old.lstat()
        ours = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_uid == os.geteuid()
        if not ours or found.st_size != len(data) or old.read_bytes() != data:
            return False
        os.link(old, new)
    except (OSError, AttributeError):  # no such file, no such links here, or no user ids
        return False
    return True


def _set_modes(made: Path, folder: Path) -> None:
    """The same for everybody; who wants the folder to himself sets its own mode, which stays."""
    for inner, _, files in os.walk(made):
        os.chmod(inner, 0o755)
        for file in files:
            os.chmod(os.path.join(inner, file), 0o644)
    with contextlib.suppress(FileNotFoundError):
        os.chmod(made, os.stat(folder).st_mode & 0o777)
