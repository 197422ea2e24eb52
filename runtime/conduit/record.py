"""What declaring calls write down.

In: the object a declaring call was given. Out: a row in the owner's ``_record``. Nothing is looked at
further; ``conduit._abi.table`` reads the rows when a build is bound.
"""

from __future__ import annotations

import sys
from itertools import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    #: File and line of the object's code, then of the declaring call. Only without a slot.
    Place = tuple[str, int, str, int]
    #: ``(order, slot, kind, key, object, place, options)``
    Row = tuple[int, int | None, str, str, Any, Place | None, Mapping[str, Any] | None]
    T = TypeVar("T")

#: One counter for the process: rows of different owners have an order too.
order: Callable[[], int] = count().__next__


def place_of(value: object, depth: int) -> Place:
    """Where ``value`` was written, and where the frame ``depth`` calls up stands.

    An object without code (a class, a pipeline) has the call's place only, given twice.
    """
    frame = sys._getframe(depth)
    file, line = frame.f_code.co_filename, frame.f_lineno
    while hasattr(value, "__wrapped__"):
        value = value.__wrapped__
    code = getattr(value, "__code__", None)
    if code is None:
        return file, line, file, line
    return code.co_filename, code.co_firstlineno, file, line


def note(
    record: list[Row],
    slot: int | None,
    kind: str,
    key: str,
    value: object,
    *,
    options: Mapping[str, Any] | None = None,
    code: object = None,
    depth: int = 3,
) -> None:
    """Write one row. ``code`` is the object whose code gives the place, where it is not ``value``."""
    place = place_of(value if code is None else code, depth) if slot is None else None
    record.append((order(), slot, kind, key, value, place, options))


def name_of(value: object) -> str:
    """The name of a function, class or anything else that may be declared."""
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) else type(value).__name__


def plain_decorator(
    record: list[Row], kind: str, function: T | None, slot: int | None
) -> T | Callable[[T], T]:
    """``@app.middleware`` and ``@app.middleware()``: both forms of a decorator without arguments."""
    if function is None:

        def decorate(function: T) -> T:
            check_callable(kind, function)
            note(record, slot, kind, name_of(function), function)
            return function

        return decorate
    check_callable(kind, function)
    note(record, slot, kind, name_of(function), function, depth=4)
    return function


def check_callable(kind: str, value: object) -> None:
    """Refuse what cannot be called.

    Raises:
        TypeError: it cannot be.
    """
    if not callable(value):
        raise TypeError(f"{kind} takes a function, got {type(value).__name__}")


def check_text(what: str, value: object) -> None:
    """Refuse what is not text.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, str):
        raise TypeError(f"{what} must be a string, got {type(value).__name__}")
