"""A place → the text that stands there, as an example to be copied."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from textwrap import dedent

from conduitc.diagnostics import CompileError
from conduitc.frontend.project import Project
from conduitc.frontend.source import Source, read
from conduitc.span import Span

#: Lines and characters of an example; of a longer one the first lines, up to the end of a statement.
LINES, LONGEST = 40, 1_500


def shown(project: Project, span: Span) -> str:
    """The whole lines of ``span``, or of the statement around it, without their common indentation."""
    source = next((one.source for one in project.scopes.values() if one.source.file == span.file), None)
    if source is None:
        try:
            source = read(project.root / span.file, span.file, project.kept)
        except CompileError:
            return ""
    text = _lines(source, span.line, span.end_line)
    if not text.startswith(_CLAUSES) and not _parses(text):
        text = _lines(source, *_around(source.tree.body, span))
    listed = text.split("\n")
    return text if _short(listed) else _cut(listed[:LINES])


#: They stand in the middle of a statement, and are told without it.
_CLAUSES = ("except", "elif")


def _lines(source: Source, first: int, last: int) -> str:
    return dedent("\n".join(source.lines[first - 1 : last]))


def _around(body: Sequence[ast.stmt], span: Span) -> tuple[int, int]:
    """The lines of the innermost statement that holds all of ``span``."""
    first, last = span.line, span.end_line
    inner: Sequence[ast.AST] = body
    while inner:
        holding = [one for one in inner if _holds(one, span)]
        for one in holding:
            if isinstance(one, ast.stmt):
                first, last = one.lineno, one.end_lineno or one.lineno
        inner = [
            below for one in holding for below in ast.iter_child_nodes(one) if isinstance(below, _BLOCKS)
        ]
    return first, last


_BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)


def _holds(node: ast.AST, span: Span) -> bool:
    if isinstance(node, ast.match_case):  # it has no place of its own
        return any(_holds(one, span) for one in node.body)
    return node.lineno <= span.line and span.end_line <= node.end_lineno  # type: ignore[attr-defined,no-any-return]


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
