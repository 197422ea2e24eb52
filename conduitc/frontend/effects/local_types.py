"""What a value inside a function is: ``ir.types``, with a few forms of their own, and how they combine.

``Loose(T)`` is a T by the word of an annotation only: enough to know what its methods do, not enough to
encode it without looking. ``JSON`` is anything that JSON can hold. ``SEEN`` is unknown, and has been
complained about.
"""

from __future__ import annotations

from conduitc.ir.types import (
    ANY,
    NONE,
    ArrayOf,
    Constrained,
    DictOf,
    External,
    LiteralOf,
    Scalar,
    TupleOf,
    Type,
    UnionOf,
    Unknown,
    text,
    walk,
)


class Loose(Type, frozen=True):
    """A value of type ``said`` as far as annotations can be believed."""

    said: Type


JSON = External("*json")
#: Of a collection that nothing has been put into yet.
EMPTY = UnionOf(())
SEEN = External("*seen")
ENDLESS = External("*endless")

BOOL, INT, FLOAT, STR, BYTES = map(Scalar, ("bool", "int", "float", "str", "bytes"))
LIST, DICT, SET = ArrayOf("list", ANY), DictOf(ANY, ANY), ArrayOf("set", ANY)
STRINGS = ArrayOf("list", STR)
NUMBER = UnionOf((INT, FLOAT))


def iterator(item: Type) -> Type:
    """Something to iterate over that is no collection."""
    return ArrayOf("iterator", item)


_SAID = (Loose, Constrained)


def bare(type_: Type) -> Type:
    """``type_`` without what is only said about it."""
    while type(type_) in _SAID:
        type_ = type_.said if type(type_) is Loose else type_.base  # type: ignore[attr-defined]
    return type_


def loose(type_: Type) -> Type:
    return type_ if type_ in (ANY, SEEN, JSON, NONE) or type(type_) is Loose else Loose(type_)


def shown(type_: Type) -> str:
    """``type_`` as a person would write it."""
    return text(_believed(type_))


def _believed(type_: Type) -> Type:
    """``type_`` with annotations taken at their word, inside too: ``ir.types`` knows no ``Loose``."""
    if type(type_) is Loose:
        return _believed(type_.said)
    if type(type_) is ArrayOf:
        return ArrayOf(type_.kind, _believed(type_.item))
    if type(type_) is DictOf:
        return DictOf(_believed(type_.key), _believed(type_.value), type_.bare)
    if type(type_) is TupleOf:
        return TupleOf(tuple(map(_believed, type_.items)))
    return join(*map(_believed, type_.items)) if type(type_) is UnionOf else type_


def like(origin: Type, type_: Type) -> Type:
    """``type_``, no firmer than what it was taken from."""
    return loose(type_) if type(origin) is Loose else type_


#: More kinds of values than this are as good as unknown.
_MOST = 12


def join(*types: Type) -> Type:
    """What is one of ``types``; unknown where one is, ``EMPTY`` where there is none."""
    if len(types) == 1 and type(types[0]) is not UnionOf:
        return types[0]
    found: list[Type] = []
    for one in types:
        for item in one.items if type(one) is UnionOf else (one,):
            if item not in found:
                found.append(item)
                if len(found) > _MOST:
                    return ANY
    if len(found) == 1:
        return found[0]
    for unknown in (ANY, SEEN):
        if unknown in found:
            return unknown
    said = [one.said for one in found if type(one) is Loose]
    firm = [one for one in found if one not in said] if said else found
    return firm[0] if len(firm) == 1 else UnionOf(tuple(firm))


def kind(type_: Type) -> str:
    """The name under which the closed list has the methods of ``type_``; empty where it has none."""
    if type(type_) is Scalar:
        return type_.kind
    if type(type_) is ArrayOf:
        return type_.kind
    if type(type_) is External:
        return type_.name
    if type(type_) is DictOf:
        return "dict"
    if type(type_) is TupleOf:
        return "tuple"
    if type(type_) is LiteralOf:
        names = {type(value).__name__ for value in type_.values}
        return names.pop() if len(names) == 1 else ""
    return ""


