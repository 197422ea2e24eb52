"""What servers are asked, and the programs that answer it in each framework's own words.

Workloads: (a) hello, (b) a typed int in the path, (c) a body decoded, validated and echoed, (d) many routes,
half of them with an int at the end, hit at random (a fixed path would measure caches only).
"""

import json
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HELLO = {"message": "Hello, World!"}
ITEM = {"name": "Widget", "price": 9.5, "tags": ["small", "blue"], "count": 3}

_FIELDS = "    name: str\n    price: float\n    tags: list[str]\n    count: int = 0\n"
_DATACLASS = f"from dataclasses import dataclass\n{{}}\n\n@dataclass\nclass Item:\n{_FIELDS}"

HEADS = {
    "conduit": _DATACLASS.format("\nfrom conduit import Conduit\n\napp = Conduit()\n"),
    "fastapi": (
        "from fastapi import FastAPI\nfrom pydantic import BaseModel\n\napp = FastAPI()\n\n\n"
        f"class Item(BaseModel):\n{_FIELDS}"
    ),
    "starlette": (
        "from starlette.applications import Starlette\nfrom starlette.responses import JSONResponse\n"
        "from starlette.routing import Route\n\nROUTES = []\n"
    ),
    "falcon": "import falcon.asgi\n\napp = falcon.asgi.App()\n",
}

#: A route without parameters, one with an int at the end, one with a body.
STATIC = {
    "conduit": '@app.get("{path}")\ndef s{i}(request):\n    return {answer}\n',
    "fastapi": '@app.get("{path}")\nasync def s{i}():\n    return {answer}\n',
    "starlette": (
        "async def s{i}(request):\n    return JSONResponse({answer})\n\n\n"
        'ROUTES.append(Route("{path}", s{i}))\n'
    ),
    "falcon": (
        "class S{i}:\n    async def on_get(self, request, response):\n        response.media = {answer}\n\n\n"
        'app.add_route("{path}", S{i}())\n'
    ),
}
TYPED = {
    "conduit": '@app.get("{path}/:id")\ndef p{i}(id: int):\n    return {answer}\n',
    "fastapi": '@app.get("{path}/{{id}}")\nasync def p{i}(id: int):\n    return {answer}\n',
    "starlette": (
        'async def p{i}(request):\n    id = request.path_params["id"]\n'
        "    return JSONResponse({answer})\n\n\n"
        'ROUTES.append(Route("{path}/{{id:int}}", p{i}))\n'
    ),
    "falcon": (
        "class P{i}:\n    async def on_get(self, request, response, id):\n"
        "        response.media = {answer}\n\n\n"
        'app.add_route("{path}/{{id:int}}", P{i}())\n'
    ),
}
ITEMS = {
    "conduit": '@app.post("/items")\nasync def add(item: Item) -> Item:\n    return item\n',
    "fastapi": '@app.post("/items")\nasync def add(item: Item) -> Item:\n    return item\n',
}
TAILS = {"starlette": "app = Starlette(routes=ROUTES)\n"}

#: Any ASGI server's floor: sends what it has, looks at nothing.
PREBUILT = """\
START = {{"type": "http.response.start", "status": 200, "headers": [
    (b"content-type", b"application/json"), (b"content-length", b"{length}")]}}
BODY = {{"type": "http.response.body", "body": {body!r}}}


async def app(scope, receive, send):
    if scope["type"] == "http":
        await send(START)
        await send(BODY)
"""


@dataclass(frozen=True)
class Workload:
    """``lua`` is what wrk runs; ``path`` must give ``answer`` beforehand; ``body`` makes it a POST."""

    title: str
    path: str
    answer: object
    source: Callable[[str], str]
    lua: str = ""
    body: bytes | None = None

    def prebuilt(self) -> str:
        body = json.dumps(self.answer, separators=(",", ":")).encode()
        return PREBUILT.format(length=len(body), body=body)

    def check(self, port: int) -> None:
        """Ends the bench where a server does not answer as all must: nobody wins by answering wrongly."""
        asked = urllib.request.Request(f"http://127.0.0.1:{port}{self.path}", data=self.body)
        if self.body is not None:
            asked.add_header("content-type", "application/json")
        with urllib.request.urlopen(asked, timeout=10) as answer:
            got = answer.read()
        if json.loads(got) != self.answer:
            sys.exit(f"wrong answer to {self.path}: {got!r}")


def program(framework: str, *functions: str) -> str:
    return "\n\n".join([HEADS[framework], *functions, *([TAILS[framework]] if framework in TAILS else [])])


def hello() -> Workload:
    def source(framework: str) -> str:
        return program(framework, STATIC[framework].format(path="/", i=0, answer=HELLO))

    return Workload("GET / → hello", "/", HELLO, source)


def typed() -> Workload:
    def source(framework: str) -> str:
        return program(framework, TYPED[framework].format(path="/users", i=0, answer='{"id": id}'))

    return Workload("GET /users/:id, an int", "/users/71", {"id": 71}, source)


def items() -> Workload:
    body = json.dumps(ITEM).encode()
    lua = f"""\
wrk.method = "POST"
wrk.body = [=[{body.decode()}]=]
wrk.headers["content-type"] = "application/json"
"""
    return Workload(
        "POST /items, a body decoded, validated and echoed",
        "/items",
        ITEM,
        lambda framework: program(framework, ITEMS[framework]),
        lua,
        body,
    )


def routes(count: int) -> Workload:
    """Half the routes static, half with an int at the end, one of each in turn."""

    def source(framework: str) -> str:
        functions = []
        for i in range(0, count, 2):
            static, answer = STATIC[framework], f'{{"route": {i}}}'
            functions.append(static.format(path=f"/v1/static{i}/items", i=i, answer=answer))
            answer = f'{{"route": {i}, "id": id}}'
            functions.append(TYPED[framework].format(path=f"/v1/typed{i}", i=i, answer=answer))
        return program(framework, *functions)

    title = f"{count:,} routes, half with an int, hit at random"
    return Workload(title, "/v1/typed2/7", {"route": 2, "id": 7}, source, random_load(count))


def random_load(count: int) -> str:
    """A wrk script that asks for the routes at random, made once before the load starts."""
    return f"""\
local requests = {{}}
function init()
  math.randomseed(7)
  for i = 1, 8192 do
    local route = 2 * math.random(0, {count // 2 - 1})
    local path = "/v1/static" .. route .. "/items"
    if math.random(2) == 1 then path = "/v1/typed" .. route .. "/" .. math.random(0, 999999) end
    requests[i] = wrk.format("GET", path)
  end
end
local n = 0
function request()
  n = n % 8192 + 1
  return requests[n]
end
"""


def written(folder: Path, name: str, source: str) -> Path:
    """A folder of its own with the program as ``app.py``."""
    (folder / name).mkdir()
    (folder / name / "app.py").write_text(source)
    return folder / name
