"""What a request tells, and its body: whole, in pieces, too large."""

import asyncio

import pytest
from conduit import HTTPError, Request, _abi
from conduit.http.query import parse_cookies, parse_query

from tests.runtime.client import app, call, entry, scope_of


def request(target="/", headers=(), **extra):
    return Request(scope_of("GET", target, headers, **extra), None, None)


@pytest.mark.parametrize(
    ("raw", "lists"),
    [
        (b"", {}),
        (b"a=1&b=2&a=3", {"a": ["1", "3"], "b": ["2"]}),
        (b"a=&b", {"a": [""], "b": [""]}),
        (b"a=x+y&b=x%20y", {"a": ["x y"], "b": ["x y"]}),
        (b"x+y=1", {"x y": ["1"]}),
        (b"a=%2B", {"a": ["+"]}),
        (b"&&a=1&", {"a": ["1"]}),
        (b"=1", {"": ["1"]}),
        (b"a=b=c", {"a": ["b=c"]}),
        (b"a=%C3%A9&%C3%A9=1", {"a": ["é"], "é": ["1"]}),
        (b"a=%zz&b=%&c=%2&d=100%25", {"a": ["%zz"], "b": ["%"], "c": ["%2"], "d": ["100%"]}),
        (b"a=%26%3D", {"a": ["&="]}),
        (b"a=1;b=2", {"a": ["1;b=2"]}),
        (b"a=%00", {"a": ["\0"]}),
        ("a=é".encode(), {"a": ["é"]}),
    ],
)
def test_queries(raw, lists):
    assert parse_query(raw) == lists


@pytest.mark.parametrize("raw", [b"a=%ff", b"%ff=1", b"a=\xff", b"a=%C3", b"a=1&b=%E2%82&c=%20"])
def test_queries_that_are_not_utf8(raw):
    with pytest.raises(HTTPError) as caught:
        parse_query(raw)
    assert caught.value.status == 400


def test_the_query():
    query = request("/?a=1&b=2&a=3").query
    assert query["a"] == "3"
    assert query.getlist("a") == ["1", "3"]
    assert query.getlist("zz") == []
    assert query.get("zz") is None
    assert query.get("zz", "x") == "x"
    assert "a" in query
    assert (list(query), len(query), query.items()) == (["a", "b"], 2, [("a", "3"), ("b", "2")])
    assert (list(query.keys()), query.values()) == (["a", "b"], ["3", "2"])
    with pytest.raises(KeyError):
        query["zz"]


def test_headers():
    headers = request(headers=[("X-A", "1"), ("x-a", "é"), ("Host", "h")]).headers
    assert headers["x-a"] == headers["X-A"] == "é"
    assert headers.getlist("X-a") == ["1", "é"]
    assert "X-A" in headers
    assert 5 not in headers
    assert headers.get("zz", "d") == "d"
    assert headers.get("HOST") == "h"


def test_cookies():
    assert parse_cookies([b'a=1; b="two"; c=; d', b"a=3; =x; e=f=g"]) == {
        "a": ["1", "3"],
        "b": ["two"],
        "c": [""],
        "e": ["f=g"],
    }
    assert request(headers=[("cookie", "a=1")]).cookies["a"] == "1"


def test_the_views_are_parsed_once():
    one = request("/?a=1", [("cookie", "a=1")])
    assert one.query is Request(one.scope, None, None).query
    assert one.headers is _abi.headers_of(one.scope)
    assert one.cookies is _abi.cookies_of(one.scope)


def test_the_rest():
    one = request("/a%20b?q=1", [("host", "example.com:8000")])
    assert (one.method, one.path, one.client) == ("GET", "/a b", ("10.0.0.1", 1234))
    assert one.url == "http://example.com:8000/a%20b?q=1"
    assert one.params == {}
    assert repr(one) == "<Request GET /a b>"
    assert request("/x", client=None).client is None
    assert request("/x").url == "http://testserver:80/x"
    assert request("/x", server=None).url == "/x"
    assert request("/x", path="/é y", raw_path=None).url == "http://testserver:80/%C3%A9%20y"


def test_state_is_shared_by_key_and_attribute():
    one = request(state={"from": "lifespan"})
    other = Request(one.scope, None, None)
    one.state.user = "ada"
    other.state["id"] = 7
    assert other.state.user == other.state["user"] == "ada"
    assert one.state == {"from": "lifespan", "user": "ada", "id": 7}
    del one.state.user
    with pytest.raises(AttributeError):
        other.state.user  # noqa: B018
    with pytest.raises(AttributeError):
        del other.state.user


async def body(request):
    return (await request.body()).decode()


