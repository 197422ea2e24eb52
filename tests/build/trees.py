"""Whole trees as values, and builds as commands; what the tests of output share."""

import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.cli.servers import environment

#: Everything long runs in full under this.
SOAK = os.environ.get("CONDUIT_SOAK") == "1"
#: What makes a folder ours.
MARKED = b'{"compiler": "0.1.0", "abi": 1, "target": "python", "app": "app:app", "inputs": {}}'


def tree(folder: Path) -> dict[str, tuple[int, str]]:
    """Path → mode and digest (a folder's is empty); empty where nothing is there."""
    if not os.path.lexists(folder):
        return {}
    return {".": _value(folder)} | {
        path.relative_to(folder).as_posix(): _value(path) for path in folder.rglob("*")
    }


def _value(path: Path) -> tuple[int, str]:
    found = path.lstat()
    content = path.read_bytes() if stat.S_ISREG(found.st_mode) else b""
    return found.st_mode, hashlib.sha256(content).hexdigest() if content else ""


def beside(folder: Path) -> set[str]:
    """What else is in the parent."""
    return {path.name for path in folder.parent.iterdir()} - {folder.name}


def build_command(app: Path, folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "conduitc", "build", str(app), "-o", str(folder), "-q", *options]


def conduitc(
    *arguments: str | Path, folder: Path, given: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command, its cache in ``folder`` unless ``given`` says otherwise."""
    return subprocess.run(
        [sys.executable, "-m", "conduitc", *map(str, arguments)],
        cwd=folder,
        env={**environment(), "XDG_CACHE_HOME": str(folder / "cache"), **(given or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
