"""A regular expression → a text that it matches, for patterns of the plain sort; None for others.

Classes, repetitions, groups and alternatives are followed; look-around and references are not. The caller
tries the text, so a wrong guess costs nothing.
"""

import re
from collections.abc import Iterable
from re import _parser  # type: ignore[attr-defined]
from typing import Any

#: What the standard library's parser makes of a pattern.
Node = tuple[object, Any]

#: Tried in this order where a class leaves a choice.
_PLAIN = "x1A-_. @"
_CLASSES = {"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s"}
_LONGEST = 200


def example(pattern: str) -> str | None:
    """A text in which ``pattern`` is found."""
    try:
        text = _of(_parser.parse(pattern))
    except (re.error, ValueError, OverflowError, RecursionError):
        return None
    return text if re.search(pattern, text) else None


def _of(tree: Iterable[Node]) -> str:
    return "".join(_one(str(operation), argument) for operation, argument in tree)


def _one(operation: str, argument: Any) -> str:
    match operation, argument:
        case "LITERAL", int(code):
            return chr(code)
        case "NOT_LITERAL", int(code):
            return "x" if chr(code) != "x" else "y"
        case "ANY", _:
            return "x"
        case "AT", _:
            return ""
        case "IN", list(items):
            return _of_class(items)
        case (("MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT"), (int(low), high, inner)):
            return _of(inner) * min(max(low, 1 if int(high) else 0), _LONGEST)
        case (("SUBPATTERN" | "ATOMIC_GROUP"), tuple((*_, inner))):
            return _of(inner)
        case "BRANCH", (_, [first, *_]):
            return _of(first)
    raise ValueError(operation)


def _of_class(items: list[Node]) -> str:
    """A character of ``[...]``."""
    refused = str(items[0][0]) == "NEGATE"
    listed = "".join(chr(code) for kind, code in items if str(kind) == "LITERAL" and isinstance(code, int))
    ranges = "".join(chr(span[0]) for kind, span in items if str(kind) == "RANGE" and isinstance(span, tuple))
    for character in _PLAIN + listed + ranges:
        if _holds(items, character) != refused:
            return character
    raise ValueError("no plain character")


def _holds(items: list[Node], character: str) -> bool:
    for kind, argument in items:
        match str(kind), argument:
            case "LITERAL", int(code) if code == ord(character):
                return True
            case "RANGE", (int(low), int(high)) if low <= ord(character) <= high:
                return True
            case "CATEGORY", name:
                plain = _CLASSES.get(str(name).replace("_NOT_", "_"))
                if plain and bool(re.match(plain, character)) != ("_NOT_" in str(name)):
                    return True
    return False
