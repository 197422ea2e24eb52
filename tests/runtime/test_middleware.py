"""Functions around answers, and ASGI middleware around the whole app."""

import contextvars

import pytest
from conduit import JSON, HTTPError, Stream, Text, _abi
from starlette.middleware.gzip import GZipMiddleware

from tests.runtime.client import app, call, entry


def mark(name):
    async def middleware(request, call_next):
        request.state.setdefault("way", []).append(name)
        response = await call_next(request)
        response.headers.append("x-way", name)
        return response

    return middleware


def way(request):
    return list(request.state.get("way", []))


def test_outermost_first():
    inner = _abi.with_middleware(entry(way), [mark("router"), mark("route")])
    served = app({"GET /": inner}, app_middleware=[mark("a"), mark("b")])
    got = call(served, "GET")
    assert got.json == ["a", "b", "router", "route"]
    assert [value for name, value in got.headers if name == b"x-way"] == [b"route", b"router", b"b", b"a"]
    assert got.headers[:2] == [(b"content-type", b"application/json"), (b"content-length", b"26")]


def test_with_middleware_twice_is_one_chain():
    inner = _abi.with_middleware(_abi.with_middleware(entry(way), [mark("inner")]), [mark("outer")])
    assert call(app({"GET /": inner}), "GET").json == ["outer", "inner"]


def test_an_awaiting_route_keeps_its_arguments():
    async def echo(request):
        return {"id": request.params["id"], "body": (await request.body()).decode()}

    echo.names = ("id",)
    inner = _abi.with_middleware(entry(echo), [mark("m")])
    assert call(app({"POST /{id}": inner}), "POST", "/7", body=b"x").json == {"id": "7", "body": "x"}


def test_app_level_sees_what_matches_nothing():
    served = app({"GET /": way}, app_middleware=[mark("m")])
    for method, target, status in (
        ("GET", "/x", 404),
        ("POST", "/", 405),
        ("OPTIONS", "/", 204),
        ("GET", "/%zz", 400),
        ("HEAD", "/", 200),
    ):
        got = call(served, method, target)
        assert (got.status, got.header("x-way")) == (status, "m")


def test_route_level_sees_only_its_route():
    served = app({"GET /": _abi.with_middleware(entry(way), [mark("m")]), "GET /b": way})
    assert call(served, "GET", "/").header("x-way") == "m"
    assert call(served, "GET", "/b").header("x-way") is None
    assert call(served, "POST", "/").header("x-way") is None


def test_answers_of_its_own():
    async def no(request, call_next):
        return {"no": request.path}, 403

    assert call(app({"GET /": way}, app_middleware=[no]), "GET", "/").json == {"no": "/"}
    assert call(app({"GET /": _abi.with_middleware(entry(way), [no])}), "GET", "/").status == 403


def test_call_next_gives_a_response_to_change():
    async def change(request, call_next):
        response = await call_next(request)
        assert response.status == 200
        assert response.body == b"[]"
        response.status = 202
        response.body = b"[1, 2]"
        del response.headers["content-type"]
        return response

    got = call(app({"GET /": way}, app_middleware=[change]), "GET")
    assert (got.status, got.headers, got.body) == (202, [(b"content-length", b"6")], b"[1, 2]")


def test_a_body_set_to_text_is_sent_as_utf8():
    async def change(request, call_next):
        response = await call_next(request)
        response.body = "é"
        return response

    assert call(app({"GET /": way}, app_middleware=[change]), "GET").headers[1] == (b"content-length", b"2")


def test_a_body_set_to_nonsense_is_a_500(caplog):
    async def change(request, call_next):
        response = await call_next(request)
        response.body = 5
        return response

    assert call(app({"GET /": way}, app_middleware=[change]), "GET").status == 500


def test_exception_handlers_are_inside():
    class Sad(Exception):
        pass

    def sad(request):
        raise Sad

    handlers = [(Sad, lambda request, error: ("sad", 409))]
    for served in (
        app({"GET /": sad}, app_middleware=[mark("m")], exception_handlers=handlers),
        app({"GET /": _abi.with_middleware(entry(sad), [mark("m")])}, exception_handlers=handlers),
    ):
        got = call(served, "GET")
        assert (got.status, got.json, got.header("x-way")) == (409, "sad", "m")


def test_errors_of_middleware_meet_the_same_handlers(caplog):
    class Sad(Exception):
        pass

    def raising(error):
        async def middleware(request, call_next):
            raise error

        return middleware

    handlers = [(Sad, lambda request, error: ("sad", 409))]
    for error, status in ((Sad(), 409), (HTTPError(401), 401), (RuntimeError("x"), 500)):
        chain = [mark("outer"), raising(error)]
        for served in (
            app({"GET /": way}, app_middleware=chain, exception_handlers=handlers),
            app({"GET /": _abi.with_middleware(entry(way), chain)}, exception_handlers=handlers),
        ):
            got = call(served, "GET")
            assert (got.status, got.header("x-way")) == (status, "outer")


