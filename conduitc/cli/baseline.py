"""The baseline of ``check`` on disk: read, compared with, written whole."""

import os
from collections.abc import Callable
from pathlib import Path

from conduitc.cli.findings import Found
from conduitc.cli.out import Refused
from conduitc.replacing import replace
from conduitc.report.baseline import Baseline, Compared, NotABaseline, compare, read, written


def load(file: Path, command: str) -> Baseline:
    """The baseline in ``file``; ``command`` is what would make one.

    Raises:
        Refused: there is none, or it is something else.
    """
    try:
        return read(_content(file))
    except FileNotFoundError:
        raise Refused(f"there is no baseline {file}; this makes it: {command}") from None
    except OSError as error:
        raise Refused(f"the baseline {file} cannot be read: {error.strerror}") from None
    except NotABaseline as error:
        raise Refused(f"{file} {error}") from None


def against(baseline: Baseline, file: Path, found: Found) -> Compared:
    """The findings compared with the baseline in ``file``."""
    named = _naming(file)
    seen = {named(one) for one in found.files}

    def gone_from(name: str) -> bool:
        return name in seen or not (file.parent / name).exists()

    return compare(found.diagnostics, found.lines, baseline, named, gone_from)


def save(file: Path, found: Found) -> None:
    """Write a baseline of these findings: the old file or the new one, never a part.

    Raises:
        Refused: the file is something else than a baseline, or cannot be written.
    """
    text = written(found.diagnostics, found.lines, _naming(file))
    try:
        if file.exists():
            read(_content(file))
        replace(file.resolve(), text.encode())
    except NotABaseline as error:
        raise Refused(f"{file} {error}; it is left as it is") from None
    except OSError as error:
        raise Refused(f"the baseline {file} cannot be written: {error.strerror}") from None


def _content(file: Path) -> bytes:
    """The bytes of a plain file: a device or a pipe may never end."""
    if file.exists() and not file.is_file():
        raise NotABaseline("is no file")
    return file.read_bytes()


def _naming(file: Path) -> Callable[[str], str]:
    """Files as seen from the folder of the baseline, so that it holds wherever the command is run."""
    folder = file.resolve().parent
    return lambda name: Path(os.path.relpath(os.path.realpath(name), folder)).as_posix()
