"""Diagnostics of a target → what a command prints of them: with code frames, places as seen from here."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic
from conduitc.frontend.quoted import root_of, texts_of
from conduitc.report.text import render
from conduitc.span import Span


def shown(diagnostics: Iterable[Diagnostic], target: str | Path, *, color: bool = False) -> str:
    """The text report on one target."""
    moved, texts = from_here(diagnostics, target)
    return render(moved, texts, color=color)


def from_here(
    diagnostics: Iterable[Diagnostic], target: str | Path
) -> tuple[list[Diagnostic], Mapping[str, str]]:
    """The diagnostics with files relative to the working directory, and the texts of those files."""
    found = list(diagnostics)
    root = root_of(target)
    if root is None:
        return found, {}
    base = Path(os.path.relpath(root)).as_posix()
    files = {span.file for one in found for span in _spans(one) if span.file}
    named = {file: file if base == "." else f"{base}/{file}" for file in files}
    texts = {named[file]: text for file, text in texts_of(root, sorted(files)).items()}
    return [_moved(one, named) for one in found], texts


def _spans(one: Diagnostic) -> list[Span]:
    spans = [one.span, *(label.span for label in one.labels)]
    return [*spans, one.fix.span] if one.fix else spans


def _moved(one: Diagnostic, named: dict[str, str]) -> Diagnostic:
    def move(span: Span) -> Span:
        return replace(span, file=named[span.file]) if span.file else span

    labels = tuple(replace(label, span=move(label.span)) for label in one.labels)
    fix = replace(one.fix, span=move(one.fix.span)) if one.fix else None
    return replace(one, span=move(one.span), labels=labels, fix=fix)
