"""Schemas against all values of a small world: what is called compatible lets in no more, what is not, does.

``CONDUIT_SOAK=1`` looks at 20,000 pairs of schemas; else it is some hundred.
"""

import os
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from conduitc.contract.gaps import Gap
from conduitc.contract.subset import gaps
from tests.contract.universe import Schemas, values

SOAK = os.environ.get("CONDUIT_SOAK") == "1"
VALUES = values()


def witness(a: Any, b: Any) -> list[Any]:
    """A value that fits *a* and not *b*, if there is one in the small world."""
    old, new = Draft202012Validator(a), Draft202012Validator(b)
    return next(([one] for one in VALUES if old.is_valid(one) and not new.is_valid(one)), [])


def pair(seed: int) -> tuple[Any, Any]:
    """Two schemas, mostly one and the same with something changed."""
    schemas = Schemas(random.Random(seed))
    depth = schemas.chance.choice([1, 1, 2])
    a = schemas.root(depth)
    return a, schemas.changed(a, depth) if schemas.chance.random() < 0.8 else schemas.root(depth)


@settings(max_examples=20_000 if SOAK else 250, deadline=None, derandomize=not SOAK, database=None)
@given(st.integers(0, 2**40))
def test_what_is_called_compatible_is(seed: int) -> None:
    a, b = pair(seed)
    found = gaps(a, b)
    if not found:
        assert witness(a, b) == [], (a, b)


@pytest.mark.parametrize("seed", range(4_000 if SOAK else 150))
def test_what_is_called_broken_is(seed: int) -> None:
    """Flat schemas, for which the small world has a witness."""
    schemas = Schemas(random.Random(seed))
    a = schemas.plain(0)
    b = schemas.changed(a, 0) if schemas.chance.random() < 0.8 else schemas.plain(0)
    found = gaps(a, b)
    assert bool(witness(a, b)) or not any(one.sure for one in found), (a, b, found)


@pytest.mark.parametrize("seed", range(100))
def test_a_schema_is_compatible_with_itself(seed: int) -> None:
    a, b = pair(seed)
    assert gaps(a, a) == gaps(b, b) == []
    assert gaps(a, {"title": "Same", "allOf": [a]}) == [] or "$ref" in a
    assert gaps(a, True) == gaps(False, a) == gaps({"not": {}}, a) == []


INTEGER = {"type": "integer"}
TEXT = {"type": "string"}


def tagged(tag: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"kind": {"const": tag}, **properties},
        "required": ["kind", *properties],
    }


