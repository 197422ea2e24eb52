"""Tools: names, descriptions, and hand-given schemas against signatures."""

from typing import Any

import jsonschema
import pytest

from conduitc.ir import types as t
from conduitc.ir.nodes import App, Constant, Function, Parameter, Tool
from conduitc.passes import tools
from conduitc.passes.json_schema import faults
from tests.passes.build import FLOAT, INT, STR, app, dataclass, declaration, enum, parameter, span

ONE = Constant(1, "1")
COLOR, ITEM = enum("Color", "red", "green"), dataclass("Item")


def tool(
    line: int,
    name: str = "search",
    *parameters: Parameter,
    schema: Any = None,
    description: str | None = "Does.",
) -> tuple[Tool, Function]:
    function = Function(
        f"function:app.f{line}", f"f{line}", f"f{line}", "app", span(line + 1), line, False, False, None,
        parameters, None, None,
    )  # fmt: skip
    given = Constant(schema, repr(schema)) if schema is not None else None
    made = declaration(line, name, "tool")
    return Tool(f"tool:app.f{line}", name, description, given, function.id, made, span(line)), function


def made(*pairs: tuple[Tool, Function], mcp: bool = True) -> App:
    return app(
        schemas=(COLOR, ITEM),
        tools=tuple(one for one, _ in pairs),
        functions=tuple(function for _, function in pairs),
        declarations=(declaration(1, "http", "enable_mcp"),) if mcp else (),
        mcp=() if mcp else None,
    )


def codes(*pairs: tuple[Tool, Function], mcp: bool = True) -> list[str]:
    return [one.rule.code for one in tools.run(made(*pairs, mcp=mcp))[1]]


@pytest.mark.parametrize("name", ["search", "a.b-C_1", "x" * 128])
def test_names(name: str) -> None:
    assert codes(tool(10, name)) == []


@pytest.mark.parametrize("name", ["", "has space", "ä", "a/b", "x" * 129])
def test_names_that_clients_refuse(name: str) -> None:
    assert codes(tool(10, name)) == ["CDT454"]


def test_duplicates_show_both_places() -> None:
    (one,) = tools.run(made(tool(10), tool(20), tool(30, "other")))[1]
    assert (one.rule.code, one.span, one.labels[0].span) == ("CDT450", span(20), span(10))


@pytest.mark.parametrize("description", [None, "", "  "])
def test_description(description: str | None) -> None:
    assert codes(tool(10, description=description)) == ["CDT451"]


def test_doors() -> None:
    assert codes() == ["CDT456"]
    assert codes(tool(10), mcp=False) == ["CDT457"]
    assert codes(mcp=False) == []


def judged(schema: dict[str, Any], *parameters: Parameter) -> list[str]:
    return codes(tool(10, "search", *parameters, schema={"type": "object", **schema}))


@pytest.mark.parametrize(
    ("property_", "type_", "expected"),
    [
        ({"type": "string"}, STR, []),
        ({"type": "string"}, t.Scalar("date"), []),
        ({"type": "integer"}, INT, []),
        ({"type": "integer"}, FLOAT, []),
        ({"type": "number"}, FLOAT, []),
        ({"type": "number"}, INT, ["CDT453"]),
        ({"type": "string"}, INT, ["CDT452"]),
        ({"type": "boolean"}, INT, ["CDT452"]),
        ({}, INT, ["CDT453"]),
        (True, INT, ["CDT453"]),
        ({"type": ["string", "null"]}, STR, ["CDT453"]),
        ({"type": ["string", "null"]}, t.UnionOf((STR, t.NONE)), []),
        ({"type": "array", "items": {"type": "string"}}, t.ArrayOf("list", STR), []),
        ({"type": "object"}, t.Ref(ITEM.id), []),
        ({"type": "object"}, t.ArrayOf("list", STR), ["CDT452"]),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, t.UnionOf((STR, INT)), []),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, STR, ["CDT453"]),
        ({"enum": ["red"]}, t.Ref(COLOR.id), []),
        ({"enum": ["red", "blue"]}, t.Ref(COLOR.id), ["CDT453"]),
        ({"enum": ["blue"]}, t.Ref(COLOR.id), ["CDT452"]),
        ({"enum": [1, 2]}, STR, ["CDT452"]),
        ({"const": "red"}, t.LiteralOf(("red",)), []),
        ({"type": "string"}, t.LiteralOf(("red",)), ["CDT453"]),
        ({"enum": [1, 2]}, INT, []),
        ({"type": "string"}, None, []),
        ({"type": "string"}, t.Unknown("X", "not known"), []),
    ],
)
def test_types(property_: Any, type_: t.Type | None, expected: list[str]) -> None:
    schema = {"properties": {"x": property_}, "required": ["x"]}
    assert judged(schema, parameter("x", type_, 10)) == expected


def test_required_and_names() -> None:
    x, y = parameter("x", STR, 10), parameter("y", INT, 20, default=ONE)
    text, number = {"type": "string"}, {"type": "integer"}
    assert judged({"properties": {"x": text, "y": number}, "required": ["x"]}, x, y) == []
    assert judged({"properties": {"x": text}, "required": ["x"]}, x, y) == []
    assert judged({"properties": {"x": text}}, x, y) == ["CDT453"]
    assert judged({"properties": {"y": number}}, x, y) == ["CDT452"]
    assert judged({"properties": {"x": text, "z": text}, "required": ["x"]}, x, y) == ["CDT452"]
    assert judged({"properties": {"x": text}, "required": ["x", "z"]}, x, y) == ["CDT452"]
    assert judged({}, y) == []


def test_context_is_not_an_argument() -> None:
    context = parameter("context", t.External("conduit.Context"), 10)
    assert judged({"properties": {}}, context) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "str"}}},
        {"type": "object", "properties": []},
        {"type": "object", "required": True},
        {"type": "object", "required": ["a", "a"]},
        {"type": []},
        {"minLength": -1},
        {"minLength": 1.5},
        {"minimum": "1"},
        {"multipleOf": 0},
        {"enum": "abc"},
        {"allOf": []},
        {"anyOf": {"type": "string"}},
        {"items": "string"},
        {"items": {"type": "strin"}},
        {"uniqueItems": "yes"},
        {"pattern": 1},
        {"$defs": {"x": 1}},
        {"dependentRequired": {"a": "b"}},
        {"additionalProperties": "no"},
        {"properties": {"a": {"properties": {"b": {"type": "text"}}}}},
        # and sound ones
        {},
        {"type": "object", "properties": {"a": True, "b": False}},
        {"type": ["string", "null"], "x-own": 1},
        {"$defs": {"x": {"type": "string"}}, "$ref": "#/$defs/x"},
        {"if": {"type": "string"}, "then": {"minLength": 1}, "else": False},
        {"prefixItems": [{"type": "string"}], "items": False, "minItems": 1.0},
        {"enum": [], "const": None, "not": {}, "propertyNames": {"pattern": "^a"}},
    ],
)
def test_shape_as_the_meta_schema_judges_it(schema: dict[str, Any]) -> None:
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        sound = True
    except jsonschema.SchemaError:
        sound = False
    assert (list(faults(schema)) == []) == sound


@pytest.mark.parametrize("schema", [{"type": "array"}, {"properties": {}}, {"type": "obj"}])
def test_a_tool_takes_an_object(schema: dict[str, Any]) -> None:
    assert codes(tool(10, schema=schema)) == ["CDT455"]
