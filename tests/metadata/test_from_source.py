"""The same documents from real source, through frontend and passes."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from conduitc.cli.introspect import introspect_command
from conduitc.codegen.manifest import emit_manifest
from conduitc.codegen.mcp_json import emit_mcp
from conduitc.codegen.metadata import emit_metadata
from conduitc.codegen.openapi import emit_openapi
from conduitc.driver import Analysis, analyse
from tests.metadata.test_manifest import validator as manifest_validator
from tests.metadata.test_metadata import by_id, fact, published

APP = '''\
"""The shop. Questions to ann@example.com."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Literal

from conduit import Conduit, HTML, Request
from msgspec import Meta

from guards import admin, signed_in

API_KEY = "sk-" "abcdefghijklmnop1234"
app = Conduit(title="Shop", version="2.0.0")


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Item:
    """A thing for sale."""

    name: Annotated[str, Meta(min_length=1)]
    price: float
    colour: Colour = Colour.RED
    parent: "Item | None" = None
    tags: list[str] = field(default_factory=list)
    token: str = "t0p-s3cret"


@app.middleware
async def timing(request, call_next):
    return await call_next(request)


@app.get("/")
def index(request):
    return {"message": "Hello"}


@app.get("/items/{id:int}", tags=["items"])
def get_item(id: int, key: str = API_KEY, sort: Literal["up", "down"] = "up", limit: int = 10) -> Item | None:
    """One item.

    Or none; see /home/ann/shop.
    """
    return None


@app.get("/items/{slug}")
def by_slug(slug: str) -> HTML:
    return HTML(slug)


@app.post("/items", status=201, middleware=[signed_in])
def create(item: Item) -> Item:
    return item


@app.tool()
def price(item: Item, factor: Annotated[float, Meta(gt=0)] = 1.5) -> float:
    """The price."""
    return item.price * factor


app.include(admin, prefix="/v1")
'''
GUARDS = '''\
from conduit import Router

admin = Router(prefix="/admin", tags=["admin"])


async def signed_in(request, call_next):
    return await call_next(request)


@admin.delete("/items/{id:int}", middleware=[signed_in], deprecated=True)
def drop(id: int) -> None:
    """Takes an item away."""
