"""Every type that values are read into has a schema, and msgspec can tell its unions apart.

In: bound routes, tools, schemas. Out: the same App. Looked at are the types of bodies, queries, headers,
cookies and paths, of ``response=``, of tools' arguments, and the fields of every schema that these lead to.
Where a model or another program writes the value from the schema alone (tools, answers of language models),
``Any``, a bare ``dict`` and an explicit ``None`` are no schema either.
"""

from collections.abc import Iterator

from msgspec import Struct

from conduitc.diagnostics import Diagnostic, Label
from conduitc.ir.nodes import App, Schema
from conduitc.ir.types import (
    ANY,
    NONE,
    Constrained,
    DictOf,
    External,
    LiteralOf,
    Ref,
    Scalar,
    Type,
    UnionOf,
    Unknown,
    strip_optional,
    text,
    walk,
)
from conduitc.passes import schema_rules as rules
from conduitc.passes.unions import clash, tuple_beside_bounds
from conduitc.span import Span

#: What tools' parameters are that no caller sends.
GIVEN = {"conduit.Request", "conduit.HTTPRequest", "conduit.Context", "conduit.WebSocket"}
_LANGUAGE_MODELS = ("conduit.runtime.",)
_KEYS = {"str", "int", "float", "uuid", "date", "time", "datetime", "timedelta", "decimal", "bytes", "any"}

_NUMBERS = {"int", "float"}
_SIZED = {"str", "bytes"}
_FITS = {
    "ge": _NUMBERS,
    "gt": _NUMBERS,
    "le": _NUMBERS,
    "lt": _NUMBERS,
    "multiple_of": _NUMBERS,
    "pattern": {"str"},
    "tz": {"datetime", "time"},
}


class Root(Struct, frozen=True):
    """A type that is read: ``what`` it is for, and whether nothing but the schema says what is wanted."""

    type: Type
    what: str
    span: Span
    strict: bool = False


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    schemas = {schema.id: schema for schema in app.schemas}
    found: list[Diagnostic] = []
    seen: set[tuple[str, bool]] = set()
    sound: set[tuple[Type, bool]] = set()
    for root in _roots(app):
        if (root.type, root.strict) in sound:
            continue  # most are plain scalars
        wrong = list(_type(root.type, root.what, root.span, root, schemas))
        if not wrong:
            sound.add((root.type, root.strict))
        found.extend(wrong)
        waiting = _references(root.type)
        for id_ in waiting:
            if id_ in schemas and (id_, root.strict) not in seen:
                seen.add((id_, root.strict))
                found.extend(_schema(schemas[id_], root, schemas))
                for field in schemas[id_].fields:
                    waiting.extend(_references(field.type))
    return app, tuple(found)


def _roots(app: App) -> Iterator[Root]:
    for route in app.routes:
        for binding in route.bindings or ():
            if binding.source == "body":
                yield Root(binding.type, f"`{binding.parameter}`", binding.span)
            elif binding.source != "request":
                yield Root(_of_text(binding.type), f"`{binding.parameter}`", binding.span)
        if route.options.response is not None:
            yield Root(route.options.response, "the answer", route.span)
    functions = {function.id: function for function in app.functions}
    for tool in app.tools:
        for parameter in functions[tool.function].parameters if tool.schema is None else ():
            if not (isinstance(parameter.type, External) and parameter.type.name in GIVEN):
                yield Root(parameter.type or ANY, f"`{parameter.name}`", parameter.span, strict=True)
    for block in app.blocks:
        if block.kind.startswith(_LANGUAGE_MODELS) and block.output is not None:
            yield Root(block.output, "the output", block.span, strict=True)


def _of_text(type_: Type) -> Type:
    """The type as it is read from text: ``Optional`` is taken off first, below bounds too."""
    if isinstance(type_, Constrained):
        return Constrained(strip_optional(type_.base)[0], type_.constraints)
    return type_


def _references(type_: Type) -> list[str]:
    if type(type_) is Scalar:
        return []
    return [one.id for one in walk(type_) if isinstance(one, Ref)]


def _schema(schema: Schema, root: Root, schemas: dict[str, Schema]) -> Iterator[Diagnostic]:
    if schema.kind == "enum":
        yield from _enum(schema)
    for field in schema.fields:
        yield from _type(field.type, f"`{schema.name}.{field.attribute}`", field.span, root, schemas)


