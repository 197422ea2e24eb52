"""Answers: declared types filter at any depth, exception handlers, middleware that calls give."""

import json
from pathlib import Path

import pytest

from tests.service.ways import WAYS, answers, request

FILTERED = """from __future__ import annotations

import collections.abc as abc
from dataclasses import dataclass, field
from typing import Iterable, NamedTuple, Optional, Sequence

import msgspec

from conduit import HTML, Conduit, Response

app = Conduit()


@dataclass
class Public:
    name: str


@dataclass
class User(Public):
    password: str = "hidden"


@app.get("/response")
def response() -> Public | Response:
    return User("a")


@app.get("/page")
def page() -> Public | HTML | None:
    return User("a")


@app.get("/sequence")
def sequence() -> Sequence[Public]:
    return (User("a"),)


@app.get("/iterable")
def iterable() -> Iterable[Public]:
    return [User("a")]


@app.get("/nested")
def nested() -> abc.Mapping[str, abc.Collection[Public]]:
    return {"k": [User("a")]}


class Pair(NamedTuple):
    first: Public
    second: Public | None = None


@dataclass
class Holder:
    one: Public | None = None
    many: list[Optional[Public]] = field(default_factory=list)


@app.get("/pair")
def pair() -> Pair:
    return Pair(User("a"))


@app.get("/holders")
def holders() -> list[Holder]:
    return [Holder(), Holder(User("a"), [None, User("a")])]


@app.get("/foreign")
def foreign() -> Public | msgspec.Raw:
    return User("a")
"""

RAISED = """from conduit import Conduit, HTTPError

app = Conduit()


@app.exception_handler(KeyError)
def missing(request, error):
    raise HTTPError(404, "no such key", headers={"x-key": "k"})


@app.exception_handler(ValueError)
def wrong(request, error):
    raise RuntimeError


@app.get("/key")
def key():
    return {}["x"]


@app.get("/value")
def value():
    raise ValueError
"""

MADE = """import functools

from conduit import Conduit, Router


def named(name):
    async def middleware(request, call_next):
        request.state.setdefault("seen", []).append(name)
        return await call_next(request)

    return middleware


async def plain(name, request, call_next):
    request.state.setdefault("seen", []).append(name)
    return await call_next(request)


class Limit:
    def __init__(self, name):
        self.name = name

    async def __call__(self, request, call_next):
        request.state.setdefault("seen", []).append(self.name)
        return await call_next(request)


app = Conduit(middleware=[named("app")])
group = Router(middleware=[named("group"), Limit("limit")])


@group.get("/", middleware=[functools.partial(plain, "partial"), named("last")])
def seen(request):
    return request.state.seen


app.include(group)
"""


@pytest.mark.parametrize("way", WAYS[:2])
def test_a_declared_type_filters_beside_responses_and_in_any_collection(tmp_path: Path, way: str) -> None:
    paths = ("response", "page", "sequence", "iterable", "nested", "pair", "holders", "foreign")
    found = answers(way, {"app.py": FILTERED}, [request("GET", f"/{one}") for one in paths], tmp_path)
    one = {"name": "a"}
    holders = [{"one": None, "many": []}, {"one": one, "many": [None, one]}]
    expected = [one, one, [one], [one], {"k": [one]}, [one, None], holders, one]
    assert [json.loads(answer[2]) for answer in found] == expected


@pytest.mark.parametrize("way", WAYS[:2])
def test_an_exception_handler_may_raise_an_http_error(tmp_path: Path, way: str) -> None:
    found = answers(way, {"app.py": RAISED}, [request("GET", "/key"), request("GET", "/value")], tmp_path)
    assert [answer[0] for answer in found] == [404, 500]
    assert json.loads(found[0][2])["detail"] == "no such key"
    assert ["x-key", "k"] in found[0][1]


@pytest.mark.parametrize("way", WAYS[:2])
def test_middleware_may_be_what_a_call_gives(tmp_path: Path, way: str) -> None:
    found = answers(way, {"app.py": MADE}, [request("GET", "/")], tmp_path)
    assert found[0][0] == 200, found
    assert json.loads(found[0][2]) == ["app", "group", "limit", "partial", "last"]


PIECES = """from conduit import Conduit

app = Conduit()


@app.post("/stream")
async def stream(request):
    async for piece in request.stream():
        yield piece


@app.post("/body")
async def body(request):
    yield "got "
    yield await request.body()
"""


@pytest.mark.parametrize("way", WAYS)
def test_an_async_generator_may_read_the_body(tmp_path: Path, way: str) -> None:
    requests = [request("POST", path, "abc") for path in ("/stream", "/body")]
    found = answers(way, {"app.py": PIECES}, requests, tmp_path)
    assert [answer[2] for answer in found] == ["abc", "got abc"]


FACTORY = """from conduit import Conduit

app = Conduit()


def named(inner, name):
    async def serve(scope, receive, send):
        async def sending(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-name", name)]
            await send(message)

        await inner(scope, receive, sending)

    return serve


app.use(named, name=b"one")
app.use(named, name=b"two")


@app.get("/")
def index():
    return "index"
"""


@pytest.mark.parametrize("way", WAYS[:2])
def test_asgi_middleware_may_be_made_by_a_function(tmp_path: Path, way: str) -> None:
    found = answers(way, {"app.py": FACTORY}, [request("GET", "/")], tmp_path)
    assert [value for name, value in found[0][1] if name == "x-name"] == ["two", "one"]
