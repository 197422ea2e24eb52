"""deploy/manifest.json and mcp.json of the hand-made shop."""

import json
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from msgspec.structs import replace

from conduitc.codegen.manifest import VERSION, emit_manifest
from conduitc.codegen.mcp_json import emit_mcp
from conduitc.ir.nodes import Tool
from conduitc.ir.types import NONE, ArrayOf, Constrained, External, Scalar, UnionOf
from tests.metadata.apps import ITEM, SHOP, STR, app, at, declared, function, parameter


def validator() -> Draft202012Validator:
    schema = json.loads((files("conduitc.codegen") / f"manifest-{VERSION}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_manifest() -> None:
    made = json.loads(emit_manifest(SHOP, "python"))
    validator().validate(made)
    assert made == {
        "schema": "1.0.0",
        "app": {"title": "Shop", "version": "1.2.0", "module": "app"},
        "target": "python",
        "entrypoint": "app:app",
        "models": [
            {
                "id": "classifier",
                "engine": "NumpyModel",
                "context": None,
                "concurrency": None,
                "span": "app.py:102:1",
                "estimate": None,
            },
            {
                "id": "Qwen/Qwen3-4B",
                "engine": "LM_LITE",
                "context": 5000,
                "concurrency": 1,
                "span": "app.py:100:1",
                "estimate": None,
            },
        ],
        "constraints": ["ENTERPRISE"],
        "offering": None,
        "replicas": 2,
        "health_paths": [],
        "environment": ["CONDUIT_DB_URI", "CONDUIT_MODEL_PATH", "RUNPOD_API_KEY"],
    }


def test_manifest_of_a_plain_app() -> None:
    made = json.loads(emit_manifest(app(), "cython"))
    validator().validate(made)
    assert (made["models"], made["constraints"], made["replicas"], made["environment"]) == ([], [], 1, [])
    assert not validator().is_valid({**made, "replicas": 0})


def tool(name: str, handler: str, **rest: Any) -> Tool:
    return Tool(
        f"tool:app.{name}", name, None, None, f"function:app.{handler}", declared(1, name), at(1), **rest
    )


def tools(*made: Tool, functions: Any) -> list[dict[str, Any]]:
    text = emit_mcp(app(tools=made, functions=functions, schemas=SHOP.schemas))
    assert text is not None
    listed: list[dict[str, Any]] = json.loads(text)["tools"]
    for one in listed:
        Draft202012Validator.check_schema(one["inputSchema"])
        Draft202012Validator.check_schema(one.get("outputSchema", {}))
    return listed


def test_no_tools_no_file() -> None:
    assert emit_mcp(app()) is None


def test_a_given_schema_is_untouched() -> None:
    made = json.loads(emit_mcp(SHOP) or "")["tools"]
    assert [one["name"] for one in made] == ["forecast", "search"]
    assert made[1]["inputSchema"] == {"type": "object", "properties": {"query": {}}}
    assert made[1]["description"] == "Search."
    assert made[0]["description"] == "The weather."


def test_input_follows_the_signature() -> None:
    handler = function(
        "h",
        1,
        parameter("city", STR),
        parameter("days", Constrained(Scalar("int"), (("ge", 1),)), 3),
        parameter("item", UnionOf((ITEM, NONE)), None),
        parameter("context", External("conduit.Context")),
        parameter("request", None),
        replace(parameter("more", None), kind="varargs"),
        returns=NONE,
    )
    (one,) = tools(tool("t", "h"), functions=(handler,))
    schema = one["inputSchema"]
    assert list(schema["properties"]) == ["city", "days", "item"]
    assert schema["required"] == ["city"]
    assert schema["properties"]["days"] == {"type": "integer", "minimum": 1, "default": 3}
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"city": "Bonn", "item": {"name": "x", "price": 1}})
    assert not validator.is_valid({"city": "Bonn", "item": {"name": "x"}})
    assert not validator.is_valid({"days": 0, "city": "Bonn"})


def test_output_is_always_an_object() -> None:
    handlers = (
        function("text", 1, returns=STR),
        function("many", 2, returns=ArrayOf("list", ITEM)),
        function("one", 3, returns=ITEM),
        function("open", 4),
    )
    made = {t["name"]: t for t in tools(*(tool(h.name, h.name) for h in handlers), functions=handlers)}
    wrapped = {"type": "object", "properties": {"result": {"type": "string"}}, "required": ["result"]}
    assert made["text"]["outputSchema"] == wrapped
    assert made["many"]["outputSchema"]["properties"]["result"]["type"] == "array"
    assert made["one"]["outputSchema"]["$ref"] == "#/$defs/app.Item"
    assert "outputSchema" not in made["open"]
