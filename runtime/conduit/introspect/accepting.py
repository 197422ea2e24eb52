"""Is a text taken by a segment of a path? By its converter, and by what the handler's annotation adds.

The grammar is the app language's; ``accepts`` of a parameter in metadata.json says the rest. Where that
cannot be told here (times, what was not published) the answer is None.
"""

from __future__ import annotations

import re
from math import fmod, isfinite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_GRAMMAR = {
    "int": r"-?(0|[1-9][0-9]{0,17})",
    "float": r"-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?",
    "decimal": r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?",
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "bool": r"(?i:true|false|1|0)",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "str": r"(?s:.+)",
    "path": r"(?s:.*)",
}
_BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "ge": lambda value, bound: value >= bound,
    "gt": lambda value, bound: value > bound,
    "le": lambda value, bound: value <= bound,
    "lt": lambda value, bound: value < bound,
    "multiple_of": lambda value, bound: (
        fmod(value, bound) == 0 if isinstance(value, float) else not value % bound
    ),
    "min_length": lambda value, bound: len(value) >= bound,
    "max_length": lambda value, bound: len(value) <= bound,
    "pattern": lambda value, bound: re.search(bound, value) is not None,
}
#: What ``Meta`` says to people.
_SAID = frozenset({"title", "description", "kind"})


def converts(converter: str, text: str) -> bool:
    """Does the converter take the text?"""
    if not re.fullmatch(_GRAMMAR.get(converter, _GRAMMAR["str"]), text):
        return False
    return converter != "float" or isfinite(float(text))


def accepted(alternatives: list[dict[str, Any]], text: str) -> bool | None:
    """Does one of the alternatives take the text? None: that cannot be told."""
    answers = [_takes(one, text) for one in alternatives]
    return True if True in answers else None if None in answers else False


def _takes(alternative: dict[str, Any], text: str) -> bool | None:
    values = alternative.get("values")
    if values is not None:
        return _among(values, text)
    kind = alternative["kind"]
    if kind not in _GRAMMAR:
        return None
    if not converts(kind, text):
        return False
    bounds = [(name, bound) for name, bound in alternative.items() if name not in _SAID]
    if kind == "date":
        return None if bounds else _is_day(text)
    if any(name not in _BOUNDS for name, _ in bounds):
        return None
    value = _read(kind, text)
    try:
        return all(_BOUNDS[name](value, bound) for name, bound in bounds)
    except (TypeError, ValueError, re.error, ZeroDivisionError):
        return None  # bounds that do not fit the type: the program will not start


def _among(values: list[Any], text: str) -> bool:
    if text in values:
        return True
    if not converts("int", text):
        return False
    return any(isinstance(value, int) and value == int(text) for value in values)


def _read(kind: str, text: str) -> object:
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    if kind == "decimal":
        from decimal import Decimal

        return Decimal(text)
    return text


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
