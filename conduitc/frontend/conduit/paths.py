"""Joined path text → ``PathTemplate``. All notations of a parameter become ``{name:converter}``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conduitc.diagnostics import Diagnostic, Fix, Rule
from conduitc.frontend.conduit.records import Piece
from conduitc.ir.nodes import Dynamic, PathTemplate, Segment, Static
from conduitc.span import Span

MALFORMED = Rule(
    code="CDT201",
    slug="malformed-path",
    severity="error",
    message="`{path}`: {why}",
    docs=(
        "A path starts with a slash. A segment is plain text, or one parameter: `:name`, `{name}`, "
        "`:name<int>`, `{name:int}`, or `*name` for the rest of the path. Prefixes of routers and of "
        "`include` are put before the path as they are written."
    ),
    bad="""\
from conduit import Conduit

app = Conduit()


@app.get("users")
def users():
    return []
""",
    good="""\
from conduit import Conduit

app = Conduit()


@app.get("/users")
def users():
    return []
""",
)

_COLON = re.compile(r":([^\W\d]\w*)(?:<(\w+)>)?")
_BRACES = re.compile(r"\{([^\W\d]\w*)(?::(\w+))?\}")
_STAR = re.compile(r"\*([^\W\d]\w*)")


def template(pieces: Sequence[Piece]) -> tuple[PathTemplate, Diagnostic | None]:
    """The path that prefixes and path make together, and what is wrong with it."""
    text = "".join(piece.text for piece in pieces)
    span = pieces[-1].span
    if not text.startswith("/"):
        return PathTemplate(text, (Static(text),), span), _no_slash(pieces, text)
    segments: list[Segment] = []
    wrong: Diagnostic | None = None
    start = 1
    for word in text[1:].split("/"):
        segment = _segment(word, start, pieces)
        if isinstance(segment, str):
            wrong = MALFORMED.at(_place(start, len(word), pieces)[0], path=text, why=segment)
            segment = Static(word)
        segments.append(segment)
        start += len(word) + 1
    return PathTemplate(_spelled(segments), tuple(segments), span), wrong


def _no_slash(pieces: Sequence[Piece], text: str) -> Diagnostic:
    """The piece that the path begins with lacks its slash. Safe to add: no path is without it."""
    first = next((piece for piece in pieces if piece.text), pieces[-1])
    fix = None
    if first.column is not None:
        place = Span(first.span.file, first.span.line, first.column, first.span.line, first.column)
        fix = Fix("begin with a slash", place, "/", safe=True)
    help_ = f'write "/{first.text}"' if fix is None else None
    return MALFORMED.at(first.span, path=text, why="it does not start with a slash", help=help_, fix=fix)


def _segment(word: str, start: int, pieces: Sequence[Piece]) -> Segment | str:
    """One segment, or what is wrong with it."""
    first = word[:1]
    if first not in (":", "{", "*"):
        return Static(word) if "{" not in word or "}" in word else "a brace is not closed"
    found = (_COLON if first == ":" else _BRACES if first == "{" else _STAR).fullmatch(word)
    if found is None:
        if first == "{" and "}" in word and not word.endswith("}") and _BRACES.match(word):
            return Static(word)
        return f"`{word}` is no parameter"
    converter = "path" if first == "*" else found[2]
    span, exact = _place(start, len(word), pieces)
    return Dynamic(found[1], converter, span, word if exact else "")


def _place(start: int, length: int, pieces: Sequence[Piece]) -> tuple[Span, bool]:
    """Where in the source the path's characters from ``start`` on are written; whether they alone are."""
    for piece in pieces:
        if start < len(piece.text):
            if piece.column is None or start + length > len(piece.text):
                return piece.span, False
            column = piece.column + start
            return Span(piece.span.file, piece.span.line, column, piece.span.line, column + length), True
        start -= len(piece.text)
    return pieces[-1].span, False


def _spelled(segments: Sequence[Segment]) -> str:
    words = []
    for segment in segments:
        if isinstance(segment, Static):
            words.append(segment.text)
        elif segment.converter is None:
            words.append(f"{{{segment.name}}}")
        else:
            words.append(f"{{{segment.name}:{segment.converter}}}")
    return "/" + "/".join(words)
