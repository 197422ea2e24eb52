"""How things are done in a program: what was seen in it, and the conventions mined from that."""

from __future__ import annotations

from conduitc.ir.declared import Node
from conduitc.span import Span

#: What a pattern may be about.
CATEGORIES = ("auth", "error", "handler", "middleware", "route", "schema", "test", "validation")


class Hole(Node, frozen=True):
    """What differs from place to place: ``{name}`` in a template, and the text that stands there."""

    name: str
    text: str


class Trait(Node, frozen=True):
    """One thing that a subject does: ``template`` is its text with holes for names and constants."""

    category: str
    template: str
    span: Span
    holes: tuple[Hole, ...] = ()


class Subject(Node, frozen=True):
    """Something that can follow a convention. ``kind``: handler, function, schema, field, test, app, …

    ``resource`` is its id in the metadata, empty where it has none (a test); ``groups`` are what it has in
    common with others (its file, router, method), each a population of its own.
    """

    kind: str
    resource: str
    span: Span
    groups: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()


class Follower(Node, frozen=True):
    """A place where a pattern holds, or (an exception) does not; ``why`` says what stands there instead."""

    resource: str
    span: Span
    why: str = ""


class Pattern(Node, frozen=True):
    """A convention: ``support`` of ``n`` subjects (``population`` says which) have the trait.

    ``id`` is ``pattern:CATEGORY/`` and 12 hexadecimal digits of the SHA-256 of category and template, so it
    stays while the convention does. ``confidence`` is the lower end of the 95 % Wilson interval of support of
    n (Wilson 1927); ``lift`` how many times more often it holds here than in all subjects of the kind.
    ``state`` is ``mined`` or ``curated`` (accepted by a person). ``example`` is the text of one follower.
    """

    id: str
    category: str
    name: str
    template: str
    holes: tuple[tuple[str, tuple[str, ...]], ...]
    population: str
    support: int
    n: int
    confidence: float
    lift: float
    files: tuple[str, ...]
    followers: tuple[Follower, ...]
    exceptions: tuple[Follower, ...]
    example: Follower
    example_text: str
    state: str = "mined"