async def stream(request):
    return [piece.decode() async for piece in request.stream()]


async def json(request):
    return await request.json()


SERVED = app({"POST /body": body, "POST /stream": stream, "POST /json": json})


def test_bodies():
    assert call(SERVED, "POST", "/body", body=b"abc").json == "abc"
    assert call(SERVED, "POST", "/body", body=[b"a", b"", b"bc"]).json == "abc"
    assert call(SERVED, "POST", "/body").json == ""
    assert call(SERVED, "POST", "/stream", body=[b"a", b"", b"bc"]).json == ["a", "bc"]
    assert call(SERVED, "POST", "/json", body=b'{"a":1}').json == {"a": 1}


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'"\xff"', b"[" * 100_000])
def test_json_that_is_none(raw):
    assert call(SERVED, "POST", "/json", body=raw).status == 400


def test_too_large():
    big = b"x" * (1 << 20)
    assert call(SERVED, "POST", "/body", body=big).status == 200
    for target in ("/body", "/stream", "/json"):
        for sent in (big + b"x", [big, b"x"], [b"x"] * 3 + [big]):
            got = call(SERVED, "POST", target, body=sent)
            assert (got.status, got.json["title"]) == (413, "Content Too Large")


def test_a_length_that_is_too_large_is_not_read():
    pieces = [b"x", b"y"]
    got = call(SERVED, "POST", "/body", headers=[("content-length", "99999999")], body=pieces)
    assert got.status == 413


def test_limits_of_the_route_and_of_the_app():
    async def run(scope, receive, hit):
        return _abi.answer_any(200)(await body(_abi.Request(scope, receive, hit)))

    own = _abi.Entry(run, True, (), "r", max_body=3)
    assert call(app({"POST /": own}), "POST", body=b"abc").status == 200
    assert call(app({"POST /": own}), "POST", body=b"abcd").status == 413
    served = app({"POST /": body})
    served.adopt(None, None, 2)
    assert call(served, "POST", body=b"abc").status == 413


def test_twice():
    async def twice(request):
        first = await request.body()
        pieces = [piece async for piece in request.stream()]
        return [first.decode(), pieces[0].decode(), (await request.json())]

    assert call(app({"POST /": twice}), "POST", body=b"5").json == ["5", "5", 5]


def test_pieces_only_once(caplog):
    async def again(request):
        async for _ in request.stream():
            pass
        return (await request.body()).decode()

    async def stream_again(request):
        for _ in range(2):
            async for _ in request.stream():
                pass

    assert call(app({"POST /": again}), "POST", body=b"x").status == 500
    assert "streamed already" in caplog.text
    assert call(app({"POST /": stream_again}), "POST", body=b"x").status == 500


def test_a_body_needs_an_async_handler(caplog):
    def plain(request):
        return request.body().send(None)

    assert call(app({"POST /": plain}), "POST", body=b"x").status == 500
    assert "only be awaited in an async handler" in caplog.text


@pytest.mark.parametrize("target", ["/body", "/stream"])
def test_a_client_that_leaves_while_its_body_is_read(target, caplog):
    messages = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive():
        return messages.pop(0)

    async def send(message):
        pass

    asyncio.run(SERVED(scope_of("POST", target), receive, send))
    assert caplog.records == []


def test_an_adapter_as_the_compiler_writes_it():
    read_item = _abi.body_reader(dict[str, int], _abi.REQUIRED, False)
    read_limit = _abi.scalar_reader("query", "limit", "int", None, 10, False)
    done = _abi.answer_any(201)

    async def run(scope, receive, hit):
        faults = []
        query = _abi.query_of(scope)
        raw = await _abi.read_body(scope, receive, 100)
        item = read_item(raw, scope, faults)
        limit = read_limit(query, faults)
        if faults:
            raise _abi.invalid(faults)
        return done([item, limit])

    served = app({"POST /": _abi.Entry(run, True, (), "r")})
    assert call(served, "POST", "/?limit=3", body=b'{"a":1}').json == [{"a": 1}, 3]
    assert call(served, "POST", "/?limit=x", body=b'{"a":"b"}').json["errors"] == [
        {"in": "body", "path": "$[...]", "message": "Expected `int`, got `str`"},
        {"in": "query", "path": "limit", "message": "Expected `int`"},
    ]
    assert call(served, "POST", "/?limit=%ff", body=b"{}").status == 400
    assert call(served, "POST", "/", body=b"x" * 101).status == 413
    assert call(served, "POST", "/", body=b"{}", headers=[("content-type", "text/plain")]).status == 415
    assert entry(body).awaits
