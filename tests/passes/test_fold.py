"""Which answers are known at build time, and that folding them changes none."""

from pathlib import Path

import pytest

from conduitc.diagnostics import Diagnostic
from conduitc.ir.nodes import App
from conduitc.passes import bind, fold, paths, placement
from tests.frontend.programs import HEAD, app_of
from tests.service.ways import answers, request


def folded(folder: Path, text: str, app: str = "app = Conduit()") -> tuple[App, tuple[Diagnostic, ...]]:
    made = app_of(folder, f"{HEAD}{app}\n{text}")
    for one in (paths, bind, placement):
        made, _ = one.run(made)
    return fold.run(made)


def answered(app: App) -> dict[str, object]:
    """Path → what is folded, for the routes that are."""
    return {route.path.text: route.folded.value for route in app.routes if route.folded is not None}


def test_constants_are_folded(tmp_path: Path) -> None:
    app, found = folded(tmp_path, """
from conduit import HTML, Text

NAME = "shop"

@app.get("/dict")
def one(request):
    return {"name": NAME, "list": [1, None]}

@app.get("/async")
async def two():
    return f"{NAME}!"

@app.get("/html")
def three() -> HTML:
    return "<p>"

@app.get("/status")
def four():
    return {"error": "gone"}, 410

@app.get("/none")
def five():
    return None

@app.get("/declared")
def six() -> dict[str, list[int]]:
    return {"a": [1]}

@app.get("/users/{id}")
def seven(request):
    return "one of many"
""")  # fmt: skip
    assert answered(app) == {
        "/dict": {"name": "shop", "list": [1, None]},
        "/async": "shop!",
        "/html": "<p>",
        "/status": ({"error": "gone"}, 410),
        "/none": None,
        "/declared": {"a": [1]},
        "/users/{id}": "one of many",
    }
    assert found == ()


def test_what_may_differ_is_not_folded(tmp_path: Path) -> None:
    app, found = folded(tmp_path, r"""
from dataclasses import dataclass
from tools import wrap

@dataclass
class Public:
    name: str

@app.get("/uses")
def uses(request):
    return request.path

@app.get("/{id}")
def path(id: int):
    return 1

@app.post("/body")
def body(data: dict):
    return 1

@app.get("/filtered")
def filtered() -> Public:
    return {"name": "x", "secret": "y"}

@app.get("/float")
def number() -> float:
    return 1

@app.get("/wrapped")
@wrap
def wrapped():
    return 1

@app.get("/thread", blocking=True)
def thread():
    return 1

@app.get("/generator")
def generator():
    yield 1

@app.get("/not-json")
def not_json():
    return "\ud800"

@app.get("/too-large")
def too_large():
    return 1 << 70

@app.get("/triple")
def triple():
    return 1, 2, 3

@app.get("/no-status")
def no_status():
    return {"a": 1}, True

@app.get("/nested")
def nested():
    return (1, 200), 201

# file: tools.py
def wrap(function):
    return function
""")  # fmt: skip
    assert answered(app) == {}
    assert found == ()


@pytest.mark.parametrize("around", [
    "@app.middleware\nasync def around(request, call_next):\n    return await call_next(request)",
    "class Around:\n    pass\n\napp.use(Around)",
])  # fmt: skip
def test_nothing_is_folded_behind_middleware_of_the_app(around: str, tmp_path: Path) -> None:
    app, _ = folded(tmp_path, f"""
{around}

@app.get("/")
def index():
    return 1
""")  # fmt: skip
    assert answered(app) == {}


def test_nothing_is_folded_behind_middleware_of_the_route(tmp_path: Path) -> None:
    app, _ = folded(tmp_path, """
async def around(request, call_next):
    return await call_next(request)

@app.get("/behind", middleware=[around])
def behind():
    return 1

@app.get("/plain")
def plain():
    return 1
""")  # fmt: skip
    assert answered(app) == {"/plain": 1}


def test_unused_parameters_that_prevent_it_are_hinted_at(tmp_path: Path) -> None:
    app, found = folded(tmp_path, """
@app.get("/version")
def version(verbose: bool = False):
    return "1.2.0"
""")  # fmt: skip
    assert answered(app) == {}
    (one,) = found
    assert (one.rule.code, one.severity) == ("CDT330", "info")
    assert "`verbose`" in one.message and one.labels[0].span.line == 5


PROGRAM = """
from enum import Enum

from conduit import HTML, Conduit, Text

app = Conduit()
NAME = "sh\\u00f6p"


class Level(Enum):
    HIGH = "high"


@app.get("/dict")
def one(request):
    return {"name": NAME, "values": [1, -2.5, None, True, 1e999], "nested": {"a": {}, "b": []}, 3: (1, 2)}


@app.get("/text")
def two() -> Text:
    return f"{NAME}\\n"


@app.get("/html")
def three() -> HTML:
    return "<p>"


@app.get("/string")
async def four():
    return NAME


@app.get("/bytes")
def five():
    return b"\\x00\\xff"


@app.get("/none")
def six():
    return None


@app.get("/status", status=201)
def seven():
    return {"a": 1}


@app.get("/pair")
def eight():
    return {"error": NAME}, 410


@app.get("/none-pair")
def nine():
    return None, 404


@app.get("/no-content", status=204)
def fourteen():
    return {"a": 1}


@app.get("/no-content-pair")
def fifteen():
    return {"a": 1}, 204


@app.get("/not-modified")
def sixteen():
    return "x", 304


@app.get("/empty")
def seventeen():
    return b""


@app.get("/level")
def ten():
    return Level.HIGH


@app.get("/declared")
def eleven() -> dict[str, list[int]]:
    return {"a": [1]}


@app.get("/users/{id:int}")
def twelve(request):
    return "one of many"


@app.route("/any", methods=["*"])
def thirteen():
    return "any"


@app.fallback
def nowhere(request):
    return {"error": "nowhere"}, 404
"""


def test_folding_changes_no_answer(tmp_path: Path) -> None:
    (tmp_path / "read").mkdir()
    app, _ = folded(tmp_path / "read", PROGRAM, app="")
    targets = [route.path.text.replace("{id:int}", "7") for route in app.routes if not route.fallback]
    assert len(answered(app)) >= len(targets) - 4
    requests = [request(method, target) for target in targets for method in ("GET", "HEAD", "POST")]
    requests += [request("GET", "/users/x"), request("GET", "/missing")]
    ways = [
        answers("python", {"app.py": PROGRAM}, requests, tmp_path / str(number), fold=bool(number))
        for number in range(2)
    ]
    assert ways[0] == ways[1]
