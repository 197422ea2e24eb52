"""Routes: paths, prefixes, includes, options, middleware, hooks."""

from pathlib import Path

import pytest

from conduitc.ir.nodes import Dynamic
from tests.frontend.programs import HEAD, app_of, codes, load, routes


def test_every_path_notation(tmp_path: Path) -> None:
    paths = {
        "/": ["''"],
        "/users/:id": ["'users'", "id:None"],
        "/users/{id}": ["'users'", "id:None"],
        "/users/:id<int>/x": ["'users'", "id:int", "'x'"],
        "/users/{id:uuid}": ["'users'", "id:uuid"],
        "/*rest": ["rest:path"],
        "/files/{name:path}": ["'files'", "name:path"],
        "/v1/": ["'v1'", "''"],
        "//x": ["''", "'x'"],
        "/a b/ä/%20": ["'a b'", "'ä'", "'%20'"],
        "/{größe}/{x:unheard}": ["größe:None", "x:unheard"],
        "/a:b/c*d": ["'a:b'", "'c*d'"],
    }
    app = app_of(tmp_path, HEAD + "app = Conduit()\n" + "".join(_handler(p, n) for n, p in enumerate(paths)))
    found = {
        path: [
            f"{one.name}:{one.converter}" if isinstance(one, Dynamic) else repr(one.text)
            for one in route.path.segments
        ]
        for path, route in zip(paths, app.routes, strict=True)
    }
    assert found == paths


def _handler(path: str, number: int) -> str:
    return f"@app.get({path!r})\ndef f{number}(request): ...\n"


@pytest.mark.parametrize(
    "path", ["users", "", "/{", "/{id", "/{}", "/:", "/:1", "/*", "/{1x}", "/:id<int", "/a{b"]
)
def test_malformed_paths(tmp_path: Path, path: str) -> None:
    assert codes(load(tmp_path, HEAD + "app = Conduit()\n" + _handler(path, 0))) == ["CDT201 app.py:3"]


def test_spans_of_parameters(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        HEAD
        + """app = Conduit()
PREFIX = "/p/{a}"
r = Router(prefix="/ü/{b}")
@r.get(
    "/x/{c:int}/:d")
def f(request): ...
@r.get(PREFIX + "/{e}")
def g(request): ...
@app.get("/é/" "{h}")
def h(request): ...
app.include(r, prefix="/{i}")
""",
    )
    spans = {
        one.name: str(one.span)
        for route in app.routes
        for one in route.path.segments
        if isinstance(one, Dynamic)
    }
    assert spans == {
        "h": "app.py:10:10",  # two literals: the whole expression
        "i": "app.py:12:25",
        "b": "app.py:4:23",
        "c": "app.py:6:9",
        "d": "app.py:6:17",
        "a": "app.py:8:8",  # computed: the whole expression
        "e": "app.py:8:8",
    }


def test_prefixes_are_joined_as_text(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        HEAD
        + """
app = Conduit()
v1 = Router(prefix="/v1")
inner = Router(prefix="/us")
def a(request): ...
v1.get("")(a)
v1.get("/")(a)
inner.get("ers")(a)
v1.include(inner)
app.include(v1, prefix="/api")
app.include(v1)
inner.get("/late")(a)
""",
    )
    assert routes(app) == [
        "GET /api/v1 -> app.a",
        "GET /api/v1/ -> app.a",
        "GET /api/v1/users -> app.a",
        "GET /api/v1/us/late -> app.a",
        "GET /v1 -> app.a",
        "GET /v1/ -> app.a",
        "GET /v1/users -> app.a",
        "GET /v1/us/late -> app.a",
    ]
    assert app.routes[0].id == "route:app.a#GET /api/v1"
    assert [str(one) for one in app.routes[3].via] == ["app.py:11:1", "app.py:10:1"]
    assert len(app.declarations) == 10


