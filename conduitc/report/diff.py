"""A fix → the lines it touches, as they stand and as they will be.

::

      |
    9 - @app.get("/users/{name}")
    9 + @app.get("/users/by-name/{name}")
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from conduitc.diagnostics import Edit, Fix
from conduitc.report.cells import cells, printable, window
from conduitc.report.frame import Lines, Page
from conduitc.span import LINE_END


class Change(Struct, frozen=True):
    """Lines ``before`` from line ``first`` on become ``after``; ``column`` is where the first edit stands."""

    first: int
    before: list[str]
    after: list[str]
    column: int


def pasted(fix: Fix, files: Lines, page: Page) -> Iterator[str]:
    """All edits of a fix, in the order of the files and lines."""
    by_file: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_file.setdefault(edit.span.file, []).append(edit)
    for file, edits in by_file.items():
        changes = _changes(sorted(edits, key=lambda edit: edit.span), files.get(file, ()))
        if changes is None:
            yield from (f"  {printable(edit.replacement)}" for edit in edits)
            continue
        gutter = len(str(max(one.first + max(len(one.before), len(one.after), 1) for one in changes) - 1))
        if file != fix.span.file:
            yield f"{' ' * gutter}{page.paint(':::', 'gutter')} {printable(file)}"
        yield f"{' ' * gutter} {page.paint('|', 'gutter')}"
        for number, one in enumerate(changes):
            if number:
                yield page.paint("...", "gutter")
            yield from _shown(one, gutter, page)


def _changes(edits: list[Edit], lines: Sequence[str]) -> list[Change] | None:
    """The edits of one file, those on common lines together; None where a place is not in the file."""
    groups: list[list[Edit]] = []
    for edit in edits:
        if not 1 <= edit.span.line <= edit.span.end_line <= len(lines):
            return None
        if groups and edit.span.line <= max(one.span.end_line for one in groups[-1]):
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return [_change(group, lines) for group in groups]


def _change(edits: list[Edit], lines: Sequence[str]) -> Change:
    first, last = edits[0].span.line, max(edit.span.end_line for edit in edits)
    before = list(lines[first - 1 : last])
    pieces, line, column = [], first, 1
    for edit in edits:
        pieces += [_between(lines, line, column, edit.span.line, edit.span.column), edit.replacement]
        line, column = edit.span.end_line, edit.span.end_column
    pieces.append(_between(lines, line, column, last, len(lines[last - 1]) + 1))
    after = LINE_END.split("".join(pieces))
    column = edits[0].span.column
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    while before and after and before[0] == after[0]:
        first, before, after, column = first + 1, before[1:], after[1:], 1
    return Change(first, before, after, column)


def _between(lines: Sequence[str], line: int, column: int, end_line: int, end_column: int) -> str:
    if line == end_line:
        return lines[line - 1][column - 1 : end_column - 1]
    first, last = lines[line - 1][column - 1 :], lines[end_line - 1][: end_column - 1]
    return "\n".join([first, *lines[line : end_line - 1], last])


def _shown(change: Change, gutter: int, page: Page) -> Iterator[str]:
    for sign, style, some in (("-", "removed", change.before), ("+", "added", change.after)):
        for number, line in enumerate(some):
            part, _ = window(line, change.column if number == 0 else 1, page.room(gutter))
            at = page.paint(f"{change.first + number:>{gutter}}", "gutter")
            yield f"{at} {page.paint(f'{sign} {cells(part)[0]}'.rstrip(), style)}"
