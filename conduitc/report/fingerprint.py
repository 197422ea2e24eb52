"""Findings → names that stay when lines move and other code changes.

A finding is named by its rule, its file and the text of its line, blanks apart; where there is no line, by
its message without numbers. Findings that come out the same are told apart by how many there are: what stands
on equal lines of one file is equal work to put right.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from conduitc.diagnostics import Diagnostic
from conduitc.ir.secrets import masked
from conduitc.report.frame import Lines

_NUMBERS = re.compile(r"\d+")


def fingerprints(
    diagnostics: Iterable[Diagnostic], lines: Lines, named: Callable[[str], str] = str
) -> Iterator[tuple[str, int]]:
    """The fingerprint of each finding, and how many before it have the same. ``named`` gives files names that
    do not depend on where the command is run."""
    seen: Counter[str] = Counter()
    for one in diagnostics:
        mark = _mark(one, lines, named)
        yield mark, seen[mark]
        seen[mark] += 1


def _mark(one: Diagnostic, lines: Lines, named: Callable[[str], str]) -> str:
    span = one.span
    known = lines.get(span.file, ())
    if 1 <= span.line <= len(known):
        what = " ".join(masked(known[span.line - 1]).split())
    else:
        what = _NUMBERS.sub("", one.message)
    words = (one.rule.code, named(span.file) if span.file else "", what)
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:32]