@pytest.mark.parametrize(
    ("a", "b", "sure"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 9}, {"enum": list(range(10))}, None),
        ({"type": "integer", "minimum": 1, "maximum": 10}, {"enum": list(range(10))}, True),
        ({**INTEGER, "maximum": 5}, {"anyOf": [{"maximum": 3}, {"minimum": 4}]}, False),
        ({"type": "boolean"}, {"enum": [True, False]}, None),
        ({"enum": [1]}, {"const": 1.0}, None),
        ({"enum": [1]}, {"const": True}, True),
        ({"type": "number", "multipleOf": 1}, INTEGER, None),
        ({"type": "number", "multipleOf": 0.3}, {"multipleOf": 0.1}, None),
        (
            {"oneOf": [tagged("a", x=INTEGER), tagged("b", x=TEXT)]},
            {"anyOf": [tagged("b", x=TEXT), tagged("a", x=INTEGER), INTEGER]},
            None,
        ),
        (
            {"oneOf": [tagged("a", x=INTEGER), tagged("b", x=TEXT)]},
            {"oneOf": [tagged("a", x=TEXT), tagged("b", x=TEXT)]},
            True,
        ),
        ({"oneOf": [INTEGER, {"type": "number"}]}, {"type": "number"}, None),
        ({"items": INTEGER, "maxItems": 0}, {"items": TEXT, "maxItems": 0}, None),
        (
            {"type": "array", "prefixItems": [INTEGER], "items": False},
            {"items": INTEGER, "maxItems": 1},
            None,
        ),
        ({"properties": {"a": False}}, {"properties": {"a": TEXT}}, None),
        ({"required": ["a"], "properties": {"a": False}}, False, True),
        ({"type": "object", "required": ["a"], "properties": {"a": False}}, False, None),
        ({"unevaluatedProperties": False}, {"additionalProperties": False}, None),
        ({"allOf": [TEXT], "unevaluatedItems": False}, {"unevaluatedItems": False}, None),
        ({"contains": TEXT}, {"contains": {"title": "A text", **TEXT}}, None),
        ({"contains": TEXT}, {"contains": INTEGER}, False),
        ({}, {"contains": INTEGER}, False),
        ({"contains": TEXT}, {}, None),
        ({"$ref": "https://elsewhere.example/schema"}, TEXT, True),
        (TEXT, {"$ref": "https://elsewhere.example/schema"}, False),
        ({"$dynamicRef": "#x"}, {"$dynamicRef": "#x"}, None),
        ({"$ref": "#t", "$defs": {"T": {"$anchor": "t", **TEXT}}}, TEXT, None),
        ({"$ref": "#/$defs/a~1b", "$defs": {"a/b": TEXT}}, TEXT, None),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}, TEXT, False),
        ({"patternProperties": {"^a": TEXT}}, {"patternProperties": {"^a": {}}}, None),
        ({"patternProperties": {"^a": TEXT}}, {"patternProperties": {"^b": TEXT}}, False),
        ({"patternProperties": {"(?<": TEXT}}, {"patternProperties": {"(?<": INTEGER}}, True),
        ({**TEXT, "format": "uri"}, {**TEXT, "format": "uri-reference"}, None),
        ({**TEXT, "format": "uri-reference"}, {**TEXT, "format": "uri"}, True),
        ({**TEXT, "format": "mine"}, {**TEXT, "format": "yours"}, False),
        ({"type": "object", "properties": {"a": TEXT}}, {"propertyNames": {"minLength": 1}}, True),
        (
            {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False},
            {"propertyNames": {"minLength": 1}},
            None,
        ),
    ],
)
def test_of_people(a: Any, b: Any, sure: bool | None) -> None:
    """None: compatible; else whether it is sure."""
    found = gaps(a, b)
    assert (any(one.sure for one in found) if found else None) is sure, found


def test_what_an_alternative_refuses_is_not_granted_elsewhere() -> None:
    lists = {"L": {"type": "array", "items": INTEGER}}, {"L": {"type": "array", "items": TEXT}}
    link = {"$ref": "#/$defs/L"}
    a = {"type": "object", "properties": {"u": link, "v": link}, "$defs": lists[0]}
    either = {"anyOf": [link, {"type": "array"}]}
    b = {"type": "object", "properties": {"u": either, "v": link}, "$defs": lists[1]}
    assert [(one.where, one.keyword) for one in gaps(a, b)] == [(("v", "*"), "type")]


def test_many_alternatives_end() -> None:
    some = [{"type": "object", "properties": {f"p{n}": {"const": n}}} for n in range(12)]
    deep: Any = {"allOf": [{"anyOf": some}, {"anyOf": some}, {"anyOf": some}]}
    assert gaps(deep, {"allOf": [{"anyOf": some}, {"anyOf": [*some[:5], {"type": "null"}]}]}) == [
        Gap((), "anyOf", sure=False)
    ]
    assert gaps(deep, dict(deep)) == []


@pytest.mark.parametrize("depth", [60, 200, 5_000])
def test_deep_schemas_end(depth: int) -> None:
    deep: Any = INTEGER
    other: Any = TEXT
    for _ in range(depth):
        deep, other = {"type": "array", "items": deep}, {"type": "array", "items": other}
    [one] = gaps(deep, other)
    if depth == 60:
        assert one.where == ("*",) * depth and one.keyword == "type"
    else:
        assert not one.sure
