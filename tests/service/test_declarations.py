"""How declarations find their objects: conditional ones, loops, aliases, stacked decorators; in every way."""

from pathlib import Path

import pytest

from tests.service.ways import WAYS, answers, request

CONDITIONAL = """import os

from conduit import Conduit

app = Conduit()

if os.environ.get("DEBUG_ROUTES"):

    @app.get("/debug")
    def debug(q: int = 1):
        return "debug"

    @app.get("/debug/{n}")
    def debug_n(n: int):
        return n


@app.get("/debug/{name}")
def by_name(name: str):
    return name


@app.get("/{any}")
def anything(any: str):
    return "any"
"""

LOOP = """from conduit import Conduit, Router

app = Conduit()
PREFIX = "v"
VERSIONS = [1, 2]
routers = []

for version in VERSIONS:
    router = Router(prefix=f"/{PREFIX}{version}")
    routers.append(router)

    @router.get("/hello")
    def hello(request):
        return request.path

    app.include(router)

for name in ("a", "b"):
    for suffix in ("x", "y"):

        @app.get(f"/{name}/{suffix}")
        def pair(name: str = name, suffix: str = suffix):
            return name + suffix

get = app.get


@get("/one")
@app.post("/two")
def stacked(request):
    return [request.method, request.path]


app.put("/direct")(stacked)
"""

MODULES = {
    "app.py": """from conduit import Conduit
from shop import users
from shop.config import BASE

app = Conduit()
app.include(users, prefix=BASE)
app.include(users, prefix='/again')
""",
    "shop/__init__.py": "from shop.routes import *\n",
    "shop/config.py": """from enum import Enum


class Version(Enum):
    V1 = 'v1'


BASE = f'/{Version.V1.value}'
""",
    "shop/routes.py": """from __future__ import annotations

from conduit import Router

from .models import User

__all__ = ['users']
users = Router(prefix='/users')


@users.post('')
def add(user: User) -> User:
    return user
""",
    "shop/models.py": """from dataclasses import dataclass


@dataclass
class User:
    name: str
""",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("on", [False, True])
def test_conditional_routes_exist_where_their_declaration_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, on: bool
) -> None:
    if on:
        monkeypatch.setenv("DEBUG_ROUTES", "1")
    requests = [request("GET", "/debug"), request("GET", "/debug/5")]
    bodies = [answer[2] for answer in answers(way, {"app.py": CONDITIONAL}, requests, tmp_path)]
    assert bodies == (['"debug"', "5"] if on else ['"any"', '"5"'])


@pytest.mark.parametrize("way", WAYS)
def test_loops_aliases_and_stacked_decorators(tmp_path: Path, way: str) -> None:
    asked = {
        "GET /v1/hello": '"/v1/hello"',
        "GET /v2/hello": '"/v2/hello"',
        "GET /a/x": '"ax"',
        "GET /b/y": '"by"',
        "GET /one": '["GET","/one"]',
        "POST /two": '["POST","/two"]',
        "PUT /direct": '["PUT","/direct"]',
    }
    requests = [request(*one.split()) for one in asked]
    found = answers(way, {"app.py": LOOP}, requests, tmp_path)
    assert {one: answer[2] for one, answer in zip(asked, found, strict=True)} == asked


@pytest.mark.parametrize("way", WAYS)
def test_modules_prefixes_string_annotations_and_groups_included_twice(tmp_path: Path, way: str) -> None:
    requests = [request("POST", path, '{"name": "a"}') for path in ("/v1/users", "/again/users", "/users")]
    found = answers(way, MODULES, requests, tmp_path)
    assert [answer[0] for answer in found] == [200, 200, 404]
    assert found[0][2] == found[1][2] == '{"name":"a"}'
