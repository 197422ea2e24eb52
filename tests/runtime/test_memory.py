"""An app without a build: compiled in memory at its first scope, refused in one place where that fails."""

import asyncio
import importlib.util
import logging
import sys

import pytest
from conduit import Conduit

from tests.runtime.client import call

HELLO = """\
from conduit import Conduit

app = Conduit()


@app.get("/")
def index(request):
    return {"message": "Hello, World!"}


@app.get("/users/:id")
def user(request):
    return {"user_id": request.params["id"]}


app.run(host="0.0.0.0", port=8000)
"""


@pytest.fixture
def load(tmp_path):
    """Import a program from text, as a module of its own."""
    made = []

    def loading(text, name="memory_app"):
        file = tmp_path / f"{name}.py"
        file.write_text(text)
        spec = importlib.util.spec_from_file_location(name, file)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        made.append(name)
        spec.loader.exec_module(module)
        return module

    yield loading
    for name in [*made, *(one for one in sys.modules if one.startswith("_conduit_memory_"))]:
        sys.modules.pop(name, None)


def life(app):
    told = []

    async def receive():
        return {"type": "lifespan.startup" if not told else "lifespan.shutdown"}

    async def send(message):
        told.append(message)

    async def run():
        await app({"type": "lifespan"}, receive, send)

    try:
        asyncio.run(run())
    except Exception as error:
        told.append(error)
    return told


def test_hello(load):
    app = load(HELLO).app
    assert call(app, "GET", "/").body == b'{"message":"Hello, World!"}'
    assert call(app, "GET", "/users/42").json == {"user_id": "42"}
    assert call(app, "POST", "/").status == 405
    assert [one["type"] for one in life(app)] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_what_serves_it_is_kept_on_the_app(load):
    app = load(HELLO).app
    assert app._served is None
    call(app, "GET", "/")
    assert app._served.serve is app._serve
    assert app._served.direct and app._served.core.finders["GET"]


def test_it_is_compiled_once(load):
    app = load(HELLO).app
    call(app, "GET", "/")
    served = app._serve
    call(app, "GET", "/users/1")
    assert app._serve is served


def test_handlers_are_the_objects_that_were_declared(load):
    module = load(
        "from conduit import Conduit\n\napp = Conduit()\nseen = []\n\n\n"
        '@app.get("/")\ndef index():\n    seen.append(1)\n    return len(seen)\n'
    )
    assert [call(module.app, "GET", "/").json for _ in range(2)] == [1, 2]
    assert module.seen == [1, 1]


BROKEN = """\
from conduit import Conduit

app = Conduit()


@app.get("/{id:nope}")
def index(id):
    return 1
"""


def test_what_the_compiler_finds_is_told_the_server(load):
    told, error = life(load(BROKEN).app)
    assert told["type"] == "lifespan.startup.failed"
    assert "memory_app.py:6:" in told["message"]
    assert "CDT" in told["message"]
    assert str(error) == told["message"]


def test_without_lifespan_requests_are_500_and_the_log_says_why_once(load, caplog):
    app = load(BROKEN).app
    for _ in range(3):
        got = call(app, "GET", "/")
        assert got.json == {"type": "about:blank", "title": "Internal Server Error", "status": 500}
    records = [one for one in caplog.records if one.name == "conduit"]
    assert len(records) == 1
    assert records[0].levelno == logging.ERROR
    assert "memory_app.py:6:" in records[0].getMessage()


def test_a_file_that_changed_since_it_was_imported(load, tmp_path):
    app = load(HELLO).app
    (tmp_path / "memory_app.py").write_text("\n\n" + HELLO)
    told, _ = life(app)
    assert "the declarations that were executed are not those that were compiled" in told["message"]


def test_without_a_compiler_there_is_one_clear_line(load, monkeypatch):
    app = load(HELLO).app
    monkeypatch.setitem(sys.modules, "conduitc", None)
    monkeypatch.delitem(sys.modules, "conduitc.driver", raising=False)
    told, _ = life(app)
    assert (
        told["message"] == "conduitc is not installed: install it, or serve a build made by `conduitc build`"
    )


def test_an_app_without_a_file():
    names = {"__name__": "nowhere"}
    exec("from conduit import Conduit\napp = Conduit()", names)
    told, _ = life(names["app"])
    assert "outside of any file" in told["message"]


def test_an_app_never_bound_has_no_build():
    assert Conduit()._serve is None
