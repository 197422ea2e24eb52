"""``--lazy``: the same answers, and modules that are imported on the first request to one of their routes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conduitc import driver
from conduitc.analysis import analyse
from conduitc.frontend import lazy
from tests.service.ways import WAYS, Answer, Request, answers, ask, request

APP = """\
import sys
from conduit import Conduit
from shop import items, heavy
from shop.users import router as users, private
from shop import (
    many,  # on lines of its own
)

app = Conduit()
app.include(items.router, prefix="/items")
app.include(users, prefix="/users")
app.include(private)
app.include(heavy.router, prefix="/heavy")
app.include(many.router, prefix="/a")
app.include(many.router, prefix="/b")


@app.get("/loaded")
def loaded():
    return sorted(name for name in sys.modules if name.startswith("shop"))
"""

FILES = {
    "app.py": APP,
    "shop/__init__.py": "",
    "shop/models.py": """\
from dataclasses import dataclass
from enum import Enum


class Size(Enum):
    small = "s"
    large = "l"


@dataclass
class Item:
    name: str
    price: float = 1.0
""",
    "shop/items.py": """\
from conduit import Router
from shop.models import Item, Size

router = Router()


@router.get("/:id")
def get(id: int):
    return {"id": id}


@router.post("")
def add(item: Item) -> Item:
    return item


@router.get("/:size")
def size(size: Size):
    return {"size": size.name}


@router.get("/const")
def const():
    return {"const": 1}
""",
    "shop/users.py": """\
from conduit import HTTPError, Router



async def mark(request, call_next):
    answer = await call_next(request)
    answer.headers["x-marked"] = "1"
    return answer


router = Router(middleware=[mark])
private = Router(prefix="/private")


@router.get("/:name")
def name(name: str):
    if name == "none":
        raise HTTPError(404, "no such user")
    return {"name": name, "n": len(name)}


@private.get("/x")
async def x(q: str = "?"):
    return {"q": q}
""",
    "shop/heavy.py": """\
import logging

from conduit import Router

logging.basicConfig()
router = Router()


@router.get("/h")
def h(n: int = 1):
    return {"h": n}
""",
    "shop/many.py": """\
from conduit import Router

router = Router()
for word in ("one", "two"):

    @router.get("/" + word)
    def one(request):
        return {"path": request.path}
""",
}

#: The app stands in a module of its own, which the groups may import.
APART = {
    "base": "from conduit import Conduit\n\napp = Conduit()\n",
    "app": APP.replace("app = Conduit()", "from base import app"),
}

REQUESTS = [
    request("GET", "/items/3"),
    request("GET", "/items/s"),
    request("GET", "/items/x"),
    request("POST", "/items", '{"name": "hammer"}'),
    request("POST", "/items", '{"price": 1}'),
    request("GET", "/users/ann"),
    request("GET", "/users/none"),
    request("GET", "/private/x?q=1"),
    request("GET", "/heavy/h"),
    request("GET", "/a/one"),
    request("GET", "/b/two"),
    request("DELETE", "/b/two"),
    request("HEAD", "/users/ann"),
]


def files(folder: Path, changed: dict[str, str]) -> Path:
    for name, text in {**FILES, **changed}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / "app.py"


def built(tmp_path: Path, way: str, changed: dict[str, str]) -> Path:
    entry = files(tmp_path / "source", changed)
    options = driver.Options(lazy=True)
    driver.build(entry, tmp_path / "lazy", kind=way, options=options)  # type: ignore[arg-type]
    return tmp_path / "lazy"


def loaded(folder: Path, before: list[Request]) -> list[str]:
    """The modules of the shop that are imported after these requests."""
    found: list[str] = json.loads(ask(folder, [*before, request("GET", "/loaded")])[-1][2])
    return found


@pytest.mark.parametrize("way", [way for way in WAYS if way != "uncompiled"])
def test_the_answers_are_the_same(way: str, tmp_path: Path) -> None:
    folder = built(tmp_path, way, {})
    eager = answers(way, FILES, REQUESTS, tmp_path / "eager")
    assert ask(folder, REQUESTS) == eager
    backwards: list[Answer] = ask(folder, REQUESTS[::-1])
    assert backwards[::-1] == eager
    for one, wanted in zip(REQUESTS, eager, strict=True):
        assert ask(folder, [one]) == [wanted]


def test_modules_are_imported_when_asked_for(tmp_path: Path) -> None:
    folder = built(tmp_path, "python", {})
    start = ["shop", "shop.heavy"]
    assert loaded(folder, []) == start
    assert loaded(folder, [request("GET", "/a/one")]) == [*start, "shop.many"]
    assert loaded(folder, [request("POST", "/items", "{}")]) == [
        *start[:1],
        "shop.heavy",
        "shop.items",
        "shop.models",
    ]
    assert loaded(folder, [request("GET", "/items/const")]) == start  # its answer is known
    assert loaded(folder, [request("GET", "/items/3"), request("GET", "/none")])[-2:] == [
        "shop.items",
        "shop.models",
    ]


def test_what_is_written_about_the_app_is_complete(tmp_path: Path) -> None:
    folder = built(tmp_path, "python", {})
    driver.build(tmp_path / "source" / "app.py", tmp_path / "eager", kind="python")
    for name in ("openapi.json", "metadata.json", "_conduit/dispatch.py", "_conduit/adapters.py"):
        assert (folder / name).read_bytes() == (tmp_path / "eager" / name).read_bytes(), name


def test_lines_stay(tmp_path: Path) -> None:
    folder = built(tmp_path, "python", {})
    made = (folder / "src" / "app.py").read_text().split("\n")
    lines = APP.split("\n")
    assert len(made) == len(lines)
    changed = [number for number, (one, other) in enumerate(zip(made, lines, strict=True), 1) if one != other]
    assert all("_slot=" in made[number - 1] for number in changed if number > 7)
    assert "import heavy; items = " in made[2]


def test_a_module_that_fails_is_tried_again(tmp_path: Path) -> None:
    broken = FILES["shop/many.py"] + "\nimport os\nfound = os.environ['NO_SUCH_VARIABLE']\n"
    folder = built(tmp_path, "python", {"shop/many.py": broken})
    got = ask(folder, [request("GET", "/a/one"), request("GET", "/a/one"), request("GET", "/users/ann")])
    assert [status for status, _, _ in got] == [500, 500, 200]


def test_behind_middleware_of_the_app(tmp_path: Path) -> None:
    around = """

