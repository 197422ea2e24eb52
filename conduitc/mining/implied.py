"""Patterns of one kind → those that tell something: no pattern that another one implies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conduitc.ir.patterns import Subject, Trait
from conduitc.mining.counting import Found
from conduitc.mining.rematch import covers

#: So much of what follows a general pattern follows the special one, too: then that tells it all.
NEARLY = 0.9
#: The same in one population.
ALIKE = 0.8
#: Two templates that begin so are about the same thing, and go on differently.
_OTHERWISE = re.compile(
    r"^(?:def .*\(\.\.\., [^,]*[=:]|.*\) -> |@\{router\}.*=|class \{schema\}\(|raise |return |.* = \w+\()"
)
#: Characters of what stands there instead.
LONGEST = 120


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
    share = len(special.followers) / len(general.followers)
    if share >= NEARLY:
        return general
    if set(special.members) <= set(general.members) and _renamed(general.template, special.template):
        return special
    return general if share >= ALIKE and special.members == general.members else None


def _renamed(general: str, special: str) -> bool:
    """Does the special one only say what a parameter is mostly called?"""
    return re.fullmatch(re.escape(general).replace(r"\{name\}", r"\w+"), special) is not None


def instead(template: str, category: str, traits: Sequence[Trait]) -> str:
    """What stands where ``template`` would, as written: the trait that begins like it; nothing else."""
    best, length = "", 0
    for one in traits:
        alike = _beginning(one.template, template)
        if one.category == category and len(alike) > length and _OTHERWISE.search(alike):
            best, length = _as_written(one), len(alike)
    return best if len(best) <= LONGEST else best[: LONGEST - 2] + " …"


def _beginning(one: str, other: str) -> str:
    """What both begin with."""
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return one[:at]
    return min(one, other, key=len)


def _as_written(trait: Trait) -> str:
    """A template with what stood in its holes."""
    text = trait.template
    for hole in trait.holes:
        text = text.replace(f"{{{hole.name}}}", hole.text or "...", 1)
    return text.replace("{{", "{").replace("}}", "}")
