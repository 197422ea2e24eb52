"""``check`` and ``build`` on apps of other frameworks: findings are true, nothing ends in a traceback."""

from pathlib import Path

import pytest

from conduitc.analysis import analyse
from conduitc.cli.build import build_command
from conduitc.cli.check import check_command
from conduitc.diagnostics import CompileError
from conduitc.driver import build
from tests.frontend.programs import write

GENERAL_FIRST = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{id}")
def item(id: int):
    return id


@app.get("/items/special")
def special():
    return 1
"""


def said(folder: Path, program: str) -> list[tuple[str, int]]:
    found = analyse(write(folder, program)).diagnostics
    return [(one.rule.code, one.span.line) for one in found]


def test_general_before_specific_is_found(tmp_path: Path) -> None:
    assert said(tmp_path, GENERAL_FIRST) == [("CDT242", 11)]


@pytest.mark.parametrize(
    "routes",
    [
        '("/items/special", "/items/{id}")',
        '("/items/{id:int}", "/items/x")',
        '("/items/{id:int}", "/items/{name}")',
        '("/{a}/b", "/a/{b}")',
        '("/files/{name}.txt", "/files/{name}")',
        '("/{rest:path}/end", "/start/x")',
        '("/x/{rest:path}.json", "/x/y")',
        '("/items/{id:int}", "/items/-1")',
    ],
)
def test_what_is_reached_is_not_reported(routes: str, tmp_path: Path) -> None:
    program = f"""\
        from fastapi import FastAPI

        app = FastAPI()
        for path in {routes}:
            app.add_api_route(path, lambda: 1)
        """
    assert said(tmp_path, program) == []


@pytest.mark.parametrize(
    ("routes", "line"),
    [
        ('("/items/{id}", "/items/{name}")', 5),
        ('("/{rest:path}", "/x")', 5),
        ('("/{id:int}", "/{number:int}")', 5),
    ],
)
def test_what_is_never_reached_is_reported(routes: str, line: int, tmp_path: Path) -> None:
    program = f"""\
        from fastapi import FastAPI

        app = FastAPI()
        for path in {routes}:
            app.add_api_route(path, lambda: 1)
        """
    assert said(tmp_path, program) == [("CDT242", line)]


def test_behind_a_mount(tmp_path: Path) -> None:
    program = """\
        from fastapi import FastAPI
        from fastapi.staticfiles import StaticFiles

        app = FastAPI()
        app.mount("/static", StaticFiles(directory="."))


        @app.get("/static/info")
        def info():
            return 1


        @app.get("/static")
        def static():
            return 1
        """
    assert said(tmp_path, program) == [("CDT242", 8)]


def test_other_methods_do_not_hide(tmp_path: Path) -> None:
    program = """\
        from fastapi import FastAPI

        app = FastAPI()


        @app.post("/{id}")
        def one(id: str):
            return 1


        @app.get("/x")
        def two():
            return 1


        @app.websocket("/{id}")
        async def three(websocket):
            await websocket.accept()
        """
    assert said(tmp_path, program) == []


def test_what_may_be_off_does_not_hide(tmp_path: Path) -> None:
    program = """\
        import os

        from fastapi import FastAPI

        app = FastAPI(docs_url=os.getenv("DOCS", "/"))
        if os.getenv("ALL"):

            @app.get("/{rest:path}")
            def everything(rest: str):
                return 1


        @app.get("/")
        def home():
            return 1
        """
    assert said(tmp_path, program) == []


def test_flask_orders_rules_itself(tmp_path: Path) -> None:
    program = """\
        from flask import Flask

        app = Flask(__name__)


        @app.get("/<name>")
        def general(name):
            return "x"


        @app.get("/special")
        def special():
            return "x"


        @app.get("/<other>", endpoint="again")
        def again(other):
            return "x"
        """
    assert said(tmp_path, program) == [("CDT242", 16)]


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = write(tmp_path, GENERAL_FIRST)
    assert check_command([str(entry)]) == 1
    assert "CDT242" in capsys.readouterr().out
    assert build_command(str(entry), tmp_path / "dist") == 1
    told = capsys.readouterr().err
    assert "CDT506" in told and "FastAPI" in told
    assert not (tmp_path / "dist").exists()
    with pytest.raises(CompileError):
        build(entry, tmp_path / "dist")


@pytest.mark.parametrize("target", ["app.py:nothing", "app.py:index"])
def test_which_app(target: str, tmp_path: Path) -> None:
    folder = write(tmp_path, "from fastapi import FastAPI\n\napp = FastAPI()\n\n\nindex = 1\n").parent
    found = analyse(f"{folder}/{target}")
    assert [one.rule.code for one in found.diagnostics] == ["CDT106"]


def test_a_module_without_an_app(tmp_path: Path) -> None:
    program = """\
        # file: app.py
        from fastapi import APIRouter
        from others import one, two

        router = APIRouter()


        def build_app(given):
            return given
        # file: others.py
        from fastapi import FastAPI

        one = FastAPI()
        two = FastAPI()
        """
    analysis = analyse(write(tmp_path, program))
    assert analysis.diagnostics == ()
    assert analysis.app is not None and analysis.app.routes == ()


def test_broken_files_do_not_end_in_a_traceback(tmp_path: Path) -> None:
    program = """\
        # file: app.py
        from fastapi import FastAPI
        from broken import router
        from missing import nothing

        app = FastAPI()
        app.include_router(router)
        app.include_router(nothing)
        # file: broken.py
        from fastapi import APIRouter
        router = APIRouter(
        """
    analysis = analyse(write(tmp_path, program))
    assert [one.rule.code for one in analysis.diagnostics] == ["CDT102"]
    assert analysis.app is not None
    assert len(analysis.app.unresolved) == 2


def test_recursion_is_bounded(tmp_path: Path) -> None:
    program = """\
        from fastapi import APIRouter, FastAPI


        def make(depth):
            router = APIRouter(prefix="/x")
            router.include_router(make(depth + 1))
            return router


        app = FastAPI(openapi_url=None)
        app.include_router(make(0))
        loop = APIRouter()
        loop.include_router(loop)
        app.include_router(loop)
        """
    analysis = analyse(write(tmp_path, program))
    assert analysis.app is not None and analysis.app.routes == ()
    assert len(analysis.app.unresolved) == 2
