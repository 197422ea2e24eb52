"""Connections: pipelining, keep-alive, HTTP/1.0, HEAD, 100-continue, and forms of targets."""

import random
from typing import Any

import pytest

from tests.http.serving import request
from tests.http.ways import both, every

KINDS = ("inline", "task", "thread", "streamed")


@every
def test_pipelined_answers_come_in_order(shared: Any, way: str) -> None:
    server, dice = shared("behaviour", way), random.Random(1)
    asked = [(dice.choice(KINDS), number) for number in range(120)]
    with server.client() as client:
        client.send(b"".join(request("GET", f"/{kind}/{number}") for kind, number in asked))
        assert [client.answer().json["n"] for _ in asked] == list(range(120))
        assert client.open()


@every
def test_pipelined_bodies_go_to_their_own_requests(shared: Any, way: str) -> None:
    server, dice = shared("behaviour", way), random.Random(2)
    sizes = [dice.choice((0, 1, 10, 70_000)) for _ in range(30)]
    with server.client() as client:
        for number, size in enumerate(sizes):
            client.send(
                request("POST", f"/body/{number}", body=b"x" * size) + request("GET", f"/task/{number}")
            )
        for number, size in enumerate(sizes):
            assert client.answer().json == {"n": number, "size": size}
            assert client.answer().json == {"n": number}


@both
def test_many_pipelined_in_small_pieces(shared: Any, way: str) -> None:
    server = shared("behaviour", way)
    raw = b"".join(request("GET", f"/{KINDS[number % 4]}/{number}") for number in range(40))
    with server.client() as client:
        for start in range(0, len(raw), 7):
            client.send(raw[start : start + 7])
        assert [client.answer().json["n"] for _ in range(40)] == list(range(40))


@both
def test_what_is_sent_far_ahead_waits_unread(served: Any, way: str) -> None:
    """While one request is in flight, requests behind it are not gathered without end."""
    server = served("behaviour", way)
    with server.client() as client:
        client.send(request("GET", "/wait/ahead"))
        before, sent = server.memory(), 0
        client.socket.settimeout(1)
        block = request("GET", "/text/1") * 2000
        try:
            while sent < 200 << 20:
                sent += client.socket.send(block)
        except TimeoutError:
            pass
        assert sent < 100 << 20, "the server never stopped reading"
        assert server.memory() - before < 32 << 20


@both
def test_behind_a_refused_request_nothing_is_served(shared: Any, way: str) -> None:
    server = shared("behaviour", way)
    with server.client() as client:
        client.send(request("GET", "/task/1") + b"BAD\x00\r\n\r\n" + request("GET", "/inline/2"))
        assert client.answer().json == {"n": 1}
        refused = client.answer()
        assert refused.status == 400 and refused.closes
        assert refused.header("content-type") == "application/problem+json"
        assert client.closed()


@every
@pytest.mark.parametrize(
    ("version", "line", "kept"),
    [
        ("1.1", "", True),
        ("1.1", "connection: close", False),
        ("1.1", "connection: keep-alive, close", False),
        ("1.1", "connection: keep-alive", True),
        ("1.1", "connection: x-close", True),
        ("1.0", "", False),
        ("1.0", "connection: close", False),
    ],
)
@pytest.mark.parametrize("target", ["/inline/1", "/task/1", "/thread/1", "/streamed/1"])
def test_whether_a_connection_stays(
    shared: Any, way: str, version: str, line: str, kept: bool, target: str
) -> None:
    server = shared("behaviour", way)
    lines = [f"GET {target} HTTP/{version}", "host: a", *([line] if line else []), "", ""]
    with server.client() as client:
        client.send("\r\n".join(lines).encode())
        answer = client.answer()
        assert (answer.status, answer.json, answer.version) == (200, {"n": 1}, "1.1")
        assert not (answer.header("transfer-encoding") and version == "1.0" and way != "asgi")
        if kept:
            assert not answer.closes
            client.send(request("GET", "/inline/2"))
            assert client.answer().json == {"n": 2}
        else:
            assert answer.closes and client.closed()


@both
@pytest.mark.parametrize("target", ["/inline/1", "/task/1", "/thread/1"])
def test_keep_alive_of_http_1_0(shared: Any, way: str, target: str) -> None:
    with shared("behaviour", way).client() as client:
        for _ in range(3):
            client.send(f"GET {target} HTTP/1.0\r\nconnection: Keep-Alive\r\n\r\n".encode())
            answer = client.answer()
            assert answer.json == {"n": 1} and answer.header("connection") == "keep-alive"
        client.send(b"GET /streamed/2 HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")
        answer = client.answer()
        assert answer.json == {"n": 2} and answer.header("transfer-encoding") is None and client.closed()


