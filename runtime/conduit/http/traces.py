"""Tracebacks as the program was written: what a log shows of an error.

In: an exception, and the id of the route it interrupted. Out: the same exception, its traceback and those it
came from made anew: the runtime's own frames are left out, frames of generated modules stand where the route
is declared, as ``_conduit/sourcemap.json`` says, and the user's are as they were. Imported with the first
error that is logged.
"""

from __future__ import annotations

import linecache
import logging
import os
import sys
from functools import cache
from types import FunctionType, TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import TypeVar

    E = TypeVar("E", bound=BaseException)
    #: A frame, the instruction it had come to, and its line.
    Step = tuple[FrameType, int, int]

#: The runtime itself, and what imports modules for whoever asks.
_LEFT_OUT = ("conduit", "importlib", "_frozen_importlib", "_frozen_importlib_external")
#: Stands for an instruction where there is none: the line counts, and nothing in it is underlined.
_NO_INSTRUCTION = -1


def told(error: E, route: str | None = None) -> E:
    """``error``, told by the user's own lines. A logger ``conduit`` set to DEBUG keeps every frame."""
    if logging.getLogger("conduit").level == logging.DEBUG:
        return error
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    for one in waiting:
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            one.__traceback__ = _cleaned(one.__traceback__, route)
            while one.__context__ is not None and _is_signal(one.__context__, route):
                one.__context__ = one.__context__.__context__
            waiting += [one.__cause__, one.__context__]
            waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
    return error


def _is_signal(error: BaseException, route: str | None) -> bool:
    """Is it what parts of the runtime tell each other, and nothing to the user?"""
    return type(error).__module__.startswith("conduit.") and not [*_steps(error.__traceback__, route)]


def printable(text: str) -> str:
    """``text`` as one line: what a client sent must not look like a line of the log."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _cleaned(trace: TracebackType | None, route: str | None) -> TracebackType | None:
    """The traceback without what is not the user's; all of it where nothing is."""
    made = None
    for frame, instruction, line in reversed([*_steps(trace, route)]):
        made = TracebackType(made, frame, instruction, line)
    return made or trace


def _steps(trace: TracebackType | None, route: str | None) -> Iterator[Step]:
    while trace is not None:
        frame = trace.tb_frame
        name = frame.f_globals.get("__name__") or ""
        package, _, part = name.rpartition(".")
        if _is_generated(package):
            yield from _declared(package, part, trace.tb_lineno, route)
        elif package.partition(".")[0] not in _LEFT_OUT and name not in _LEFT_OUT:
            _mask(frame)
            yield frame, trace.tb_lasti, trace.tb_lineno
        trace = trace.tb_next


def _is_generated(package: str) -> bool:
    """No module of the user's can be called so."""
    return package == "_conduit" or package.startswith("_conduit_memory_")


def _declared(package: str, part: str, line: int, route: str | None) -> Iterator[Step]:
    """The declaration that a line of a generated module was made from."""
    known = _map_of(package)
    place = None
    if part == "adapters" and route is not None:
        place = known.get("routes", {}).get(route)
    elif part == "wiring":
        rows = [row for row in known.get("lines", {}).get("wiring.py", ()) if row[0] <= line]
        place = rows[-1][1:] if rows else None
    if place is not None:
        file, at, _ = place
        name = "declaration" if route is None else printable(route.partition("#")[2])
        yield _frame(known, file, name), _NO_INSTRUCTION, at


def _frame(known: dict[str, Any], file: str, name: str) -> FrameType:
    """A frame that says it is of ``file``; its variables are nobody's."""
    module = sys.modules.get(known.get("modules", {}).get(file, ""))
    path = getattr(module, "__file__", None) or file
    code = _here.__code__.replace(co_filename=path, co_name=name, co_qualname=name)
    frame: FrameType = FunctionType(code, {"__name__": file, "__file__": path, "sys": sys})()
    _mask(frame, module)
    return frame


def _here() -> FrameType:
    return sys._getframe()


@cache
def _map_of(package: str) -> dict[str, Any]:
    """The source map of a generated package; an empty one where it cannot be read."""
    from msgspec.json import decode

    module = sys.modules.get(package)
    text = getattr(module, "sourcemap", None)
    try:
        if text is None:
            with open(os.path.join(os.path.dirname(module.__file__ or ""), "sourcemap.json"), "rb") as file:  # type: ignore[union-attr]  # its frame is at hand
                text = file.read()
        known: dict[str, Any] = decode(text)
    except (OSError, ValueError, AttributeError):
        return {}
    return known


def _mask(frame: FrameType, module: Any = None) -> None:
    """Whoever prints a traceback takes lines from ``linecache``: those with secrets lie there masked."""
    names = frame.f_globals if module is None else vars(module)
    path = frame.f_code.co_filename
    for package in [name for name in sys.modules if _is_generated(name)]:
        known = _map_of(package)
        for file, places in known.get("masked", {}).items():
            owner = sys.modules.get(known.get("modules", {}).get(file, ""))
            if owner is not None and vars(owner) is names:
                _mask_lines(path, places)


def _mask_lines(path: str, places: list[list[int]]) -> None:
    entry = linecache.cache.get(path)
    if entry is not None and len(entry) > 1 and entry[1] is None:  # no time of change: put there by hand
        return
    lines = [*linecache.getlines(path)]
    for line, column in places:
        if line <= len(lines):
            text = lines[line - 1].rstrip("\r\n")
            lines[line - 1] = text[: column - 1] + "*" * len(text[column - 1 :]) + "\n"
    linecache.cache[path] = (sum(map(len, lines)), None, lines, path)