'''


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "app.py").write_text(APP)
    (folder / "guards.py").write_text(GUARDS)
    return folder / "app.py"


@pytest.fixture(scope="module")
def found(program: Path) -> Analysis:
    return analyse(program)


@pytest.fixture(scope="module")
def metadata(found: Analysis) -> dict[str, Any]:
    assert found.app is not None
    made: dict[str, Any] = json.loads(emit_metadata(found.app, found.diagnostics))
    return made


def test_metadata(metadata: dict[str, Any]) -> None:
    published().validate(metadata)
    kinds = [one["kind"] for one in metadata["resources"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "module": 2,
        "function": 8,
        "route": 5,
        "schema": 2,
        "tool": 1,
        "middleware": 2,
    }


def test_what_one_file_cannot_tell(metadata: dict[str, Any]) -> None:
    drop = "route:guards.drop#DELETE /v1/admin/items/{id:int}"
    assert fact(metadata, drop, "pattern") == ("/v1/admin/items/{id:int}", "resolved")
    assert fact(metadata, drop, "tags")[0] == ["admin"]
    effective = ["middleware:app.timing", "middleware:guards.signed_in"]
    assert fact(metadata, drop, "effective_middleware") == (effective, "resolved")
    wins = fact(metadata, "route:app.get_item#GET /items/{id:int}", "wins_over")
    assert wins == (["route:app.by_slug#GET /items/{slug}"], "inferred")
    edges = {(one["from"], one["kind"], one["to"]) for one in metadata["edges"]}
    assert {
        ("route:app.create#POST /items", "takes", "schema:app.Item"),
        ("route:app.create#POST /items", "middleware", "middleware:guards.signed_in"),
        ("schema:app.Item", "uses", "schema:app.Colour"),
        ("module:app", "imports", "module:guards"),
    } <= edges


def test_fields_and_defaults(metadata: dict[str, Any]) -> None:
    fields = {one["name"]: one for one in by_id(metadata, "schema:app.Item")["fields"]}
    assert fields["name"]["constraints"] == {"min_length": 1}
    assert fields["colour"]["default"] == "red"
    assert fields["parent"] == {"name": "parent", "type": "Item | None", "required": False, "default": None}
    assert "default" not in fields["tags"]
    assert "default" not in fields["token"]


def test_nothing_that_must_not_be_published(metadata: dict[str, Any], found: Analysis, program: Path) -> None:
    assert found.app is not None
    documents = [
        json.dumps(metadata),
        emit_openapi(found.app),
        emit_mcp(found.app) or "",
        emit_manifest(found.app, "python"),
    ]
    for text in documents:
        for secret in ("abcdefghijklmnop1234", "t0p-s3cret", "/home/ann", str(program.parent)):
            assert secret not in text
    assert "ann@" not in documents[0]


def test_same_bytes_in_another_folder(metadata: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "guards.py").write_text(GUARDS)
    again = analyse(tmp_path / "app.py")
    assert again.app is not None
    assert json.loads(emit_metadata(again.app, again.diagnostics)) == metadata


def test_ids_stay_when_lines_move(metadata: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("# a comment\n\n" + APP)
    (tmp_path / "guards.py").write_text("\n" + GUARDS)
    moved = analyse(tmp_path / "app.py")
    assert moved.app is not None
    made = json.loads(emit_metadata(moved.app, moved.diagnostics))
    assert [one["id"] for one in made["resources"]] == [one["id"] for one in metadata["resources"]]


def test_openapi(found: Analysis) -> None:
    assert found.app is not None
    made = json.loads(emit_openapi(found.app))
    OpenAPIV31SpecValidator(made).validate()
    get = made["paths"]["/items/{id}"]["get"]
    assert get["parameters"] == [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
        {"name": "key", "in": "query", "schema": {"type": "string"}},
        {"name": "sort", "in": "query", "schema": {"enum": ["down", "up"], "default": "up"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}},
    ]
    assert get["summary"] == "One item."
    assert get["description"] == "Or none; see [redacted]/shop."
    assert list(get["responses"]) == ["200", "204", "404", "422"]
    item = made["components"]["schemas"]["Item"]
    assert item["required"] == ["name", "price"]
    assert item["properties"]["colour"] == {"$ref": "#/components/schemas/Colour", "default": "red"}
    assert made["paths"]["/v1/admin/items/{id}"]["delete"]["deprecated"] is True
    assert list(made["paths"]["/items"]["post"]["responses"]) == ["201", "422"]
    home = made["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert home == {"type": "object", "additionalProperties": {"type": "string"}}


def test_manifest_and_tools(found: Analysis) -> None:
    assert found.app is not None
    made = json.loads(emit_manifest(found.app, "cython"))
    manifest_validator().validate(made)
    assert made["app"] == {"title": "Shop", "version": "2.0.0", "module": "app"}
    (tool,) = json.loads(emit_mcp(found.app) or "")["tools"]
    assert (tool["name"], tool["description"]) == ("price", "The price.")
    Draft202012Validator.check_schema(tool["inputSchema"])
    call = Draft202012Validator(tool["inputSchema"])
    assert call.is_valid({"item": {"name": "x", "price": 1}, "factor": 2})
    assert not call.is_valid({"item": {"name": "", "price": 1}})
    assert not call.is_valid({"item": {"name": "x", "price": 1}, "factor": 0})
    assert tool["outputSchema"]["properties"]["result"] == {"type": "number"}


def test_models_and_blocks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "chat.py").write_text(
        "from conduit.runtime import LMLiteBlock\n"
        "from conduit.conduit_types import ComputeProvider, DeploymentConstraint, LmLiteModelConfig\n\n"
        'lm = LMLiteBlock(models=[LmLiteModelConfig("org/model", max_model_len=5000)],\n'
        "    compute_provider=ComputeProvider.RUNPOD, replicas=3,\n"
        "    constraints=[DeploymentConstraint.ENTERPRISE])\n"
    )
    found = analyse(tmp_path / "chat.py")
    assert found.app is not None
    made = json.loads(emit_manifest(found.app, "python"))
    manifest_validator().validate(made)
    (model,) = made["models"]
    assert (model["id"], model["engine"], model["context"], model["concurrency"]) == (
        "org/model",
        "LM_LITE",
        5000,
        1,
    )
    assert (made["constraints"], made["replicas"]) == (["ENTERPRISE"], 3)
    assert "RUNPOD_API_KEY" in made["environment"]
    published().validate(json.loads(emit_metadata(found.app, found.diagnostics)))
    assert introspect_command([str(tmp_path / "chat.py")]) == 0
    assert capsys.readouterr().out.startswith("chat (chat.py): no app\n")


SOCKETS = '''\
from dataclasses import dataclass

