"""A value and a linked schema → does it fit? None where the schema says what is not understood here."""

import re
from collections.abc import Callable, Iterable

from conduitc.contract.clauses import Plain, branches, by_name, kind_of, others
from conduitc.contract.linked import Schema, key_of, listed, meant
from conduitc.contract.scalars import UNIVERSAL, exact

Verdict = bool | None
_BOUNDS: dict[str, Callable[[object, object], bool]] = {
    "minimum": lambda value, bound: exact(value) >= exact(bound),
    "exclusiveMinimum": lambda value, bound: exact(value) > exact(bound),
    "maximum": lambda value, bound: exact(value) <= exact(bound),
    "exclusiveMaximum": lambda value, bound: exact(value) < exact(bound),
    "multipleOf": lambda value, step: (exact(value) / exact(step)).denominator == 1,
}
_LENGTHS = {"string": "Length", "array": "Items", "object": "Properties"}
_KNOWN = frozenset((
    "$ref", "allOf", "anyOf", "oneOf", "not", "type", "enum", *_BOUNDS, "pattern", "required", "properties",
    "patternProperties", "additionalProperties", "propertyNames", "prefixItems", "items", "uniqueItems",
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
))  # fmt: skip
#: What is checked by whoever reads the text.
_READ = frozenset({"format", "contentEncoding"})


def valid(value: object, schema: Schema) -> Verdict:
    """Does ``value`` fit ``schema``?"""
    if isinstance(schema, bool):
        return schema
    return together(_checks(value, schema))


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """All of them."""
    found: Verdict = True
    for one in verdicts:
        if one is False:
            return False
        found = None if one is None else found
    return found


def _either(verdicts: Iterable[Verdict]) -> Verdict:
    refused = together(_opposite(one) for one in verdicts)
    return _opposite(refused)


def _opposite(one: Verdict) -> Verdict:
    return None if one is None else not one


def _checks(value: object, schema: Plain) -> Iterable[Verdict]:
    kind = kind_of(value)
    if "type" in schema:
        named = listed(schema["type"])
        yield kind in named or (kind in {"integer", "fraction"} and "number" in named)
    if "enum" in schema:
        yield key_of(value) in {key_of(one) for one in listed(schema["enum"])}
    if "$ref" in schema:
        target = schema["$ref"]
        yield valid(value, target) if isinstance(target, dict | bool) else None
    yield from (valid(value, one) for one in branches(schema, "allOf"))
    if "anyOf" in schema:
        yield _either(valid(value, one) for one in branches(schema, "anyOf"))
    if "oneOf" in schema:
        yield _just_one([valid(value, one) for one in branches(schema, "oneOf")])
    if isinstance(refused := schema.get("not"), dict | bool):
        yield _opposite(valid(value, refused))
    if kind in {"integer", "fraction"}:
        yield from (fits(value, schema[key]) for key, fits in _BOUNDS.items() if key in schema)
    if isinstance(value, str | list | dict):
        yield from _sized(len(value), schema, _LENGTHS[kind])
    if isinstance(value, str):
        yield from _text(value, schema)
    elif isinstance(value, list):
        yield from _items(value, schema)
    elif isinstance(value, dict):
        yield from _members(value, schema)
    if meant(schema).keys() - _KNOWN - _READ:
        yield None


def _just_one(verdicts: list[Verdict]) -> Verdict:
    if None in verdicts:
        return False if verdicts.count(True) > 1 else None
    return verdicts.count(True) == 1


def _sized(size: int, schema: Plain, noun: str) -> Iterable[Verdict]:
    yield size >= schema.get(f"min{noun}", 0)  # type: ignore[operator]
    yield size <= schema.get(f"max{noun}", size)  # type: ignore[operator]


def _text(value: str, schema: Plain) -> Iterable[Verdict]:
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and pattern not in UNIVERSAL:
        try:
            yield re.search(pattern, value) is not None
        except re.error:
            yield None
    if _READ & schema.keys():
        yield None


def _items(value: list[object], schema: Plain) -> Iterable[Verdict]:
    first = branches(schema, "prefixItems")
    rest = schema.get("items", True)
    for index, one in enumerate(value):
        below = first[index] if index < len(first) else rest
        yield valid(one, below) if isinstance(below, dict | bool) else None
    if schema.get("uniqueItems") is True:
        yield len({key_of(one) for one in value}) == len(value)


def _members(value: dict[str, object], schema: Plain) -> Iterable[Verdict]:
    yield all(name in value for name in listed(schema.get("required", [])))
    properties, patterns = by_name(schema, "properties"), by_name(schema, "patternProperties")
    for name, one in value.items():
        own = [properties[name]] if name in properties else []
        try:
            own += [below for pattern, below in patterns.items() if re.search(pattern, name)]
        except re.error:
            yield None
        yield from (valid(one, below) for below in own or [others(schema)])
        names = schema.get("propertyNames", True)
        yield valid(name, names) if isinstance(names, dict | bool) else None
