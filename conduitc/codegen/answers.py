"""Route → the expression that makes ``value → answer``, and whether anything need be looked at on the way."""

import sys

from conduitc.ir.nodes import App, Function, Route
from conduitc.ir.types import (
    ArrayOf,
    DictOf,
    External,
    LiteralOf,
    Ref,
    Scalar,
    TupleOf,
    Type,
    UnionOf,
    Unknown,
    walk,
)

#: Scalars that msgspec encodes itself.
_NATIVE = frozenset(
    {"bool", "int", "float", "str", "uuid", "date", "time", "datetime", "timedelta", "decimal"}
)


def done(app: App, route: Route, function: Function, response: str | None) -> str:
    """The expression that makes ``value → answer`` for a route; ``response`` is that of ``response=``."""
    status = route.options.status or 200
    if response is not None:
        return f"answer_declared({status}, {response}, validate=True)"
    declared, returned = function.returns, function.effects.returned
    proven = returned if function.opaque is None else None
    if declared is not None and filters(declared):
        if proven == declared and is_plain(app, declared):
            return f"answer_json({status})"
        return f"answer_declared({status}, return_of(handler))"
    return (
        f"answer_json({status})" if proven is not None and is_plain(app, proven) else f"answer_any({status})"
    )


def filters(declared: Type) -> bool:
    """Whether a declared return type says how a value is sent: as what it names, and no more.

    What is not of the project may name fields as well (a library's dataclass); responses do not.
    """
    if isinstance(declared, External):
        return declared.name in ("conduit.HTML", "conduit.Text") or not _of_python(declared)
    if declared in (Scalar("any"), Scalar("none")) or (isinstance(declared, DictOf) and declared.bare):
        return False
    if isinstance(declared, UnionOf) and not any(map(filters, declared.items)):
        return False
    return not any(isinstance(one, Unknown) for one in walk(declared))


def _of_python(type_: External) -> bool:
    """Whether it has no fields for certain: what the library and Python itself offer."""
    return type_.name.partition(".")[0] in ("conduit", *sys.stdlib_module_names)


def is_plain(app: App, type_: Type, *, nested: bool = False) -> bool:
    """Whether every value of the type is sent as JSON, just as msgspec encodes it.

    Not so, and only at the outermost place: ``None`` (204), bytes (sent as they are) and tuples (a status).
    Not so anywhere: sets, whose order must be fixed, and classes whose fields may hold instances of others.
    """
    match type_:
        case Scalar(kind=kind):
            return kind in _NATIVE or (nested and kind in ("none", "bytes"))
        case LiteralOf():
            return True
        case ArrayOf(kind=kind, item=item):
            return (kind == "list" or (nested and kind == "tuple")) and is_plain(app, item, nested=True)
        case TupleOf(items=items):
            return nested and all(is_plain(app, item, nested=True) for item in items)
        case DictOf(key=Scalar(kind="str"), value=value):
            return is_plain(app, value, nested=True)
        case UnionOf(items=items):
            return all(is_plain(app, item, nested=nested) for item in items)
        case Ref(id=id_):
            schema = app.schema(id_)
            if schema.kind not in ("dataclass", "struct"):
                return False
            return all(isinstance(one.type, Scalar) and is_plain(app, one.type) for one in schema.fields)
    return False
