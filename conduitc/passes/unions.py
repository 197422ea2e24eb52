"""A union → the two members that msgspec could not tell apart, where there are such.

msgspec chooses a member by the JSON kind of the value alone. So of what is a string in JSON there may be one
member, of integers one, of arrays one, and of objects one, unless all of these are Structs with different
tags under one tag field. Members of a ``Literal`` join ``str`` and ``int``.
"""

from conduitc.ir.nodes import Schema
from conduitc.ir.types import (
    ArrayOf,
    Constrained,
    DictOf,
    External,
    LiteralOf,
    Ref,
    Scalar,
    TupleOf,
    Type,
    UnionOf,
    Unknown,
    text,
)

_STRINGS = {"bytes", "datetime", "date", "time", "timedelta", "uuid", "decimal"}
#: Bounds that msgspec keeps in the same place as a tuple's length.
_STORED = {"ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length"}
#: Kind in JSON, and what members may stand beside each other within it (those with the same mark).
Kind = tuple[str, str]


def clash(union: UnionOf, schemas: dict[str, Schema]) -> tuple[str, str, str] | None:
    """Two members and the kind that they share, or None."""
    seen: dict[str, tuple[str, Type]] = {}
    tags: dict[str, Type] = {}
    for item in () if Scalar("any") in union.items else union.items:
        for kind, mark in _kinds(item, schemas):
            other = seen.setdefault(kind, (mark, item))
            if other[1] is not item and (other[0] != mark or not mark):
                return text(other[1]), text(item), kind
        tag = _tag(item, schemas)
        if tag is not None and tags.setdefault(tag, item) is not item:
            return text(tags[tag]), text(item), "objects"
    return None


def tuple_beside_bounds(union: UnionOf) -> bool:
    """A tuple of fixed length beside a member with bounds: msgspec (0.22) ends the process over it."""
    bounded = any(
        isinstance(item, Constrained) and any(name in _STORED for name, _ in item.constraints)
        for item in union.items
    )
    return bounded and any(isinstance(item, TupleOf) for item in union.items)


def _kinds(type_: Type, schemas: dict[str, Schema]) -> list[Kind]:
    """What a member is in JSON. An empty mark tolerates no neighbour."""
    match type_:
        case Scalar(kind="int" | "str" as kind):
            return [("integers", kind) if kind == "int" else ("strings", kind)]
        case Scalar(kind=kind) if kind in _STRINGS:
            return [("strings", "")]
        case LiteralOf(values=values):
            kinds = {type(value) for value in values}
            marks: list[Kind] = [("integers", "int")] if int in kinds else []
            return [*marks, ("strings", "str")] if str in kinds else marks
        case ArrayOf() | TupleOf():
            return [("arrays", "")]
        case DictOf():
            return [("objects", "")]
        case Constrained(base=base):
            return _kinds(base, schemas)
        case Ref(id=id_) if id_ in schemas:
            return _of_schema(schemas[id_])
        case External() | Unknown():
            return []  # refused elsewhere
    return []


def _of_schema(schema: Schema) -> list[Kind]:
    if schema.kind == "enum":
        numbers = any(isinstance(member.value, int) for _, member in schema.members)
        return [("integers" if numbers else "strings", "")]
    return [("objects", f"tagged by {schema.tag[0]}" if schema.tag else "")]


def _tag(type_: Type, schemas: dict[str, Schema]) -> str | None:
    schema = schemas.get(type_.id) if isinstance(type_, Ref) else None
    return schema.tag[1] if schema is not None and schema.tag is not None else None
