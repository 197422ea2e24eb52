"""Where text of the user's stands in a program, and where it must come out again, unchanged.

A position is the block of source for value number ``n`` (``{V}`` is the value as a literal, ``{N}`` the
number), and the places in what was made of it where the value is to be found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import dedent
from typing import Any
from urllib.parse import unquote

from conduitc.codegen.metadata.parts import cut

HEAD = """\
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal

import msgspec
from conduit import HTML, Conduit, Cookie, Header, HTTPError, Query, Response, Router
from conduit.ml import NumpyModel
from msgspec import Meta

"""
APP = "app = Conduit()\n\n"


@dataclass
class Made:
    """What was made of a program: documents, and what the wiring declares, by their names."""

    openapi: dict[str, Any]
    metadata: dict[str, Any]
    mcp: dict[str, Any]
    manifest: dict[str, Any]
    declared: list[tuple[Any, ...]]

    def operation(self, n: int) -> dict[str, Any]:
        """The operation of handler ``n``, whatever its path and its name."""
        (route,) = [
            one for one in self.of("route") if one["facts"]["handler"]["value"] == f"function:app.h{n}"
        ]
        path = unquoted(route["facts"]["pattern"]["value"])
        (found,) = [item for key, item in self.openapi["paths"].items() if unquoted(unquote(key)) == path]
        operation: dict[str, Any] = found.get("get") or found["post"]
        return operation

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.metadata["resources"] if one["kind"] == kind]

    def resource(self, kind: str, name: str) -> dict[str, Any]:
        (found,) = [one for one in self.of(kind) if one["id"].partition("#")[0].rpartition(".")[2] == name]
        return found

    def fact(self, n: int, name: str) -> Any:
        """A fact of route ``n``; what is empty is left out there."""
        return self.resource("route", f"h{n}").get("facts", {}).get(name, {}).get("value", "")

    def schema(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.openapi["components"]["schemas"][name]
        return found


def unquoted(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def prose(text: str) -> str:
    """A docstring as documents show it: without the blanks around it and its indentation."""
    return "".join(dedent(text).split())


def kept(text: str) -> str:
    """As ``prose``, as much as metadata has of it."""
    return prose(cut(dedent(text).strip()))


Find = Callable[[Made, int, str], Iterator[tuple[object, object]]]


@dataclass
class Position:
    """``find`` gives pairs of what was found and what must be there; ``alone``: one app for each value."""

    block: str
    find: Find
    alone: bool = False


def _path(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    path = f"/p{n}/x{value}/y"
    yield made.fact(n, "pattern"), path
    yield [unquote(key) for key in made.openapi["paths"] if key.startswith(f"/p{n}/")], [path]
    yield [row[3] for row in made.declared if row[3].startswith(f"GET /p{n}/")], [f"GET {path}"]


def _words(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    operation = made.operation(n)
    yield prose(operation.get("summary", "") + operation.get("description", "")), prose(value)
    yield prose(made.resource("function", f"h{n}").get("doc", "")), kept(value)


def _summary(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.operation(n).get("summary", ""), value
    yield prose(made.fact(n, "summary")), kept(value)


def _description(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield prose(made.operation(n).get("description", "")), prose(value)
    yield prose(made.fact(n, "description")), kept(value)


def _tags(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.operation(n)["tags"], [value]
    yield made.fact(n, "tags"), [value]
    yield value in [one["name"] for one in made.openapi["tags"]], True


def _name(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    if value:
        yield made.operation(n)["operationId"], value
        yield made.fact(n, "name"), value


def _default(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.operation(n)["parameters"][0]["schema"]["default"], value
    yield made.resource("route", f"h{n}")["parameters"][0]["default"], value


def _alias(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    """An empty name is none; names of headers have no case."""
    parameter, bound = made.operation(n)["parameters"][0], made.resource("route", f"h{n}")["parameters"][0]
    wanted = (value.lower() if parameter["in"] == "header" else value) or "q"
    yield [parameter["name"], bound.get("key", "q")], [wanted, wanted]


def _enum(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.schema(f"E{n}")["enum"], sorted([value, "other"])
    members = made.resource("schema", f"E{n}")["facts"]["members"]["value"]
    yield members[0], {"name": "A", "value": value}


def _literal(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.operation(n)["parameters"][0]["schema"]["enum"], sorted([value, "other"])
    yield made.resource("route", f"h{n}")["parameters"][0]["type"], f"Literal[{value!r}, 'other']"


def _meta(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.operation(n)["parameters"][0]["schema"]["title"], value
    yield made.resource("route", f"h{n}")["parameters"][0]["constraints"]["title"], value


def _pattern(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.operation(n)["parameters"][0]["schema"]["pattern"], value
    yield made.resource("route", f"h{n}")["parameters"][0]["constraints"]["pattern"], value


def _tool(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    (tool,) = [one for one in made.mcp["tools"] if one["name"] == f"t{n}"]
    yield prose(tool.get("description", "")), prose(value)
    yield prose(made.resource("tool", f"h{n}").get("doc", "")), kept(value)


def _tool_schema(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    (tool,) = [one for one in made.mcp["tools"] if one["name"] == f"t{n}"]
    schema = tool["inputSchema"]
    yield schema["properties"], {"q": {"type": "string", "description": value}}
    yield schema["$defs"], {value: {"const": value}}


def _schema(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    schema = made.schema(f"A{n}")
    yield [prose(schema.get("description", "")), schema["properties"]["a"]["default"]], [prose(value), value]
    resource = made.resource("schema", f"A{n}")
    yield [prose(resource.get("doc", "")), resource["fields"][0]["default"]], [kept(value), value]


def _field(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield [*made.schema(f"A{n}")["properties"]], [value]
    yield made.resource("schema", f"A{n}")["fields"][0]["name"], value


def _tag(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.schema(f"A{n}")["properties"]["type"]["enum"], [value]
    yield made.resource("schema", f"A{n}")["facts"]["tag"]["value"], ["type", value]


def _model(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield [one["id"] for one in made.manifest["models"]].count(value), 1
    yield [row[3] for row in made.declared if row[2] == "register_model"].count(value), 1
    yield made.resource("endpoint", f"h{n}")["facts"]["model"]["value"], value


def _endpoint(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.resource("endpoint", f"h{n}")["facts"]["pattern"]["value"], f"/p{n}{value}"
    yield f"/p{n}{value}" in [row[3] for row in made.declared if row[2] == "ml_endpoint"], True


def _prefix(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.fact(n, "pattern"), f"/p{n}{value}/x"
    yield made.fact(n, "tags"), [value]


def _route(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield made.fact(n, "pattern"), f"/p{n}"


def _info(key: str) -> Find:
    def find(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
        same: Callable[[str], str] = prose if key == "description" else str
        yield same(made.openapi["info"].get(key) or ""), same(value)
        yield same(made.metadata["app"].get(key) or ""), kept(value) if same is prose else value

    return find


def _module(made: Made, n: int, value: str) -> Iterator[tuple[object, object]]:
    yield prose(made.resource("module", "module:app").get("doc", "")), kept(value)


GET = "@app.get('/p{N}')\n"
POST = "@app.post('/p{N}')\n"
TAKES_A = "@app.post('/p{N}')\ndef h{N}(q: A{N}):\n    return q\n"

POSITIONS = {
    "path": Position("@app.get('/p{N}/x' + {V} + '/y')\ndef h{N}(request):\n    return 1\n", _path),
    "prefix": Position(
        "r{N} = Router(prefix='/p{N}' + {V}, tags=[{V}])\n\n\n"
        "@r{N}.get('/x')\ndef h{N}(request):\n    return 1\n\n\napp.include(r{N})\n",
        _prefix,
    ),
    "docstring": Position(GET + "def h{N}():\n    {V}\n    return 1\n", _words),
    "summary": Position("@app.get('/p{N}', summary={V})\ndef h{N}():\n    return 1\n", _summary),
    "description": Position("@app.get('/p{N}', description={V})\ndef h{N}():\n    return 1\n", _description),
    "tag": Position("@app.get('/p{N}', tags=[{V}])\ndef h{N}():\n    return 1\n", _tags),
    "name": Position("@app.get('/p{N}', name={V})\ndef h{N}():\n    return 1\n", _name),
    "method": Position("@app.route('/p{N}', methods=['GET', {V}])\ndef h{N}():\n    return 1\n", _route),
    "default": Position(GET + "def h{N}(q: str = {V}):\n    return q\n", _default),
    "query": Position(GET + "def h{N}(q: Annotated[str, Query({V})]):\n    return q\n", _alias),
    "header": Position(GET + "def h{N}(q: Annotated[str, Header({V})]):\n    return q\n", _alias),
    "cookie": Position(GET + "def h{N}(q: Annotated[str, Cookie({V})]):\n    return q\n", _alias),
    "enum": Position(
        "class E{N}(Enum):\n    A = {V}\n    B = 'other'\n\n\n" + GET + "def h{N}(q: E{N}):\n    return q\n",
        _enum,
    ),
    "literal": Position(GET + "def h{N}(q: Literal[{V}, 'other']):\n    return q\n", _literal),
    "meta": Position(
        GET
        + "def h{N}(q: Annotated[str, Meta(title={V}, description={V}, examples=[{V}])]):\n    return q\n",
        _meta,
    ),
    "pattern": Position(GET + "def h{N}(q: Annotated[str, Meta(pattern={V})]):\n    return q\n", _pattern),
    "annotation": Position(GET + "def h{N}(q: {V}):\n    return q\n", _route),
    "returns": Position(GET + "def h{N}() -> {V}:\n    return 1\n", _route),
    "decorator": Position(
        "def d{N}(text):\n    return lambda function: function\n\n\n"
        + GET
        + "@d{N}({V})\ndef h{N}():\n    return 1\n",
        _route,
    ),
    "tool name": Position("@app.tool(name={V}, description='d')\ndef h{N}(q: str):\n    return q\n", _route),
    "tool": Position("@app.tool(name='t{N}', description={V})\ndef h{N}(q: str):\n    return q\n", _tool),
    "tool schema": Position(
        "@app.tool(name='t{N}', description='d', schema={{'type': 'object', "
        "'$defs': {{{V}: {{'const': {V}}}}}, 'properties': "
        "{{'q': {{'type': 'string', 'description': {V}}}}}}})\n"
        "def h{N}(q: str = ''):\n    return q\n",
        _tool_schema,
    ),
    "dataclass": Position("@dataclass\nclass A{N}:\n    {V}\n\n    a: str = {V}\n\n\n" + TAKES_A, _schema),
    "field": Position(
        "class A{N}(msgspec.Struct):\n    a: str = msgspec.field(name={V})\n\n\n" + TAKES_A, _field
    ),
    "struct tag": Position("class A{N}(msgspec.Struct, tag={V}):\n    a: str\n\n\n" + TAKES_A, _tag),
    "model": Position(
        "app.register_model({V}, NumpyModel('m.npz'))\n\n\n"
        "@app.ml_endpoint('/p{N}', {V})\ndef h{N}(q: list[float]):\n    return q\n",
        _model,
    ),
    "endpoint": Position(
        "app.register_model('m{N}', NumpyModel('m.npz'))\n\n\n"
        "@app.ml_endpoint('/p{N}' + {V}, 'm{N}')\ndef h{N}(q: list[float]):\n    return q\n",
        _endpoint,
    ),
    "answer": Position(GET + "def h{N}():\n    return {V}\n", _route),
    "answer's key": Position(GET + "def h{N}():\n    return {{{V}: [{V}]}}\n", _route),
    "page": Position(GET + "def h{N}() -> HTML:\n    return {V}\n", _route),
    "detail": Position(GET + "def h{N}():\n    raise HTTPError(404, {V})\n", _route),
    "media type": Position(
        GET + "def h{N}():\n    return Response(b'', media_type={V}, headers={{{V}: {V}}})\n", _route
    ),
    "file": Position(GET + "def h{N}():\n    return open({V})\n", _route),
    "title": Position("app = Conduit(title={V})\n", _info("title"), alone=True),
    "version": Position("app = Conduit(version={V})\n", _info("version"), alone=True),
    "about": Position("app = Conduit(description={V})\n", _info("description"), alone=True),
    "module": Position("{V}\n", _module, alone=True),
}
