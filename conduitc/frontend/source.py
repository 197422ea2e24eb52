"""A file on disk → ``Source``: text, hash, syntax tree, spans of nodes. The only reader of source files."""

from __future__ import annotations

import ast
import codecs
import gc
import hashlib
import os
import re
import stat
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from conduitc.diagnostics import CompileError, Diagnostic, Rule
from conduitc.frontend import limits
from conduitc.kept import Kept
from conduitc.span import LINE_END, NOWHERE, Span

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


_BYTE_LINE_END = re.compile(rb"\r\n?|\n")

#: Nodes that have a place.
#: Given to Python in place of a name: of an error it would read the line from whatever has that name here.
NO_FILE = "<source>"

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


def read(path: Path, file: str, kept: Kept | None = None) -> Source:
    """The file at ``path``, known in the project as ``file``; the same bytes are not parsed again.

    Raises:
        CompileError: it is missing, not text, beyond a limit, or (``Refused``) not Python.
    """
    data = _bytes(path, file)
    sha256 = hashlib.sha256(data).hexdigest()
    if kept is None:
        return _source(data, file, sha256)
    return kept.get("source", (file, sha256), lambda: _source(data, file, sha256))


def _source(data: bytes, file: str, sha256: str) -> Source:
    text = _decode(data, file)
    lines = text.split("\n")
    limits.check(text, lines, file)
    tree = _parse(text, lines, file, sha256)
    return Source(file, text, sha256, tree, lines, not text.isascii())


def peek(path: Path) -> str:
    """The text of a file, to look for words in it; nothing where it cannot be read."""
    try:
        return _bytes(path, "").decode("utf-8", "replace")
    except CompileError:
        return ""


def _bytes(path: Path, file: str) -> bytes:
    """What a file holds; nothing else than a file is opened for longer than it takes to see that."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as opened:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise CompileError(MISSING.at(NOWHERE, path=file, why="it is no regular file"))
            if status.st_size > limits.SIZE:
                raise CompileError(limits.too_large_file(file, status.st_size))
            return opened.read()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it cannot be opened"
        raise CompileError(MISSING.at(NOWHERE, path=file, why=why[:1].lower() + why[1:])) from None


def encoding_of(data: bytes) -> str:
    """The encoding that source bytes name, else UTF-8.

    Raises:
        SyntaxError: they name none that there is.
    """
    first = _BYTE_LINE_END.split(data, 2)[:2]
    if any(b"coding" in line for line in first):
        return tokenize.detect_encoding(iter([line + b"\n" for line in first]).__next__)[0]
    return "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"


def _decode(data: bytes, file: str) -> str:
    """Source bytes as text, newlines as ``\\n``, as Python's own reader would give it."""
    encoding = "utf-8"
    try:
        encoding = encoding_of(data)
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CompileError(_not_text(data, file, encoding, error.start)) from None
    except (SyntaxError, LookupError, ValueError) as error:
        raise CompileError(SYNTAX.at(Span(file, 1, 1, 1, 1), why=str(error))) from None
    if "\0" in text:
        raise CompileError(_not_text(data, file, encoding, max(data.find(0), 0)))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _not_text(data: bytes, file: str, encoding: str, offset: int) -> Diagnostic:
    before = data[:offset].decode(encoding, "replace")
    line = len(LINE_END.findall(before)) + 1
    column = len(LINE_END.split(before)[-1]) + 1
    span = Span(file, line, column, line, column + 1)
    return NOT_TEXT.at(span, path=file, encoding=encoding, byte=data[offset], offset=offset)


class Refused(CompileError):
    """Python's parser refused ``text``: it may be wrong, or newer than the running Python (``newer``)."""

    def __init__(self, diagnostic: Diagnostic, text: str, sha256: str) -> None:
        super().__init__(diagnostic)
        self.text = text
        self.sha256 = sha256


def _parse(text: str, lines: Sequence[str], file: str, sha256: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, NO_FILE)
    except SyntaxError as error:
        span = inside(lines, file, error)
        raise Refused(SYNTAX.at(span, why=error.msg or "invalid syntax"), text, sha256) from None
    except (RecursionError, MemoryError):
        raise CompileError(limits.too_deep(text, lines, file)) from None
    except (ValueError, OverflowError, SystemError) as error:
        span = Span(file, 1, 1, 1, 1)
        if isinstance(error, UnicodeEncodeError):
            line = text.count("\n", 0, error.start) + 1
            column = error.start - text.rfind("\n", 0, error.start)
            span = Span(file, line, column, line, column + 1)
        raise CompileError(SYNTAX.at(span, why=str(error))) from None


def inside(lines: Sequence[str], file: str, error: SyntaxError) -> Span:
    """Where an error stands; Python's own numbers may lie outside of the file, or end before they start."""
    line = min(max(error.lineno or 1, 1), len(lines))
    column = min(max(error.offset or 1, 1), len(lines[line - 1]) + 1)
    end_line = min(max(error.end_lineno or line, line), len(lines))
    end_column = min(max(error.end_offset or 0, 1), len(lines[end_line - 1]) + 1)
    if (end_line, end_column) <= (line, column):
        end_line, end_column = line, column + 1
    return Span(file, line, column, end_line, end_column)


@contextmanager
def no_collections() -> Iterator[None]:
    """Syntax trees are many objects and no garbage: collecting meanwhile costs a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if gc.get_freeze_count() == 0:
                # to the oldest generation, so that the next collection need not go through all of them
                gc.freeze()
                gc.unfreeze()
            gc.enable()
