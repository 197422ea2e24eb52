"""What a build's bytes depend on besides the program: compiler, Python, installed packages, C compiler.

``told`` is what is written into a build: portable, without a path. The digests are for this machine alone and
change with anything that might matter. Imports next to nothing.
"""

import hashlib
import os
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec

#: Of the environment, what a compiler needs to be found and to work.
_KEPT = (
    *("PATH", "CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "LDSHARED", "AR", "ARCHFLAGS", "SDKROOT"),
    *("MACOSX_DEPLOYMENT_TARGET", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "COMSPEC", "APPDATA"),
    *("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMDATA", "INCLUDE", "LIB", "LIBPATH", "LD_LIBRARY_PATH"),
)
_FLAGS = (
    *("CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "LDSHARED", "AR", "ARCHFLAGS", "SDKROOT"),
    *("MACOSX_DEPLOYMENT_TARGET", "INCLUDE", "LIB", "LIBPATH"),
)
#: Of Python's own configuration, what distutils hands to the compiler.
_CONFIGURED = ("CC", "CFLAGS", "OPT", "CCSHARED", "LDSHARED", "LDFLAGS", "AR", "ARFLAGS", "EXT_SUFFIX")
_SOURCES = (".py", ".jinja", ".json", ".pyx", ".pxd", ".pyi", ".so", ".pyd")
_SECONDS = 30


@cache
def compiler_digest() -> str:
    """The sha256 of conduitc's own files and the runtime's: what they do changes while they are worked on.

    Of those that this process was started with, as far as one can tell: what it has imported stays.
    """
    found = hashlib.sha256()
    for name in ("conduitc", "conduitc.templates", "conduit"):
        spec = find_spec(name)
        for place in spec.submodule_search_locations or () if spec else ():
            _add_folder(found.update, name, place)
    return found.hexdigest()


def _add_folder(add: Callable[[bytes], None], name: str, place: str) -> None:
    for folder, folders, files in os.walk(place):
        folders[:] = sorted(one for one in folders if one not in ("__pycache__", "templates"))
        inner = folder[len(place) :].replace(os.sep, "/")
        for file in sorted(files):
            if file.endswith(_SOURCES):
                with open(os.path.join(folder, file), "rb") as source:
                    data = source.read()
                add(f"{name}{inner}/{file} {len(data)}\n".encode())
                add(data)


def python_digest() -> str:
    """This Python, and the names and versions of all that is installed for it."""
    parts = [sys.version, sysconfig.get_platform(), sys.implementation.cache_tag or ""]
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        parts += sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def c_compiler_digest() -> str:
    """The C compiler's own words on its version, and all flags that reach it."""
    command = c_compiler()
    include = os.path.join(sysconfig.get_path("include"), "Python.h")
    environment = [(name, os.environ.get(name)) for name in _FLAGS]
    configured = [(name, sysconfig.get_config_var(name)) for name in _CONFIGURED]
    libc = os.confstr("CS_GNU_LIBC_VERSION") if "CS_GNU_LIBC_VERSION" in _confstr_names() else None
    known = (command, c_compiler_version(), libc, os.path.isfile(include), environment, configured)
    return hashlib.sha256(repr(known).encode("utf-8", "surrogateescape")).hexdigest()


def _confstr_names() -> Sequence[str]:
    return tuple(getattr(os, "confstr_names", ()))


def c_compiler() -> list[str]:
    """The command that runs it."""
    return shlex.split(os.environ.get("CC") or str(sysconfig.get_config_var("CC") or ""))


def c_compiler_version() -> str:
    """What it says when asked for it; empty where it does not run."""
    try:
        asked = subprocess.run(
            [*c_compiler(), "--version"],
            env=c_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.decode("utf-8", "replace")


def c_environment() -> dict[str, str]:
    """What of the environment a compiler is given."""
    kept = {name: os.environ[name] for name in _KEPT if os.environ.get(name)}
    return kept | {"PYTHONHASHSEED": "0", "LC_ALL": "C"}


def told(native: bool) -> dict[str, str]:
    """The toolchain as a build names it; ``native`` adds what made its native modules."""
    from importlib.metadata import version

    names = ["jinja2", "libcst", "msgspec", *(["cython", "setuptools"] if native else [])]
    facts = {
        "python": ".".join(map(str, sys.version_info[:3])),
        "implementation": sys.implementation.cache_tag or sys.implementation.name,
        "platform": sysconfig.get_platform(),
        **{name: version(name) for name in names},
    }
    if native:
        said = c_compiler_version().splitlines()
        facts["compiler"] = said[0] if said else "unknown"
        facts["flags"] = _flags_digest()
    return facts


def _flags_digest() -> str:
    """Of what was asked for by the environment: it may hold paths, so its digest has to do."""
    given = [f"{name}={os.environ[name]}" for name in _FLAGS if os.environ.get(name)]
    return hashlib.sha256("\n".join(given).encode("utf-8", "surrogateescape")).hexdigest()
