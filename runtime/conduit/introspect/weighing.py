"""Rules of Werkzeug's map → keys by which they are tried: of two that take a path, the lesser one answers.

Werkzeug walks a tree of what stands between the slashes: text first, then what holds parameters, by weight;
of equal weight, what was added first (``werkzeug.routing.matcher``). So rules compare where they differ.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: A part: text, or (weight, what was added first of equal ones).
Part = tuple[int, object, int]
Key = tuple[Part, ...]

_PARAMETER = re.compile(r"\{[A-Za-z_]\w*(?::([A-Za-z_]\w*))?\}")
_WEIGHTS = {"int": 50, "float": 50, "path": 200}
_PLAIN = 100
#: What takes a path that a rule takes but for the slash at its end comes after all that take it as it is.
LAST: Part = (2, "", 0)


def keys(rules: Iterable[tuple[str, str]]) -> list[Key]:
    """Of patterns and their regular expressions, in the order of declaration."""
    seen: dict[tuple[object, ...], int] = {}
    found = []
    for number, (pattern, regex) in enumerate(rules):
        key: list[Part] = []
        before: tuple[object, ...] = ()
        for part in _parts(pattern):
            weight = _weight(part)
            # names do not matter; the words of ``any`` do, and stand in the expression only
            kind = _PARAMETER.sub(r"{\1}", part) + (regex if ":any}" in part else "")
            before = (*before, kind)
            key.append((0, part, 0) if weight is None else (1, weight, seen.setdefault(before, number)))
        found.append(tuple(key))
    return found


def _parts(pattern: str) -> list[str]:
    """What stands between the slashes. A parameter that takes slashes takes all that follows along, but for a
    slash at the end."""
    words = pattern.split("/")[1:]
    for place, word in enumerate(words):
        if ":path}" in word:
            rest, end = words[place:], []
            if len(rest) > 1 and rest[-1] == "":
                rest, end = rest[:-1], [""]
            return [*words[:place], "/".join(rest), *end]
    return words


def _weight(part: str) -> tuple[object, ...] | None:
    """More pieces of text weigh less, then longer ones, then more parameters, then narrower ones."""
    converters = _PARAMETER.findall(part)
    if not converters:
        return None
    texts = [one for piece in _PARAMETER.split(part)[::2] for one in piece.split("/") if one]
    lengths = tuple((place, -len(text)) for place, text in enumerate(texts))
    return -len(texts), lengths, -len(converters), tuple(_WEIGHTS.get(one, _PLAIN) for one in converters)
