"""Does a text satisfy an annotation? The grammar of path, query, header and cookie values.

As in the runtime, the text is parsed by the grammar of its kind, ``Optional`` taken off first, and msgspec
judges the result.
"""

import datetime
import math
import re
import uuid
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

import msgspec

from conduitc.ir.types import Constrained, Literal, LiteralOf, Ref, Scalar, Type, UnionOf, strip_optional

#: The members' values of every enum, by its id.
Enums = dict[str, tuple[object, ...]]

GRAMMAR = {
    "int": re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    "float": re.compile(r"-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?"),
    "decimal": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?"),
    "uuid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "bool": re.compile(r"true|false|1|0", re.IGNORECASE),
    "str": re.compile(r".+", re.DOTALL),  # an escaped slash does not split
    "path": re.compile(r".*", re.DOTALL),
}
_REAL = {
    "int": int, "float": float, "decimal": Decimal, "uuid": uuid.UUID, "bool": bool, "str": str,
    "date": datetime.date, "time": datetime.time, "datetime": datetime.datetime,
    "timedelta": datetime.timedelta,
}  # fmt: skip


def reads(text: str, type_: Type, enums: Enums) -> bool:
    """Is ``text`` a value of the type? What is not known to the wire takes everything."""
    match strip_optional(type_)[0]:
        case Scalar(kind=kind):
            return _is(text, kind, ())
        case LiteralOf(values=values):
            return among(text, values)
        case Ref(id=id_):
            return among(text, enums.get(id_, ()))
        case UnionOf(items=items):
            return any(reads(text, item, enums) for item in items)
        case Constrained(base=base, constraints=constraints):
            bare = strip_optional(base)[0]
            if isinstance(bare, Scalar):
                return _is(text, bare.kind, constraints)
            return reads(text, bare, enums)
    return True


def among(text: str, values: Collection[object]) -> bool:
    """Is ``text`` one of the values of a ``Literal`` or an enum, of which there may be thousands?"""
    if text in values:
        return True
    if not _is(text, "int", ()) or int(text) not in values:
        return False
    return any(isinstance(value, int) and value == int(text) for value in values)


def _is(text: str, kind: str, constraints: tuple[tuple[str, Literal], ...]) -> bool:
    value: object = text
    if kind in GRAMMAR:
        if GRAMMAR[kind].fullmatch(text) is None:
            return False
        if kind == "int":
            value = int(text)
        elif kind == "float":
            value = float(text)
            if not math.isfinite(value):
                return False
        elif kind == "bool":
            value = text.lower() in {"true", "1"}
    if kind not in _REAL:
        return True
    try:
        msgspec.convert(value, _annotation(kind, constraints))
    except msgspec.ValidationError:
        return False
    except (TypeError, ValueError, OverflowError, SystemError):
        return True  # bounds that do not fit the type, or that msgspec refuses: the program will not start
    return True


@lru_cache(maxsize=256)
def _annotation(kind: str, constraints: tuple[tuple[str, Literal], ...]) -> object:
    real = _REAL[kind]
    return Annotated[real, msgspec.Meta(**dict(constraints))] if constraints else real  # type: ignore[arg-type]
