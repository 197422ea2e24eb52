"""Documents of weighted words → those that fit a question best: BM25F (Robertson, Zaragoza, Taylor 2004).

A word's weight in a document is made of its counts in all fields before it is saturated, so a name counts
more than prose and yet no word counts for ever. Lengths are compared with what is usual for a field, not with
the corpus: so a document is weighed once, when it comes. A word keeps its heaviest documents only (champion
lists, Brown 1995), which bounds both memory and the time of a question.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from math import log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: How soon a word's count is saturated, and how much a field's length counts.
K1, B = 2.0, 0.6
#: What few say only by chance must not outweigh what the question is about: rarity counts to this power.
DAMPED = 0.75
#: So many documents a word keeps.
CHAMPIONS = 200
#: So many words that begin alike stand for one that is not known.
SIMILAR = 4
#: What a word that stands in a name weighs, nearly: more than that is no better an answer.
FULL = 0.58


class Field:
    """A part of a document: what a word in it counts, and how many words are usual there."""

    __slots__ = ("usual", "weight")

    def __init__(self, weight: float, usual: int) -> None:
        self.weight, self.usual = weight, usual


def weighed(fields: Iterable[tuple[Field, Sequence[str]]]) -> dict[str, float]:
    """Stems of all fields → what each weighs in the document, from 0 to 1."""
    counts: dict[str, float] = {}
    for field, stems in fields:
        if stems:
            each = field.weight / (1 - B + B * max(1.0, len(stems) / field.usual))
            for one in stems:
                counts[one] = counts.get(one, 0.0) + each
    return {one: count / (K1 + count) for one, count in counts.items()}


class Found:
    """Documents by number: ``scores``, and ``shares``, how much of all that is asked they have, from 0 to 1;
    ``by_term`` is what each term brought, in their order."""

    __slots__ = ("by_term", "scores", "shares")

    def __init__(self, terms: Sequence[tuple[dict[int, float], float]]) -> None:
        """``terms`` are the values of each term, and the value of a document that has it in full."""
        self.scores: dict[int, float] = {}
        self.shares: dict[int, float] = {}
        self.by_term = [values for values, _ in terms]
        whole = sum(full for _, full in terms) or 1.0
        scores, shares = self.scores, self.shares
        for values, full in terms:
            for number, value in values.items():
                scores[number] = scores.get(number, 0.0) + value
                shares[number] = shares.get(number, 0.0) + (value if value < full else full) / whole


class Ranking:
    """Every word's documents, the heaviest first. Read-only once made."""

    __slots__ = ("_counts", "_postings", "_sorted", "size")

    def __init__(self, documents: Iterable[Mapping[str, float]]) -> None:
        gathered: dict[str, list[tuple[float, int]]] = {}
        self.size = 0
        for number, document in enumerate(documents):
            self.size += 1
            for word, weight in document.items():
                gathered.setdefault(word, []).append((-weight, number))
        self._counts = {word: len(listed) for word, listed in gathered.items()}
        self._sorted = sorted(gathered)
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        for word, listed in gathered.items():
            best = sorted(listed)[:CHAMPIONS] if len(listed) > CHAMPIONS else listed
            self._postings[word] = (
                array("I", [number for _, number in best]),
                array("f", [-weight for weight, _ in best]),
            )

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def beginning(self, prefix: str) -> list[str]:
        """Some words that begin so."""
        start = bisect_left(self._sorted, prefix)
        return [word for word in self._sorted[start : start + SIMILAR] if word.startswith(prefix)]

    def rarity(self, word: str) -> float:
        """What it says that a document has the word: much where few do (inverse document frequency)."""
        count = self._counts.get(word, 0)
        return float(log(1 + (self.size - count + 0.5) / (count + 0.5)) ** DAMPED)

    def search(self, terms: Iterable[tuple[float, Sequence[tuple[str, float]]]]) -> Found:
        """Documents that have any of the terms.

        A term has a weight, and words that may stand for it with theirs: a document has the best of them.
        """
        return Found([self._found(weight, meant) for weight, meant in terms])

    def _found(self, weight: float, meant: Sequence[tuple[str, float]]) -> tuple[dict[int, float], float]:
        values: dict[int, float] = {}
        said = self.rarity(meant[0][0])
        known = meant[0][0] in self._counts
        best = said if known else 0.0
        for word, share in meant:
            posting = self._postings.get(word)
            if posting is None:
                continue
            rarity = min(said, self.rarity(word)) if known else self.rarity(word)
            best = max(best, rarity)
            each = weight * share * rarity
            for number, own in zip(*posting, strict=True):
                value = each * own
                if value > values.get(number, 0.0):
                    values[number] = value
        return values, weight * (best or said) * FULL