#: Iterating over these gives text, or what stands here.
_ITEMS: dict[str, Type] = {
    "str": STR, "bytes": INT, "*json": JSON, "conduit.Query": STR, "conduit.Headers": STR,
    "conduit.Cookies": STR, "builtins.bytearray": INT, "conduit.State": STR,
}  # fmt: skip


def item_of(type_: Type) -> Type | None:
    """What a ``for`` over it gives; None where that is not known to be harmless and bounded."""
    known = bare(type_)
    if type(known) is ArrayOf:
        return like(type_, known.item)
    if type(known) is DictOf:
        return like(type_, STR if known.bare else known.key)
    if type(known) is TupleOf:
        return like(type_, join(*known.items)) if known.items else ANY
    if type(known) is UnionOf:
        items = [item_of(like(type_, one)) for one in known.items if one != NONE]
        return join(*items) if items and None not in items else None  # type: ignore[arg-type]
    return _ITEMS.get(kind(known))


def member_of(type_: Type, position: int | None) -> Type | None:
    """``value[…]``, None where it may be harmful; ``position`` where the index is a literal int."""
    known = bare(type_)
    if type(known) is DictOf:
        return JSON if known.bare else like(type_, known.value)
    if type(known) is TupleOf:
        if position is not None and -len(known.items) <= position < len(known.items):
            return like(type_, known.items[position])
        return item_of(type_)
    if type(known) is ArrayOf and known.kind in ("list", "tuple", "collections.deque"):
        return like(type_, known.item)
    if type(known) is UnionOf:
        items = [member_of(like(type_, one), position) for one in known.items if one != NONE]
        return join(*items) if items and None not in items else None  # type: ignore[arg-type]
    return _MEMBERS.get(kind(known))


_MEMBERS: dict[str, Type] = {
    "str": STR, "bytes": INT, "*json": JSON, "conduit.Query": STR, "conduit.Headers": STR,
    "conduit.Cookies": STR, "conduit.State": ANY,
    "re.Match": UnionOf((STR, NONE)), "os.environ": STR, "builtins.bytearray": INT,
}  # fmt: skip

#: Classes outside the project whose operators, text and truth are harmless.
_PLAIN_EXTERNALS = frozenset({
    "*json", "*seen", "builtins.bytearray", "builtins.complex", "builtins.slice",
    "collections.Counter",
    "datetime.timezone", "fractions.Fraction", "pathlib.Path", "pathlib.PurePath", "re.Match", "re.Pattern",
    "re.RegexFlag", "conduit.Headers", "conduit.Query", "conduit.Cookies", "os.environ",
    "time.struct_time",
})  # fmt: skip


def is_plain_external(name: str) -> bool:
    """Are operators, text and truth of an external class harmless?"""
    return name in _PLAIN_EXTERNALS or is_error(name)


def is_error(name: str) -> bool:
    """Is that a builtin exception, or the library's own?"""
    return (name.startswith("builtins.") and name.endswith(_ERRORS)) or name == "conduit.HTTPError"


_ERRORS = ("Error", "Exception", "Iteration", "Interrupt", "Exit", "Warning")


def exact(type_: Type) -> Type | None:
    """``type_`` as the IR may have it, where nothing in it is unknown, believed or internal."""
    for one in walk(type_):
        if type(one) in (Loose, Unknown) or one == ANY or (type(one) is ArrayOf and one.kind == "iterator"):
            return None
        if type(one) is External and (one.name.startswith("*") or one.name not in _ANSWERS):
            return None
    return type_


_ANSWERS = frozenset(
    f"conduit.{name}"
    for name in (
        "Response", "HTTPResponse", "JSON", "Text", "HTML", "Redirect", "File", "Stream", "EventStream",
    )
)  # fmt: skip
