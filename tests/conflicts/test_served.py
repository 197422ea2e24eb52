"""Routes that depend on something are on exactly where it happened: what the passes say of them holds."""

from pathlib import Path

import pytest

from tests.service.ways import WAYS, answers, request

INCLUDED_TWICE = """import os

from conduit import Conduit, Router

app = Conduit()
users = Router(prefix="/users")
inner = Router(prefix="/inner")


@users.get("/me")
def me(request):
    return request.path


@inner.get("/x")
def x(request):
    return request.path


users.include(inner)
app.include(users)
if os.environ.get("DEBUG_ROUTES"):
    app.include(users, prefix="/debug")
"""


@pytest.mark.parametrize("way", WAYS[:2])
@pytest.mark.parametrize("on", [False, True])
def test_a_group_included_once_for_certain_and_once_under_a_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, on: bool
) -> None:
    if on:
        monkeypatch.setenv("DEBUG_ROUTES", "1")
    paths = ("/users/me", "/users/inner/x", "/debug/users/me", "/debug/users/inner/x")
    found = answers(way, {"app.py": INCLUDED_TWICE}, [request("GET", path) for path in paths], tmp_path)
    assert [answer[0] for answer in found] == [200, 200, *([200, 200] if on else [404, 404])]