def _enum(schema: Schema) -> Iterator[Diagnostic]:
    kinds = {type(member.value).__name__ for _, member in schema.members}
    if kinds not in ({"str"}, {"int"}, set()):
        held = " and ".join(sorted(kinds))
        yield rules.ENUM_VALUES.at(
            schema.span, label=f"its values are {held}", help="give them one kind", name=schema.name
        )


def _type(type_: Type, what: str, span: Span, root: Root, schemas: dict[str, Schema]) -> Iterator[Diagnostic]:
    if type(type_) is Ref or (type(type_) is Scalar and not root.strict):
        return
    labels = () if span == root.span else (Label(root.span, f"{root.what} is read into it"),)
    parts = walk(type_)
    why = _no_schema(type_, parts, root.strict)
    if why is not None:
        yield rules.NO_SCHEMA.at(span, label=why[0], labels=labels, help=why[1], what=what, type=text(type_))
        return
    for one in parts:
        if isinstance(one, UnionOf) and (pair := clash(one, schemas)):
            first, second, kind = pair
            yield rules.UNION.at(
                span,
                label=f"both are {kind} in JSON",
                labels=labels,
                help="give the classes a tag (`msgspec.Struct, tag=True`), or keep one of them"
                if kind == "objects"
                else "keep one of them",
                what=what,
                first=first,
                second=second,
            )
        if isinstance(one, UnionOf) and tuple_beside_bounds(one):
            help_ = "put the tuple into a dataclass, or leave the bounds out"
            yield rules.TUPLE_AND_BOUNDS.at(
                span, label=f"`{text(one)}`", labels=labels, help=help_, what=what
            )
        if isinstance(one, Constrained):
            yield from _constraint(one, what, span)


def _no_schema(type_: Type, parts: list[Type], strict: bool) -> tuple[str, str] | None:
    """What of a type has no schema, and what to do; None where all of it has one."""
    for one in parts:
        match one:
            case Unknown(text=source, reason=reason):
                return f"`{source}`: {reason}", "use a builtin, a standard type, or a class of the project"
            case External(name=name):
                help_ = "make it a dataclass, a msgspec.Struct or a TypedDict"
                return f"`{name}` is a class without fields known here", help_
            case LiteralOf(values=values) if not all(_fits_literal(value) for value in values):
                return "a `Literal` holds strings, integers and None", "use an enum, or other values"
            case DictOf(key=key) if not _is_key(key):
                return f"`{text(key)}` cannot be a key in JSON", "keys are strings, numbers, dates or UUIDs"
            case DictOf(bare=True) if strict:
                return "`dict` says nothing about its values", "write `dict[str, ...]`, or name a dataclass"
            case Scalar(kind="any") if strict:
                return "anything goes", "say what it is: a scalar, a list, a dataclass"
    if strict and type_ == NONE:
        return "`None` is its only value", "say what else it can be, or leave it out"
    return None


def _fits_literal(value: object) -> bool:
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))


def _is_key(key: Type) -> bool:
    """Can a type be a key of a JSON object?"""
    match strip_optional(key)[0]:
        case Scalar(kind=kind):
            return kind in _KEYS
        case Constrained(base=base):
            return _is_key(base)
        case UnionOf(items=items):
            return all(map(_is_key, items))
        case Ref() | External() | Unknown() | LiteralOf():
            return True
    return False


def _constraint(one: Constrained, what: str, span: Span) -> Iterator[Diagnostic]:
    """msgspec refuses bounds on what they cannot bound, and on a union as a whole."""
    base = one.base
    while isinstance(base, Constrained):
        base = base.base
    for name, _ in one.constraints:
        if name in {"min_length", "max_length"}:
            fits = base.kind in _SIZED if isinstance(base, Scalar) else type(base).__name__ in _COLLECTIONS
        elif name in _FITS:
            fits = isinstance(base, Scalar) and base.kind in _FITS[name]
        else:
            continue
        if not fits:
            inside = next((item for item in getattr(base, "items", ()) if item != NONE), None)
            yield rules.CONSTRAINT.at(
                span,
                label=f"`{text(base)}`",
                help=f"bound the part that it is about: `Annotated[{text(inside)}, Meta({name}=...)] | ...`"
                if isinstance(base, UnionOf) and inside is not None
                else None,
                what=what,
                constraint=name,
                type=text(base),
            )


_COLLECTIONS = {"ArrayOf", "DictOf"}
