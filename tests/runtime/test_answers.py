"""The table of answers: what a handler's value becomes on the wire."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

import msgspec
import pytest
from conduit import HTML, JSON, HTTPError, Redirect, Response, Text, _abi

from tests.runtime.client import app, call, entry


def sent(value, status=200, method="GET"):
    return call(app({"GET /": entry(lambda request: value, status)}), method, "/")


@dataclass
class Point:
    x: int
    y: int


class Pair(NamedTuple):
    x: int
    y: int


class Item(msgspec.Struct, rename="camel", tag="item"):
    unit_price: float


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"b": 1, "a": [1, None]}, b'{"b":1,"a":[1,null]}'),
        ([1, "x"], b'[1,"x"]'),
        ("text", b'"text"'),
        (7, b"7"),
        (1.5, b"1.5"),
        (True, b"true"),
        (Point(1, 2), b'{"x":1,"y":2}'),
        (Item(2.5), b'{"type":"item","unitPrice":2.5}'),
        ((1, 2, 3), b"[1,2,3]"),
        ((1,), b"[1]"),
        (Pair(1, 2), b"[1,2]"),
        ({"nan": float("nan"), "inf": float("inf")}, b'{"nan":null,"inf":null}'),
        ([], b"[]"),
        ("", b'""'),
    ],
)
def test_json(value, body):
    got = sent(value)
    assert got.headers == [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    assert (got.status, got.body) == (200, body)


@pytest.mark.parametrize("value", [b"raw", bytearray(b"raw"), memoryview(b"raw")])
def test_bytes(value):
    got = sent(value)
    assert got.headers == [(b"content-type", b"application/octet-stream"), (b"content-length", b"3")]
    assert got.body == b"raw"


def test_none_is_204():
    got = sent(None)
    assert (got.status, got.headers, got.body) == (204, [], b"")


def test_none_with_a_status_of_its_own():
    assert sent(None, status=201).status == 201
    assert sent((None, 404)).headers == [(b"content-length", b"0")]
    assert sent((None, 200)).status == 200


def test_value_and_status():
    assert sent(({"a": 1}, 201)).status == 201
    assert sent((b"x", HTTPStatus.ACCEPTED)).status == 202
    assert sent(([1, 2], 200)).json == [1, 2]
    assert sent(((1, 2, 3), 400)).json == [1, 2, 3]
    assert sent((JSON({}), 418)).status == 418


def test_a_two_tuple_is_never_a_list(caplog):
    assert sent((1, 2)).status == 500
    assert sent(("a", True)).status == 500
    assert sent(("a", "b")).status == 500
    assert "not 2" in caplog.text


def test_status_with_a_shared_response_leaves_it_alone():
    shared = Text("x")
    assert sent((shared, 404)).status == 404
    assert sent(shared).status == 200


@pytest.mark.parametrize("status", [204, 304])
def test_no_body_where_there_can_be_none(status):
    for value in ({"a": 1}, ({"a": 1}, status), Response(b"x", status), b"x"):
        got = sent(value, status=status)
        assert (got.status, got.body, got.header("content-length")) == (status, b"", None)


@pytest.mark.parametrize(
    ("response", "status", "headers", "body"),
    [
        (Response(b"x"), 200, [("content-length", "1")], b"x"),
        (
            Response("é", media_type="text/x"),
            200,
            [("content-type", "text/x"), ("content-length", "2")],
            "é".encode(),
        ),
        (
            Response(b"", 418, {"X-Pot": "tea", "Content-Type": "text/pot"}),
            418,
            [("content-type", "text/pot"), ("content-length", "0"), ("x-pot", "tea")],
            b"",
        ),
        (
            JSON({"a": 1}, 201),
            201,
            [("content-type", "application/json"), ("content-length", "7")],
            b'{"a":1}',
        ),
        (Text("a"), 200, [("content-type", "text/plain; charset=utf-8"), ("content-length", "1")], b"a"),
        (HTML("<p>"), 200, [("content-type", "text/html; charset=utf-8"), ("content-length", "3")], b"<p>"),
        (Redirect("/a b?c=é"), 307, [("content-length", "0"), ("location", "/a%20b?c=%C3%A9")], b""),
        (
            Redirect("/x", 301, {"a": "b"}),
            301,
            [("content-length", "0"), ("location", "/x"), ("a", "b")],
            b"",
        ),
        (
            Response(b"ab", headers={"content-length": "99", "x": "y"}),
            200,
            [("content-length", "2"), ("x", "y")],
            b"ab",
        ),
        (
            Response(b"", headers=[("set-cookie", "a=1"), ("set-cookie", "b=2")]),
            200,
            [("content-length", "0"), ("set-cookie", "a=1"), ("set-cookie", "b=2")],
            b"",
        ),
    ],
)
def test_responses(response, status, headers, body):
    got = sent(response)
    assert got.status == status
    assert [(name.decode(), value.decode()) for name, value in got.headers] == headers
    assert got.body == body


def test_text_by_declaration():
    for annotation, media in ((HTML, "text/html; charset=utf-8"), (Text, "text/plain; charset=utf-8")):
        done = _abi.answer_declared(201, annotation)
        got = call(app({"GET /": entry(lambda request: "<p>", done=done)}), "GET")
        assert (got.status, got.header("content-type"), got.body) == (201, media, b"<p>")
        got = call(app({"GET /": entry(lambda request: ("no", 404), done=done)}), "GET")
        assert (got.status, got.header("content-type"), got.body) == (404, media, b"no")
        got = call(app({"GET /": entry(lambda request: {"a": 1}, done=done)}), "GET")
        assert got.header("content-type") == "application/json"


@pytest.mark.parametrize("value", [object(), {"a": object()}, [print], {1j}])
def test_what_cannot_be_encoded_is_a_500_that_names_its_type(value, caplog):
    got = sent(value)
    assert (got.status, got.json) == (
        500,
        {"type": "about:blank", "title": "Internal Server Error", "status": 500},
    )
    assert "object" in caplog.text or "builtin_function" in caplog.text or "complex" in caplog.text


def test_a_lone_surrogate_is_a_500(caplog):
    assert sent("\ud800").status == 500


@pytest.mark.parametrize(
    "headers",
    [
        {"x": "a\r\nset-cookie: b"},
        {"x\n": "a"},
        {"x": "a\0"},
        {"": "a"},
        {"a b": "c"},
        {"x": "€"},
        {"x": 1},
    ],
)
def test_headers_that_are_none_are_refused(headers):
    with pytest.raises((ValueError, TypeError)):
        Response(b"", headers=headers)
    with pytest.raises((ValueError, TypeError)):
        Response(b"").headers.update(headers)


@pytest.mark.parametrize("status", [0, 99, 100, 199, 600, "200", True, 200.0])
def test_statuses_that_are_none_are_refused(status):
    with pytest.raises(ValueError, match="status"):
        Response(b"", status)


def test_an_error_status_is_one():
    with pytest.raises(ValueError, match="400 to 599"):
        HTTPError(200)


def test_json_fails_where_it_is_made():
    with pytest.raises(TypeError, match="object"):
        JSON(object())


def test_constant():
    assert _abi.answer_constant(200, "application/json", b"{}")[0]["headers"] == [
        (b"content-type", b"application/json"),
        (b"content-length", b"2"),
    ]
    assert _abi.answer_constant(204, None, b"") == (
        {"type": "http.response.start", "status": 204, "headers": []},
        {"type": "http.response.body", "body": b""},
    )


def test_headers_of_a_response():
    headers = Response(b"", headers={"A": "1"}).headers
    headers["X-One"] = "1"
    headers.append("set-cookie", "a")
    headers.append("Set-Cookie", "b")
    assert headers["x-one"] == headers["X-ONE"] == "1"
    assert headers.getlist("set-cookie") == ["a", "b"]
    headers["set-cookie"] = "c"
    assert headers.items() == [("a", "1"), ("x-one", "1"), ("set-cookie", "c")]
    assert headers.setdefault("a", "2") == "1"
    del headers["a"]
    assert "a" not in headers
    assert list(headers) == ["x-one", "set-cookie"]
    with pytest.raises(KeyError):
        headers["a"]
    with pytest.raises(KeyError):
        del headers["a"]


@pytest.fixture(autouse=True)
def _log(caplog):
    caplog.set_level(logging.ERROR, "conduit")
