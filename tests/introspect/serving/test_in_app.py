"""Introspection in an app, in the three ways to run one; and what is there of it where it is off."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.introspect.serving.programs import TOKEN, VARIABLE, shop
from tests.service.ways import RUNTIME, WAYS, ask, asked, made, request

#: Both ways that need no C compiler, for what has nothing to do with tables.
SOON = ("uncompiled", "python")
GIVEN = {"authorization": f"Bearer {TOKEN}"}


def get(path: str, **headers: str) -> Any:
    return request("GET", path, **(headers or GIVEN))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, TOKEN)
    monkeypatch.setenv("CONDUIT_INTROSPECTION_AUDIT", str(tmp_path / "audit.log"))


def audit(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "audit.log").read_text().splitlines()]


@pytest.mark.parametrize("way", WAYS)
def test_questions(way: str, tmp_path: Path) -> None:
    folder = made(way, {"app.py": shop()}, tmp_path)
    route = "route:app.get_user#GET /users/{id}"
    quoted = "route%3Aapp.get_user%23GET%20%2Fusers%2F%7Bid%7D"
    found = ask(
        folder,
        [
            get("/introspect/v1"),
            get("/introspect/v1/"),
            get("/introspect/v1/who?method=GET&url=/users/7"),
            get(f"/introspect/v1/resources/{quoted}"),
            get("/introspect/v1/resources/route:app.get_user%23GET%20/users/%7Bid%7D"),
            get(f"/introspect/v1/deps/{quoted}?depth=3"),
            get("/introspect/v1/impact/schema:app.Item"),
            get("/introspect/v1/resources?kind=route"),
            get("/introspect/v1/resources/none"),
            get("/introspect/v1/tools", x="y"),
            get("/introspect/v1/tools", authorization="Bearer wrong"),
            request("POST", "/introspect/v1/tools", "{}", **GIVEN),
            request("HEAD", "/introspect/v1/tools", **GIVEN),
            request("OPTIONS", "/introspect/v1/tools", **GIVEN),
            get("/introspect/v1/resources/%ff"),
            get("/introspect/v1/resources/%zz"),
            get("/introspect/v1/resources/%00"),
            get("/users/5"),
        ],
    )
    assert [one[0] for one in found] == [
        *(200,) * 8,
        404,
        401,
        401,
        405,
        200,
        204,
        *(400,) * 3,
        200,
    ]
    said = [json.loads(one[2]) if one[2] else None for one in found]
    assert said[0] == said[1] and said[0]["app"]["entry"] == "app.py"
    assert said[2]["route"]["id"] == said[3]["id"] == said[4]["id"] == route
    assert [one["id"] for one in said[5]["resources"]] == ["function:app.get_user"]
    assert said[6]["kinds"]["route"] == 1
    assert said[7]["total"] == 3, "the door is none of the app's routes"
    assert {"allow": "GET, HEAD, OPTIONS"}.items() <= dict(found[11][1]).items()
    assert said[17] == {"id": 5}
    assert [one["outcome"] for one in audit(tmp_path)] == [
        *("ok",) * 8,
        "unknown",
        "no token",
        "wrong token",
        "ok",
    ]


def test_without_a_build_it_knows_the_same(tmp_path: Path) -> None:
    asked_for = [
        get("/introspect/v1/resources"),
        get("/introspect/v1/patterns"),
        get("/introspect/v1/unresolved"),
    ]
    found = [
        [json.loads(one[2]) for one in ask(made(way, {"app.py": shop()}, tmp_path / way), asked_for)]
        for way in SOON
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("way", ["python"])
def test_it_is_no_route(way: str, tmp_path: Path) -> None:
    folder = made(way, {"app.py": shop()}, tmp_path)
    assert "introspect/v1" not in (folder / "openapi.json").read_text()
    assert "introspect/v1" not in (folder / "metadata.json").read_text()


@pytest.mark.parametrize("way", SOON)
def test_nothing_is_loaded_before_the_first_question(way: str, tmp_path: Path) -> None:
    folder = made(way, {"app.py": shop()}, tmp_path)
    before, _, after = ask(
        folder, [request("GET", "/loaded"), get("/introspect/v1/tools"), request("GET", "/loaded")]
    )
    assert ("conduit.introspect.listing" in before[2]) == (way == "uncompiled"), "the compiler uses it, too"
    assert "conduit.introspect.serving.door" in before[2]
    assert "conduit.introspect.listing" in after[2]


OFF = {
    "not declared": ("", {}),
    "not enabled": ("introspection=Introspection(enabled=False)", {}),
    "not enabled by default": ("introspection=Introspection()", {}),
    "not enabled at the start": ("introspection=Introspection(enabled=os.environ.get('X') == '1')", {}),
    "switched off": (
        "introspection=Introspection(enabled=True)",
        {"CONDUIT_INTROSPECTION_ENABLED": "0"},
    ),
}


@pytest.mark.parametrize("way", SOON)
@pytest.mark.parametrize("how", OFF)
def test_off_is_not_there(way: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declared, environment = OFF[how]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(VARIABLE)
    folder = made(way, {"app.py": shop(declared)}, tmp_path)
    loaded, *others = ask(
        folder,
        [request("GET", "/loaded"), get("/introspect/v1/tools"), request("POST", "/introspect/v1/mcp", "{}")],
    )
    assert [one[0] for one in others] == [404, 404]
    own = [one for one in json.loads(loaded[2]) if way == "python" or ".serving" in one]  # the compiler's own
    assert own == []
    assert not (tmp_path / "audit.log").exists()


def test_without_it_a_build_has_no_code_of_it(tmp_path: Path) -> None:
    folder = made("python", {"app.py": shop("")}, tmp_path)
    assert not (folder / "conduit" / "introspect").exists()
    for path in (folder / "_conduit").glob("*.py"):
        assert "introspect" not in path.read_text(), path.name


def test_importing_conduit_imports_none_of_it() -> None:
    text = (
        "import sys; from conduit import Conduit; print([one for one in sys.modules if 'introspect' in one])"
    )
    run = subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(RUNTIME)},
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("way", SOON)
def test_the_file_that_switches_off(way: str, tmp_path: Path) -> None:
    folder = made(way, {"app.py": shop()}, tmp_path)
    (folder / "introspect.off").touch()
    found = ask(folder, [get("/introspect/v1/tools"), get("/users/5")])
    assert [one[0] for one in found] == [403, 200]


@pytest.mark.parametrize("way", SOON)
def test_no_token_is_told_at_the_start(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    folder = made(way, {"app.py": shop()}, tmp_path)
    run = asked(folder, [request("GET", "/loaded")])
    assert run.returncode != 0
    assert "introspection is enabled and has no token: give Introspection(token=" in run.stderr + run.stdout
    assert VARIABLE in run.stderr + run.stdout


@pytest.mark.parametrize("way", SOON)
def test_settings_turn_it_on(way: str, tmp_path: Path) -> None:
    settings = "[tool.conduit.introspection]\nenabled = true\n"
    folder = made(way, {"app.py": shop(""), "pyproject.toml": settings}, tmp_path)
    assert ask(folder, [get("/introspect/v1/tools")])[0][0] == 200


@pytest.mark.parametrize("way", SOON)
def test_beside_what_stands_around_it(way: str, tmp_path: Path) -> None:
    """Middleware sees it, a fallback and a route for everything do not get it, handlers of errors neither."""
    text = (
        shop()
        + """

@app.middleware
async def mark(request, call_next):
    answer = await call_next(request)
    answer.headers["x-marked"] = "yes"
    return answer


@app.get("/*rest")
def everything(rest: str):
    return {"rest": rest}


@app.exception_handler(Exception)
def handle(request, exc):
    return {"handled": str(exc)}, 418
"""
    )
    folder = made(way, {"app.py": text}, tmp_path)
    found = ask(
        folder,
        [
            get("/introspect/v1/tools"),
            get("/introspect/v1/nothing"),
            get("/other"),
            get("/introspect/v1", x="y"),
        ],
    )
    assert [one[0] for one in found] == [200, 404, 200, 401]
    assert all(dict(one[1])["x-marked"] == "yes" for one in found)
    assert json.loads(found[2][2]) == {"rest": "other"}
