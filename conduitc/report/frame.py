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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from conduitc.diagnostics import Diagnostic
from conduitc.report.cells import cells, printable, width_of, window, wrapped
from conduitc.span import Span

#: ``paint(text, style)``; the styles are those of ``report.text``.
Paint = Callable[[str, str], str]
#: The lines of each file: split once, for a report may have a frame for every one of them.
Lines = Mapping[str, Sequence[str]]

#: Columns shown of a longer line, where the terminal sets no narrower limit.
_WINDOW = 160
#: So much is shown on any terminal.
_LEAST = 12


class Page(Struct, frozen=True):
    """What is written on: how it is painted, and how many columns it has (None: as many as it takes)."""

    paint: Paint
    width: int | None = None

    def room(self, gutter: int) -> int:
        """Columns left for a line of code beside a gutter for numbers of so many digits."""
        return _WINDOW if self.width is None else max(_LEAST, min(_WINDOW, self.width - gutter - 3))


class Mark(Struct, frozen=True):
    """One place to underline, and what to write beside it."""

    span: Span
    text: str | None
    main: bool


def frames(diagnostic: Diagnostic, lines: Lines, page: Page) -> Iterator[str]:
    """The frame of the main place, then of the places in other files."""
    marks = [Mark(diagnostic.span, diagnostic.label, True)]
    marks += [Mark(label.span, label.text, False) for label in diagnostic.labels]
    by_file: dict[str, list[Mark]] = {}
    for mark in marks:
        by_file.setdefault(mark.span.file, []).append(mark)
    gutter = max(len(str(mark.span.line)) for mark in marks)
    for file, some in by_file.items():
        if file:
            arrow = "-->" if some[0].main else ":::"
            yield f"{' ' * gutter}{page.paint(arrow, 'gutter')} {printable(str(some[0].span))}"
            yield from _frame(some, lines.get(file, ()), gutter, page)


def _frame(marks: list[Mark], lines: Sequence[str], gutter: int, page: Page) -> Iterator[str]:
    bar = f"{' ' * gutter} {page.paint('|', 'gutter')}"
    known = [mark for mark in marks if 1 <= mark.span.line <= len(lines)]
    for mark in marks[1:]:
        if mark not in known:
            said = f"{mark.span}: {mark.text}"
            yield from (f"{bar} {line}" for line in wrapped(said, page.width and page.room(gutter)))
    if not known:
        return
    yield bar
    last = None
    for number in sorted({mark.span.line for mark in known}):
        if last is not None and number > last + 2:
            yield page.paint("...", "gutter")
        elif last is not None and number == last + 2:
            yield _line(last + 1, window(lines[last], 1, page.room(gutter))[0], gutter, page)
        last = number
        yield from _marked(number, lines[number - 1], known, gutter, page)


def _marked(number: int, line: str, marks: Iterable[Mark], gutter: int, page: Page) -> Iterator[str]:
    here = [mark for mark in marks if mark.span.line == number]
    part, offset = window(line, min(mark.span.column for mark in here), page.room(gutter))
    yield _line(number, part, gutter, page)
    _, starts = cells(part)
    for mark in sorted(here, key=lambda mark: mark.span):
        begin = min(max(mark.span.column - 1 - offset, 0), len(part))
        end = mark.span.end_column - 1 - offset if mark.span.end_line == number else len(part.rstrip())
        left, right = starts[begin], starts[min(max(end, begin), len(part))]
        sign = ("^" if mark.main else "-") * max(right - left, 1)
        style = "main" if mark.main else "other"
        for said in _said(left, sign, mark.text, page.width and page.room(gutter)):
            indent = len(said) - len(said.lstrip(" "))
            bar = f"{' ' * gutter} {page.paint('|', 'gutter')}"
            yield f"{bar} {' ' * indent}{page.paint(said[indent:], style)}"


def _said(left: int, sign: str, text: str | None, room: int | None) -> Iterator[str]:
    """The underline and its label: beside it, or on lines of its own where it does not fit there."""
    label = printable(text or "")
    if room is None or left + len(sign) + 1 + width_of(label) <= room:
        yield f"{' ' * left}{sign} {label}".rstrip()
        return
    yield f"{' ' * left}{sign}"
    indent = " " * min(left, room // 2)
    yield from (f"{indent}{line}" for line in wrapped(label, room - len(indent), 0))


def _line(number: int, text: str, gutter: int, page: Page) -> str:
    return f"{page.paint(f'{number:>{gutter}} |', 'gutter')} {cells(text)[0]}".rstrip()
