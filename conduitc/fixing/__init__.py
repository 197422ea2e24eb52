"""``check --fix``: applies the safe fixes of what an analysis found, until there are none left.

In: a way to analyse the program. Out: what was fixed, which files could not be changed and why, and the
analysis of what is left. A turn applies all fixes that do not touch each other; the next one looks at the
program anew, for a fix may bring a finding to light, or stand where another one stood. A file is written only
if libcst and Python both read the result; everything outside the edits keeps its bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from conduitc.analysis import Analysis
from conduitc.diagnostics import Diagnostic, Edit
from conduitc.fixing.choose import choose, files_of
from conduitc.fixing.files import Refused, Text, replaced, text_of
from conduitc.frontend.edits import Offsets, Replacement, apply
from conduitc.frontend.reread import faults

#: Fixes of one place wait for each other, so there may be as many turns as fixes in one place.
TURNS = 50


class Fixed(Struct, frozen=True):
    """``applied`` findings in the order of fixing; ``refused``: file → why it was left as it is."""

    applied: tuple[Diagnostic, ...]
    refused: dict[str, str]
    analysis: Analysis


def fix(look: Callable[[], Analysis]) -> Fixed:
    """Fix what ``look`` finds, file by file, until it finds nothing more that can safely be fixed."""
    applied: list[Diagnostic] = []
    refused: dict[str, str] = {}
    seen: dict[str, set[str]] = {}
    for _ in range(TURNS):
        analysis = look()
        chosen = choose(analysis.diagnostics, refused)
        if not chosen:
            break
        known = _hashes(analysis)
        for file, sha in known.items():
            seen.setdefault(file, set()).add(sha)
        applied += _turn(analysis, chosen, known, seen, refused)
    else:
        analysis = look()
    return Fixed(tuple(applied), refused, analysis)


def _hashes(analysis: Analysis) -> dict[str, str]:
    """The files that were analysed, as they were then."""
    scopes = analysis.project.scopes.values() if analysis.project is not None else ()
    return {scope.source.file: scope.source.sha256 for scope in scopes if scope.source.file}


def _turn(
    analysis: Analysis,
    chosen: tuple[Diagnostic, ...],
    known: dict[str, str],
    seen: dict[str, set[str]],
    refused: dict[str, str],
) -> list[Diagnostic]:
    """Apply what was chosen; a finding counts as fixed when all of its files were written."""
    assert analysis.project is not None
    root = analysis.project.root
    before, after = _edited(root, chosen, known, refused)
    for file, why in faults({file: text.text for file, text in after.items()}).items():
        refused[file] = why
    for file, text in after.items():
        if hashlib.sha256(text.data).hexdigest() in seen[file]:
            refused.setdefault(file, "its fixes undo each other")
    ready = [one for one in chosen if refused.keys().isdisjoint(files_of(one))]
    files = {file for one in ready for file in files_of(one)}
    if not all(files_of(one) <= files or files_of(one).isdisjoint(files) for one in chosen):
        return []  # a text that was made with fixes which are now out: the next turn makes it without
    for file in sorted(files):
        try:
            replaced(root / file, before[file], after[file])
        except Refused as refusal:
            refused[file] = str(refusal)
    return [one for one in ready if refused.keys().isdisjoint(files_of(one))]


def _edited(
    root: Path, chosen: Iterable[Diagnostic], known: dict[str, str], refused: dict[str, str]
) -> tuple[dict[str, Text], dict[str, Text]]:
    """The texts as they stand and as they will be, by file; what cannot be changed is refused."""
    edits: dict[str, dict[Edit, None]] = {}
    for one in chosen:
        for edit in one.fix.edits if one.fix else ():
            edits.setdefault(edit.span.file, {})[edit] = None
    before, after = {}, {}
    for file, some in edits.items():
        try:
            text = text_of(root, file, known.get(file))
            places = Offsets(text.text)
            changed = apply(
                text.text,
                [Replacement(*places.of(one.span), text.line_ends(one.replacement)) for one in some],
            )
            before[file], after[file] = text, text.changed(changed)
        except (Refused, ValueError) as error:
            refused[file] = str(error)
    return before, after
