"""What metadata.json says of a contract: schemas of what is taken and given, without words and secrets."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conduitc.codegen import metadata
from conduitc.codegen.metadata import emit_metadata
from conduitc.contract.offered import of_app
from conduitc.contract.read import of_metadata
from tests.contract.programs import app_of, given, offers, prompt, resource, tool
from tests.contract.test_breaking import TOKEN, TOOL

SCHEMA = json.loads((Path(metadata.__file__).parent / "schema-1.0.0.json").read_text())
#: Keeps a secret of a known shape out of this file.
KEY = "sk-" + "3fT9xLq2ZpW8vB4nR7cJ1mK5"
ITEM = (
    '@dataclass\nclass Item:\n    """Words of an item."""\n'
    '    name: Annotated[str, Meta(description="Words.")]\n'
)


def document(text: str, folder: Path, *, stripped: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(emit_metadata(app_of(text, folder), stripped=stripped))
    Draft202012Validator(SCHEMA).validate(made)
    return made


def facts(made: dict[str, Any], kind: str) -> dict[str, Any]:
    [one] = [one for one in made["resources"] if one["kind"] == kind]
    return {name: fact["value"] for name, fact in one["facts"].items()}


@pytest.mark.parametrize("stripped", [False, True])
def test_a_tool(stripped: bool, tmp_path: Path) -> None:
    program = tool("a: Item, ctx: Context, b: int = 1", returns="list[Item]", above=ITEM)
    found = facts(document(program, tmp_path, stripped=stripped), "tool")
    link, item = {"$ref": "#/$defs/Item"}, {"properties": {"name": {"type": "string"}}, "required": ["name"]}
    parts = {"Item": {"type": "object", **item}}
    assert found["input"] == {
        "type": "object",
        "properties": {"a": link, "b": {"type": "integer"}},
        "required": ["a"],
        "$defs": parts,
    }
    assert found["output"] == {
        "type": "object",
        "properties": {"result": {"type": "array", "items": link}},
        "required": ["result"],
        "$defs": parts,
    }


def test_a_schema_by_hand(tmp_path: Path) -> None:
    schema = (
        '{"type": "object", "title": "T", "properties": {"title": {"type": "string", "x-mcp-header": "T", '
        '"x-mine": 1, "description": "D", "default": "x", "enum": ["x", "ann@shop.example", "KEY"]}}}'
    )
    found = facts(document(given(schema.replace("KEY", KEY), "title: str = 'x'"), tmp_path), "tool")
    listed = ["x", "[redacted]", "[redacted]"]
    assert found["input"] == {
        "type": "object",
        "properties": {"title": {"type": "string", "x-mcp-header": "T", "enum": listed}},
    }


def test_resources_and_prompts(tmp_path: Path) -> None:
    found = facts(document(resource("x://{a}/{+b}", "a: int, b: str"), tmp_path), "resource")
    properties = {"a": {"type": "integer"}, "b": {"type": "string"}}
    assert found["input"] == {"type": "object", "properties": properties, "required": ["a", "b"]}
    assert found["media_type"] == "text/plain" and "output" not in found
    found = facts(document(prompt("a: str, b: int = 1"), tmp_path), "prompt")
    assert found["input"] == {
        "type": "object",
        "properties": properties | {"a": {"type": "string"}, "b": {"type": "integer"}},
        "required": ["a"],
    }


@pytest.mark.parametrize(
    ("returns", "kind"),
    [
        ("str", "text/plain"),
        ("bytes", "application/octet-stream"),
        ("int", "application/json"),
        ("dict[str, int]", "application/json"),
        ("Item", "application/json"),
        ("str | bytes", None),
        ("Any", None),
        ("list[Item]", None),
    ],
)
def test_what_a_resource_is_read_as(returns: str, kind: str | None, tmp_path: Path) -> None:
    """As the runtime decides; a list may hold content with a type of its own."""
    program = resource("x://a", returns=returns).replace("\n@app.res", f"\n{ITEM}\n@app.res")
    assert facts(document(program, tmp_path), "resource").get("media_type") == kind


def test_how_it_is_reached(tmp_path: Path) -> None:
    assert "mcp" not in document(offers(TOOL, ""), tmp_path)["app"]
    plain = {"transport": "http", "path": "/mcp", "sessions": False}
    assert document(offers(TOOL), tmp_path)["app"]["mcp"] == plain
    assert document(offers(TOOL, TOKEN), tmp_path)["app"]["mcp"] == {**plain, "token": True}


@pytest.mark.parametrize(
    "program", [offers(TOOL, TOKEN), resource("x://{a}", "a: int"), prompt("a: int = 1"), offers(TOOL, "")]
)
def test_both_ways_to_a_contract_agree(program: str, tmp_path: Path) -> None:
    app = app_of(program, tmp_path)
    now, before = of_app(app), of_metadata(emit_metadata(app).encode())
    assert (before.transport, before.path, before.token) == (now.transport, now.path, now.token)
    if now.transport is not None:
        assert [(one.name, one.takes, one.gives, one.span) for one in before.offered] == [
            (one.name, one.takes, one.gives, one.span) for one in now.offered
        ]