@every
@pytest.mark.parametrize(
    "target", ["/inline/1", "/task/1", "/thread/1", "/streamed/1", "/text/100000", "/missing"]
)
def test_head_has_the_heads_of_get_and_no_body(shared: Any, way: str, target: str) -> None:
    server = shared("behaviour", way)
    with server.client() as client:
        client.send(request("GET", target))
        get = client.answer()
        client.send(request("HEAD", target) * 2)
        for _ in range(2):
            head = client.answer(head=True)
            drop = ("date", "transfer-encoding")
            assert head.status == get.status
            kept = [pair for pair in get.pairs if pair[0] not in drop]
            if "streamed" not in target:  # whose type the first piece tells
                assert [pair for pair in head.pairs if pair[0] not in drop] == kept
        client.send(request("GET", "/inline/5"))
        assert client.answer().json == {"n": 5}


@every
@pytest.mark.parametrize("target", ["/body/1", "/pieces", "/back", "/small-typed", "/reads"])
def test_continue_is_said_when_the_body_is_wanted(shared: Any, way: str, target: str) -> None:
    with shared("behaviour", way).client() as client:
        client.send(request("POST", target, "expect: 100-Continue", "content-length: 8"))
        interim = client.start()
        assert (interim.status, interim.reason, interim.pairs) == (100, "Continue", [])
        client.send(b'{"a":1}\n')
        answer = client.answer()
        assert answer.status == 200 and not answer.interim
        client.send(request("GET", "/inline/2"))
        assert client.answer().json == {"n": 2}


@both
def test_continue_is_not_said_where_the_body_is_not_wanted(shared: Any, way: str) -> None:
    """The client may send it or not, so the connection cannot be kept."""
    for target, status in (("/ignores", 200), ("/lazy", 200), ("/nowhere", 404), ("/small-typed", 413)):
        with shared("behaviour", way).client() as client:
            client.send(request("POST", target, "expect: 100-continue", "content-length: 5000"))
            answer = client.answer()
            assert (answer.status, answer.interim, answer.closes) == (status, [], True), target
            assert client.closed()


@both
def test_continue_is_not_said_where_the_body_is_there(shared: Any, way: str) -> None:
    with shared("behaviour", way).client() as client:
        client.send(request("POST", "/body/1", "expect: 100-continue", body=b"hello"))
        answer = client.answer()
        assert answer.json == {"n": 1, "size": 5} and answer.interim == []


@both
def test_continue_of_http_1_0_is_not_looked_at(shared: Any, way: str) -> None:
    with shared("behaviour", way).client() as client:
        client.send(b"POST /body/1 HTTP/1.0\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        assert client.open()
        client.send(b"ab")
        answer = client.answer()
        assert answer.json == {"n": 1, "size": 2} and answer.interim == []


@every
@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("/who?a=b", "test"),
        ("http://other.example:81/who?a=b", "test"),
        ("HTTP://other.example/who", "other.example"),
        ("https://other.example/who", "test"),
        ("/%77ho", "test"),
        ("/who?", "test"),
    ],
)
def test_forms_of_targets(shared: Any, way: str, target: str, host: str) -> None:
    told, wanted = (
        shared("behaviour", one).ask(request("GET", target, host=host)).json for one in (way, "asgi")
    )
    for name in ("scheme", "root_path", "path", "raw_path", "state"):
        assert told[name] == wanted[name], name


@both
def test_asterisk_and_authority_match_no_route(shared: Any, way: str) -> None:
    server = shared("behaviour", way)
    with server.client() as client:
        client.send(request("OPTIONS", "*"))
        asterisk = client.answer()
        assert asterisk.status in (204, 404)
        client.send(request("CONNECT", "example.com:443", host="example.com:443"))
        assert client.answer().status in (404, 405)


@every
def test_a_body_nobody_reads_is_read_over(shared: Any, way: str) -> None:
    with shared("behaviour", way).client() as client:
        for target, status in (("/ignores", 200), ("/nowhere", 404), ("/inline/1", 405)):
            client.send(request("POST", target, body=b"GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n"))
            assert client.answer().status == status
            chunked = request("POST", target, "transfer-encoding: chunked")
            client.send(chunked + b"5\r\nGET /\r\n3;a=b\r\nabc\r\n0\r\nx: y\r\n\r\n")
            assert client.answer().status == status
        client.send(request("GET", "/inline/3"))
        assert client.answer().json == {"n": 3}


@both
def test_a_bad_chunk_behind_an_answer_ends_the_connection_without_another(shared: Any, way: str) -> None:
    """Its request is answered: a second answer would be taken for that to the next request."""
    with shared("behaviour", way).client() as client:
        client.send(request("POST", "/ignores", "transfer-encoding: chunked") + b"5\r\nhello\r\n")
        assert client.answer().status == 200
        client.send(b"zz\r\n" + request("GET", "/inline/1"))
        assert client.everything() == b""
