"""Statuses and methods that the core makes: 404, 405, Allow, OPTIONS, HEAD, slashes, fallback."""

from asyncio import sleep

import pytest
from conduit import _abi
from conduit.table import ABSENT

from tests.runtime.client import app, call, entry

JSON = (b"content-type", b"application/json")
PROBLEM = (b"content-type", b"application/problem+json")


def hello(request):
    return {"message": "Hello"}


def show(request):
    return request.params


SHOP = app({"GET /": hello, "GET /users/{id:int}": show, "POST /users/{id}": show, "HEAD /ping": hello})


def test_an_answer_is_two_messages_with_headers_in_order():
    got = call(SHOP, "GET", "/")
    assert got.messages == [
        {"type": "http.response.start", "status": 200, "headers": [JSON, (b"content-length", b"19")]},
        {"type": "http.response.body", "body": b'{"message":"Hello"}'},
    ]


def test_params_are_converted():
    assert call(SHOP, "GET", "/users/7").json == {"id": 7}


def test_head_is_get_without_the_body():
    got = call(SHOP, "HEAD", "/")
    assert got.headers == [JSON, (b"content-length", b"19")]
    assert got.body == b""
    assert got.complete


def test_a_route_for_head_sends_no_body_either():
    got = call(SHOP, "HEAD", "/ping")
    assert (got.status, got.header("content-length"), got.body) == (200, "19", b"")


def test_nothing_there():
    got = call(SHOP, "GET", "/nowhere")
    assert got.headers == [PROBLEM, (b"content-length", b"55")]
    assert got.body == b'{"type":"about:blank","title":"Not Found","status":404}'


def test_other_methods_are_allowed():
    got = call(SHOP, "DELETE", "/users/7")
    assert got.status == 405
    assert got.headers[2:] == [(b"allow", b"GET, HEAD, OPTIONS, POST")]
    assert got.json == {"type": "about:blank", "title": "Method Not Allowed", "status": 405}


def test_only_routes_that_match_count_for_allow():
    assert call(SHOP, "GET", "/users/x").header("allow") == "OPTIONS, POST"
    assert call(SHOP, "GET", "/ping").header("allow") == "HEAD, OPTIONS"


def test_405_to_head_has_no_body():
    got = call(app({"POST /": hello}), "HEAD", "/")
    assert (got.status, got.body, got.header("content-length")) == (405, b"", "64")


def test_options_is_generated():
    got = call(SHOP, "OPTIONS", "/users/7")
    assert got.messages[0] == {
        "type": "http.response.start",
        "status": 204,
        "headers": [(b"allow", b"GET, HEAD, OPTIONS, POST")],
    }
    assert got.body == b""


def test_options_of_nothing_and_of_the_server_match_no_route():
    assert call(SHOP, "OPTIONS", "/nowhere").status == 404
    assert call(SHOP, "OPTIONS", "*").status == 404


def test_a_method_nobody_knows():
    assert call(SHOP, "BREW", "/").status == 405
    assert call(SHOP, "BREW", "/nowhere").status == 404


def test_any_method_takes_options_and_tokens_too():
    served = app({"* /any": hello, "GET /": hello})
    assert call(served, "OPTIONS", "/any").json == {"message": "Hello"}
    assert call(served, "BREW", "/any").status == 200
    assert call(served, "GET", "/any").status == 200
    assert call(served, "OPTIONS", "/").status == 204


def test_fallback_takes_what_no_route_takes():
    def nothing(request):
        return {"path": request.path}, 404

    served = app({"GET /": hello}, fallback=entry(nothing))
    assert call(served, "GET", "/x").json == {"path": "/x"}
    assert call(served, "OPTIONS", "/x").json == {"path": "/x"}
    assert call(served, "POST", "/").status == 405


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/a/", "/a"),
        ("/b", "/b/"),
        ("/a/?x=1&y=%2F", "/a?x=1&y=%2F"),
        ("/users/a%2Fb/", "/users/a%2Fb"),
        ("/users/a%20b/", "/users/a%20b"),
    ],
)
def test_redirect_slashes(target, location):
    served = app({"GET /a": hello, "GET /b/": hello, "GET /users/{id}": show}, redirect_slashes=True)
    got = call(served, "GET", target)
    assert (got.status, got.header("location"), got.header("content-length")) == (308, location, "0")


def test_redirect_slashes_only_where_the_method_matches():
    served = app({"GET /a": hello}, redirect_slashes=True)
    assert call(served, "POST", "/a/").status == 404
    assert call(served, "HEAD", "/a/").status == 308
    assert call(served, "GET", "/a/b/").status == 404


def test_redirect_slashes_never_leads_to_another_host():
    served = app({"GET //{host}": show}, redirect_slashes=True)
    assert call(served, "GET", "//evil.example/").header("location") == "/.//evil.example"


def test_without_redirect_slashes_they_are_significant():
    assert call(app({"GET /a": hello}), "GET", "/a/").status == 404


def test_messages_are_nobody_elses():
    """Servers and middleware write into messages; the next answer must not show it."""
    constant = _abi.constant(_abi.answer_constant(200, "text/plain", b"x"), (), "r")
    served = app({"GET /": constant, "GET /dynamic": hello})
    for target in ("/", "/dynamic", "/nowhere"):
        first = call(served, "GET", target)
        untouched = [dict(first.messages[0]), dict(first.messages[1])]
        untouched[0]["headers"] = list(first.messages[0]["headers"])
        first.messages[0]["headers"].append((b"x", b"y"))
        first.messages[0]["status"] = 1
        first.messages[1]["body"] = b"z"
        assert call(served, "GET", target).messages == untouched


async def around(request, call_next):
    return await call_next(request)


def test_what_a_server_asks_that_knows_entries():
    assert app({"GET /": hello}).direct
    assert not app({"GET /": hello}, app_middleware=[around]).direct
    assert app({"GET /": hello}, app_middleware=[ABSENT]).direct
    behind = app({"GET /": hello}, asgi_middleware=[(lambda inner: inner, {})])
    assert not behind.direct
    assert behind.max_body == 1 << 20
    behind.adopt(None, None, 5)
    assert behind.max_body == 5


def test_an_entry_whose_body_is_all_it_waits_for_reads_it_behind_asgi():
    made = _abi.Entry(lambda scope, hit, raw: raw, True, (), "route:r", max_body=5, body_only=True)
    inner = _abi.with_middleware(made, [around])
    assert made.whole({}, (made,), b"raw") == b"raw"
    assert inner.whole is None and inner.max_body == 5
    assert _abi.finish(made.run({"conduit.body": b"kept"}, None, (made,))) == b"kept"
    stands_in = _abi.Entry(lambda scope, hit: None, False, (), "route:r")
    stands_in.become(made)
    assert (stands_in.max_body, stands_in.whole) == (5, made.whole)


def test_a_coroutine_that_waits_is_not_finished():
    with pytest.raises(RuntimeError, match="waited"):
        _abi.finish(sleep(0))


def test_websockets_are_refused():
    assert call(SHOP, "GET", "/", type="websocket").messages == [{"type": "websocket.close", "code": 1000}]
