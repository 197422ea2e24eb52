"""A file on disk → ``Source``: text, hash, syntax tree, spans of nodes. The only reader of source files."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
import warnings
from pathlib import Path

from msgspec import Struct

from conduitc.diagnostics import CompileError, Diagnostic, Rule
from conduitc.span import NOWHERE, Span

MISSING = Rule(
    code="CDT100",
    slug="missing-file",
    severity="error",
    message="cannot read {path}: {why}",
    docs="The file named on the command line is not there, is not a file, or may not be read.",
    bad="",
    good="",
)

NOT_TEXT = Rule(
    code="CDT101",
    slug="not-text",
    severity="error",
    message="{path} is not {encoding} text: byte 0x{byte:02x} at offset {offset}",
    docs=(
        "Python source is UTF-8 unless its first or second line names another encoding, as in "
        "`# -*- coding: latin-1 -*-`, and has no zero bytes. Save the file as UTF-8."
    ),
    bad="",
    good="",
)

SYNTAX = Rule(
    code="CDT102",
    slug="syntax-error",
    severity="error",
    message="{why}",
    docs="Python cannot parse this file, so nothing of it can be compiled. Correct the place shown.",
    bad="""\
from conduit import Conduit

app = Conduit(
""",
    good="""\
from conduit import Conduit

app = Conduit()
""",
)


#: Nodes that have a place.
Located = ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias | ast.excepthandler | ast.pattern


class Source(Struct, frozen=True, eq=False):
    """One file. ``file`` is relative to the project's root; ``wide`` where columns may not be bytes."""

    file: str
    text: str
    sha256: str
    tree: ast.Module
    lines: list[str]
    wide: bool

    def span(self, node: Located) -> Span:
        """Where ``node`` stands, in characters."""
        line, end_line = node.lineno, node.end_lineno or node.lineno
        column, end_column = node.col_offset, node.end_col_offset or 0
        if self.wide:
            column = _characters(self.lines[line - 1], column)
            end_column = _characters(self.lines[end_line - 1], end_column)
        return Span(self.file, line, column + 1, end_line, end_column + 1)

    def whole(self) -> Span:
        """The file from its first character to its last."""
        return Span(self.file, 1, 1, len(self.lines), len(self.lines[-1]) + 1)

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """The text of ``node`` as written."""
        span = self.span(node)
        if span.line == span.end_line:
            return self.lines[span.line - 1][span.column - 1 : span.end_column - 1]
        first = self.lines[span.line - 1][span.column - 1 :]
        last = self.lines[span.end_line - 1][: span.end_column - 1]
        return "\n".join([first, *self.lines[span.line : span.end_line - 1], last])

    def snippet(self, node: ast.expr | ast.stmt) -> str:
        """The text of ``node`` on one line, shortened."""
        words = self.segment(node)
        if "\n" in words:
            words = " ".join(words.split())
        return words if len(words) <= 60 else words[:57] + "..."


def _characters(line: str, offset: int) -> int:
    return offset if line.isascii() else len(line.encode()[:offset].decode(errors="replace"))


def read(path: Path, file: str) -> Source:
    """The file at ``path``, known in the project as ``file``.

    Raises:
        CompileError: it is missing, not text, or not Python.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        raise CompileError(MISSING.at(NOWHERE, path=file, why=why[:1].lower() + why[1:])) from None
    text = _decode(data, file)
    tree = _parse(text, file)
    return Source(file, text, hashlib.sha256(data).hexdigest(), tree, text.split("\n"), not text.isascii())


def _decode(data: bytes, file: str) -> str:
    """Source bytes as text, newlines as ``\\n``, as Python's own reader would give it."""
    encoding = "utf-8"
    try:
        if any(b"coding" in line for line in data.split(b"\n", 2)[:2]):
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CompileError(_not_text(data, file, encoding, error.start)) from None
    except (SyntaxError, LookupError) as error:
        raise CompileError(SYNTAX.at(Span(file, 1, 1, 1, 1), why=str(error))) from None
    if "\0" in text:
        raise CompileError(_not_text(data, file, encoding, max(data.find(0), 0)))
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _not_text(data: bytes, file: str, encoding: str, offset: int) -> Diagnostic:
    line = data.count(b"\n", 0, offset) + 1
    column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode(encoding, "replace")) + 1
    span = Span(file, line, column, line, column + 1)
    return NOT_TEXT.at(span, path=file, encoding=encoding, byte=data[offset], offset=offset)


def _parse(text: str, file: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, file)
    except SyntaxError as error:
        line, column = error.lineno or 1, max(error.offset or 1, 1)
        end_line = error.end_lineno or line
        end_column = error.end_offset or 0
        if (end_line, end_column) <= (line, column):
            end_line, end_column = line, column + 1
        span = Span(file, line, column, end_line, end_column)
        raise CompileError(SYNTAX.at(span, why=error.msg or "invalid syntax")) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise CompileError(SYNTAX.at(Span(file, 1, 1, 1, 1), why=str(error) or "too deeply nested")) from None
