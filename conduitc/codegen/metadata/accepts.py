"""The type of a path parameter in → which texts it takes, as alternatives that a program can try.

An alternative is ``{"kind": "int", "ge": 1}`` (a kind of text, and bounds on its value), ``{"values":
[...]}`` (one of them), or ``{"kind": "unknown"}`` where that cannot be told, or must not.
"""

from conduitc.codegen.metadata.redaction import redact
from conduitc.codegen.schema_json import Json
from conduitc.ir.nodes import App
from conduitc.ir.types import Constrained, LiteralOf, Ref, Scalar, Type, UnionOf, strip_optional

#: The members' values of every enum, by its id.
Members = dict[str, tuple[object, ...]]

#: What text can be read as; of anything else only the parser of the request knows.
_READ = frozenset({"int", "float", "bool", "str", "uuid", "decimal", "date", "time", "datetime", "timedelta"})
_UNKNOWN: Json = {"kind": "unknown"}


def members(app: App) -> Members:
    return {
        schema.id: tuple(constant.value for _, constant in schema.members)
        for schema in app.schemas
        if schema.kind == "enum"
    }


def accepts(type_: Type, enums: Members) -> list[Json]:
    """One of these takes the text, or nothing does."""
    match strip_optional(type_)[0]:
        case Scalar(kind=kind):
            return [{"kind": kind} if kind in _READ else _UNKNOWN]
        case LiteralOf(values=values):
            return [_among(values)]
        case Ref(id=id_) if id_ in enums:
            return [_among(enums[id_])]
        case UnionOf(items=items):
            return [one for item in items for one in accepts(item, enums)]
        case Constrained(base=base, constraints=constraints):
            bare = strip_optional(base)[0]
            if not isinstance(bare, Scalar) or bare.kind not in _READ:
                return accepts(bare, enums)
            if any(isinstance(value, str) and redact(value) != value for _, value in constraints):
                return [_UNKNOWN]
            return [{"kind": bare.kind, **dict(constraints)}]
    return [_UNKNOWN]


def _among(values: tuple[object, ...]) -> Json:
    told = all(isinstance(one, int) or (isinstance(one, str) and redact(one) == one) for one in values)
    return {"values": list(values)} if told else _UNKNOWN
