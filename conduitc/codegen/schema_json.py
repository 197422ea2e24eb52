"""``ir.types`` in → JSON Schema 2020-12 out, as ``msgspec.json.schema`` says it and OpenAPI 3.1 takes it.

Schemas of the project become components, referred to by name. Defaults are given only in the kinds that may
be published: numbers, booleans, None, enum members, and strings in which the scanner finds no secret.
"""

import math
import re
from collections.abc import Iterable
from textwrap import dedent

from conduitc.ir import secrets
from conduitc.ir.nodes import App, Computed, Constant, Schema
from conduitc.ir.types import (
    NONE,
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
    walk,
)

Json = dict[str, object]

_SCALARS: dict[str, Json] = {
    "any": {},
    "none": {"type": "null"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "str": {"type": "string"},
    "bytes": {"type": "string", "contentEncoding": "base64"},
    "uuid": {"type": "string", "format": "uuid"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string"},
    "datetime": {"type": "string"},
    "timedelta": {"type": "string", "format": "duration"},
    "decimal": {"type": "string", "format": "decimal"},
}
_NUMBERS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
_LENGTHS = {"string": "Length", "array": "Items", "object": "Properties"}
#: What ``Meta`` says to people.
_SAID = ("title", "description")
#: With and without a time zone, where ``Meta(tz=...)`` says so.
_ZONED = {"datetime": {True: "date-time"}, "time": {True: "time", False: "partial-time"}}
_LITERAL_ORDER = {type(None): 0, bool: 1, int: 2, float: 2, str: 3}


class Components:
    """The schemas that a document refers to, by the name they have in it.

    ``prefix`` is where they stand: ``#/components/schemas/`` in OpenAPI, ``#/$defs/`` in a schema of its own.
    """

    def __init__(self, app: App, prefix: str = "#/$defs/") -> None:
        self._schemas = {schema.id: schema for schema in app.schemas}
        self._names = _names(app.schemas)
        self._prefix = prefix
        self._used: set[str] = set()

    def of(self, type_: Type) -> Json:
        """The schema of ``type_``; what it refers to is remembered for ``definitions``."""
        for ref in _refs(type_):
            self._remember(ref)
        return _schema(type_, self)

    def definitions(self) -> Json:
        """Every schema that ``of`` referred to, directly or not, by name."""
        wanted = sorted((self._names[id_], id_) for id_ in self._used)
        return {name: _declared(self._schemas[id_], self) for name, id_ in wanted}

    def free_name(self, name: str) -> str:
        """``name``, or a longer one where the app has a schema called so."""
        taken = set(self._names.values())
        while name in taken:
            name = f"conduit_{name}"
        return name

    def get(self, id_: str) -> Schema | None:
        return self._schemas.get(id_)

    def link(self, id_: str) -> str:
        return self._prefix + self._names[id_]

    def _remember(self, id_: str) -> None:
        waiting = [id_]
        while waiting:
            id_ = waiting.pop()
            if id_ in self._used or id_ not in self._schemas:
                continue
            self._used.add(id_)
            waiting += [ref for field in self._schemas[id_].fields for ref in _refs(field.type)]


def default_of(value: Constant | Computed | None, name: str) -> tuple[bool, object]:
    """``(True, JSON value)`` where a default may be published, ``(False, None)`` otherwise.

    ``name`` is what the default belongs to: ``password`` makes a secret of any text.
    """
    if not isinstance(value, Constant):
        return False, None
    plain = value.value
    if plain is None or isinstance(plain, bool):
        return True, plain
    if isinstance(plain, int):
        return -(2**63) <= plain < 2**63, plain
    if isinstance(plain, float):
        return math.isfinite(plain), plain
    return isinstance(plain, str) and _publishable(plain, name), plain


def _publishable(text: str, name: str = "") -> bool:
    return not secrets.is_secret(text, name) and secrets.redact(text) == text


def docstring(text: str) -> str:
    """A person's words without the indentation that the source gave them and without secrets."""
    return secrets.redact(dedent(text).strip() if "\n" in text else text.strip())


def _schema(type_: Type, components: Components) -> Json:
    match type_:
        case Scalar(kind=kind):
            return dict(_SCALARS[kind])
        case Ref(id=id_):
            return {"$ref": components.link(id_)} if components.get(id_) else {}
        case ArrayOf(kind=kind, item=item):
            unique = {"uniqueItems": True} if kind in {"set", "frozenset"} else {}
            return {"type": "array", **_unless_any("items", item, components), **unique}
        case TupleOf(items=items):
            shown = {"prefixItems": [_schema(i, components) for i in items], "items": False} if items else {}
            return {"type": "array", "minItems": len(items), "maxItems": len(items), **shown}
        case DictOf(key=key, value=value):
            names = (
                {k: v for k, v in _schema(key, components).items() if k != "type"} if _is_text(key) else {}
            )
            named = {"propertyNames": names} if names else {}
            return {"type": "object", **named, **_unless_any("additionalProperties", value, components)}
        case UnionOf(items=items):
            return _union(items, components)
        case LiteralOf(values=values):
            return {"enum": _values(values)}
        case Constrained(base=base, constraints=constraints):
            return _constrained(base, dict(constraints), components)
        case External() | _:
            return {}


def _unless_any(key: str, type_: Type, components: Components) -> Json:
    schema = _schema(type_, components)
    return {key: schema} if schema else {}


def _is_text(type_: Type) -> bool:
    return type_ == Scalar("str") or (isinstance(type_, Constrained) and _is_text(type_.base))


def _union(items: tuple[Type, ...], components: Components) -> Json:
    """Structs with tags stand together under a discriminator; ``null`` comes last."""
    tagged = {
        schema.tag[1]: item
        for item in items
        if isinstance(item, Ref) and (schema := components.get(item.id)) and schema.tag
    }
    if len(tagged) < 2:
        return {"anyOf": [_schema(i, components) for i in sorted(items, key=lambda i: i == NONE)]}
    first = components.get(next(iter(tagged.values())).id)
    structs: Json = {
        "anyOf": [_schema(i, components) for i in tagged.values()],
        "discriminator": {
            "propertyName": first.tag[0] if first and first.tag else "type",
            "mapping": {tag: components.link(item.id) for tag, item in tagged.items()},
        },
    }
    others = [_schema(i, components) for i in items if i != NONE and i not in tagged.values()]
    null = [_schema(NONE, components)] if NONE in items else []
    return {"anyOf": [*others, structs, *null]} if others or null else structs


def _constrained(base: Type, constraints: Json, components: Components) -> Json:
    schema = _schema(base, components)
    if isinstance(base, UnionOf) and "anyOf" in schema:
        narrowed = {key: value for key, value in constraints.items() if key not in _SAID}
        inner = [_constrained(i, narrowed, components) for i in base.items if i != NONE]
        schema = {**schema, "anyOf": [*inner, *([_schema(NONE, components)] if NONE in base.items else [])]}
        return {**_said(constraints), **schema}
    for key, keyword in _NUMBERS.items():
        if key in constraints and schema.get("type") in {"integer", "number"}:
            schema[keyword] = constraints[key]
    noun = _LENGTHS.get(str(schema.get("type")))
    for key, prefix in (("max_length", "max"), ("min_length", "min")):
        length = constraints.get(key)
        if noun and isinstance(length, int):
            schema[prefix + noun] = 4 * ((length + 2) // 3) if "contentEncoding" in schema else length
    pattern = constraints.get("pattern")
    if isinstance(pattern, str) and schema.get("type") == "string" and _publishable(pattern):
        schema["pattern"] = pattern
    if isinstance(base, Scalar) and base.kind in _ZONED and isinstance(zone := constraints.get("tz"), bool):
        schema |= {"format": name} if (name := _ZONED[base.kind].get(zone)) else {}
    return {**_said(constraints), **schema}


def _said(constraints: Json) -> Json:
    return {
        key: secrets.redact(str(constraints[key])) for key in ("title", "description") if key in constraints
    }


def _declared(schema: Schema, components: Components) -> Json:
    head: Json = {"title": schema.name}
    if schema.doc:
        head["description"] = docstring(schema.doc)
    if schema.kind == "enum":
        return {**head, "enum": _values(constant.value for _, constant in schema.members)}
    properties: Json = {schema.tag[0]: {"enum": [schema.tag[1]]}} if schema.tag else {}
    required = [schema.tag[0]] if schema.tag else []
    for field in schema.fields:
        one = components.of(field.type)
        shown, default = default_of(field.default, field.name)
        if shown:
            one["default"] = default
        if field.doc and "description" not in one:
            one["description"] = docstring(field.doc)
        properties[field.name] = one
        if field.required:
            required.append(field.name)
    return {
        **head,
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
    }


def _refs(type_: Type) -> list[str]:
    return [one.id for one in walk(type_) if isinstance(one, Ref)]


def _values(values: Iterable[object]) -> list[object]:
    """Literals and enum values in msgspec's order: by type, then by value."""
    published = [v for v in values if not isinstance(v, str) or _publishable(v)]
    return sorted(published, key=lambda v: (_LITERAL_ORDER.get(type(v), 4), 0 if v is None else v))


def _names(schemas: Iterable[Schema]) -> dict[str, str]:
    """Short names; where two schemas share one, the full name of each."""
    by_name: dict[str, list[Schema]] = {}
    for schema in schemas:
        by_name.setdefault(schema.name, []).append(schema)
    return {
        schema.id: re.sub(r"[^\w.-]", "_", name if len(same) == 1 else schema.id.partition(":")[2])
        for name, same in by_name.items()
        for schema in same
    }