@app.middleware
async def count(request, call_next):
    answer = await call_next(request)
    answer.headers["x-route"] = "seen"
    return answer
"""
    folder = built(tmp_path, "python", {"app.py": APP + around})
    got = ask(folder, [request("GET", "/users/ann"), request("GET", "/items/l")])
    assert [(status, dict(headers)["x-route"]) for status, headers, _ in got] == [(200, "seen")] * 2
    assert dict(got[0][1])["x-marked"] == "1"


def test_a_source_that_changed_is_refused_when_it_is_imported(tmp_path: Path) -> None:
    folder = built(tmp_path, "python", {})
    users = folder / "src" / "shop" / "users.py"
    users.write_text(users.read_text() + "\n\n@router.get('/new/one')\ndef new(): ...\n")
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); import app"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "changed since it was built: shop/users.py" in done.stderr


@pytest.mark.parametrize("way", [way for way in WAYS if way != "uncompiled"])
def test_stripped_too(way: str, tmp_path: Path) -> None:
    """Both options at once: the same answers, nothing a person wrote in prose, every line where it was."""
    said = FILES["shop/users.py"].replace("    if name ==", '    """Who it is."""  # a note\n    if name ==')
    entry = files(tmp_path / "source", {"shop/users.py": said})
    folder = tmp_path / "stripped"
    driver.build(entry, folder, kind=way, options=driver.Options(lazy=True, strip=True))  # type: ignore[arg-type]
    assert ask(folder, REQUESTS) == answers(way, FILES, REQUESTS, tmp_path / "eager")
    copy = (folder / "src" / "shop" / "users.py").read_text()
    assert copy.count("\n") == said.count("\n")
    document = json.loads((folder / "metadata.json").read_text())
    assert document["app"]["stripped"] is True
    for text in (copy, json.dumps(document)):
        assert "Who it is." not in text and "a note" not in text
    assert "Who it is." in (folder / "openapi.json").read_text()  # what clients are told stays


def why(tmp_path: Path, **changed: str) -> dict[str, str]:
    analysis = analyse(
        files(tmp_path, {f"{name.replace('__', '/')}.py": text for name, text in changed.items()})
    )
    assert analysis.project is not None and analysis.app is not None
    found = lazy.find(analysis.project, analysis.app)
    assert {one.module for one in found.groups}.isdisjoint(one.module for one in found.eager)
    return {one.module: one.why for one in found.eager}


@pytest.mark.parametrize(
    ("changed", "module", "says"),
    [
        ({}, "shop.heavy", "shop/heavy.py:5 calls `logging.basicConfig` when imported"),
        ({"app": APP + "\nx = items.add\n"}, "shop.items", "app.py uses `items` for more than including it"),
        ({"app": APP + "\nimport shop.many\n"}, "shop.many", "app.py:22 imports it under its full name"),
        ({"app": APP + "\nfrom shop.items import const\n"}, "shop.items", "app.py:22 imports it without"),
        ({"app": APP + "\ndef f():\n    import shop.users as u\n    return u\n"}, "", ""),
        (
            {"shop__heavy": "from shop.users import x\n" + FILES["shop/heavy.py"]},
            "shop.users",
            "shop/heavy.py",
        ),
        (
            APART
            | {
                "shop__users": FILES["shop/users.py"]
                + "\nfrom base import app\n@app.get('/u')\ndef u(): ...\n"
            },
            "shop.users",
            "/u is declared on the app itself",
        ),
        (
            APART
            | {"shop__many": FILES["shop/many.py"] + "\nimport base\n@base.app.on_startup\ndef s(): ...\n"},
            "shop.many",
            "it declares `on_startup`",
        ),
        (
            {"shop__many": FILES["shop/many.py"] + "\nimport os\nif os.name:\n    router.get('/c')(one)\n"},
            "shop.many",
            "is declared under a condition",
        ),
        ({"shop__many": FILES["shop/many.py"] + "\nimport sys\nsys.x = 1\n"}, "shop.many", "changes `sys.x`"),
        (
            {"shop__models": FILES["shop/models.py"] + "\nprint(1)\n"},
            "shop.items",
            "it imports shop.models, and shop/models.py:15 calls `print`",
        ),
        (
            {
                "shop__many": FILES["shop/many.py"]
                + "\nfrom shop.models import keep\n@keep\ndef kept(): ...\n",
                "shop__models": FILES["shop/models.py"]
                + "\nKEPT = []\ndef keep(f):\n    KEPT.append(f)\n    return f\n",
            },
            "shop.many",
            "is decorated with `keep`",
        ),
    ],
)
def test_why_a_module_stays(changed: dict[str, Any], module: str, says: str, tmp_path: Path) -> None:
    found = why(tmp_path, **changed)
    if module:
        assert says in found[module], found
    else:
        assert set(found) == {"shop.heavy"}
