"""A hand-written JSON Schema → what is wrong with its shape, and what kinds of values it lets in.

Shape only, after the meta-schema of 2020-12: every known keyword holds what it must hold. References are not
followed; unknown keywords are annotations and pass.
"""

from collections.abc import Callable, Iterator

from conduitc.ir.keywords import LISTS, MAPS, SCHEMAS

KINDS = frozenset({"null", "boolean", "object", "array", "number", "integer", "string"})

_Check = Callable[[object], bool]


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(value: object) -> bool:
    return _number(value) and value == int(value) and value >= 0  # type: ignore[operator, call-overload]


def _names(value: object) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(one, str) for one in value)
        and len(set(value)) == len(value)
    )


def _text(value: object) -> bool:
    return isinstance(value, str)


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _kinds_named(value: object) -> bool:
    if isinstance(value, str):
        return value in KINDS
    return _names(value) and bool(value) and set(value) <= KINDS  # type: ignore[call-overload]


_PLAIN: dict[str, tuple[_Check, str]] = {
    "type": (_kinds_named, f"one of {', '.join(sorted(KINDS))}, or a list of those"),
    "required": (_names, "a list of names, each once"),
    "enum": (lambda value: isinstance(value, list), "a list of values"),
    "multipleOf": (lambda value: _number(value) and value > 0, "a number above 0"),  # type: ignore[operator]
    "dependentRequired": (
        lambda value: isinstance(value, dict) and all(map(_names, value.values())),
        "lists of names by name",
    ),
}
for _keywords, _shape in (
    ("minimum maximum exclusiveMinimum exclusiveMaximum", (_number, "a number")),
    ("minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains",
     (_count, "a whole number from 0")),
    ("uniqueItems deprecated readOnly writeOnly", (_flag, "true or false")),
    ("pattern format title description $ref $id $schema $anchor $comment", (_text, "a string")),
):  # fmt: skip
    _PLAIN |= dict.fromkeys(_keywords.split(), _shape)


def faults(schema: object, where: str = "$") -> Iterator[tuple[str, str]]:
    """Each wrong place in a schema, and what must stand there."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield where, "a schema (an object, true or false)"
        return
    for key, value in schema.items():
        place = f"{where}.{key}"
        if not isinstance(key, str):
            yield place, "a string as key"
        elif key in _PLAIN and not _PLAIN[key][0](value):
            yield place, _PLAIN[key][1]
        elif key in SCHEMAS:
            yield from faults(value, place)
        elif key in MAPS:
            if not isinstance(value, dict):
                yield place, "schemas by name"
            else:
                for name, one in value.items():
                    yield from faults(one, f"{place}.{name}")
        elif key in LISTS:
            if not isinstance(value, list) or not value:
                yield place, "a list of one schema or more"
            else:
                for index, one in enumerate(value):
                    yield from faults(one, f"{place}[{index}]")


def kinds(schema: object) -> frozenset[str]:
    """The JSON kinds of the values that a schema can let in: at least those, all of them where unsure."""
    if not isinstance(schema, dict):
        return KINDS
    found = KINDS
    named = schema.get("type")
    if named is not None:
        found = frozenset([named] if isinstance(named, str) else named)
        found |= {"integer"} if "number" in found else set()
    for key in ("enum", "const"):
        if key in schema:
            values = schema["enum"] if key == "enum" else [schema["const"]]
            found &= frozenset(map(kind_of, values)) if isinstance(values, list) else found
    for key in ("anyOf", "oneOf"):
        branches = schema.get(key)
        if isinstance(branches, list):
            found &= frozenset().union(*map(kinds, branches))
    return found


def kind_of(value: object) -> str:
    """The JSON kind of a constant."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case dict():
            return "object"
    return "array"
