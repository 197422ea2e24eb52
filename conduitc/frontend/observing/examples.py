"""A place → the text that stands there, as an example to be copied."""

from __future__ import annotations

import ast
from textwrap import dedent

from conduitc.diagnostics import CompileError
from conduitc.frontend.project import Project
from conduitc.frontend.source import read
from conduitc.span import Span

#: Lines and characters of an example; of a longer one the first lines, up to the end of a statement.
LINES, LONGEST = 40, 1_500


def shown(project: Project, span: Span) -> str:
    """The whole lines of ``span``, without their common indentation."""
    lines = next((one.source.lines for one in project.scopes.values() if one.source.file == span.file), None)
    if lines is None:
        try:
            lines = read(project.root / span.file, span.file, project.kept).lines
        except CompileError:
            return ""
    listed = dedent("\n".join(lines[span.line - 1 : span.end_line])).split("\n")
    return "\n".join(listed) if _short(listed) else _cut(listed[:LINES])


def _short(lines: list[str]) -> bool:
    return len(lines) <= LINES and sum(map(len, lines)) <= LONGEST


def _cut(lines: list[str]) -> str:
    """As many of the first lines as are whole statements, and ``...`` for the others."""
    while lines:
        lines.pop()
        indent = len(lines[-1]) - len(lines[-1].lstrip()) if lines else 0
        text = "\n".join(
            [*lines, " " * (indent if not lines or lines[-1][-1:] != ":" else indent + 4) + "..."]
        )
        if _short(lines) and _parses(text):
            return text
    return ""


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
