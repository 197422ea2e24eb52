"""Where the files of a program are: pure questions to the disk, answered without reading any source.

The frontend and ``copied`` ask them to make a build, ``unchanged`` asks them again to see whether the same
files would be found. Imports next to nothing.
"""

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from os.path import exists, isdir, isfile
from pathlib import Path
from typing import Any

#: Its presence says that a folder was made by us and may be replaced.
MARK = "conduit-build.json"
SETTINGS = "pyproject.toml"
#: What people decided about mined patterns.
PATTERNS = "conduit-patterns.toml"
#: Files of tests that are looked at.
TESTS = 400
_NEVER_COPIED = (".env", "__pycache__")


def split(target: str) -> tuple[str, str | None]:
    """``file:variable`` or ``module:variable`` as its two parts; anything else has no variable."""
    text, _, variable = target.rpartition(":")
    if text and variable.isidentifier() and not exists(target):
        return text, variable
    return target, None


def entry_file(text: str) -> Path | None:
    """The file of the program that ``text`` names: a file, a package or a module."""
    path = Path(text)  # os.path asks without raising, whatever a name is like
    if isdir(path):
        path = path / "__init__.py"
        return path.resolve() if isfile(path) else None
    if isfile(path):
        return path.resolve()
    dotted = text.split(".")
    if all(part.isidentifier() for part in dotted):
        for base in (Path(), Path("src")):
            inner = base.joinpath(*dotted)
            for candidate in (inner / "__init__.py", inner.with_suffix(".py")):
                if isfile(candidate):
                    return candidate.resolve()
    return None


def root_and_names(file: Path) -> tuple[Path, list[str]]:
    """The folder that a file is imported from, and the parts of its import name: the top of its packages."""
    names = [] if file.name == "__init__.py" else [file.stem]
    folder = file.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        names.insert(0, folder.name)
        folder = folder.parent
    return folder, names


def search(root: Path | str, name: str) -> tuple[str, bool] | None:
    """The file of an import name below ``root``, and whether it is a package; a namespace has no file."""
    # pathlib would cost ten times as much, and every module of the project comes by here
    relative = name.replace(".", "/")
    for inner in (relative, f"src/{relative}"):
        if isfile(f"{root}/{inner}/__init__.py"):
            return f"{inner}/__init__.py", True
        if isfile(f"{root}/{inner}.py"):
            return f"{inner}.py", False
    if name in sys.stdlib_module_names:
        return None
    for inner in (relative, f"src/{relative}"):
        folder = f"{root}/{inner}"
        if isdir(folder) and os.access(folder, os.R_OK) and any(map(_is_source, os.listdir(folder))):
            return "", True
    return None


def _is_source(name: str) -> bool:
    return name.endswith(".py")


def is_extension(root: Path, name: str) -> bool:
    """Whether a module is there, but not as Python source."""
    folder, _, last = name.rpartition(".")
    inner = Path(*folder.split(".")) if folder else Path()
    bases = (root / inner, root / "src" / inner)
    return any(found for base in bases for end in (".*so", ".*pyd") for found in base.glob(last + end))


def python_files(package: Path) -> Iterator[Path]:
    """The Python files of a package, less hidden ones, environments and earlier builds."""
    for name, folders, files in os.walk(package):
        here = Path(name)
        folders[:] = [one for one in sorted(folders) if not _left_out(here / one)]
        yield from (here / file for file in sorted(files) if file.endswith(".py") and file[0] != ".")


def _left_out(folder: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name in _NEVER_COPIED
    return hidden or (folder / "pyvenv.cfg").exists() or (folder / MARK).exists()


def home_of(root: Path) -> Path:
    """Where pyproject.toml stands: beside the modules, or beside their ``src/``."""
    beside = root.name == "src" and not (root / SETTINGS).is_file()
    return root.parent if beside and (root.parent / SETTINGS).is_file() else root


def seen_from(root: Path, file: Path) -> str:
    """The path of a file of the program, from its root."""
    return Path(os.path.relpath(file, root)).as_posix()


def test_files(root: Path) -> list[str]:
    """The tests beside a program, from its root: ``test_*.py`` and ``*_test.py`` there and in ``tests/``; the
    first ones."""
    home = home_of(root)
    beside = [path for path in sorted(home.glob("*.py")) if path.is_file()]
    inner = (path for name in ("test", "tests") for path in python_files(home / name))
    named = (
        path for path in chain(beside, inner) if path.name.startswith("test_") or path.stem.endswith("_test")
    )
    return [seen_from(root, path) for path in islice(named, TESTS)]


def included(home: Path, patterns: list[str]) -> Iterator[Path]:
    """Files that ``[tool.conduit] include`` names; a folder means all below it."""
    for pattern in patterns:
        for found in sorted(home.glob(pattern)):
            for path in sorted(found.rglob("*")) if found.is_dir() else [found]:
                inner = path.relative_to(home)
                ours = any((home / one / MARK).exists() for one in inner.parents)
                if path.is_file() and not ours and not any(p.startswith(_NEVER_COPIED) for p in inner.parts):
                    yield path


def patterns_of(home: Path) -> Any:
    """What pyproject.toml says under ``[tool.conduit] include``; an empty list where it says nothing.

    Raises:
        OSError, UnicodeDecodeError, tomllib.TOMLDecodeError: the file cannot be read.
        AttributeError: it is no table there.
    """
    import tomllib

    try:
        settings = tomllib.loads((home / SETTINGS).read_text("utf-8"))
    except FileNotFoundError:
        return []
    return settings.get("tool", {}).get("conduit", {}).get("include", [])


def copied_whole(root: Path, packages: Sequence[str]) -> Iterator[str]:
    """Paths from ``root`` of what is copied though no source names it: all Python files of packages, and data
    that the settings include."""
    for package in packages:
        for path in python_files(root / package):
            yield path.relative_to(root).as_posix()
    home = home_of(root)
    for path in included(home, patterns_of(home)):
        yield Path(os.path.relpath(path, root)).as_posix()


def sha256_of(path: Path) -> str | None:
    """Of a file's content; None where there is no file that can be read."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
