"""Diagnostics → text for people: message, code frames, help, fix, and a line that counts them."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from conduitc.diagnostics import Diagnostic
from conduitc.report.cells import wrapped
from conduitc.report.diff import pasted
from conduitc.report.frame import Lines, Page, frames
from conduitc.span import LINE_END

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
#: Columns below which nothing is gained by wrapping.
_NARROWEST = 20


def render(
    diagnostics: Iterable[Diagnostic],
    texts: Mapping[str, str] | None = None,
    *,
    color: bool = False,
    width: int | None = None,
) -> str:
    """All diagnostics and the counts. ``texts`` holds each file's source; without it no line is shown.

    ``width`` is the terminal's: messages are wrapped to it, lines of code cut around what is marked.
    """
    page = Page(_paint if color else _plain, width and max(width, _NARROWEST))
    found = tuple(diagnostics)
    lines = {file: LINE_END.split(text) for file, text in (texts or {}).items()}
    parts = ["\n".join(_one(diagnostic, lines, page)) for diagnostic in found]
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


def width_for(stream: TextIO) -> int | None:
    """The columns of a terminal, which ``COLUMNS`` overrules; None where nothing limits a line."""
    said = os.environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and int(said):
        return int(said)
    if not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):  # a terminal that does not know, or none below a wrapper
        return None


def _one(diagnostic: Diagnostic, lines: Lines, page: Page) -> Iterator[str]:
    code = f"{diagnostic.severity}[{diagnostic.rule.code}]"
    yield from _paragraph(code, diagnostic.severity, diagnostic.message, "strong", page)
    yield from frames(diagnostic, lines, page)
    if diagnostic.help:
        yield from _paragraph("help", "strong", diagnostic.help, None, page)
    if diagnostic.fix:
        yield from _paragraph("fix", "strong", diagnostic.fix.title, None, page)
        yield from pasted(diagnostic.fix, lines, page)


def _paragraph(head: str, style: str, text: str, body: str | None, page: Page) -> Iterator[str]:
    """``head: text``, wrapped. Painted after that: colours take no room."""
    first, *rest = wrapped(f"{head}: {text}", page.width)
    painted = page.paint(head, style) + ": "
    said = first[len(head) + 2 :]
    yield (painted + (page.paint(said, body) if body and said else said)).rstrip()
    for line in rest:
        yield f"  {page.paint(line[2:], body)}" if body else line


def _paint(text: str, style: str) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def _plain(text: str, style: str) -> str:
    return text
