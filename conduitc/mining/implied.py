"""Patterns of one kind → those that tell something: no pattern that another one implies."""

from __future__ import annotations

from collections.abc import Sequence

from conduitc.ir.patterns import Subject
from conduitc.mining.counting import Found
from conduitc.mining.rematch import covers

#: So much of what follows a general pattern follows the special one, too: then that tells it all.
NEARLY = 0.9


def telling(found: Sequence[Found], subjects: Sequence[Subject]) -> list[Found]:
    """``found`` without what is implied, in the same order."""
    by_template = {(one.category, one.template): one for one in found}
    dropped: set[tuple[str, str]] = set()
    for special in found:
        for trait in subjects[special.followers[0]].traits:
            general = by_template.get((trait.category, trait.template))
            if general is None or general is special or not covers(general.template, special.template):
                continue
            loser = _lesser(general, special)
            if loser is not None:
                dropped.add((loser.category, loser.template))
    return [one for one in found if (one.category, one.template) not in dropped]


def _lesser(general: Found, special: Found) -> Found | None:
    """Which of two says nothing that the other does not."""
    if len(special.followers) >= NEARLY * len(general.followers):
        return general
    return None
