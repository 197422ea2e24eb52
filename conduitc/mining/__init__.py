"""Subjects → the patterns that many of them follow: conventions, with how sure they are and who breaks them.

Pure. Equal subjects give equal patterns, in whatever order they come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

from conduitc.ir.patterns import Follower, Pattern, Subject, Trait
from conduitc.mining.counting import Found, found_in, trait_of
from conduitc.mining.implied import instead, telling
from conduitc.mining.wording import name_of, population_of
from conduitc.span import Span

#: Texts that are told of one hole.
TEXTS = 5
#: Exceptions of which it is told what they do instead.
EXPLAINED = 30
#: An example is no longer, if there is a shorter one.
LINES = 25


def mine(subjects: Iterable[Subject]) -> tuple[Pattern, ...]:
    """The patterns of a program, sorted by confidence, then id; ``example_text`` is empty."""
    kinds: dict[str, list[Subject]] = {}
    for one in sorted(subjects, key=_place):
        kinds.setdefault(one.kind, []).append(one)
    made: dict[str, Pattern] = {}
    for same in kinds.values():
        kept = telling(found_in(same), same)
        weights = _weights(kept, len(same))
        for found in kept:
            pattern = _pattern(found, same, weights)
            other = made.get(pattern.id)
            if other is None or (pattern.support, pattern.population) > (other.support, other.population):
                made[pattern.id] = pattern
    return tuple(sorted(made.values(), key=lambda one: (-one.confidence, one.id)))


def _place(one: Subject) -> tuple[object, ...]:
    """Sorts subjects; parameters of one function stand where it does."""
    return one.span, one.kind, one.resource, [(trait.span, trait.template) for trait in one.traits]


def identity(category: str, template: str) -> str:
    """The id of a pattern: it stays while the convention does, wherever and however often it is followed."""
    digest = sha256(f"{category}\n{template}".encode("utf-8", "backslashreplace")).hexdigest()
    return f"pattern:{category}/{digest[:12]}"


def _weights(found: Sequence[Found], count: int) -> list[int]:
    """How many patterns each subject follows: who follows most shows best how things are done."""
    weights = [0] * count
    for one in found:
        for place in one.followers:
            weights[place] += 1
    return weights


def _pattern(found: Found, subjects: Sequence[Subject], weights: Sequence[int]) -> Pattern:
    traits = {place: trait_of(subjects[place], found) for place in found.followers}
    best = min(found.followers, key=lambda place: _worse(subjects[place], weights[place]))
    return Pattern(
        id=identity(found.category, found.template),
        category=found.category,
        name=name_of(found),
        template=found.template,
        holes=_holes(traits.values()),
        population=population_of(found),
        support=len(found.followers),
        n=len(found.members),
        confidence=round(found.confidence, 4),
        lift=round(found.lift, 2),
        files=tuple(sorted({subjects[place].span.file for place in found.followers})),
        followers=tuple(Follower(subjects[place].resource, one.span) for place, one in traits.items()),
        exceptions=_exceptions(found, subjects),
        example=_example(subjects[best], traits[best]),
        example_text="",
    )


def _exceptions(found: Found, subjects: Sequence[Subject]) -> tuple[Follower, ...]:
    """Those that do not follow; of the first ones, what they do instead."""
    following = set(found.followers)
    others = [subjects[place] for place in found.members if place not in following]
    whys = [instead(found.template, found.category, one.traits) for one in others[:EXPLAINED]]
    whys += [""] * (len(others) - len(whys))
    return tuple(Follower(one.resource, one.span, why) for one, why in zip(others, whys, strict=True))


def _example(subject: Subject, trait: Trait) -> Follower:
    """The whole of a follower; of a long one the place itself, where that can stand alone."""
    inner = not trait.template.startswith(("@", "def ", "async def ", "class "))
    return Follower(subject.resource, trait.span if inner and _lines(subject) > LINES else subject.span)


def _lines(subject: Subject) -> int:
    return subject.span.end_line - subject.span.line + 1


def _worse(subject: Subject, weight: int) -> tuple[bool, int, int, Span]:
    """Sorts examples: short ones first, and among these the one that follows most."""
    lines = _lines(subject)
    return lines > LINES, -weight, lines, subject.span


def _holes(traits: Iterable[Trait]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The texts of each hole, the commonest first."""
    texts: dict[str, Counter[str]] = {}
    for trait in traits:
        for hole in trait.holes:
            if hole.text:
                texts.setdefault(hole.name, Counter())[hole.text] += 1
    return tuple(
        (name, tuple(sorted(counted, key=lambda text: (-counted[text], text))[:TEXTS]))
        for name, counted in sorted(texts.items())
    )
