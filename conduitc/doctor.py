"""This machine → what conduitc finds on it, what is missing, and how to get it. Nothing is changed."""

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from msgspec import Struct

from conduitc import __version__, toolchain
from conduitc.cache import user_folder

Status = Literal["ok", "optional", "missing"]

#: Below this many bytes in the temporary folder a native build may fail.
_ROOM = 200 << 20


class Finding(Struct, frozen=True):
    """One thing looked for. ``missing`` ones keep commands from working; ``get`` says what to do."""

    name: str
    status: Status
    found: str
    get: str | None = None


def examine() -> tuple[Finding, ...]:
    """Everything that was looked for."""
    return (
        Finding("conduitc", "ok", __version__),
        _python(),
        *_required(),
        _runtime(),
        _compiler(),
        _protocol(),
        *_optional(),
        _cache(),
        _temporary(),
    )


def _python() -> Finding:
    found = f"{platform.python_implementation()} {platform.python_version()}"
    if platform.python_implementation() != "CPython" or sys.version_info < (3, 11):
        return Finding("Python", "missing", found, "install CPython 3.11 or later")
    return Finding("Python", "ok", found)


def _required() -> Iterator[Finding]:
    """The distributions that conduitc declares, by its own metadata: there is no second list."""
    for name, marker in _declared():
        if "extra" not in marker:
            yield _distribution(name, "missing", f"pip install {name}")


def _declared() -> list[tuple[str, str]]:
    """Names of what conduitc needs, each with its marker."""
    try:
        lines = importlib.metadata.requires("conduitc") or []
    except importlib.metadata.PackageNotFoundError:
        lines = ["cython", "jinja2", "libcst", "msgspec", "setuptools", "typer", "uvicorn"]
    split = [line.partition(";") for line in lines]
    return [(head.partition(">=")[0].partition("[")[0].strip(), marker) for head, _, marker in split]


def _distribution(name: str, status: Status, get: str) -> Finding:
    try:
        return Finding(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, status, "not installed", get)


def _runtime() -> Finding:
    """The package `conduit` must be ours: another distribution of that name exists."""
    name = "the package conduit"
    places = _places()
    if any((place / "_abi.py").is_file() for place in places):
        others = importlib.metadata.packages_distributions().get("conduit", [])
        foreign = sorted(set(others) - {"conduitc"})
        if foreign:
            get = f"pip uninstall {' '.join(foreign)}, then pip install --force-reinstall conduitc"
            return Finding(name, "missing", f"shared with {', '.join(foreign)}", get)
        return Finding(name, "ok", "ours")
    if find_spec("conduit") is None:
        return Finding(name, "missing", "not installed", "pip install --force-reinstall conduitc")
    get = "pip uninstall conduit, then pip install --force-reinstall conduitc; or move a folder of that name"
    return Finding(name, "missing", "another package of that name is found first", get)


def _places() -> list[Path]:
    """The folders of the package `conduit`; none where it is not installed."""
    spec = find_spec("conduit")
    return [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []


def _compiler() -> Finding:
    """Without one everything works, with the Python target."""
    why = toolchain.available()
    if why is None:
        return Finding("C compiler", "ok", "compiles (Cython target)")
    return Finding("C compiler", "optional", f"{why}: builds use the Python target", _how_to_compile())


def _protocol() -> Finding:
    """Without it a build is served over uvicorn's own protocol."""
    name = "compiled protocol"
    if any(toolchain.natives_of(place) for place in _places()):
        return Finding(name, "ok", "there (conduit.http:Protocol)")
    get = "with a C compiler: pip install --force-reinstall --no-deps conduitc"
    return Finding(name, "optional", "not compiled: requests go through uvicorn's own", get)


def _how_to_compile() -> str:
    if sys.platform == "darwin":
        return "xcode-select --install"
    if sys.platform == "win32":
        return "install the Visual Studio Build Tools with C++"
    for tool, command in (
        ("apt-get", "apt-get install gcc libc6-dev python3-dev"),
        ("dnf", "dnf install gcc python3-devel"),
        ("apk", "apk add gcc musl-dev python3-dev"),
        ("pacman", "pacman -S gcc"),
        ("zypper", "zypper install gcc python3-devel"),
    ):
        if shutil.which(tool):
            return command
    return "install gcc or clang, and Python's header files"


def _optional() -> Iterator[Finding]:
    if sys.platform != "win32":
        yield _distribution("uvloop", "optional", "pip install 'conduitc[fast]': a faster event loop")
    yield _distribution("httptools", "optional", "pip install 'conduitc[fast]': a faster HTTP parser")


def _cache() -> Finding:
    """Where native modules are kept from one build to the next."""
    place = user_folder()
    if place is None:
        return Finding(
            "build cache", "optional", "nowhere to put it", "set XDG_CACHE_HOME to a folder of yours"
        )
    return _writable("build cache", place, "every build compiles anew")


def _temporary() -> Finding:
    place = Path(tempfile.gettempdir())
    free = shutil.disk_usage(place).free
    if free < _ROOM:
        get = f"free some space, or set TMPDIR to a folder with {_ROOM >> 20} MiB"
        return Finding("temporary folder", "missing", f"{place}: {free >> 20} MiB free", get)
    return _writable("temporary folder", place, "nothing can be compiled")


def _writable(name: str, place: Path, otherwise: str) -> Finding:
    """The folder, or the nearest one above it that is there, takes files."""
    there = place
    while not there.exists() and there != there.parent:
        there = there.parent
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Finding(name, "ok", str(place))
    return Finding(name, "optional", f"{place} cannot be written: {otherwise}", "make it a folder of yours")
