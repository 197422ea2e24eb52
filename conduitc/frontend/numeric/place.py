"""Where the copy of a module asks for its compiled loops: before a function of it can run, on no new line."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
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
    empty = _empty_line(source, _first_line(body[0]))
    if empty:
        return Span(source.file, empty, 1, empty, 1), "line"
    return _before(source, _after_definitions(body))


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


def _empty_line(source: Source, before: int) -> int | None:
    """The last line above ``before`` that holds nothing, or a comment that is only for people."""
    for number in range(before - 1, 0, -1):
        text = source.lines[number - 1]
        if text.strip()[:1] in ("", "#") and not (number <= 2 and _SPECIAL.match(text)):
            return number
    return None


def _after_definitions(body: Sequence[ast.stmt]) -> Sequence[ast.stmt]:
    """What follows the functions at the top that are defined without calling anything."""
    for index, one in enumerate(body):
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            return body[index:]
        at_once = [one.args, *filter(None, [one.returns]), *one.decorator_list]
        if one.decorator_list or any(isinstance(n, ast.Call) for part in at_once for n in ast.walk(part)):
            return ()
    return ()
