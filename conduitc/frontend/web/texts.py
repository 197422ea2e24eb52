"""``re.sub`` of constants, within bounds: what paths are rewritten with."""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from conduitc.frontend.scope import Call
from conduitc.frontend.values import Const, External, Value

#: Longer texts are not computed.
_LONGEST = 500
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def replaced(function: Value, call: Call) -> Value | None:
    """The text that ``re.sub(pattern, replacement, text)`` gives; None where that is not known."""
    if not isinstance(function, External) or function.name != "re.sub" or call.open or call.keywords:
        return None
    given = [call.argument("", position) for position in range(len(call.positional))]
    words = [one.value for one in given if isinstance(one, Const) and isinstance(one.value, str)]
    if len(given) != 3 or len(words) != 3 or max(map(len, words)) > _LONGEST:
        return None
    try:
        if _nests(_parser.parse(words[0])):
            return None
        made = re.sub(words[0], words[1], words[2])
    except (re.error, IndexError, OverflowError, RecursionError):
        return None
    return Const(made)


def _nests(tree: Any, inside: bool = False) -> bool:
    """Is there a repetition in a repetition? Such a pattern may take for ever."""
    for operation, argument in tree:
        repeats = str(operation) in _REPEATS
        if repeats and inside:
            return True
        for part in argument if isinstance(argument, tuple | list) else (argument,):
            if isinstance(part, _parser.SubPattern) and _nests(part, inside or repeats):
                return True
            if isinstance(part, list) and any(
                isinstance(one, _parser.SubPattern) and _nests(one, inside or repeats) for one in part
            ):
                return True
    return False
