"""Edits of a source text: spans turned into offsets, and several replacements made at once.

Everything outside the edits is kept character by character, line ends included.
"""

from collections.abc import Iterable

from msgspec import Struct

from conduitc.span import LINE_END, Span

__all__ = ["LINE_END", "Offsets", "Replacement", "apply"]


class Replacement(Struct, frozen=True, order=True):
    """``text`` takes the place of what stands from ``start`` up to ``end`` (offsets in characters)."""

    start: int
    end: int
    text: str


class Offsets:
    """Where the lines of one text start."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in LINE_END.finditer(text))]

    def of(self, span: Span) -> tuple[int, int]:
        """Start and end of ``span`` in the text.

        Raises:
            ValueError: the text has no such place.
        """
        if not 0 < span.line <= span.end_line <= len(self.starts):
            raise ValueError("there is no such line")
        start = self.starts[span.line - 1] + span.column - 1
        end = self.starts[span.end_line - 1] + span.end_column - 1
        if not 0 <= start <= end <= len(self.text):
            raise ValueError("there is no such column")
        return start, end


def apply(text: str, replacements: Iterable[Replacement]) -> str:
    """``text`` with all ``replacements`` made; several insertions at one place keep their order.

    Raises:
        ValueError: two of them overlap.
    """
    pieces, done = [], 0
    for one in sorted(replacements, key=lambda one: (one.start, one.end)):
        if one.start < done:
            raise ValueError("two edits overlap")
        pieces += [text[done : one.start], one.text]
        done = one.end
    return "".join([*pieces, text[done:]])
