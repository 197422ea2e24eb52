"""Constants and declarations: what the nodes of every kind are made of."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from conduitc.span import Span

Provenance = Literal["literal", "resolved", "inferred", "declared"]


class Node(Struct, frozen=True):
    """Base of all nodes."""


class Constant(Node, frozen=True):
    """A value known at build time: ``None``, bool, int, float, str, bytes, or list, tuple, dict of those.

    ``text`` is how the source spells it. ``enum`` is the member's full name where it was one.
    """

    value: object
    text: str
    enum: str | None = None


class Computed(Node, frozen=True):
    """A default whose value is not known at build time (``Field(default_factory=list)``, a call)."""

    text: str


class Guard(Node, frozen=True, gc=False):
    """Something undecided that stands around a declaration: arm number ``arm`` of test number ``test``.

    ``arms`` is how many arms there are where just one of them happens (``if``, ``match``), else 0 (``try``,
    what may be left early). What may stop midway has happened as far as ``step``: a later step implies the
    earlier ones.
    """

    test: int
    arm: int = 0
    arms: int = 0
    step: int = 0

    def implies(self, other: Guard) -> bool:
        """Has ``other`` happened wherever this has?"""
        return (self.test, self.arm) == (other.test, other.arm) and self.step >= other.step


class Declaration(Node, frozen=True):
    """One declaring call, as the runtime records it.

    In a build it is found by ``(slot, turn)``: ``turn`` counts the executions of one call site in an unrolled
    loop. Without a build it is found by ``(file, line, kind, key, turn)``: ``line`` is the first line of the
    function or class with its decorators, or the call's where the object has no code; ``key`` is
    ``"GET,HEAD /path"`` (methods as declared, path as written) or a name. ``guards`` say what a
    ``conditional`` one depends on, outermost first; without any, nothing is known about that.
    """

    slot: int
    turn: int
    kind: str
    key: str
    line: int
    span: Span
    conditional: bool = False
    guards: tuple[Guard, ...] = ()


class SlotSite(Node, frozen=True):
    """Where ``_slot=N`` goes: the call (or bare decorator expression) that starts and ends here."""

    slot: int
    span: Span
    bare: bool = False
