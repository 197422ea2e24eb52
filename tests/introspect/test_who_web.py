"""``who_handles`` of FastAPI and Starlette apps: equal to what their run-time routers answer."""

import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conduit.introspect import Codebase

from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse
from tests.introspect.test_who import answered
from tests.metadata.test_metadata import published

FASTAPI = """\
from fastapi import APIRouter, Depends, FastAPI

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
router = APIRouter(prefix="/v1")


def session():
    return 1


def user(session=Depends(session)):
    return session


ROUTES

app.include_router(router)


@app.get("/v1/{rest:path}")
def rest(rest: str):
    return "rest"
"""
PATHS = (
    "/users/me",
    "/users/{id}",
    "/users/{id:int}",
    "/users/{id}/posts",
    "/files/{p:path}",
    "/users",
    "/users/",
)
STARLETTE = """\
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route


def answering(name):
    async def answer(request):
        return PlainTextResponse(name)
    return answer


async def me(request):
    return PlainTextResponse("me")


async def one(request):
    return PlainTextResponse("one")


async def rest(request):
    return PlainTextResponse("rest")


app = Starlette(routes=[
    Route("/users/{id:int}", one, methods=["GET", "PUT"]),
    Route("/users/me", me),
    Mount("/v1", routes=[Route("/x-{a}.{b:int}", one), Route("/{rest:path}", rest, methods=["POST"])]),
    Route("/users/{rest:path}", rest),
])
"""
TEXTS = ("me", "7", "-7", "7/posts", "me/posts", "", "a%2Fb", "x/y", "%C3%BC", "x-1.2", "x-q.w", "07")


def loaded(name: str, text: str, folder: Path, patch: pytest.MonkeyPatch) -> tuple[Codebase, ModuleType]:
    (folder / f"{name}.py").write_text(text)
    patch.syspath_prepend(str(folder))
    analysis = analyse(folder / f"{name}.py")
    assert analysis.app is not None
    import json

    metadata = emit_metadata(analysis.app, analysis.diagnostics)
    published().validate(json.loads(metadata))
    return Codebase(metadata.encode()), __import__(name)


def check(codebase: Codebase, app: Any, method: str, path: str) -> None:
    answer = codebase.who_handles(method, path)
    status, headers, body = answered(app, method, path)
    told = (method, path, answer, status, body)
    if answer["outcome"] == "mount":
        return
    if answer["outcome"] == "route":
        assert status in (200, 422), told  # what a handler's parameters refuse is its own answer
        if status == 200 and method != "HEAD":
            assert body.decode().strip('"') == answer["route"]["handler"].rpartition(".")[2], told
        return
    assert status == answer["status"], told
    if status == 405:
        assert sorted(headers["allow"].split(", ")) == answer["allow"], told


@pytest.mark.parametrize("seed", range(4))
def test_fastapi(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fastapi")
    dice = random.Random(seed)
    parts = []
    for number, path in enumerate(dice.sample(PATHS, 5)):
        method = dice.choice(("get", "get", "post", "put"))
        names = [one.strip("{}").partition(":")[0] for one in path.split("/") if one.startswith("{")]
        parameters = ", ".join([*(f"{one}: str" for one in names), "u=Depends(user)"])
        parts.append(f"@router.{method}({path!r})\ndef r{number}({parameters}):\n    return 'r{number}'\n")
    codebase, module = loaded(
        f"fast{seed}", FASTAPI.replace("ROUTES", "\n\n".join(parts)), tmp_path, monkeypatch
    )
    for _ in range(150):
        path = dice.choice(("/v1/users/", "/v1/users", "/v1/files/", "/users/")) + dice.choice(TEXTS)
        check(
            codebase,
            module.app,
            dice.choice(("GET", "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS")),
            path,
        )
    route = codebase.select("kind:route path:/v1 uses:provider.user")[0]
    layers = [one["layer"] for one in codebase.effective_stack(route.id)["stack"]]
    assert layers[:2] == ["provider", "provider"] and layers[-1] == "handler"
    assert [one["name"] for one in codebase.effective_stack(route.id)["stack"][:2]] == ["session", "user"]


def test_starlette(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codebase, module = loaded("starry", STARLETTE, tmp_path, monkeypatch)
    dice = random.Random(1)
    assert codebase.who_handles("PATCH", "/v1/x")["outcome"] == "mount"
    for _ in range(300):
        path = dice.choice(("/users/", "/v1/", "/v1", "/nowhere/")) + dice.choice(TEXTS)
        check(
            codebase,
            module.app,
            dice.choice(("GET", "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS")),
            path,
        )


@pytest.mark.parametrize(
    ("made", "redirects"),
    [
        ("FastAPI(redirect_slashes=False)", False),
        ("FastAPI()\napp.router.redirect_slashes = False", False),
        ("FastAPI()", True),
        ("FastAPI(redirect_slashes=True)", True),
    ],
)
def test_redirects_may_be_off(
    made: str, redirects: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes = "".join(
        f"@app.{method}({path!r})\ndef r{number}():\n    return 'r{number}'\n"
        for number, (method, path) in enumerate(
            [("get", "/a"), ("post", "/b/"), ("get", "/c/{x}/"), ("get", "/d/{x:path}"), ("get", "/")]
        )
    )
    name = f"slashes{redirects}{len(made)}"
    codebase, module = loaded(
        name, f"from fastapi import FastAPI\napp = {made}\n{routes}", tmp_path, monkeypatch
    )
    told = set()
    for path in (
        "/a",
        "/a/",
        "/a//",
        "/b",
        "/b/",
        "/c/1",
        "/c/1/",
        "/c/1//",
        "/c",
        "/d",
        "/d/",
        "//",
        "/",
        "/e/",
    ):
        for method in ("GET", "POST", "PUT"):
            check(codebase, module.app, method, path)
            told.add(codebase.who_handles(method, path)["outcome"])
    assert ("redirect" in told) == redirects


def test_what_is_declared_after_its_app_was_mounted(tmp_path: Path) -> None:
    """It is there: only a router that was included before leaves it out."""
    (tmp_path / "app.py").write_text(
        "from fastapi import APIRouter, FastAPI\nfrom starlette.routing import Router\n"
        "def h(request): ...\n"
        "app, sub, inner = FastAPI(), FastAPI(), Router()\n"
        "router = APIRouter()\nrouter.mount('/sub', sub)\napp.include_router(router, prefix='/p')\n"
        "app.mount('/inner', inner)\n"
        "sub.get('/late')(h)\ninner.add_route('/late', h)\n"
        "router.get('/lost')(h)\nrouter.mount('/gone', inner)\n"
    )
    analysis = analyse(tmp_path / "app.py")
    assert analysis.app is not None
    assert [one.what for one in analysis.app.unresolved] == ["/p/lost", "/p/gone/late", "/p/gone/{path:path}"]
    assert not next(
        one for one in analysis.app.routes if one.path.text == "/p/sub/late"
    ).declaration.conditional
