"""``app.run()`` and programs that are run: what happens under ``__main__``, and only there."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from conduit import Conduit
from conduit.blocks import Block, HttpGetBlock, NoOp, parallel
from conduit.ml import NumpyModel
from conduit.run import import_name, run
from conduit.unserved import NotServed, check_served

HELLO = """\
import sys
from conduit import Conduit

app = Conduit()
print("executed", flush=True)


@app.get("/")
def index():
    import {name} as me

    return [me is sys.modules["__main__"], me.app is app]


app.run(port={port}{more})
print("stopped", flush=True)
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def fetch(port):
    for _ in range(400):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                return answer.read()
        except OSError:
            time.sleep(0.05)
    raise AssertionError("no answer")


@pytest.mark.parametrize("more", ["", ", workers=2"])
def test_a_program_serves_itself(tmp_path, more):
    port = free_port()
    (tmp_path / "hello.py").write_text(HELLO.format(name="hello", port=port, more=more))
    process = subprocess.Popen(
        [sys.executable, "hello.py"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        answer = fetch(port)
    finally:
        process.terminate()
        output = process.communicate(timeout=120)[0]
    assert f"Server running at http://127.0.0.1:{port}\n" in output
    if not more:
        assert answer == b"[true,true]"
        assert output.count("executed") == 1


def test_elsewhere_run_does_nothing():
    app = Conduit()
    app.run(port=1)
    assert app._ran is None


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ({"__file__": "/x/app.py"}, "app"),
        ({"__file__": "/x/my-app.py"}, None),
        ({}, None),
        ({"__file__": "/x/p/__main__.py", "__spec__": type("S", (), {"name": "p.__main__"})}, "p.__main__"),
        ({"__file__": "/x/p/m.py", "__spec__": type("S", (), {"name": "p.m"})}, "p.m"),
    ],
)
def test_import_names(module, name):
    assert import_name(module) == name


def test_workers_and_reload_become_uvicorn(monkeypatch, capsys):
    became = []
    monkeypatch.setattr(os, "execv", lambda program, command: became.append(command))
    monkeypatch.setattr("uvicorn.run", lambda app, **options: None)
    monkeypatch.setattr("conduit.run._check_address", lambda *address: None)
    app = Conduit()
    app._module = {"__name__": "__main__", "__file__": "/x/shop/app.py", "shop": app}
    run(app, host="::1", port=80, reload=False, workers=3)
    run(app, host="h", port=80, reload=True, workers=1)
    assert capsys.readouterr().out == "Server running at http://[::1]:80\nServer running at http://h:80\n"
    head = [sys.executable, "-m", "uvicorn", "app:shop", "--app-dir", "/x/shop"]
    assert became == [
        [*head, "--host", "::1", "--port", "80", "--workers", "3"],
        [*head, "--host", "h", "--port", "80", "--reload"],
    ]
    app._module = {"__name__": "__main__", "__file__": "/x/shop/app.py"}
    with pytest.raises(RuntimeError, match="an app in a variable"):
        run(app, host="h", port=80, reload=True, workers=1)


def test_one_process_is_uvicorn_itself(monkeypatch):
    ran = []
    monkeypatch.setattr("uvicorn.run", lambda app, **options: ran.append((app, options)))
    monkeypatch.setattr("conduit.run._check_address", lambda *address: None)
    app = Conduit()
    run(app, host="h", port=80, reload=False, workers=1)
    assert ran == [(app, {"host": "h", "port": 80})]


def test_what_is_not_served_yet_says_so(caplog):
    app = Conduit()
    app.register_model("m", object())
    with pytest.raises(NotServed, match="ML models: not served by this version yet"):
        check_served(app)
    app.get("/")(print)
    check_served(app)
    assert "ML models: not served by this version yet; the rest of the app is" in caplog.text
    check_served(Conduit())


def test_blocks_and_models_are_declared_only():
    block = HttpGetBlock("https://example.com", timeout=5)
    assert (block.arguments, block.options) == (("https://example.com",), {"timeout": 5})

    class Own(Block[NoOp, int]):
        def forward(self, data):
            return 1

    pipeline = block >> Own() >> parallel(Own(), block)
    assert pipeline.kind == "sequence"
    for call in (lambda: block(NoOp()), lambda: Own()(NoOp()), lambda: pipeline(NoOp())):
        with pytest.raises(NotServed, match=re.escape("not served by this version yet")):
            call()
    for model in (NumpyModel("m", "model.npz").load, lambda: NumpyModel("m", "model.npz").predict([])):
        with pytest.raises(NotServed):
            model()
