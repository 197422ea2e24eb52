"""Findings that are known already: a file that lists them, and what of a report is not in it.

The file is for people to read and for a repository to keep: JSON, sorted, one entry for all findings that
have one fingerprint. ``fingerprint`` and ``count`` decide; the rest is for the reader.
"""

from collections.abc import Callable, Collection, Iterable

import msgspec
from msgspec import Struct

from conduitc.diagnostics import Diagnostic
from conduitc.report.fingerprint import fingerprints
from conduitc.report.frame import Lines

#: The file's first words: nothing else is taken for a baseline, or replaced by one.
KIND = "conduitc baseline"
VERSION = 1


class Entry(Struct, frozen=True, order=True):
    """So many findings of one rule on equal lines of a file, which is relative to the baseline's folder."""

    file: str
    code: str
    fingerprint: str
    count: int
    message: str


class Baseline(Struct, frozen=True):
    """The whole file."""

    kind: str
    version: int
    findings: tuple[Entry, ...]


class NotABaseline(Exception):
    """Why a file cannot be read as one, in words that follow its name."""


class Compared(Struct, frozen=True):
    """``new`` findings, how many are known, and how many entries of the baseline were not found again."""

    new: list[Diagnostic]
    known: int
    gone: int


def written(diagnostics: Iterable[Diagnostic], lines: Lines, named: Callable[[str], str]) -> str:
    """A baseline of exactly these findings."""
    found = list(diagnostics)
    entries: dict[str, Entry] = {}
    for one, (mark, nth) in zip(found, fingerprints(found, lines, named), strict=True):
        file = named(one.span.file) if one.span.file else ""
        first = entries.get(mark)
        message = first.message if first else one.message
        entries[mark] = Entry(file, one.rule.code, mark, nth + 1, message)
    document = Baseline(KIND, VERSION, tuple(sorted(entries.values())))
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def read(data: bytes) -> Baseline:
    """The baseline that a file holds.

    Raises:
        NotABaseline: it holds something else, or one of a later version.
    """
    try:
        head = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotABaseline("is no JSON") from None
    if not isinstance(head, dict) or head.get("kind") != KIND:
        raise NotABaseline("is no baseline of conduitc")
    if head.get("version") != VERSION:
        raise NotABaseline(f"is a baseline of version {head.get('version')}; this conduitc reads {VERSION}")
    try:
        return msgspec.convert(head, Baseline)
    except msgspec.ValidationError as error:
        raise NotABaseline(f"is damaged: {error}") from None


def compare(
    diagnostics: Iterable[Diagnostic],
    lines: Lines,
    baseline: Baseline,
    named: Callable[[str], str],
    gone_from: Callable[[str], bool],
) -> Compared:
    """What the baseline does not list. Of findings that look the same, the last ones are new.

    ``gone_from``: whether a file (by its name in the baseline) was looked at or is there no more; what stands
    in others may still be there.
    """
    listed = {one.fingerprint: one for one in baseline.findings}
    met: dict[str, int] = {}
    new, known = [], 0
    found = list(diagnostics)
    for one, (mark, nth) in zip(found, fingerprints(found, lines, named), strict=True):
        if mark in listed and nth < listed[mark].count:
            met[mark] = nth + 1
            known += 1
        else:
            new.append(one)
    gone = sum(one.count - met.get(one.fingerprint, 0) for one in _looked_at(baseline.findings, gone_from))
    return Compared(new, known, gone)


def _looked_at(entries: Collection[Entry], gone_from: Callable[[str], bool]) -> list[Entry]:
    return [one for one in entries if not one.file or gone_from(one.file)]