def test_after_the_answer_it_may_still_fail(caplog):
    async def late(request, call_next):
        await call_next(request)
        raise RuntimeError("late")

    got = call(app({"GET /": way}, app_middleware=[mark("m"), late]), "GET")
    assert (got.status, got.header("x-way")) == (500, "m")


def test_streams_pass_through():
    seen = []

    def stream(request):
        async def pieces():
            for number in range(3):
                seen.append(number)
                yield b"%d" % number

        return Stream(pieces(), media_type="text/plain")

    async def look(request, call_next):
        response = await call_next(request)
        assert seen == []
        response.headers["x-seen"] = "yes"
        return response

    got = call(app({"GET /": stream}, app_middleware=[look]), "GET")
    assert (got.body, got.header("x-seen")) == (b"012", "yes")
    assert len(got.messages) == 5


def test_shared_responses_stay_as_they_were():
    shared = Text("x")
    served = app({"GET /": lambda request: shared}, app_middleware=[mark("m")])
    for _ in range(2):
        assert [name for name, _ in call(served, "GET").headers].count(b"x-way") == 1
    constant = _abi.constant(_abi.answer_constant(200, "text/plain", b"x"), (), "r")
    served = app({"GET /": constant}, app_middleware=[mark("m")])
    for _ in range(2):
        assert [name for name, _ in call(served, "GET").headers].count(b"x-way") == 1


def test_a_rewritten_path_is_routed():
    async def rewrite(request, call_next):
        request.scope["path"] = "/b"
        return await call_next(request)

    served = app({"GET /a": lambda request: "a", "GET /b": lambda request: "b"}, app_middleware=[rewrite])
    assert call(served, "GET", "/a").json == "b"


def test_the_body_is_read_once_for_all():
    async def peek(request, call_next):
        assert await request.body() == b'"x"'
        return await call_next(request)

    async def handler(request):
        return await request.json()

    served = app({"POST /": handler}, app_middleware=[peek])
    assert call(served, "POST", body=[b'"', b'x"']).json == "x"


def test_context_variables_reach_the_handler():
    variable = contextvars.ContextVar("variable")

    async def setting(request, call_next):
        variable.set("set")
        return await call_next(request)

    served = app({"GET /": lambda request: variable.get()}, app_middleware=[setting])
    assert call(served, "GET").json == "set"


class Header:
    """ASGI middleware that counts how often it is made, and changes messages in place."""

    made = 0

    def __init__(self, app, name):
        type(self).made += 1
        self.app = app
        self.name = name.encode()

    async def __call__(self, scope, receive, send):
        async def sending(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-asgi", self.name))
            await send(message)

        await self.app(scope, receive, sending)


def test_asgi_middleware_is_outermost_and_built_once():
    Header.made = 0
    constant = _abi.constant(_abi.answer_constant(200, "text/plain", b"x"), (), "r")
    served = app(
        {"GET /": constant},
        asgi_middleware=[(Header, {"name": "outer"}), (Header, {"name": "inner"})],
        app_middleware=[mark("m")],
    )
    for target in ("/", "/nowhere", "/"):
        got = call(served, "GET", target)
        assert [value for name, value in got.headers if name == b"x-asgi"] == [b"inner", b"outer"]
        assert got.header("x-way") == "m"
    assert Header.made == 2


def test_asgi_middleware_of_starlette():
    served = app(
        {"GET /": lambda request: "x" * 1000}, asgi_middleware=[(GZipMiddleware, {"minimum_size": 10})]
    )
    got = call(served, "GET", headers=[("accept-encoding", "gzip")])
    assert got.header("content-encoding") == "gzip"
    assert len(got.body) < 100
    assert call(served, "GET").body == b'"' + b"x" * 1000 + b'"'


def test_errors_of_asgi_middleware_meet_the_handlers(caplog):
    class Broken:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            raise LookupError("broken")

    served = app({"GET /": way}, asgi_middleware=[(Broken, {})])
    assert call(served, "GET").status == 500
    handlers = [(LookupError, lambda request, error: ("mine", 502))]
    served = app({"GET /": way}, asgi_middleware=[(Broken, {})], exception_handlers=handlers)
    assert call(served, "GET").json == "mine"


def test_what_did_not_happen_is_left_out():
    served = app(
        {"GET /": way},
        app_middleware=[mark("a"), _abi.ABSENT],
        asgi_middleware=[_abi.ABSENT],
        exception_handlers=[_abi.ABSENT],
    )
    assert call(served, "GET").json == ["a"]


@pytest.mark.parametrize("level", ["app", "route"])
def test_head_goes_through_with_its_length(level):
    handler = lambda request: JSON({"a": 1})  # noqa: E731
    if level == "app":
        served = app({"GET /": handler}, app_middleware=[mark("m")])
    else:
        served = app({"GET /": _abi.with_middleware(entry(handler), [mark("m")])})
    got = call(served, "HEAD")
    assert (got.body, got.header("content-length"), got.header("x-way")) == (b"", "7", "m")
