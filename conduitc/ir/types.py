"""Types as the compiler understands them: what an annotation says, without any Python object behind it."""

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
    match type_:
        case ArrayOf(item=item):
            return (item,)
        case TupleOf(items=items) | UnionOf(items=items):
            return items
        case DictOf(key=key, value=value):
            return (key, value)
        case Constrained(base=base):
            return (base,)
    return ()


def walk(type_: Type) -> "list[Type]":
    """``type_`` and everything below it, outermost first (references are not followed)."""
    found = [type_]
    for one in found:
        if type(one) not in _LEAVES:
            found.extend(children(one))
    return found


_LEAVES = frozenset({Scalar, LiteralOf, Ref, External, Unknown})


def text(type_: Type) -> str:
    """``type_`` as a person would write it."""
    match type_:
        case Scalar(kind="none"):
            return "None"
        case Scalar(kind="any"):
            return "Any"
        case Scalar(kind="uuid"):
            return "UUID"
        case Scalar(kind="decimal"):
            return "Decimal"
        case Scalar(kind=kind):
            return kind
        case ArrayOf(kind="tuple", item=item):
            return f"tuple[{text(item)}, ...]"
        case ArrayOf(kind=kind, item=item):
            return f"{kind}[{text(item)}]"
        case TupleOf(items=items):
            return f"tuple[{', '.join(map(text, items)) or '()'}]"
        case DictOf(bare=True):
            return "dict"
        case DictOf(key=key, value=value):
            return f"dict[{text(key)}, {text(value)}]"
        case UnionOf(items=items):
            return " | ".join(map(text, items))
        case LiteralOf(values=values):
            return f"Literal[{', '.join(map(repr, values))}]"
        case Ref(id=id_):
            return id_.rpartition(".")[2]
        case Constrained(base=base, constraints=pairs):
            return f"Annotated[{text(base)}, Meta({', '.join(f'{k}={v!r}' for k, v in pairs)})]"
        case External(name=name):
            return name.rpartition(".")[2]
        case Unknown(text=source):
            return source
    raise TypeError(type_)
