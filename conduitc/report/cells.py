"""Text → what a terminal shows of it: cells, wrapped lines, a part of a long line.

A source file must not steer the terminal: what cannot be printed (control characters, bidirectional marks) is
replaced before anything else is done with it.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from conduitc.ir.secrets import masked_line

_TAB = "    "
#: Around the part of a line that is shown, so much more is searched for secrets: one may be cut in two.
_MARGIN = 2000
#: Hangul vowels and finals join the consonant before them.
_JOINING = range(0x1160, 0x1200)


def printable(text: str) -> str:
    """``text`` with everything replaced that a terminal would obey instead of showing."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def cells(text: str) -> tuple[str, list[int]]:
    """``text`` as a terminal shows it, and the column at which each character starts (and the text ends).

    Tabs are spread, wide characters count two, combining ones nothing.
    """
    shown, starts, at = [], [], 0
    for character in text:
        starts.append(at)
        if character == "\t":
            character = _TAB
        elif not character.isprintable():
            character = "\N{REPLACEMENT CHARACTER}"
        shown.append(character)
        at += len(character) if character.isascii() else _width(character)
    return "".join(shown), [*starts, at]


def width_of(text: str) -> int:
    """How many columns ``text`` takes."""
    return len(text) if text.isascii() and text.isprintable() else cells(text)[1][-1]


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me") or ord(character) in _JOINING:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def window(line: str, column: int, room: int) -> tuple[str, int]:
    """What is shown of ``line`` in ``room`` columns, and how many characters of it are left out before that.

    The place at ``column`` is in it, three eighths from the left where the line goes on at both sides.
    Secrets are masked.
    """
    at, before = min(column - 1, len(line)), room * 3 // 8
    start = max(0, min(at - before, len(line) - room))
    stop = min(start + room, len(line))
    outer = max(0, start - _MARGIN)
    part = masked_line(line[outer : stop + _MARGIN])[start - outer : stop - outer]
    starts = cells(part)[1]
    if starts[-1] > room:  # tabs and wide characters
        left = max(0, min(starts[at - start] - before, starts[-1] - room))
        first = bisect_left(starts, left)
        last = bisect_right(starts, starts[first] + room) - 1
        part, start, stop = part[first:last], start + first, start + last
    if start:
        part = "…" + part[1:]
    return (part[:-1] + "…" if stop < len(line) else part), start


def wrapped(text: str, width: int | None, hang: int = 2) -> Iterator[str]:
    """``text`` in lines of at most ``width`` columns, broken between words where that is possible.

    Lines after the first are indented by ``hang``; the indent is part of the width.
    """
    text = printable(text)
    if width is None or width_of(text) <= width:
        yield text
        return
    line, used, indent = "", 0, ""
    for word in text.split(" "):
        taken = width_of(word)
        if line != indent and used + 1 + taken <= width:
            line, used = f"{line} {word}", used + 1 + taken
            continue
        if line != indent:
            yield line
            indent = " " * min(hang, width // 2)
        line, used = indent, len(indent)
        for character in word:  # a word that is longer than a line is broken where the line ends
            taken = width_of(character)
            if used + taken > width and line != indent:
                yield line
                indent = " " * min(hang, width // 2)
                line, used = indent, len(indent)
            line, used = line + character, used + taken
    if line != indent:
        yield line