from conduit import Conduit, Router, WebSocket
from starlette.middleware.gzip import GZipMiddleware

app = Conduit()
app.use(GZipMiddleware)


@dataclass
class Answer:
    text: str


@app.middleware
async def timing(request, call_next):
    return await call_next(request)


guarded = Router(middleware=[timing], tags=["live"])


@guarded.websocket("/{room}", name="talk", summary="Talk.")
async def talk(ws: WebSocket, room: str) -> Answer:
    """Talks."""
    await ws.accept()


@guarded.websocket("/lobby")
async def lobby(ws: WebSocket):
    await ws.accept()


@app.route("/{rest:path}", methods=["*"])
def anything(rest: str) -> Answer:
    return Answer(rest)


app.include(guarded)
'''


def test_connections_beside_requests(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(SOCKETS)
    found = analyse(tmp_path / "app.py")
    assert found.app is not None
    made = json.loads(emit_metadata(found.app, found.diagnostics))
    published().validate(made)
    talk, lobby = "route:app.talk#WEBSOCKET /{room}", "route:app.lobby#WEBSOCKET /lobby"
    assert fact(made, talk, "methods") == (["WEBSOCKET"], "literal")
    assert fact(made, talk, "effective_middleware")[0] == [
        "middleware:starlette.middleware.gzip.GZipMiddleware"
    ]
    assert fact(made, talk, "tags")[0] == ["live"] and fact(made, talk, "placement")[0] == "task"
    assert fact(made, lobby, "wins_over")[0] == [talk]
    assert "wins_over" not in by_id(made, talk)["facts"] and "response" not in by_id(made, talk)["facts"]
    assert "wins_over" not in by_id(made, "route:app.anything#* /{rest:path}")["facts"]
    ends = {(one["kind"], one["to"]) for one in made["edges"] if one["from"] == talk}
    assert ends == {
        ("handles", "function:app.talk"),
        ("middleware", "middleware:starlette.middleware.gzip.GZipMiddleware"),
    }
    assert list(json.loads(emit_openapi(found.app))["paths"]) == ["/{rest}"]


def test_introspection_of_a_source_file(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert introspect_command([str(program), "routes", "--middleware", "signed_in"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["METHOD", "PATH", "HANDLER", "MIDDLEWARE"],
        ["POST", "/items", "app.create", "timing", ">", "signed_in"],
        ["DELETE", "/v1/admin/items/{id:int}", "guards.drop", "timing", ">", "signed_in"],
    ]


@pytest.mark.parametrize("text", [None, "def broken(:\n", ""])
def test_what_cannot_be_analysed(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "app.py"
    if text is not None:
        path.write_text(text)
    code = introspect_command([str(path)])
    captured = capsys.readouterr()
    assert code == (0 if text == "" else 1), captured
    assert "Traceback" not in captured.out + captured.err
