"""Types as the compiler understands them: what an annotation says, without any Python object behind it."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

#: Scalars the wire knows. ``any`` is what an annotation of ``Any`` or ``object`` means.
SCALARS = (
    "any", "none", "bool", "int", "float", "str", "bytes",
    "uuid", "date", "time", "datetime", "timedelta", "decimal",
)  # fmt: skip

Literal = str | int | float | bool | None


class Type(Struct, frozen=True, tag=True):
    """Base of all types."""


class Scalar(Type, frozen=True):
    """One of ``SCALARS``."""

    kind: str


class ArrayOf(Type, frozen=True):
    """A homogeneous collection; ``kind`` is ``list``, ``set``, ``frozenset``, ``tuple`` (any length)."""

    kind: str
    item: Type


class TupleOf(Type, frozen=True):
    """A tuple of fixed length."""

    items: tuple[Type, ...]


class DictOf(Type, frozen=True):
    """A mapping; ``bare`` where the source says ``dict`` without parameters."""

    key: Type
    value: Type
    bare: bool = False


class UnionOf(Type, frozen=True):
    """A union, flattened, in source order; ``Optional[X]`` has ``Scalar("none")`` among its items."""

    items: tuple[Type, ...]


class LiteralOf(Type, frozen=True):
    """``Literal["a", 1]``."""

    values: tuple[Literal, ...]


class Ref(Type, frozen=True):
    """A dataclass, Struct, TypedDict or enum of the project: the id of a ``Schema``."""

    id: str


class Constrained(Type, frozen=True):
    """``Annotated[base, Meta(...)]``; ``constraints`` are Meta's keywords, sorted by name."""

    base: Type
    constraints: tuple[tuple[str, Literal], ...]


class External(Type, frozen=True):
    """A class that is not the project's own (``conduit.Request``, ``numpy.ndarray``): its full name."""

    name: str


class Unknown(Type, frozen=True):
    """An annotation that could not be resolved: its text and the reason."""

    text: str
    reason: str


NONE = Scalar("none")
ANY = Scalar("any")
BARE_DICT = DictOf(ANY, ANY, bare=True)


def strip_optional(type_: Type) -> tuple[Type, bool]:
    """``X | None`` as ``(X, True)``; anything else as ``(type_, False)``."""
    if not isinstance(type_, UnionOf) or NONE not in type_.items:
        return type_, False
    rest = tuple(item for item in type_.items if item != NONE)
    return (rest[0] if len(rest) == 1 else UnionOf(rest)), True


def children(type_: Type) -> tuple[Type, ...]:
    """The types that ``type_`` is directly made of."""
    parts = _CHILDREN.get(type(type_))
    return parts(type_) if parts is not None else ()


_CHILDREN: dict[type[Type], Callable[[Any], tuple[Type, ...]]] = {
    ArrayOf: lambda one: (one.item,),
    TupleOf: lambda one: one.items,
    UnionOf: lambda one: one.items,
    DictOf: lambda one: (one.key, one.value),
    Constrained: lambda one: (one.base,),
}


def walk(type_: Type) -> "list[Type]":
    """``type_`` and everything below it, outermost first (references are not followed)."""
    found = [type_]
    for one in found:
        parts = _CHILDREN.get(type(one))
        if parts is not None:
            found += parts(one)
    return found


def text(type_: Type) -> str:
    """``type_`` as a person would write it."""
    return _TEXTS[type(type_)](type_)


def _array_text(type_: ArrayOf) -> str:
    return f"{type_.kind}[{text(type_.item)}{', ...' if type_.kind == 'tuple' else ''}]"


def _constrained_text(type_: Constrained) -> str:
    return f"Annotated[{text(type_.base)}, Meta({', '.join(f'{k}={v!r}' for k, v in type_.constraints)})]"


_SPELLED = {"none": "None", "any": "Any", "uuid": "UUID", "decimal": "Decimal"}
_TEXTS: dict[type[Type], Callable[[Any], str]] = {
    Scalar: lambda one: _SPELLED.get(one.kind, one.kind),
    ArrayOf: _array_text,
    TupleOf: lambda one: f"tuple[{', '.join(map(text, one.items)) or '()'}]",
    DictOf: lambda one: "dict" if one.bare else f"dict[{text(one.key)}, {text(one.value)}]",
    UnionOf: lambda one: " | ".join(map(text, one.items)),
    LiteralOf: lambda one: f"Literal[{', '.join(map(repr, one.values))}]",
    Ref: lambda one: one.id.rpartition(".")[2],
    Constrained: _constrained_text,
    External: lambda one: one.name.rpartition(".")[2],
    Unknown: lambda one: one.text,
}
