"""What stands around handlers: middleware, lifespan, errors, threads, wrappers; the same in every way."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.ways import WAYS, Answer, answers, request

AROUND = '''import contextvars
import functools
import threading
from contextlib import asynccontextmanager
from dataclasses import dataclass

from conduit import Conduit, HTTPError, Response, Router, Text

events = []


@asynccontextmanager
async def life(app):
    events.append("enter")
    yield
    events.append("leave")


app = Conduit(title="Around", lifespan=life, max_body=100)
user = contextvars.ContextVar("user", default="nobody")


class Header:
    """An ASGI middleware."""

    def __init__(self, app, name, value="1"):
        self.app = app
        self.name = name
        self.value = value

    async def __call__(self, scope, receive, send):
        async def sending(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (self.name.encode(), self.value.encode())]
            await send(message)

        await self.app(scope, receive, sending)


app.use(Header, name="x-outer")
app.use(Header, name="x-inner", value="2")


@app.middleware
async def named(request, call_next):
    user.set(request.headers.get("x-user", "nobody"))
    request.state.seen = ["app"]
    response = await call_next(request)
    response.headers["x-status"] = str(response.status)
    return response


async def outer(request, call_next):
    request.state.seen.append("outer")
    return await call_next(request)


async def inner(request, call_next):
    request.state.seen.append("inner")
    return await call_next(request)


async def short(request, call_next):
    return Response(b"short", 299)


group = Router(prefix="/group", middleware=[outer])


@group.get("/seen", middleware=[inner])
def seen(request):
    return request.state.seen


@group.get("/short", middleware=[short])
def never():
    return "never"


app.include(group)


@app.on_startup
async def starting(app):
    events.append("startup")


@app.get("/events")
def told():
    return events


class Late(Exception):
    pass


class Later(Late):
    pass


@app.exception_handler(Late)
async def late(request, error):
    return Response(b"late", 425, {"x-error": type(error).__name__})




@app.get("/late")
def raise_later():
    raise Later


@app.get("/broken")
async def broken():
    raise HTTPError(409, "no", headers={"x-why": "because"})


@app.fallback
def nowhere(request):
    return {"nowhere": request.path}, 404


def doubled(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs) * 2

    return wrapper


@app.get("/doubled/{n}")
@doubled
def number(n: int):
    return n


@app.get("/cached/{n}")
@functools.cache
def cached(n: int):
    events.append("computed")
    return n


@app.get("/where", blocking=True)
def where():
    return {"main": threading.current_thread() is threading.main_thread(), "user": user.get()}


@app.get("/inline")
def inline():
    return "inline"


@app.get("/keywords/{a}")
def keywords(a: int, *, b: int = 2, request):
    return [a, b, request.method]


@dataclass
class Box:
    size: int


@app.post("/box")
def box(box: Box, copies: int = 1) -> tuple[Box, int]:
    return box, 201


@dataclass
class Shown:
    name: str


@dataclass
class Account:
    name: str
    password: str = "hidden"


@app.get("/shown", response=Shown)
def shown():
    return Account("ann")


@app.get("/misfit", response=list[Shown])
def misfit():
    return {"not": "a list"}


@app.post("/by-hand", max_body=10)
async def by_hand(request):
    return len(await request.body())


@app.post("/small", max_body=10)
async def small(data: dict):
    return data


@app.post("/stream")
async def streamed(request):
    total = 0
    async for piece in request.stream():
        total += len(piece)
    return {"length": total}


@app.get("/generator")
def generator():
    yield "a"
    yield "b"


@app.get("/slow", timeout=0.01)
async def slow():
    import asyncio

    await asyncio.sleep(30)
'''


REQUESTS = [
    request("GET", "/group/seen", x_user="ann"),
    request("GET", "/group/short"),
    request("GET", "/events"),
    request("GET", "/late"),
    request("GET", "/broken"),
    request("GET", "/no/where"),
    request("POST", "/late"),
    request("GET", "/doubled/4"),
    request("GET", "/cached/4"),
    request("GET", "/cached/4"),
    request("GET", "/where", x_user="bob"),
    request("GET", "/inline"),
    request("GET", "/keywords/1?b=5"),
    request("POST", "/box", '{"size": 3}'),
    request("POST", "/small", '{"a": "0123456789"}'),
    request("POST", "/small", '{"a":1}'),
    request("POST", "/box", '{"size": 3, "filler": "' + "x" * 200 + '"}'),
    request("POST", "/stream", "12345", content_type="text/plain"),
    request("GET", "/shown"),
    request("GET", "/misfit"),
    request("POST", "/by-hand", "0123456789"),
    request("POST", "/by-hand", "0123456789a"),
    request("GET", "/generator"),
    request("GET", "/slow"),
    request("OPTIONS", "/inline"),
    request("HEAD", "/generator"),
]


@pytest.fixture(scope="module", params=WAYS)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Answer]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    given = answers(request.param, {"app.py": AROUND}, REQUESTS, folder)

    def answer(method: str, target: str, turn: int = 0) -> Answer:
        matching = [a for a, asked in zip(given, REQUESTS, strict=True) if asked[:2] == [method, target]]
        return matching[turn]

    answer.all = given  # type: ignore[attr-defined]
    return answer


def body(answer: Answer) -> Any:
    return json.loads(answer[2])


def header(answer: Answer, name: str) -> list[str]:
    return [value for key, value in answer[1] if key == name]


def test_middleware_runs_from_the_outermost_to_the_route(found: Any) -> None:
    assert body(found("GET", "/group/seen")) == ["app", "outer", "inner"]
    assert found("GET", "/group/short")[0] == 299


def test_app_level_middleware_sees_every_answer(found: Any) -> None:
    for answer in found.all:
        assert header(answer, "x-outer") == ["1"] and header(answer, "x-inner") == ["2"]
        assert header(answer, "x-status") == [str(answer[0])]


def test_lifespan_comes_before_start_up_hooks_or_after_but_once(found: Any) -> None:
    assert sorted(body(found("GET", "/events"))) == ["enter", "startup"]


def test_exceptions_meet_the_handler_of_the_nearest_class(found: Any) -> None:
    answer = found("GET", "/late")
    assert (answer[0], answer[2], header(answer, "x-error")) == (425, "late", ["Later"])
    answer = found("GET", "/broken")
    assert answer[0] == 409 and header(answer, "x-why") == ["because"]


def test_the_fallback_answers_what_no_route_takes(found: Any) -> None:
    answer = found("GET", "/no/where")
    assert answer[0] == 404 and body(answer) == {"nowhere": "/no/where"}
    assert found("POST", "/late")[0] == 405


def test_decorators_below_the_route_are_part_of_the_handler(found: Any) -> None:
    assert body(found("GET", "/doubled/4")) == 8
    assert body(found("GET", "/cached/4")) == body(found("GET", "/cached/4", 1)) == 4


def test_threads_keep_context_variables(found: Any) -> None:
    assert body(found("GET", "/where")) == {"main": False, "user": "bob"}


def test_keyword_only_parameters(found: Any) -> None:
    assert body(found("GET", "/keywords/1?b=5")) == [1, 5, "GET"]


def test_a_tuple_is_value_and_status_also_where_it_is_declared(found: Any) -> None:
    answer = found("POST", "/box")
    assert answer[0] == 201 and body(answer) == {"size": 3}


def test_body_limits_of_route_and_app(found: Any) -> None:
    assert [found("POST", "/small", turn)[0] for turn in (0, 1)] == [413, 200]
    assert found("POST", "/box", 1)[0] == 413
    assert [found("POST", "/by-hand", turn)[0] for turn in (0, 1)] == [200, 413]


def test_response_says_what_is_sent_and_is_validated(found: Any) -> None:
    assert body(found("GET", "/shown")) == {"name": "ann"}
    assert found("GET", "/misfit")[0] == 500


def test_streams_in_and_out(found: Any) -> None:
    assert body(found("POST", "/stream")) == {"length": 5}
    assert found("GET", "/generator")[2] == "ab"
    assert found("HEAD", "/generator")[2] == ""


def test_a_timeout_ends_a_handler(found: Any) -> None:
    assert found("GET", "/slow")[0] == 503


def test_generated_options(found: Any) -> None:
    assert header(found("OPTIONS", "/inline"), "allow") == ["GET, HEAD, OPTIONS"]
