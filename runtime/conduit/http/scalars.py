"""Text from path, query, headers and cookies → scalars, by one grammar of our own.

``int`` and ``float`` as the path converters, ``bool`` is true, false, 1 or 0 in any case, an empty value is
only a ``str``. What is left (enums, dates, UUIDs, bounds) msgspec decides, given what the grammar made of the
text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from msgspec import ValidationError, convert

Parse = Callable[[str], Any]

_INT = re.compile(r"-?(0|[1-9][0-9]{0,17})").fullmatch
_FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?").fullmatch
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?").fullmatch
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").fullmatch
_BOOLS = {"true": True, "1": True, "false": False, "0": False}
_INFINITY = float("inf")


class Refusal(ValueError):
    """The text is not of the kind; the message says what was expected."""


def parse_int(text: str) -> int:
    if _INT(text) is None:
        raise Refusal("Expected `int`")
    return int(text)


def parse_float(text: str) -> float:
    if _FLOAT(text) is not None:
        value = float(text)
        if abs(value) != _INFINITY:
            return value
    raise Refusal("Expected `float`")


def parse_bool(text: str) -> bool:
    value = _BOOLS.get(text.lower())
    if value is None:
        raise Refusal("Expected `bool`")
    return value


def parse_str(text: str) -> str:
    return text


def parse_decimal(text: str) -> str:
    if _DECIMAL(text) is None:
        raise Refusal("Expected `decimal`")
    return text


def parse_uuid(text: str) -> str:
    if _UUID(text) is None:
        raise Refusal("Expected `uuid`")
    return text


#: Kinds whose grammar alone decides.
OWN_GRAMMAR: dict[str, Parse] = {
    "int": parse_int,
    "float": parse_float,
    "bool": parse_bool,
    "str": parse_str,
}
#: Tried in this order where an annotation allows several; text last, for it takes anything.
_ORDER: tuple[tuple[type, Parse], ...] = (
    (int, parse_int),
    (float, parse_float),
    (bool, parse_bool),
    (Decimal, parse_decimal),
    (UUID, parse_uuid),
    (str, parse_str),
)


def parser(kind: str, annotation: Any) -> Parse:
    """The function for one scalar.

    ``kind`` is its name where the annotation says no more than that, ``"other"`` where that decides.
    """
    own = OWN_GRAMMAR.get(kind)
    if own is not None and annotation in (None, int, float, bool, str):
        return own
    return _by_annotation(strip_none(annotation))


def strip_none(annotation: Any) -> Any:
    """``X | None`` as ``X``, below ``Annotated`` too."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extra = get_args(annotation)
        stripped = strip_none(inner)
        return annotation if stripped is inner else Annotated[(stripped, *extra)]
    if origin in (Union, UnionType):
        rest = [one for one in get_args(annotation) if one is not NoneType]
        return Union[tuple(rest)] if rest else annotation  # noqa: UP007
    return annotation


def bases(annotation: Any) -> set[type]:
    """The plain types an annotation's text may be read as."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return bases(arguments[0])
    if origin in (Union, UnionType):
        return set().union(*map(bases, arguments))
    if origin is Literal:
        return {type(one) for one in arguments}
    if hasattr(annotation, "__supertype__"):
        return bases(annotation.__supertype__)
    if isinstance(annotation, type):
        if issubclass(annotation, Enum):
            return {int if isinstance(member.value, int) else str for member in annotation}
        if annotation in (int, float, bool, Decimal, UUID):
            return {annotation}
    return {str}


def _by_annotation(annotation: Any) -> Parse:
    allowed = bases(annotation)
    parsers = [parse for base, parse in _ORDER if base in allowed]

    def parse(text: str) -> Any:
        refusal: Refusal | None = None
        for parse_one in parsers:
            try:
                return checked(parse_one(text), annotation)
            except Refusal as error:
                refusal = error
        raise refusal or Refusal("no such value")

    return parse


def checked(value: object, annotation: Any) -> Any:
    """``value`` as the annotation's type.

    Raises:
        Refusal: msgspec does not take it.
    """
    try:
        return convert(value, annotation)
    except ValidationError as error:
        raise Refusal(split_path(str(error))[0]) from None


def split_path(text: str) -> tuple[str, str]:
    """msgspec's message and path; a missing field belongs to the path."""
    message, at, path = text.rpartition(" - at `")
    if not at:
        message, path = text, "$"
    else:
        path = path.removesuffix("`").replace("` in `", " in ")
    missing = _MISSING(message)
    if missing is not None:
        path = f"{path}.{missing[1]}"
    return message, path


_MISSING = re.compile(r"Object missing required field `(.*)`", re.DOTALL).fullmatch
