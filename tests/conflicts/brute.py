"""The verdicts about a table by trying: every kind of path, every way its conditions may come out.

Why the witnesses suffice. A table of ``tables.py`` is made of statics and of annotations whose limits are
few. Two texts of one segment that the same segments of a table take are interchangeable in it, so one of each
such class is enough, and the classes are found by asking every segment about every witness. No class is
without a witness: a text that some segment takes is a static or a value of an enum or ``Literal`` (all are
witnesses), or it is

- an int: limits lie from -2 to 9 and remainders repeat after 6, so it behaves like one of the ints from -16
  to 16, or, where its length counts (limits 1 to 3), like one of six in a row of 3 and of 4 characters; those
  of 18 digits are no floats;
- a float that is no int: limits are quarters from -1 to 2 (and statics), so it behaves like an eighth from
  -1.125 to 2.125 or like one far off, spelled in 3 characters where that is possible, or in more;
- ``true`` or ``false`` in capitals, another date, another uuid;
- another word of 1, 2, 3, 4 or 10 characters, or the empty text, or two words with an escaped slash.

A rest of a path is words of the same classes; one segment more than the longest route has is enough, as from
there on only tails are left, which take all or, being a few texts, nothing.
"""

import itertools
from collections.abc import Iterator
from fractions import Fraction

from tests.conflicts.tables import INNER, OUTER, STATICS, TRIED, Row
from tests.dispatch.reference import rank

_EIGHTHS = [Fraction(number, 8) for number in range(-9, 18)]
WITNESSES = tuple(
    dict.fromkeys(
        [
            *STATICS,
            *map(str, range(-16, 17)),
            *(str(sign * (start + step)) for start in (100, 1000) for step in range(6) for sign in (1, -1)),
            *("-0", f"{10**17}", f"-{10**17}", *(str(10**17 + step) for step in range(1, 6))),
            *(str(-(10**17) - step) for step in range(1, 6)),
            *(f"{float(value)}" for value in _EIGHTHS),
            *(f"{float(value)}000" for value in _EIGHTHS),
            *("9e9", "9.0e9", "-9e9", "1e0", "0e0", "2e0", "True", "False", "false", "0", "1"),
            *("2001-02-03", "00000000-0000-4000-8000-000000000000"),
            *("y", "yy", "yyy", "yyyy", "y" * 10, "", "y/y"),
        ]
    )
)

#: A method that no route names.
OTHER = "PURGE"

Mask = int


def classes(rows: list[Row], place: int) -> dict[tuple[object, ...], str]:
    """A witness of every class of texts that stand at ``place`` of a path; below a tail, its words count."""
    found: dict[tuple[object, ...], str] = {}
    for text in WITNESSES:
        seen: list[object] = [text if text in ("", "a", "b", "a/b") else None]
        for row in rows:
            tail = row.parts[-1].kind == "path" and place >= len(row.parts) - 1
            seen.append(tail or (place < len(row.parts) and row.takes(place, text)))
        found.setdefault(tuple(seen), text)
    return found


def paths(rows: list[Row]) -> Iterator[tuple[tuple[str, ...], Mask]]:
    """A path of every kind, and which rows take it."""
    cases = [row.case() for row in rows]
    longest = max(len(row.parts) for row in rows) + 1
    columns = [classes(rows, place) for place in range(longest)]
    level: list[tuple[tuple[str, ...], Mask]] = [((), (1 << len(rows)) - 1)]
    for column in columns:
        further = []
        for (head, alive), (signature, text) in itertools.product(level, column.items()):
            left = sum(1 << row for row in range(len(rows)) if alive >> row & 1 and signature[row + 1])
            if left:
                further.append(((*head, text), left))
        for path, left in further:
            mask = sum(
                1 << row
                for row in range(len(rows))
                if left >> row & 1 and cases[row].values(path) is not None
            )
            if mask:
                yield path, mask
        level = further


def masks(rows: list[Row]) -> set[Mask]:
    """Which rows some path has in common."""
    return {mask for _, mask in paths(rows)}


def ways(rows: list[Row]) -> list[Mask]:
    """Which rows may be on together."""
    unknown = [number for number, row in enumerate(rows) if row.conditional and not row.guards]
    found = set()
    for outer, inner, tried in itertools.product((0, 1), (0, 1), (-1, 0, 1)):
        for off in itertools.product((False, True), repeat=len(unknown)):
            on = 0
            for number, row in enumerate(rows):
                held = all(
                    tried >= one.step
                    if one.test == TRIED
                    else {OUTER: outer, INNER: inner}[one.test] == one.arm
                    for one in row.guards
                )
                if held and not (number in unknown and off[unknown.index(number)]):
                    on |= 1 << number
            found.add(on)
    return sorted(found)


def together(one: int, other: int, possible: list[Mask]) -> bool:
    """Is one of two rows on wherever the other is?"""
    mine = {way for way in possible if way >> one & 1}
    theirs = {way for way in possible if way >> other & 1}
    return mine <= theirs or theirs <= mine


def conflicting(rows: list[Row], common: set[Mask], possible: list[Mask]) -> set[int]:
    """The rows that meet one before them: same methods, same kinds, a path of both, on together."""
    cases = [row.case() for row in rows]
    return {
        later
        for later in range(len(rows))
        for earlier in range(later)
        if set(rows[later].methods) & set(rows[earlier].methods)
        and cases[later].kinds() == cases[earlier].kinds()
        and any(mask >> later & 1 and mask >> earlier & 1 for mask in common)
        and together(later, earlier, possible)
    }


def dead(rows: list[Row], common: set[Mask], possible: list[Mask], precedence: str) -> set[int]:
    """The rows that answer no path, whatever is on."""
    return {row for row in range(len(rows)) if not _answers(row, rows, common, possible, precedence)}


def _answers(row: int, rows: list[Row], common: set[Mask], possible: list[Mask], precedence: str) -> bool:
    methods = [OTHER if method == "*" else method for method in rows[row].methods]
    return any(
        row in _first(rows, mask & way, method, precedence)
        for method in methods
        for way in possible
        for mask in common
        if mask & way & 1 << row
    )


def _first(rows: list[Row], mask: Mask, method: str, precedence: str) -> list[int]:
    """Who answers; several where that is undecided."""
    taking = [row for row in range(len(rows)) if mask >> row & 1]
    if precedence == "declaration":
        answering = [row for row in taking if {method, "*"} & set(rows[row].methods)]
        return answering[:1]
    standing = {row: rank(rows[row].methods, method) for row in taking}
    keys = {row: (rows[row].case().kinds(), at) for row, at in standing.items() if at is not None}
    best = min(keys.values(), default=None)
    return [row for row, key in keys.items() if key == best]