def test_methods(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        HEAD
        + """
app = Conduit()
ALL = ["get", "POST"]
def a(request): ...
for verb in (app.get, app.post, app.put, app.patch, app.delete, app.head, app.options):
    verb("/x")(a)
app.route("/r")(a)
app.route("/r", methods=ALL + ["PUT"])(a)
app.route("/any", methods=["*"])(a)
app.fallback(a)
""",
    )
    assert [",".join(one.methods) for one in app.routes] == [
        *("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
        *("GET", "GET,POST,PUT", "*", "*"),
    ]
    assert app.routes[-1].fallback
    assert [one.key for one in app.declarations if one.kind == "route"][-2:] == ["get,POST,PUT /r", "* /any"]


def test_options(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        HEAD
        + """
from dataclasses import dataclass

@dataclass
class Public:
    name: str

STATUS = 200 + 1
app = Conduit(title="T", version="2", description="D", redirect_slashes=True, max_body=5, threads=3)
outer = Router(tags=["o"])
inner = Router(tags=["i", "o"])
async def mw1(request, call_next): ...
async def mw2(request, call_next): ...
async def mw3(request, call_next): ...
OPTIONS = {"summary": "S", "deprecated": True}

@inner.get("/x", name="n", status=STATUS, tags=("t",), description="D", response=list[Public],
           include_in_schema=False, middleware=[mw3], blocking=False, timeout=2, max_body=9, **OPTIONS)
def f(request): ...

outer.include(inner)
app.include(outer)
""",
    )
    settings = app.settings
    assert (settings.title, settings.version, settings.description) == ("T", "2", "D")
    assert (settings.redirect_slashes, settings.max_body, settings.threads) == (True, 5, 3)
    options = app.routes[0].options
    assert (options.name, options.status, options.tags) == ("n", 201, ("o", "i", "t"))
    assert (options.summary, options.description, options.deprecated) == ("S", "D", True)
    assert (options.blocking, options.timeout, options.max_body) == (False, 2, 9)
    assert not options.include_in_schema
    assert options.response is not None
    assert options.response.item.id == "schema:app.Public"


def test_middleware_from_outside_in(tmp_path: Path) -> None:
    names = ["one", "two", "three", "four", "five", "six"]
    functions = "".join(f"async def {name}(request, call_next): ...\n" for name in names)
    app = app_of(
        tmp_path,
        f"{HEAD}from elsewhere import Foreign, foreign\n{functions}"
        """
app = Conduit(middleware=[one])
outer = Router(middleware=[two, foreign])
inner = Router(middleware=[three])

@inner.get("/x", middleware=[four])
def f(request): ...
outer.include(inner)
app.include(outer)
app.middleware(five)
app.use(Foreign, size=3)

@app.middleware
async def last(request, call_next): ...
""",
    )
    assert [(one.kind, one.name, one.index) for one in app.middleware] == [
        ("asgi", "elsewhere.Foreign", 0),
        ("function", "app.one", 0),
        ("function", "app.five", 0),
        ("function", "app.last", 0),
    ]
    chain = app.routes[0].middleware
    assert [(one.name, one.function, one.declaration.kind, one.index) for one in chain] == [
        ("app.two", "function:app.two", "router", 0),
        ("elsewhere.foreign", None, "router", 1),
        ("app.three", "function:app.three", "router", 0),
        ("app.four", "function:app.four", "route", 0),
    ]
    assert app.third_parties == ("elsewhere",)


def test_hooks(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        HEAD
        + """
import json
from contextlib import asynccontextmanager
class Wrong(Exception): ...
@asynccontextmanager
async def life(app): yield
app = Conduit(lifespan=life)
@app.on_startup
def up(): ...
@app.on_shutdown
async def down(app): ...
@app.exception_handler(Wrong)
@app.exception_handler(ValueError)
@app.exception_handler(json.JSONDecodeError)
def wrong(request, error): ...
""",
    )
    assert [(one.kind, one.function, one.exception) for one in app.hooks] == [
        ("lifespan", "function:app.life", None),
        ("on_startup", "function:app.up", None),
        ("on_shutdown", "function:app.down", None),
        ("exception_handler", "function:app.wrong", "json.JSONDecodeError"),
        ("exception_handler", "function:app.wrong", "ValueError"),
        ("exception_handler", "function:app.wrong", "app.Wrong"),
    ]
    assert app.function("function:app.life").opaque == "contextlib.asynccontextmanager"


def test_two_functions_of_one_name(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        HEAD
        + """
import functools
app = Conduit()
@app.get("/a")
def index(request): return "a"
@app.get("/b")
def index(request): return "b"
@app.get("/c")
@functools.cache
@app.get("/d")
def cached(request): ...
""",
    )
    assert routes(app) == [
        "GET /a -> app.index",
        "GET /b -> app.index@2",
        "GET /d -> app.cached",
        "GET /c -> app.cached@2",
    ]
    assert app.function("function:app.cached@2").opaque == "functools.cache"
    assert app.function("function:app.cached").opaque is None


FAULTS = {
    "handler is a method": (
        "class A:\n    def m(self, request): ...\n    @app.get('/a')\n    def n(self, request): ...\n"
        "app.get('/b')(A().m)\n",
        ["CDT301 app.py:6", "CDT301 app.py:8"],
    ),
    "handler is a class": ("class A: ...\napp.get('/b')(A)\n", ["CDT301 app.py:5"]),
    "handler is external": ("import json\napp.get('/b')(json.dumps)\n", ["CDT301 app.py:5"]),
    "handler is computed": ("def f(): ...\napp.get('/b')(f())\n", ["CDT301 app.py:5"]),
    "a block": (
        "from conduit.blocks import HttpGetBlock\nb = HttpGetBlock('http://x')\napp.get('/b')(b)\n",
        ["CDT130 app.py:6"],
    ),
    "unknown option of Conduit": ("Conduit(titel='x')\n", ["CDT210 app.py:4"]),
    "options of a router": ("r = Router(prefx='x')\n", ["CDT210 app.py:4"]),
    "left out": (
        "Conduit(cors=1, docs='/docs')\napp.mount('/x', 1)\napp.static('/a', 'a')\napp.override(1, 2)\n",
        ["CDT130 app.py:4", "CDT130 app.py:4", *(f"CDT130 app.py:{n}" for n in (5, 6, 7))],
    ),
    "bad values": (
        "@app.get('/', status=99, tags='x', timeout=0, max_body=-1, deprecated=1, name=None)\n"
        "def f(request): ...\n",
        ["CDT212 app.py:4"] * 6,
    ),
    "path by keyword": ("import os\n@app.get(path=os.sep)\ndef f(request): ...\n", ["CDT200 app.py:5"]),
    "enum member as a path": (
        "from enum import Enum\nclass P(Enum):\n    A = '/a'\n@app.get(P.A)\ndef f(request): ...\n",
        ["CDT200 app.py:7"],
    ),
    "computed list of methods": (
        "import os\n@app.route('/', methods=os.environ['M'])\ndef f(request): ...\n",
        ["CDT211 app.py:5"],
    ),
    "a loop over a set": (
        "def f(request): ...\nfor p in {'/a', '/b'}:\n    app.get(p)(f)\n",
        ["CDT207 app.py:6", "CDT200 app.py:6"],
    ),
    "while": ("def f(request): ...\nimport os\nwhile os.sep:\n    app.get('/a')(f)\n", ["CDT207 app.py:7"]),
    "run in a test of __name__": (
        "def f(request): ...\nif __name__ == '__main__':\n    app.run()\napp.get('/')(f)\n",
        ["CDT203 app.py:7"],
    ),
    "in a function that gets the app": (
        "def f(request): ...\ndef setup(target):\n    target.get('/')(f)\nsetup(app)\n",
        ["CDT202 app.py:6"],
    ),
    "in a function of another module": (
        "# file: app.py\nimport other\n# file: other.py\nfrom conduit import Conduit\napp = Conduit()\n"
        "def f():\n    @app.on_startup\n    def g(): ...\n",
        ["CDT202 other.py:4"],
    ),
    "include of nothing": (
        "import os\napp.include(os)\napp.include()\n",
        ["CDT206 app.py:5", "CDT216 app.py:6"],
    ),
    "cycle of two": (
        "a = Router()\nb = Router()\na.include(b)\nb.include(a)\napp.include(a)\n",
        ["CDT204 app.py:7"],
    ),
    "never included": (
        "a = Router()\n@a.get('/')\ndef f(request): ...\nb = Router()\nb.include(a)\nunused = Router()\n",
        ["CDT205 app.py:7"],
    ),
    "asgi class in a list": (
        "class M: ...\n@app.get('/', middleware=[M])\ndef f(request): ...\n",
        ["CDT302 app.py:5"],
    ),
    "an app that depends on a test": (
        "import os\nif os.sep:\n    api = Conduit()\nelse:\n    api = Conduit(title='x')\n"
        "@api.get('/')\ndef f(request): ...\n@api.fallback\ndef g(request): ...\n",
        ["CDT215 app.py:9", "CDT215 app.py:11"],
    ),
    "a method handed to other code": (
        "import functools\nget = functools.partial(app.get, tags=['x'])\n",
        ["CDT215 app.py:5"],
    ),
    "names of the library": ("from conduit import par, Ruoter\n", ["CDT130 app.py:4", "CDT113 app.py:4"]),
    "subclass with its own init": (
        "class Mine(Conduit):\n    def __init__(self): ...\nmine = Mine()\n",
        ["CDT130 app.py:6"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(tmp_path: Path, name: str) -> None:
    text, wanted = FAULTS[name]
    text = text if text.startswith("# file") else f"{HEAD}\napp = Conduit()\n{text}"
    assert codes(load(tmp_path, text)) == wanted


def test_no_false_alarms(tmp_path: Path) -> None:
    """What looks like a declaration inside a function and is none; apps made by functions nobody calls."""
    app_of(
        tmp_path,
        HEAD
        + """
app = Conduit()
settings = {"get": 1}

def handler(request, app=None):
    app.get("x")
    settings.get("x")
    return request.query.get("get")

def for_tests():
    app = Conduit()
    return app

class Mine(Conduit):
    pass

other = Mine(title="x")
""",
        target="app.py",
    )


def test_unresolved_is_listed(tmp_path: Path) -> None:
    loaded = load(tmp_path, HEAD + "import os\napp = Conduit()\n@app.get(os.sep)\ndef f(request): ...\n")
    assert loaded.app is not None
    assert [(str(one.span), one.blocks_build) for one in loaded.app.unresolved] == [("app.py:4:10", True)]
