"""Findings → those whose safe fixes can be applied together: where two touch, the first one wins."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from conduitc.diagnostics import Diagnostic, Edit


def choose(diagnostics: Iterable[Diagnostic], barred: Collection[str]) -> tuple[Diagnostic, ...]:
    """The findings to fix in one turn, in their order; nothing in a ``barred`` file.

    Two findings may ask for the very same edit (a handler of several routes): it is made once.
    """
    chosen: list[Diagnostic] = []
    taken: dict[str, dict[Edit, None]] = {}
    for one in diagnostics:
        if one.fix is None or not one.fix.safe or not files_of(one).isdisjoint(barred):
            continue
        edits = one.fix.edits
        if any(touch(edit, other) for edit in edits for other in taken.get(edit.span.file, ())):
            continue
        chosen.append(one)
        for edit in edits:
            taken.setdefault(edit.span.file, {})[edit] = None
    return tuple(chosen)


def files_of(diagnostic: Diagnostic) -> set[str]:
    """The files that a finding's fix changes."""
    return {edit.span.file for edit in diagnostic.fix.edits} if diagnostic.fix else set()


def touch(one: Edit, other: Edit) -> bool:
    """Do two different edits share a character, or a place where the one inserts?"""
    if one == other:
        return False
    start, end = (one.span.line, one.span.column), (one.span.end_line, one.span.end_column)
    begin, stop = (other.span.line, other.span.column), (other.span.end_line, other.span.end_column)
    if start == end or begin == stop:
        return start <= stop and begin <= end
    return start < stop and begin < end
