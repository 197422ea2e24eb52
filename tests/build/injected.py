"""Builds in which one request to the system fails, or is the last: each in a process forked for it.

``python -m tests.build.injected FOLDER TARGET error|kill exchange|journal FIRST STEP``. ``FOLDER`` holds
``app.py`` and ``old/``, the build of something else. An audit hook sees every request that changes the disk,
and lets every STEP-th of them fail, or kills there. Prints a JSON line a build.
"""

import contextlib
import errno
import itertools
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conduitc import bytecode, driver, exchange, output, toolchain
from conduitc.__main__ import main
from tests.build.trees import beside, tree

__all__ = ["bytecode", "driver", "toolchain"]  # imported once, before the builds are forked
_CHANGING = {"os.mkdir", "os.rename", "os.chmod", "os.link", "os.remove", "os.rmdir", "os.truncate"}
_CHANGING |= {"os.utime", "shutil.copyfile", "tempfile.mkdtemp", "tempfile.mkstemp"}
_ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


def main_of(
    folder: Path, target: str, fault: str, way: str, first: int, step: int
) -> Iterator[dict[str, Any]]:
    """What came of each build; the first line says how many requests there are."""
    if way == "journal":
        exchange.exchanged = lambda one, other: False
    dist = folder / "out" / "dist"
    shutil.copytree(folder / "old", dist)
    old = tree(dist)
    shutil.rmtree(folder / "cache", ignore_errors=True)
    code, asked, said = _forked(folder, target, fault, 0)
    new = tree(dist)
    assert code == 0 and asked and old != new, said
    yield {"requests": asked.count("\n")}
    for turn, number in enumerate(range(first, asked.count("\n") + 1, step)):
        shutil.rmtree(folder / "out")
        shutil.copytree(folder / "old", dist)
        if turn % 2 == 0:  # with a cache that knows everything much is not even tried
            shutil.rmtree(folder / "cache", ignore_errors=True)
        code, asked, said = _forked(folder, target, fault, number)
        seen = [name for name, one in (("old", old), ("new", new)) if one == tree(dist)]
        output.check_folder(dist)  # as the next build does
        mended = [name for name, one in (("old", old), ("new", new)) if one == tree(dist)]
        yield {
            "number": number,
            "request": asked.strip(),
            "code": code,
            "said": said,
            "tree": seen,
            "mended": mended,
            "beside": sorted(beside(dist)),
        }


def _forked(folder: Path, target: str, fault: str, number: int) -> tuple[int, str, str]:
    """Exit code; the request that failed, or all of them; what was written to stderr."""
    log, said = folder / "log", folder / "said"
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.chdir(folder)
            sys.argv = ["conduitc", "build", "app.py", "-o", "out/dist", "-q", "--target", target]
            os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            _watch(number, fault, os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
            try:
                main()
            except SystemExit as end:
                os._exit(end.code if isinstance(end.code, int) else 0)
        os._exit(99)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, log.read_text(), said.read_text()


def _watch(number: int, fault: str, log: int) -> None:
    """Write down the requests; let the one of that number (from 1) fail, or end there."""
    count = itertools.count(1)

    def seen(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _CHANGING and not (event == "open" and _writes(*arguments)):
            return
        current = next(count)
        if number in (0, current):
            os.write(log, f"{event} {arguments[0]!r}\n".encode())
        if current == number and fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif current == number:
            code = _ERRORS[number % len(_ERRORS)]
            raise OSError(code, os.strerror(code))

    sys.addaudithook(seen)


def _writes(path: object, mode: object, flags: int) -> bool:
    if isinstance(path, int) or str(path) == os.devnull:
        return False
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


if __name__ == "__main__":
    place, kind, failing, how, begin, stride = sys.argv[1:]
    for line in main_of(Path(place), kind, failing, how, int(begin), int(stride)):
        print(json.dumps(line), flush=True)
