"""Spans and the text of their files → code frames: numbered lines with what is meant underlined.

::

      --> app.py:9:10
       |
     5 | @app.get("/users/{id}")
       |          ------------- `by_id` answers GET /users/{id:int}
    ...
     9 | @app.get("/users/{number:int}")
       |          ^^^^^^^^^^^^^^^^^^^^^ `by_number` answers GET /users/{number:int}
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from conduitc.diagnostics import Diagnostic, Fix
from conduitc.ir.secrets import masked
from conduitc.span import Span

#: ``paint(text, style)``; the styles are those of ``report.text``.
Paint = Callable[[str, str], str]
#: The lines of each file: split once, for a report may have a frame for every one of them.
Lines = Mapping[str, Sequence[str]]

_TAB = "    "
#: Characters shown of a line that is longer, and how many of them before the mark.
_WINDOW, _BEFORE = 160, 60


class Mark(Struct, frozen=True):
    """One place to underline, and what to write beside it."""

    span: Span
    text: str | None
    main: bool


def frames(diagnostic: Diagnostic, lines: Lines, paint: Paint) -> Iterator[str]:
    """The frame of the main place, then of the places in other files."""
    marks = [Mark(diagnostic.span, diagnostic.label, True)]
    marks += [Mark(label.span, label.text, False) for label in diagnostic.labels]
    by_file: dict[str, list[Mark]] = {}
    for mark in marks:
        by_file.setdefault(mark.span.file, []).append(mark)
    width = max(len(str(mark.span.line)) for mark in marks)
    for file, some in by_file.items():
        if file:
            arrow = "-->" if some[0].main else ":::"
            yield f"{' ' * width}{paint(arrow, 'gutter')} {some[0].span}"
            yield from _frame(some, lines.get(file, ()), width, paint)


def pasted(fix: Fix, files: Lines, paint: Paint) -> Iterator[str]:
    """The line of a fix as it stands and as it will be."""
    lines = files.get(fix.span.file, ())
    number = fix.span.line
    if not 1 <= number <= len(lines) or fix.span.end_line != number:
        yield f"  {fix.replacement}"
        return
    line = lines[number - 1]
    fixed = line[: fix.span.column - 1] + fix.replacement + line[fix.span.end_column - 1 :]
    gutter = len(str(number))
    yield f"{' ' * gutter} {paint('|', 'gutter')}"
    for sign, style, one in (("-", "removed", line), ("+", "added", fixed)):
        shown, _ = cells(masked(_window(one, fix.span.column)[0]))
        yield f"{paint(str(number), 'gutter')} {paint(f'{sign} {shown}'.rstrip(), style)}"


def cells(text: str) -> tuple[str, list[int]]:
    """``text`` as a terminal shows it, and the column at which each character starts (and the text ends).

    Tabs are spread, wide characters count two, combining ones nothing, and what cannot be printed is
    replaced: a source file must not steer the terminal.
    """
    shown, starts, at = [], [], 0
    for character in text:
        starts.append(at)
        if character == "\t":
            character = _TAB
        elif not character.isprintable():
            character = "\N{REPLACEMENT CHARACTER}"
        shown.append(character)
        at += len(character) if character.isascii() else _width(character)
    return "".join(shown), [*starts, at]


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _frame(marks: list[Mark], lines: Sequence[str], width: int, paint: Paint) -> Iterator[str]:
    bar = f"{' ' * width} {paint('|', 'gutter')}"
    known = [mark for mark in marks if 1 <= mark.span.line <= len(lines)]
    yield from (f"{bar} {mark.span}: {mark.text}" for mark in marks[1:] if mark not in known)
    if not known:
        return
    yield bar
    last = None
    for number in sorted({mark.span.line for mark in known}):
        if last is not None and number > last + 2:
            yield paint("...", "gutter")
        elif last is not None and number == last + 2:
            yield _line(last + 1, _window(lines[last], 1)[0], width, paint)
        last = number
        yield from _marked(number, lines[number - 1], known, width, paint)


def _marked(number: int, line: str, marks: Iterable[Mark], width: int, paint: Paint) -> Iterator[str]:
    here = [mark for mark in marks if mark.span.line == number]
    part, offset = _window(line, min(mark.span.column for mark in here))
    yield _line(number, part, width, paint)
    _, starts = cells(part)
    for mark in sorted(here, key=lambda mark: mark.span):
        begin = min(max(mark.span.column - 1 - offset, 0), len(part))
        end = mark.span.end_column - 1 - offset if mark.span.end_line == number else len(part.rstrip())
        left, right = starts[begin], starts[min(max(end, begin), len(part))]
        underline = ("^" if mark.main else "-") * max(right - left, 1)
        said = f"{underline} {mark.text}" if mark.text else underline
        style = "main" if mark.main else "other"
        yield f"{' ' * width} {paint('|', 'gutter')} {' ' * left}{paint(said, style)}"


def _line(number: int, text: str, width: int, paint: Paint) -> str:
    return f"{paint(f'{number:>{width}} |', 'gutter')} {cells(masked(text))[0]}".rstrip()


def _window(line: str, column: int) -> tuple[str, int]:
    """What is shown of ``line``, and how many characters of it were left out before that."""
    if len(line) <= _WINDOW:
        return line, 0
    start = max(0, min(column - 1 - _BEFORE, len(line) - _WINDOW))
    part = line[start : start + _WINDOW]
    if start:
        part = "…" + part[1:]
    return (part[:-1] + "…" if start + _WINDOW < len(line) else part), start
