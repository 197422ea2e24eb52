"""Subjects of one kind → what many have in common, each in the population where it is a convention."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from typing import NamedTuple

from conduitc.ir.patterns import Subject, Trait
from conduitc.mining.wilson import lower

#: Followers that make a pattern; the confidence that it needs, and the share of its population.
SUPPORT, CONFIDENCE, SHARE = 3, 0.43, 0.75
#: The confidence that it needs in each part of its kind that is a file, or with the fewest followers.
PART = 0.55
#: In a part of its kind a pattern holds so many times more often than in all of it, or is no news there.
LIFT = 1.15

#: Names that are no program's own.
EVERYBODYS = frozenset({
    *keyword.kwlist, "BaseModel", "HTTPException", "Field", "APIRouter", "dataclass", "Optional", "Union",
    "str", "int", "bool", "float", "UUID", "dict", "list", "Dict", "List", "Any", "Annotated", "Query",
    "Path", "Body",
})  # fmt: skip
_HOLE, _NAME = re.compile(r"\{\w+\}"), re.compile(r"[^\W\d]\w*")

Key = tuple[str, str]


class Found(NamedTuple):
    """A pattern before it has a name: who follows, of whom, by their places among the subjects."""

    kind: str
    category: str
    template: str
    groups: tuple[str, ...]
    followers: tuple[int, ...]
    members: tuple[int, ...]
    lift: float

    @property
    def confidence(self) -> float:
        return lower(len(self.followers), len(self.members))


def found_in(subjects: Sequence[Subject]) -> list[Found]:
    """Conventions of subjects that are all of one kind."""
    followers: dict[Key, list[int]] = {}
    groups: list[dict[str, list[int]]] = []
    for place, subject in enumerate(subjects):
        for trait in subject.traits:
            followers.setdefault((trait.category, trait.template), []).append(place)
        for at, name in enumerate(subject.groups):
            if at == len(groups):
                groups.append({})
            if name:
                groups[at].setdefault(name, []).append(place)
    found = []
    for key, places in followers.items():
        if len(places) >= SUPPORT:
            one = _populated(key, places, subjects, groups)
            if one is not None:
                found.append(one)
    return found


def _populated(
    key: Key, places: list[int], subjects: Sequence[Subject], groups: list[dict[str, list[int]]]
) -> Found | None:
    """The whole kind where it holds there, else the parts in which it does, cut the way that tells most."""
    kind, total = subjects[places[0]].kind, len(subjects)
    if _holds(len(places), total):
        return Found(kind, *key, (), tuple(places), tuple(range(total)), 1.0)
    if not _own(key[1]):
        return None
    best: Found | None = None
    for at, parts in enumerate(groups):
        counts: dict[str, list[int]] = {}
        for place in places:
            own = subjects[place].groups
            if at < len(own) and own[at]:
                counts.setdefault(own[at], []).append(place)
        share = len(places) / total
        chosen = [name for name, some in counts.items() if _in_part(name, len(some), len(parts[name]), share)]
        if not chosen:
            continue
        those = tuple(sorted(place for name in chosen for place in counts[name]))
        members = tuple(sorted(place for name in chosen for place in parts[name]))
        lift = (len(those) / len(members)) / (len(places) / total)
        one = Found(kind, *key, tuple(sorted(chosen)), those, members, lift)
        if lift >= LIFT and (best is None or _rank(one) > _rank(best)):
            best = one
    return best


def _own(template: str) -> bool:
    """Does it name anything that is not everybody's? What all programs have is told of the whole, or not."""
    return not EVERYBODYS.issuperset(_NAME.findall(_HOLE.sub("", template)))


def _holds(k: int, n: int) -> bool:
    return k >= SUPPORT and k >= SHARE * n and lower(k, n) >= CONFIDENCE


def _in_part(name: str, k: int, n: int, share: float) -> bool:
    """In a part it must hold for certain more often than in the whole: with many parts, some do by chance.

    What a file has in common is often what it is about; what a method or a first word of names has, how
    things are done. So few need to follow there, but not the very fewest.
    """
    least = PART if _is_file(name) or k <= SUPPORT else CONFIDENCE
    return k >= SUPPORT and k >= SHARE * n and lower(k, n) >= max(least, share)


def _is_file(name: str) -> bool:
    return name.endswith(".py")


def _rank(one: Found) -> tuple[int, float]:
    return len(one.followers), one.confidence


def trait_of(subject: Subject, one: Found) -> Trait:
    """The trait with which a follower follows."""
    for trait in subject.traits:
        if trait.template == one.template and trait.category == one.category:
            return trait
    raise KeyError(one.template)
