"""Where each rule of the language's list speaks, and where it must be silent."""

from pathlib import Path

import pytest

from tests.rules.cases import analysed

HEAD = "from conduit import Conduit, Request, Router, WebSocket\n\napp = Conduit()\n"
DATA = "from dataclasses import dataclass\n\n@dataclass\nclass Item:\n    name: str\n\n"
#: Keeps a secret of a known shape out of this file.
KEY = "sk-" + "3fT9xLq2ZpW8vB4nR7cJ1mK5"

SPEAKS = {
    "CDT111 a relative import outside of a package": "from . import routes\n",
    "CDT113 a name of the library's blocks": "from conduit.blocks import HttpGetBlok\n",
    "CDT200 a path from the environment": "import os\n@app.get(os.environ['P'])\ndef f(): return 1\n",
    "CDT200 a path that a call gives": "@app.get(str(object()))\ndef f(): return 1\n",
    "CDT200 an endpoint's model": "@app.ml_endpoint('/p', input())\ndef f(data): return data\n",
    "CDT208 methods in one text": "@app.route('/', methods='GET')\ndef f(): return 1\n",
    "CDT208 a method that is none": "@app.route('/', methods=['websocket'])\ndef f(): return 1\n",
    "CDT208 no methods": "@app.route('/', methods=[])\ndef f(): return 1\n",
    "CDT212 a path that is no text": "@app.get(5)\ndef f(): return 1\n",
    "CDT212 a middleware without its list": "async def m(request, call): return 1\nRouter(middleware=m)\n",
    "CDT216 a route without parentheses": "@app.get\ndef f(): return 1\n",
    "CDT216 a route without a path": "@app.post()\ndef f(): return 1\n",
    "CDT216 an exception handler without its type": "@app.exception_handler\ndef f(request, e): return 1\n",
    "CDT216 an include of nothing": "app.include()\n",
    "CDT210 a connection has no status": (
        "@app.websocket('/', status=200)\nasync def f(ws: WebSocket): ...\n"
    ),
    "CDT210 nor middleware": "@app.websocket('/', middleware=[])\nasync def f(ws: WebSocket): ...\n",
    "CDT130 nor scopes, yet": "@app.websocket('/', scopes=[])\nasync def f(ws: WebSocket): ...\n",
    "CDT216 a websocket without parentheses": "@app.websocket\nasync def f(ws: WebSocket): ...\n",
    "CDT217 an option without its name": "@app.get('/', 201)\ndef f(): return 1\n",
    "CDT232 a converter of another framework": "@app.get('/{a:string}')\ndef f(a): return a\n",
    "CDT233 the path says int, the handler str": "@app.get('/{a:int}')\ndef f(a: str): return a\n",
    "CDT233 the path says str, the handler int": "@app.get('/{a:str}')\ndef f(a: int): return a\n",
    "CDT233 the rest of a path is text": "@app.get('/*a')\ndef f(a: float): return a\n",
    "CDT320 a blocking call": "import time\n@app.get('/')\nasync def f():\n    time.sleep(1)\n",
    "CDT320 a blocking call in what is called": (
        "import time\ndef g(): time.sleep(1)\n@app.get('/')\nasync def f():\n    g()\n"
    ),
    "CDT320 middleware": (
        "import time\n@app.middleware\nasync def m(request, call_next):\n    time.sleep(1)\n"
        "    return await call_next(request)\n@app.get('/')\ndef f(a: int): return a\n"
    ),
    "CDT321 a handler that blocks": "import time\n@app.get('/')\ndef f():\n    time.sleep(1)\n",
    "CDT323 middleware of one route": (
        "async def m(request, call_next): return await call_next(request)\n"
        "@app.get('/', middleware=[m])\ndef f(a: int): return a\n"
    ),
    "CDT330 an answer that never changes": "@app.get('/')\ndef f(a: int): return 1\n",
    "CDT340 a parameter that the path lacks": "@app.get('/{a}')\ndef f(a, b): return a\n",
    "CDT343 a parameter that the handler lacks": "@app.get('/{a}')\ndef f(b: int = 1): return b\n",
    "CDT340 a socket without its type": "@app.websocket('/')\nasync def f(ws): ...\n",
    "CDT350 a request of a connection": "@app.websocket('/')\nasync def f(ws: WebSocket, request): ...\n",
    "CDT350 a body of a connection": (
        f"{DATA}@app.websocket('/')\nasync def f(ws: WebSocket, item: Item): ...\n"
    ),
    "CDT350 a marked body": (
        "from typing import Annotated\nfrom conduit import Body\n@app.websocket('/')\n"
        "async def f(ws: WebSocket, n: Annotated[int, Body()]): ...\n"
    ),
    "CDT350 a connection of a request": "@app.post('/')\nasync def f(ws: WebSocket): ...\n",
    "CDT350 Starlette's own": (
        "from starlette.websockets import WebSocket as S\n@app.get('/')\nasync def f(ws: S): ...\n"
    ),
    "CDT351 nothing to accept": "@app.websocket('/{a}')\nasync def f(a: str): ...\n",
    "CDT352 a generator": "@app.websocket('/')\nasync def f(ws: WebSocket):\n    yield 1\n",
    "CDT240 two handlers of a connection": (
        "@app.websocket('/{a}')\nasync def f(ws: WebSocket, a: str): ...\n"
        "@app.websocket('/{b}')\nasync def g(ws: WebSocket, b: str): ...\n"
    ),
    "CDT242 a connection that others take": (
        "from typing import Literal\n@app.websocket('/a')\nasync def f(ws: WebSocket): ...\n"
        "@app.websocket('/{b}')\nasync def g(ws: WebSocket, b: Literal['a']): ...\n"
    ),
    "CDT360 a hidden query parameter": "@app.get('/')\ndef f(request): return request.query['a']\n",
    "CDT360 by get": "@app.get('/')\ndef f(request): return request.query.get('a')\n",
    "CDT361 a body for nothing": f"{DATA}@app.post('/')\ndef f(item: Item): return 1\n",
    "CDT370 a handler without its decorator": "def f(request): return 1\n",
    "CDT440 any value": "@app.tool()\ndef f(a):\n    'Does.'\n    return 1\n",
    "CDT440 nothing but None": "@app.tool()\ndef f(a: None):\n    'Does.'\n    return 1\n",
    "CDT440 in a field": (
        f"{DATA.replace('name: str', 'name: dict')}@app.tool()\ndef f(a: Item):\n    'Does.'\n    return 1\n"
    ),
    "CDT445 a default": f"@app.get('/')\ndef f(a: str = '{KEY}'): return a\n",
    "CDT447 a part of the path": f"@app.get('/{KEY}/x')\ndef f(): return 1\n",
    "CDT445 an option of middleware": f"from other import M\napp.use(M, secret_key='{KEY}')\n",
    "CDT445 a text of a route": f"@app.get('/', description='token={KEY}')\ndef f(): return 1\n",
    "CDT446 a schema for nobody": DATA,
    "CDT451 an empty description": "@app.tool(description=' ')\ndef f(a: int): return a\n",
    "CDT456 MCP without a tool": "app.enable_mcp()\n",
}

