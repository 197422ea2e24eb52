"""What a command prints, whatever stands at the other end: a pipe, a full disk, an old terminal, nothing."""

import os
import sys


class Refused(Exception):
    """What is asked cannot be done, in a line for the person who asked."""


def prepare() -> None:
    """Characters that the terminal's encoding lacks are escaped; they must not end a command."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed before we were started: nothing else may get its number
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
        getattr(sys, name).reconfigure(errors="backslashreplace")


def put(text: str, end: str = "\n") -> None:
    """Print a command's answer. A reader who goes away has what he wanted: the exit code stays.

    Raises:
        SystemExit: 2, where the answer cannot be written.
    """
    if not finished(text + end):
        raise SystemExit(2)


def finished(text: str = "") -> bool:
    """Whether ``text``, and all that was printed before, has gone out; where it cannot, that is said."""
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        discard()
    except OSError as error:
        discard()
        print(f"conduitc: the output cannot be written: {error.strerror}", file=sys.stderr)
        return False
    return True


def put_json(text: str) -> None:
    """JSON is UTF-8 wherever it goes."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    put(text)


def discard() -> None:
    """From now on stdout goes nowhere, and so does what is still in its buffer."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)
