"""Where the copy of a module asks for its compiled loops: before a function of it can run, on no new line."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Literal

from conduitc.frontend.source import Source
from conduitc.span import Span

_SIMPLE = (
    ast.Expr,
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.Import,
    ast.ImportFrom,
    ast.Assert,
    ast.Pass,
)
#: What Python reads in the first two lines.
_SPECIAL = re.compile(r"^#!|^[ \t\f]*#.*?coding[:=]")

Where = Literal["before", "after", "line"]


def place_of(source: Source) -> tuple[Span, Where] | None:
    """An empty span and what lies there; None where the module leaves no room."""
    body = source.tree.body
    first = [one for index, one in enumerate(body) if _must_be_first(one, index)]
    if first:
        span = source.span(first[-1])
        return Span(span.file, span.end_line, span.end_column, span.end_line, span.end_column), "after"
    if not body or isinstance(body[0], _SIMPLE):
        return _before(source, body)
    empty = _empty_line(source, 0, _first_line(body[0]))
    return _on(source, empty) if empty else _after_definitions(source, body)


def _must_be_first(statement: ast.stmt, index: int) -> bool:
    """A docstring, or an import from ``__future__``."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return index == 0
        case ast.ImportFrom(module="__future__"):
            return True
    return False


def _before(source: Source, body: Sequence[ast.stmt]) -> tuple[Span, Where] | None:
    if not body or not isinstance(body[0], _SIMPLE):
        return None
    span = source.span(body[0])
    return Span(span.file, span.line, span.column, span.line, span.column), "before"


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _empty_line(source: Source, above: int, below: int) -> int | None:
    """The last line between two that holds nothing, or a comment that is only for people."""
    for number in range(below - 1, above, -1):
        text = source.lines[number - 1]
        if text.strip()[:1] in ("", "#") and not (number <= 2 and _SPECIAL.match(text)):
            return number
    return None


def _on(source: Source, line: int) -> tuple[Span, Where]:
    return Span(source.file, line, 1, line, 1), "line"


def _after_definitions(source: Source, body: Sequence[ast.stmt]) -> tuple[Span, Where] | None:
    """A place after functions that nothing can have called yet; at last the end of the file."""
    for one, following in zip_longest(body, body[1:]):
        if not _only_defines(one):
            return None
        if isinstance(following, _SIMPLE):
            return _before(source, [following])
        below = _first_line(following) if following is not None else len(source.lines) + 1
        empty = _empty_line(source, one.end_lineno or one.lineno, below)
        if empty:
            return _on(source, empty)
    return None


def _only_defines(statement: ast.stmt) -> bool:
    """Whether executing it can call nothing of this module."""
    if isinstance(statement, ast.ClassDef):
        plain = not (statement.bases or statement.keywords or statement.decorator_list)
        return plain and all(isinstance(one, ast.Expr) or _only_defines(one) for one in statement.body)
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) or statement.decorator_list:
        return False
    at_once: list[ast.AST] = [statement.args, *filter(None, [statement.returns])]
    return not any(isinstance(one, ast.Call) for part in at_once for one in ast.walk(part))