SILENT = {
    "CDT343 the handler takes the request": "@app.get('/{a}')\ndef f(request): return request.params['a']\n",
    "CDT343 under another name": "@app.get('/{a}')\ndef f(r: Request): return r.params['a']\n",
    "CDT340 a parameter of the query": "@app.get('/{a}')\ndef f(a, b: int): return a\n",
    "CDT233 an enum may refine a text": (
        "from enum import Enum\nclass E(Enum):\n    A = 'a'\n"
        "@app.get('/{a:str}')\ndef f(a: E): return a.value\n"
    ),
    "CDT235 a text in angles that nobody takes": "@app.get('/$price')\ndef f(): return 1\n",
    "CDT320 in a thread of its own": (
        "import asyncio, time\n@app.get('/')\nasync def f():\n    await asyncio.to_thread(time.sleep, 1)\n"
    ),
    "CDT321 it was said": "import time\n@app.get('/', blocking=True)\ndef f():\n    time.sleep(1)\n",
    "CDT323 a handler that waits anyway": (
        "async def m(request, call_next): return await call_next(request)\n"
        "@app.get('/', middleware=[m])\nasync def f(request): return await request.body()\n"
    ),
    "CDT343 the handler takes the socket": "@app.websocket('/{a}')\nasync def f(ws: WebSocket): ...\n",
    "CDT347 what a connection's handler returns": (
        "@app.websocket('/{a}')\nasync def f(ws: WebSocket, a: str) -> Nothing: ...\n"
    ),
    "CDT240 a connection and a request": (
        "@app.websocket('/{a}')\nasync def f(ws: WebSocket, a: str): ...\n"
        "@app.route('/{b}', methods=['*'])\ndef g(b: str): return b\n"
    ),
    "CDT242 requests take no connections": (
        "from typing import Literal\n@app.route('/a', methods=['*'])\ndef f(): return 1\n"
        "@app.websocket('/{b}')\nasync def g(ws: WebSocket, b: Literal['a']): ...\n"
    ),
    "CDT352 under a decorator that is not known": (
        "from other import wrapped\n@app.websocket('/')\n@wrapped\ndef f(ws: WebSocket): ...\n"
    ),
    "CDT323 middleware is for requests": (
        "async def m(request, call_next): return await call_next(request)\nr = Router(middleware=[m])\n"
        "app.include(r)\n@r.websocket('/')\nasync def f(ws: WebSocket): ...\n"
    ),
    "CDT360 the signature shows it": "@app.get('/')\ndef f(request, a: str): return request.query['a']\n",
    "CDT361 the body is used": f"{DATA}@app.post('/')\ndef f(item: Item): return item.name\n",
    "CDT370 somebody calls it": "def g(): return 1\n@app.get('/')\ndef f(): return g()\n",
    "CDT440 a dict as a body": "@app.post('/')\ndef f(a: dict): return a\n",
    "CDT445 a long word": "@app.get('/internationalisation-and-localisation')\ndef f(): return 1\n",
    "CDT445 a key from the environment": "import os\nfrom other import M\napp.use(M, key=os.environ['K'])\n",
    "CDT451 a docstring": "@app.tool()\ndef f(a: int):\n    'Does.'\n    return a\n",
    "CDT456 a tool": "app.enable_mcp()\n@app.tool()\ndef f(a: int):\n    'Does.'\n    return a\n",
}


def codes(body: str, folder: Path) -> set[str]:
    return {one.rule.code for one in analysed(folder, HEAD + body)}


@pytest.mark.parametrize("name", SPEAKS)
def test_it_speaks(name: str, tmp_path: Path) -> None:
    assert name[:6] in codes(SPEAKS[name], tmp_path)


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert name[:6] not in codes(SILENT[name], tmp_path)
