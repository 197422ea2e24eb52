"""Labels: which mined instances (a pattern, and a place that follows it) a person found right.

``labels/PROJECT.jsonl`` has a line for each. Right is an instance whose place really does what the template
says, of a pattern that is a convention of the project worth telling a newcomer. Which instances are judged
is decided by a hash of each (so by chance, but the same ones every time): some of every pattern, and as many
more of every category as there are up to an equal share. ``labels/expected.jsonl`` holds handlers and schemas
chosen by chance, and the conventions that a person saw in each before anything had been mined: of each
convention, texts of which one is in a template that tells it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from conduitc.ir.patterns import Pattern

LABELS = Path(__file__).with_name("labels")
#: Instances that are judged, by project.
SAMPLED = {"chainlit": 130, "zenml": 230}
#: Instances of every pattern that are judged, however small it is.
EACH = 2


class Instance(NamedTuple):
    """What a label is about; it stays while the convention and the source do."""

    category: str
    template: str
    file: str
    line: int

    @property
    def lot(self) -> str:
        """Decides whether it is drawn."""
        return sha256("\n".join(map(str, ("judged", *self))).encode()).hexdigest()


def read(name: str) -> list[dict[str, Any]]:
    path = LABELS / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def labels(project: str) -> dict[Instance, bool]:
    """Each judged instance, and whether it is right."""
    return {
        Instance(one["category"], one["template"], one["file"], one["line"]): one["right"]
        for one in read(project)
    }


def instances(patterns: Iterable[Pattern]) -> Iterator[Instance]:
    for pattern in patterns:
        for follower in pattern.followers:
            yield Instance(pattern.category, pattern.template, follower.span.file, follower.span.line)


def drawn(patterns: Iterable[Pattern], total: int) -> list[Instance]:
    """The instances that are to be judged: some of every pattern, then more of each category by lot.

    What a small category lacks, the larger ones give.
    """
    by_category: dict[str, set[Instance]] = defaultdict(set)
    chosen: dict[Instance, None] = {}
    for pattern in patterns:
        found = sorted(set(instances([pattern])), key=lambda one: one.lot)
        chosen.update(dict.fromkeys(found[:EACH]))
        by_category[pattern.category].update(found)
    for at, category in enumerate(sorted(by_category, key=lambda name: (len(by_category[name]), name))):
        rest = sorted(by_category[category] - chosen.keys(), key=lambda one: one.lot)
        share = max(total - len(chosen), 0) // (len(by_category) - at)
        chosen.update(dict.fromkeys(rest[:share]))
    return list(chosen)


class Expected(NamedTuple):
    """A handler or schema, and the conventions that a person saw in it."""

    name: str
    file: str
    first: int
    last: int
    conventions: list[list[str]]

    def found(self, patterns: Iterable[Pattern]) -> list[bool]:
        """Which of its conventions are mined, with this place among those that follow."""
        templates = [
            one.template
            for one in patterns
            if any(
                follower.span.file == self.file and self.first <= follower.span.line <= self.last
                for follower in one.followers
            )
        ]
        return [
            any(text in template for text in texts for template in templates) for texts in self.conventions
        ]


def expected(project: str) -> list[Expected]:
    return [
        Expected(one["name"], one["file"], one["first"], one["last"], one["conventions"])
        for one in read("expected")
        if one["project"] == project
    ]
