"""Classes with fields (dataclass, Struct, TypedDict, attrs) as the rooms that walk values need them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields as struct_fields


class FieldOf(NamedTuple):
    """A field: its name on the wire, in Python, its annotation, and how a default is made (None: required).

    ``plain`` says that the default is one object, and not made anew.
    """

    wire: str
    name: str
    annotation: Any
    default: Callable[[], Any] | None
    plain: bool = False


def has_fields(kind: Any) -> bool:
    """Whether it is a class whose fields are declared."""
    if not isinstance(kind, type):
        return False
    named = hasattr(kind, "__dataclass_fields__") or hasattr(kind, "__attrs_attrs__")
    return named or issubclass(kind, Struct) or is_typeddict(kind)


@cache
def fields_of(kind: Any) -> tuple[FieldOf, ...]:
    """The fields of a class for which ``has_fields`` holds, in their order."""
    if issubclass(kind, Struct):
        return tuple(
            FieldOf(one.encode_name, one.name, one.type, *_default(one, NODEFAULT))
            for one in struct_fields(kind)
        )
    hints = get_type_hints(kind, include_extras=True)
    if is_typeddict(kind):
        optional = kind.__optional_keys__
        return tuple(
            FieldOf(name, name, _unmarked(one), (lambda: None) if name in optional else None)
            for name, one in hints.items()
        )
    if hasattr(kind, "__dataclass_fields__"):
        from dataclasses import MISSING, fields

        return tuple(
            FieldOf(one.name, one.name, hints[one.name], *_default(one, MISSING)) for one in fields(kind)
        )
    return tuple(FieldOf(one.name, one.name, hints.get(one.name, Any), None) for one in kind.__attrs_attrs__)


def _default(field: Any, missing: object) -> tuple[Callable[[], Any] | None, bool]:
    if field.default is not missing:
        return (lambda: field.default), True
    return (None if field.default_factory is missing else field.default_factory), False


def _unmarked(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) in (NotRequired, Required) else annotation


def members(annotation: Any) -> tuple[Any, ...]:
    """The members of a union without None; an annotation that is none is its only member."""
    annotation = bare(annotation)
    if get_origin(annotation) in (Union, UnionType):
        return tuple(one for one in get_args(annotation) if one is not NoneType)
    return (annotation,)


def bare(annotation: Any) -> Any:
    """An annotation without ``Annotated`` and ``NewType`` around it."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif hasattr(annotation, "__supertype__"):
            annotation = annotation.__supertype__
        else:
            return annotation


def inside(annotation: Any) -> tuple[Any, ...]:
    """The annotations that one is directly made of: members, items or fields."""
    several = members(annotation)
    if len(several) > 1:
        return several
    one: Any = bare(several[0]) if several else NoneType
    origin = get_origin(one)
    if origin is Literal:
        return ()
    if origin is not None:
        return tuple(each for each in get_args(one) if each is not Ellipsis)
    return tuple(field.annotation for field in fields_of(one)) if has_fields(one) else ()


def reachable(annotation: Any) -> list[Any]:
    """Every annotation below one, itself first; a class that contains itself is met once."""
    found: list[Any] = []
    waiting = [annotation]
    while waiting:
        one = waiting.pop()
        if not any(one is known for known in found):
            found.append(one)
            waiting.extend(inside(one))
    return found
