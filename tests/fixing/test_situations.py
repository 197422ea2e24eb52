"""Programs before and after their safe fixes: what is put right, and what is left to a person."""

from pathlib import Path

import pytest

from tests.fixing.test_rules import fixed, texts
from tests.rules.cases import written

HEAD = "from conduit import Conduit, Router\n\napp = Conduit()\n\n"

TWO = '@app.get("/")\ndef f():\n    return 1\n\n@app.get("/g")\ndef g():\n    return 1\n'

#: Name → what stands below the head, and what it becomes (the same: it is nobody's to guess).
CASES = {
    "methods as text": (
        '@app.route("/", methods="get, post")\ndef f():\n    return 1\n',
        '@app.route("/", methods=["GET", "POST"])\ndef f():\n    return 1\n',
    ),
    "an option of another framework, then its value": (
        '@app.route("/", method="GET", status_code="201")\ndef f():\n    return 1\n',
        '@app.route("/", methods=["GET"], status=201)\ndef f():\n    return 1\n',
    ),
    "two names for one option": (
        '@app.get("/", status=200, status_code=201)\ndef f():\n    return 1\n',
        '@app.get("/", status=200, status_code=201)\ndef f():\n    return 1\n',
    ),
    "texts and flags": (
        '@app.get("/", tags="a\\"b", deprecated="TRUE", timeout="5")\ndef f():\n    return 1\n',
        '@app.get("/", tags=["a\\"b"], deprecated=True, timeout=5)\ndef f():\n    return 1\n',
    ),
    "one middleware": (
        "async def mw(request, call_next):\n    return await call_next(request)\n\n"
        '@app.get("/", middleware=mw)\ndef f():\n    return 1\n',
        "async def mw(request, call_next):\n    return await call_next(request)\n\n"
        '@app.get("/", middleware=[mw])\ndef f():\n    return 1\n',
    ),
    "notations are kept": (
        '@app.get("/a/:id<integer>/{n:Int}")\ndef f(id, n):\n    return id\n',
        '@app.get("/a/:id<int>/{n:int}")\ndef f(id, n):\n    return id\n',
    ),
    "a converter that would let more through": (
        '@app.get("/a/{name:slug}")\ndef f(name):\n    return name\n',
        '@app.get("/a/{name:slug}")\ndef f(name):\n    return name\n',
    ),
    "a path in raw and in computed text": (
        'P = "x"\n@app.get(r"users")\ndef f():\n    return 1\n\n@app.get(f"{P}/y")\ndef g():\n    return 1\n',
        'P = "x"\n@app.get(r"users")\ndef f():\n    return 1\n\n@app.get(f"{P}/y")\ndef g():\n    return 1\n',
    ),
    "a name in a prefix that others share": (
        'r = Router(prefix="/{usr}")\n\n@r.get("/a")\ndef f(user):\n    return user\n\n'
        '@r.get("/b")\ndef g(usr):\n    return usr\n\napp.include(r)\n',
        'r = Router(prefix="/{usr}")\n\n@r.get("/a")\ndef f(user):\n    return user\n\n'
        '@r.get("/b")\ndef g(usr):\n    return usr\n\napp.include(r)\n',
    ),
    "names that differ by more than case": (
        '@app.get("/{user}")\ndef f(users: str):\n    return users\n',
        '@app.get("/{user}")\ndef f(users: str):\n    return users\n',
    ),
    "a misspelt method": (
        '@app.pots("/")\ndef f():\n    return 1\n',
        '@app.post("/")\ndef f():\n    return 1\n',
    ),
    "several awaits, one of them inner": (
        '@app.post("/")\ndef f(request):\n    a = request.json()["a"]\n    return [a, request.body()]\n',
        '@app.post("/")\nasync def f(request):\n    a = (await request.json())["a"]\n'
        "    return [a, (await request.body())]\n",
    ),
    "an await that cannot be": (
        '@app.post("/")\ndef f(request):\n    return [(lambda: request.json()), request.body()]\n',
        '@app.post("/")\ndef f(request):\n    return [(lambda: request.json()), request.body()]\n',
    ),
    "a handler that others call": (
        '@app.post("/")\ndef f(request):\n    return request.json()\n\n'
        '@app.post("/g")\ndef g(request):\n    return f(request)\n',
        '@app.post("/")\ndef f(request):\n    return request.json()\n\n'
        '@app.post("/g")\ndef g(request):\n    return f(request)\n',
    ),
    "a handler that blocks": (
        'import time\n\n@app.post("/")\ndef f(request):\n    time.sleep(1)\n    return request.json()\n',
        'import time\n\n@app.post("/")\ndef f(request):\n    time.sleep(1)\n    return request.json()\n',
    ),
    "run in the middle": (
        f"app.run(port=1)  # serve\n\n{TWO}",
        f"\n{TWO}\n\napp.run(port=1)  # serve\n",
    ),
    "run under a test": (
        'if __name__ == "__main__":\n    app.run()\n\n@app.get("/")\ndef f():\n    return 1\n',
        'if __name__ == "__main__":\n    app.run()\n\n@app.get("/")\ndef f():\n    return 1\n',
    ),
    "one handler of two routes": (
        '@app.get("/a/{userId}")\n@app.get("/b/{userId}")\ndef f(user_id: str):\n    return user_id\n',
        '@app.get("/a/{user_id}")\n@app.get("/b/{user_id}")\ndef f(user_id: str):\n    return user_id\n',
    ),
    "a loop finds the same at every turn": (
        'for name in ("a", "b"):\n    @app.get(f"/{name}", stauts=201)\n    def f():\n        return 1\n',
        'for name in ("a", "b"):\n    @app.get(f"/{name}", status=201)\n    def f():\n        return 1\n',
    ),
    "silenced": (
        '@app.get("/<id>")  # conduit: ignore[CDT235]\ndef f(id: str):\n    return id\n',
        '@app.get("/<id>")  # conduit: ignore[CDT235]\ndef f(id: str):\n    return id\n',
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_before_and_after(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    written(tmp_path, {"app.py": HEAD + before})
    done = fixed(tmp_path)
    assert texts(tmp_path)["app.py"] == HEAD + after
    assert bool(done.applied) == (before != after)
    assert not done.refused
    assert not fixed(tmp_path).applied


def test_imports(tmp_path: Path) -> None:
    before = (
        "from .models import Item\nfrom . import other\nfrom conduit import Conduit, Ruoter\n\n"
        "app = Conduit()\nrouter = Ruoter()\napp.include(router)\n"
    )
    written(tmp_path, {"app.py": before, "models.py": "Item = 1\n", "other.py": ""})
    fixed(tmp_path)
    assert texts(tmp_path)["app.py"] == (
        "from models import Item\nimport other\nfrom conduit import Conduit, Router as Ruoter\n\n"
        "app = Conduit()\nrouter = Ruoter()\napp.include(router)\n"
    )
