"""metadata.json of the hand-made shop: its shape, its bytes, and what must never be in it."""

import gzip
import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from conduitc.codegen.metadata import VERSION, emit_metadata
from conduitc.diagnostics import Label, Rule
from conduitc.ir.nodes import App, Edge, RouteOptions
from tests.metadata.apps import SHOP, app, at, function, route

RULE = Rule("CDT299", "planted", "warning", "{what} is odd", "", "", "")


@pytest.fixture(scope="module")
def shop() -> dict[str, Any]:
    finding = RULE.at(at(5), what="ann@example.com", labels=(Label(at(9), "here"),), help="do otherwise")
    made: dict[str, Any] = json.loads(emit_metadata(SHOP, [finding]))
    return made


def by_id(document: dict[str, Any], id_: str) -> dict[str, Any]:
    (found,) = [one for one in document["resources"] if one["id"] == id_]
    return dict(found)


def fact(document: dict[str, Any], id_: str, name: str) -> tuple[Any, str]:
    one = by_id(document, id_)["facts"][name]
    return one["value"], one["provenance"]


def published() -> Draft202012Validator:
    text = (files("conduitc.codegen.metadata") / f"schema-{VERSION}.json").read_text()
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_follows_its_published_schema(shop: dict[str, Any]) -> None:
    published().validate(shop)
    published().validate(json.loads(emit_metadata(app())))


def test_the_schema_refuses_what_is_not_metadata(shop: dict[str, Any]) -> None:
    for change in ({"schema": "2.0.0"}, {"more": 1}, {"patterns": [1]}, {"resources": [{"id": "x"}]}):
        assert not published().is_valid({**shop, **change})


def test_every_kind_is_there(shop: dict[str, Any]) -> None:
    assert {one["kind"] for one in shop["resources"]} == {
        "module",
        "function",
        "route",
        "schema",
        "tool",
        "block",
        "pipeline",
        "model",
        "endpoint",
        "middleware",
    }
    assert all(one["id"].startswith(one["kind"] + ":") for one in shop["resources"])
    assert len(shop["resources"]) == 2 + 11 + 11 + 4 + 2 + 1 + 1 + 2 + 1 + 2


def test_sorted(shop: dict[str, Any]) -> None:
    ids = [one["id"] for one in shop["resources"]]
    assert ids == sorted(ids)
    edges = [(one["from"], one["to"], one["kind"]) for one in shop["edges"]]
    assert edges == sorted(set(edges))


def test_same_bytes_whatever_the_order() -> None:
    shuffled = replace(
        SHOP,
        functions=SHOP.functions[::-1],
        schemas=SHOP.schemas[::-1],
        routes=SHOP.routes[::-1],
        modules=SHOP.modules[::-1],
        models=SHOP.models[::-1],
    )
    assert emit_metadata(SHOP) == emit_metadata(shuffled)


def test_route(shop: dict[str, Any]) -> None:
    id_ = "route:app.get_item#GET /items/{id:int}"
    one = by_id(shop, id_)
    assert one["name"] == "GET /items/{id:int}"
    assert one["span"] == {"file": "app.py", "line": 64, "column": 1, "end_line": 65, "end_column": 20}
    assert one["parameters"][0] == {
        "name": "id",
        "in": "path",
        "required": True,
        "type": "int",
        "constraints": {"ge": 1},
        "accepts": [{"kind": "int", "ge": 1}],
    }
    assert one["parameters"][1] == {
        "name": "colour",
        "in": "query",
        "required": False,
        "type": "Colour",
        "default": "red",
    }
    assert "default" not in one["parameters"][3]
    middleware = ["middleware:starlette.middleware.gzip.GZipMiddleware", "middleware:app.auth"]
    assert fact(shop, id_, "effective_middleware") == (middleware, "resolved")
    assert fact(shop, id_, "wins_over") == (["route:app.page#GET /items/{slug}"], "inferred")
    assert fact(shop, id_, "pattern") == ("/items/{id:int}", "literal")
    assert fact(shop, id_, "handler") == ("function:app.get_item", "resolved")
    assert fact(shop, id_, "response") == ("Item | None", "declared")
    assert fact(shop, id_, "placement_why") == ("calls open, which blocks", "inferred")
    assert fact(shop, "route:app.index#GET /", "response") == ("dict[str, str]", "inferred")


def test_provenance_of_a_path_that_was_joined() -> None:
    joined = route(
        "GET", "/v1/x", "h", 1, via=(at(9),), options=RouteOptions(blocking=True), placement="thread"
    )
    made = json.loads(emit_metadata(app(routes=(joined,), functions=(function("h", 1),))))
    assert fact(made, joined.id, "pattern") == ("/v1/x", "resolved")
    assert fact(made, joined.id, "placement") == ("thread", "declared")


def test_schema(shop: dict[str, Any]) -> None:
    fields = {one["name"]: one for one in by_id(shop, "schema:app.Item")["fields"]}
    assert fields["name"] == {
        "name": "name",
        "type": "str",
        "required": True,
        "constraints": {"min_length": 1, "max_length": 40},
    }
    assert fields["colour"] == {"name": "colour", "type": "Colour | None", "required": False, "default": None}
    assert fields["price"]["doc"] == "In euros."
    assert "default" not in fields["tags"]
    members = [{"name": "RED", "value": "red"}, {"name": "BLUE", "value": "blue"}]
    assert fact(shop, "schema:app.Colour", "members") == (members, "literal")


