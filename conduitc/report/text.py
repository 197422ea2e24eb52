"""Diagnostics → text for people: message, code frames, help, fix, and a line that counts them."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from conduitc.diagnostics import Diagnostic
from conduitc.report.frame import Lines, Paint, frames, pasted

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "gutter": "34",
    "main": "1;31",
    "other": "34",
    "strong": "1",
    "added": "32",
    "removed": "31",
}


def render(
    diagnostics: Iterable[Diagnostic], texts: Mapping[str, str] | None = None, *, color: bool = False
) -> str:
    """All diagnostics and the counts. ``texts`` holds each file's source; without it no line is shown."""
    paint = _paint if color else _plain
    found = tuple(diagnostics)
    lines = {file: text.split("\n") for file, text in (texts or {}).items()}
    parts = ["\n".join(_one(diagnostic, lines, paint)) for diagnostic in found]
    return "\n\n".join([*parts, counted(found)])


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    """``1 error, 2 warnings, 3 hints``, or that there is none."""
    found = Counter[str](diagnostic.severity for diagnostic in diagnostics)
    words = [("error", "error"), ("warning", "warning"), ("info", "hint")]
    parts = [f"{found[key]} {word}{'s' if found[key] > 1 else ''}" for key, word in words if found[key]]
    return ", ".join(parts) or "no problems found"


def wants_color(stream: TextIO) -> bool:
    """Colour is for terminals, and never where ``NO_COLOR`` is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _one(diagnostic: Diagnostic, lines: Lines, paint: Paint) -> Iterator[str]:
    head = paint(f"{diagnostic.severity}[{diagnostic.rule.code}]", diagnostic.severity)
    yield f"{head}: {paint(_printable(diagnostic.message), 'strong')}"
    yield from frames(diagnostic, lines, paint)
    if diagnostic.help:
        yield f"{paint('help', 'strong')}: {_printable(diagnostic.help)}"
    if diagnostic.fix:
        yield f"{paint('fix', 'strong')}: {_printable(diagnostic.fix.title)}"
        yield from pasted(diagnostic.fix, lines, paint)


def _printable(text: str) -> str:
    """Messages quote the program; its control characters are not for the terminal."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def _paint(text: str, style: str) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def _plain(text: str, style: str) -> str:
    return text
