"""Diagnostics of a target → what a command prints of them: with code frames, places as seen from here.

Messages quote the program; secrets in them are masked here, for every format.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Fix, Label, sayable
from conduitc.frontend.quoted import root_of, texts_of
from conduitc.ir.secrets import masked
from conduitc.report.frame import Lines
from conduitc.report.text import render
from conduitc.span import Span


class Found(Struct, frozen=True):
    """What a check of all its targets gave, as seen from here; ``files`` are all that were read."""

    diagnostics: list[Diagnostic]
    lines: Lines
    texts: dict[str, str]
    files: set[str]


def shown(
    diagnostics: Iterable[Diagnostic], target: str | Path, *, color: bool = False, width: int | None = None
) -> str:
    """The text report on one target."""
    moved, texts = from_here(diagnostics, target)
    return render(moved, texts, color=color, width=width)


def from_here(
    diagnostics: Iterable[Diagnostic], target: str | Path
) -> tuple[list[Diagnostic], Mapping[str, str]]:
    """The diagnostics with files relative to the working directory, and the texts of those files."""
    found = list(diagnostics)
    root = root_of(target)
    files = {span.file for one in found for span in _spans(one) if span.file}
    named = {file: seen_from_here(root, file) for file in files}
    texts = texts_of(root, sorted(files)) if root is not None else {}
    return [_moved(one, named) for one in found], {named[file]: text for file, text in texts.items()}


def seen_from_here(root: Path | None, file: str) -> str:
    """A file below a program's root, relative to the working directory."""
    base = "." if root is None else Path(os.path.relpath(root)).as_posix()
    return sayable(file if base == "." else f"{base}/{file}")


def _spans(one: Diagnostic) -> Iterator[Span]:
    yield one.span
    yield from (label.span for label in one.labels)
    if one.fix:
        yield from (edit.span for edit in one.fix.edits)


def _moved(one: Diagnostic, named: Mapping[str, str]) -> Diagnostic:
    return replace(
        one,
        span=_place(one.span, named),
        message=masked(one.message),
        label=one.label and masked(one.label),
        labels=tuple(Label(_place(label.span, named), masked(label.text)) for label in one.labels),
        help=one.help and masked(one.help),
        fix=one.fix and _fix(one.fix, named),
    )


def _place(span: Span, named: Mapping[str, str]) -> Span:
    return replace(span, file=named[span.file]) if span.file else span


def _fix(fix: Fix, named: Mapping[str, str]) -> Fix | None:
    """None for a fix that holds a secret: masked, it would be another one."""
    if any(masked(edit.replacement) != edit.replacement for edit in fix.edits):
        return None
    also = tuple(replace(edit, span=_place(edit.span, named)) for edit in fix.also)
    return replace(fix, title=masked(fix.title), span=_place(fix.span, named), also=also)
