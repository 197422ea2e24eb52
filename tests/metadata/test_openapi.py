"""openapi.json of the hand-made shop: valid, complete, and nothing in it that must not be published."""

import json
from typing import Any

import pytest
from msgspec.structs import replace
from openapi_spec_validator import OpenAPIV31SpecValidator

from conduitc.codegen.openapi import emit_openapi
from conduitc.ir.nodes import Effects, RouteOptions
from conduitc.ir.types import BARE_DICT, NONE, ArrayOf, External, Scalar, TupleOf, Type, UnionOf
from tests.metadata.apps import COLOUR, ITEM, SHOP, STR, app, binding, constant, function, parameter, route


def document(*routes: Any, functions: tuple[Any, ...] = (), **parts: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(emit_openapi(app(routes=routes, functions=functions, **parts)))
    OpenAPIV31SpecValidator(made).validate()
    return made


@pytest.fixture(scope="module")
def shop() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(emit_openapi(SHOP))
    return made


def test_valid(shop: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(shop).validate()
    assert shop["openapi"] == "3.1.0"
    assert shop["info"] == {"title": "Shop", "version": "1.2.0", "description": "Sells things."}
    assert shop["tags"] == [{"name": "home"}, {"name": "items"}, {"name": "shop"}]


def test_every_route_that_is_not_hidden(shop: dict[str, Any]) -> None:
    found = {f"{method} {path}" for path, item in shop["paths"].items() for method in item}
    assert found == {
        "get /",
        "get /items/{id}",
        "delete /items/{id}",
        "get /items/new",
        "post /items",
        "post /tree",
        "put /tree",
        "x-additional-operations /cache",
        "get /kind/{kind}",
    }
    assert list(shop["paths"]["/cache"]["x-additional-operations"]) == ["PURGE"]


def test_parameters(shop: dict[str, Any]) -> None:
    assert shop["paths"]["/items/{id}"]["get"]["parameters"] == [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
        {
            "name": "colour",
            "in": "query",
            "schema": {"$ref": "#/components/schemas/Colour", "default": "red"},
        },
        {"name": "q", "in": "query", "schema": {"type": "string"}},
        {"name": "key", "in": "header", "schema": {"type": "string"}},
    ]
    assert shop["paths"]["/kind/{kind}"]["get"]["parameters"][0]["schema"] == {"enum": ["a", "b"]}
    assert shop["paths"]["/items/{id}"]["delete"]["parameters"][0]["schema"] == {"type": "integer"}


def test_routes_that_differ_in_converters_are_one_path(shop: dict[str, Any]) -> None:
    first = shop["paths"]["/items/{id}"]["get"]
    (other,) = first["x-alternatives"]
    assert (first["operationId"], other["operationId"]) == ("item", "page_get_items_slug")
    assert other["parameters"][0]["name"] == "id"
    assert "text/html" in other["responses"]["200"]["content"]


def test_bodies_and_answers(shop: dict[str, Any]) -> None:
    post = shop["paths"]["/items"]["post"]
    schema = {"$ref": "#/components/schemas/Item"}
    named = {"$ref": "#/components/schemas/app.Item"}
    assert schema != named
    assert post["requestBody"] == {"required": True, "content": {"application/json": {"schema": named}}}
    assert post["responses"]["201"] == {
        "description": "Created",
        "content": {"application/json": {"schema": named}},
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert post["responses"]["422"] == {"description": "Unprocessable Entity", "content": problem}
    got = shop["paths"]["/items/{id}"]["get"]["responses"]
    assert list(got) == ["200", "204", "404", "422"]
    assert shop["paths"]["/items/{id}"]["delete"]["responses"]["204"] == {"description": "No Content"}
    assert shop["paths"]["/items/{id}"]["delete"]["deprecated"] is True
    inferred = shop["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert inferred == {"type": "object", "additionalProperties": {"type": "string"}}


def test_words_and_secrets(shop: dict[str, Any]) -> None:
    get = shop["paths"]["/items/{id}"]["get"]
    assert get["summary"] == "One item."
    assert get["description"].startswith("With password=[redacted]")
    text = json.dumps(shop)
    assert "hunter2" not in text
    assert "abcdefghijklmnop1234" not in text


def test_recursive_schema(shop: dict[str, Any]) -> None:
    node = shop["components"]["schemas"]["Node"]
    assert node["properties"]["children"] == {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}


def test_operation_ids_are_unique_and_stay() -> None:
    handler = function("h", 1)
    many = [route(method, path, "h", 1) for path in ("/a", "/b-b", "/b_b") for method in ("GET", "POST")]
    made = document(*many, route("GET", "/own", "own", 2), functions=(handler, function("own", 2)))
    ids = [o["operationId"] for item in made["paths"].values() for o in item.values()]
    assert len(set(ids)) == len(ids) == 7
    assert ids[-1] == "own"
    assert ids[0] == "h_get_a"
    alone = document(route("GET", "/own", "own", 2), functions=(function("own", 2),))
    assert alone["paths"]["/own"]["get"]["operationId"] == "own"


def test_any_method_stands_for_those_that_nothing_else_takes() -> None:
    made = document(route("GET", "/x", "a", 1), route("*", "/x", "b", 2))
    item = made["paths"]["/x"]
    assert sorted(item) == ["delete", "get", "head", "options", "patch", "post", "put", "trace"]
    assert item["get"]["operationId"] == "a"


def test_paths_are_escaped() -> None:
    made = document(route("GET", "/a b/ü/50%", "a", 1), route("GET", "/{rest:path}", "b", 2))
    assert list(made["paths"]) == ["/a%20b/%C3%BC/50%25", "/{rest}"]


@pytest.mark.parametrize(
    ("returns", "expected"),
    [
        (None, {"200": None}),
        (NONE, {"204": None}),
        (STR, {"200": {"application/json": {"schema": {"type": "string"}}}}),
        (Scalar("bytes"), {"200": {"application/octet-stream": {}}}),
        (External("conduit.Text"), {"200": {"text/plain": {}}}),
        (External("conduit.Response"), {"200": None}),
        (
            UnionOf((STR, External("conduit.HTML"))),
            {"200": {"text/html": {}, "application/json": {"schema": {"type": "string"}}}},
        ),
        (TupleOf((STR, Scalar("int"))), {"200": {"application/json": {"schema": {"type": "string"}}}}),
        (BARE_DICT, {"200": {"application/json": {"schema": {"type": "object"}}}}),
        (UnionOf((STR, NONE)), {"200": {"application/json": {"schema": {"type": "string"}}}, "204": None}),
    ],
)
def test_answers_by_declared_type(returns: Type | None, expected: dict[str, Any]) -> None:
    made = document(route("GET", "/", "h", 1), functions=(function("h", 1, returns=returns),))
    answers = made["paths"]["/"]["get"]["responses"]
    assert {status: answer.get("content") for status, answer in answers.items()} == expected


def test_streams_and_wrapped_handlers_promise_nothing() -> None:
    stream = function("h", 1, is_generator=True, returns=ArrayOf("list", STR))
    made = document(route("GET", "/", "h", 1), functions=(stream,))
    assert "content" not in made["paths"]["/"]["get"]["responses"]["200"]
    wrapped = function("h", 1, opaque="magic", effects=Effects(returned=STR))
    made = document(route("GET", "/", "h", 1), functions=(wrapped,))
    assert "content" not in made["paths"]["/"]["get"]["responses"]["200"]


def test_the_status_of_a_constant_answer() -> None:
    teapot = Effects(
        constant=constant(({"short": "stout"}, 418)), returned=TupleOf((BARE_DICT, Scalar("int")))
    )
    made = document(route("GET", "/", "h", 1), functions=(function("h", 1, effects=teapot),))
    answers = made["paths"]["/"]["get"]["responses"]
    assert list(answers) == ["418"]
    assert answers["418"]["content"] == {"application/json": {"schema": {"type": "object"}}}


def test_response_option_and_status() -> None:
    options = RouteOptions(response=ArrayOf("list", ITEM), status=202, summary="S", description="D")
    made = document(
        route("GET", "/", "h", 1, options=options), functions=(function("h", 1),), schemas=SHOP.schemas
    )
    get = made["paths"]["/"]["get"]
    assert list(get["responses"]) == ["202"]
    assert get["responses"]["202"]["content"]["application/json"]["schema"]["type"] == "array"
    assert (get["summary"], get["description"]) == ("S", "D")


def test_a_schema_called_problem_keeps_its_name() -> None:
    mine = SHOP.schemas[1]
    schemas = (replace(mine, id="schema:app.Problem", name="Problem"),)
    made = document(
        route(
            "GET", "/{id:int}", "h", 1, bindings=(binding("p", "query", type(COLOUR)("schema:app.Problem")),)
        ),
        functions=(function("h", 1, parameter("p", None)),),
        schemas=schemas,
    )
    assert set(made["components"]["schemas"]) == {"Problem", "conduit_Problem"}
    assert made["components"]["schemas"]["Problem"]["enum"] == ["blue", "red"]


def test_same_bytes_again() -> None:
    assert emit_openapi(SHOP) == emit_openapi(SHOP)
