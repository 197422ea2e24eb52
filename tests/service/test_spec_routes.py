"""Section "Routes" where servers and ASGI middleware have a say: prefixes, rewritten paths."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.service.ways import WAYS, Request, answers, request

REWRITTEN = """import json

from conduit import Conduit

app = Conduit(redirect_slashes=True)


class Edit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        edit = dict(scope.get("headers", ())).get(b"x-edit")
        if edit is not None:
            scope = {**scope, **json.loads(edit)}
            raw = scope["raw_path"]
            scope["raw_path"] = raw.encode() if isinstance(raw, str) else raw
        await self.app(scope, receive, send)


app.use(Edit)


@app.get("/a/{x}/b")
def one(x):
    return x


@app.get("/rest/*tail")
def rest(tail):
    return tail


@app.get("/")
def index():
    return "index"


@app.get("/slash/")
def slash():
    return "slash"
"""


def edited(target: str, **edit: Any) -> Request:
    return request("GET", target, x_edit=json.dumps(edit))


CASES: list[tuple[Request, Any]] = [
    (edited("/a/%2F/b"), "/"),
    (edited("/a/%2541/b"), "%41"),
    (edited("/root/a/1/b", root_path="/root"), "1"),
    (edited("/root/a/%2F/b", root_path="/root/"), "/"),
    (edited("/r%20t/a/%41/b", root_path="/r t"), "A"),
    (edited("/root", root_path="/root"), "index"),
    (edited("/rootless/a/1/b", root_path="/root"), 404),
    (edited("/a/1/b", root_path="/root"), "1"),
    (edited("/root/slash?q=1", root_path="/root"), "/root/slash/?q=1"),
    (edited("/a/%41/b", raw_path=None), "A"),
    (edited("/a/%2F/b", raw_path=None), 404),
    (edited("/a/%41/b", path="/rest/x%2Fy"), "x%2Fy"),
    (edited("/a/x%zz/b", path="/rest/x"), "x"),
    (edited("/a/x/b", path="/slash"), "/slash/"),
]


@pytest.mark.parametrize("way", WAYS[:2])
def test_prefixes_and_paths_that_middleware_rewrote(tmp_path: Path, way: str) -> None:
    found = answers(way, {"app.py": REWRITTEN}, [asked for asked, _ in CASES], tmp_path)
    for (asked, expected), (status, headers, body) in zip(CASES, found, strict=True):
        shown = dict(headers).get("location") or (json.loads(body) if status == 200 else status)
        assert shown == expected, asked