def test_edges(shop: dict[str, Any]) -> None:
    edges = {(one["from"], one["kind"], one["to"]) for one in shop["edges"]}
    assert {
        ("route:app.get_item#GET /items/{id:int}", "handles", "function:app.get_item"),
        ("route:app.get_item#GET /items/{id:int}", "middleware", "middleware:app.auth"),
        ("route:app.get_item#GET /items/{id:int}", "takes", "schema:app.Colour"),
        ("route:app.get_item#GET /items/{id:int}", "returns", "schema:app.Item"),
        ("function:app.get_item", "calls", "function:app.load"),
        ("function:app.create_item", "uses", "schema:app.Item"),
        ("schema:app.Item", "uses", "schema:app.Colour"),
        ("module:app", "imports", "module:tree"),
        ("module:app", "middleware", "middleware:starlette.middleware.gzip.GZipMiddleware"),
        ("tool:app.search", "handles", "function:app.search"),
        ("endpoint:app.preprocess", "uses", "model:app.classifier"),
        ("pipeline:app.flow", "includes", "block:app.lm"),
    } <= edges
    known = {one["id"] for one in shop["resources"]}
    assert {end for a, _, b in edges for end in (a, b)} <= known


def test_nothing_unproven_is_left_out(shop: dict[str, Any]) -> None:
    found = {(one["what"], one["reason"], one["blocks_build"]) for one in shop["unresolved"]}
    assert found == {
        ("path of get", "settings.prefix is only known at run time", True),
        ("Row", "Row is not defined here", False),
        ("@magic", "an unknown decorator: what runs may differ from the body", False),
        ("block:app.gone", "pipeline:app.flow includes it, and it is not in this app", False),
    }
    lines = [one["span"]["line"] for one in shop["unresolved"] if one["span"]["file"] == "app.py"]
    assert lines == sorted(lines)


def test_edges_of_the_frontend_are_kept_once() -> None:
    twice = (
        Edge("module:app", "function:app.h", "defines", at(9)),
        Edge("module:app", "function:app.h", "defines", at(3)),
    )
    made = json.loads(emit_metadata(app(functions=(function("h", 1),), edges=twice)))
    assert [(one["kind"], one["span"]["line"]) for one in made["edges"]] == [("defines", 3)]


def test_diagnostics(shop: dict[str, Any]) -> None:
    (one,) = shop["diagnostics"]
    assert (one["code"], one["severity"], one["message"]) == ("CDT299", "warning", "[redacted] is odd")
    assert one["labels"][0]["text"] == "here"
    assert one["help"] == "do otherwise"


def test_never(shop: dict[str, Any]) -> None:
    text = json.dumps(shop)
    for secret in (
        "hunter2",
        "abcdefghijklmnop1234",
        "example.com",
        "1234567",
        "/home",
        "secret='x'",
        "ENTERPRISE",
    ):
        assert secret not in text, secret


def test_one_resource_a_line() -> None:
    lines = emit_metadata(SHOP).splitlines()
    ids = [json.loads(line.rstrip(",]"))["id"] for line in lines if '"decorators"' in line]
    assert ids == ["function:app.get_item"]


def many(count: int) -> App:
    """An app of ``count`` routes, each with a handler: twice as many resources."""
    functions = tuple(
        function(f"handler_{n}", n * 10 + 1, doc=f"Answers the question number {n}.") for n in range(count)
    )
    routes = tuple(
        route("GET", f"/area{n % 7}/thing{n}/{{id:int}}", f"handler_{n}", n * 10 + 1, placement="inline")
        for n in range(count)
    )
    return app(functions=functions, routes=routes)


def test_size() -> None:
    text = emit_metadata(many(250)).encode()
    packed = gzip.compress(text, mtime=0)
    assert len(packed) <= 350 * 500
    assert len(packed) <= 0.4 * len(text)
    assert len(emit_metadata(many(25))) <= 500_000


def test_stripped_metadata_says_what_there_is_and_not_where() -> None:
    finding = RULE.at(at(5), what="it", labels=(Label(at(9), "here"),), help="do otherwise")
    text = emit_metadata(SHOP, [finding], stripped=True)
    document = json.loads(text)
    assert not list(published().iter_errors(document))
    assert document["app"]["stripped"] is True
    whole = json.loads(emit_metadata(SHOP, [finding]))
    assert [one["id"] for one in document["resources"]] == [one["id"] for one in whole["resources"]]
    for word in ('"span"', '"doc"', '"comments"', '"labels"', '"help"', '"description":"A', '"line"'):
        assert word not in text, word
    assert {
        one["id"]: one["facts"]["pattern"] for one in document["resources"] if one["kind"] == "route"
    } == {one["id"]: one["facts"]["pattern"] for one in whole["resources"] if one["kind"] == "route"}


def test_prose_has_a_bound() -> None:
    many_words = "word " * 1000
    fields = tuple(replace(SHOP.schemas[0].fields[1], name=f"f{n}", doc="x" * 300) for n in range(9))
    schema = replace(SHOP.schemas[0], fields=fields, doc=many_words, comments=("remark " * 50,) * 9)
    long = function("h", 1, doc=many_words)
    made = json.loads(emit_metadata(app(schemas=(schema,), functions=(long,))))
    published().validate(made)
    one = by_id(made, schema.id)
    assert one["doc"].endswith("word …") and len(one["doc"]) <= 1202
    assert one["comments"][-1] == "…" and sum(map(len, one["comments"])) <= 1202
    assert ["doc" in field for field in one["fields"]] == [True] * 4 + [False] * 5
    assert fact(made, schema.id, "abridged") == (True, "resolved")
    assert len(by_id(made, "function:app.h")["doc"]) <= 1202
    assert "abridged" not in by_id(json.loads(emit_metadata(SHOP)), "schema:app.Item")["facts"]
