"""Limits and deadlines, each with the status that answers it; the client can read that answer."""

import time
from typing import Any

import pytest

from tests.http.client import Closed
from tests.http.serving import Server, request, until
from tests.http.ways import both, ours

CHUNKED = "transfer-encoding: chunked"
MEBI = 1 << 20


def refused(server: Server, raw: bytes, status: int) -> None:
    """The answer has that status, is a problem document, and the last."""
    with server.client() as client:
        client.send(raw)
        answer = client.answer()
        assert (answer.status, answer.closes) == (status, True)
        assert answer.header("content-type") == "application/problem+json"
        assert answer.json["status"] == status
        assert client.closed()
    assert server.get("/inline/1").json == {"n": 1}


def fields(count: int) -> list[str]:
    return [f"x-{number}: y" for number in range(count)]


@both
def test_heads(shared: Any, way: str) -> None:
    server = shared("behaviour", way)
    assert server.get("/", *fields(99)).status == 200
    refused(server, request("GET", "/", *fields(100)), 431)
    assert server.get("/", "x-long: " + "y" * 65000).status == 200
    refused(server, request("GET", "/", "x-long: " + "y" * 65600), 431)
    refused(server, b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 70_000, 431)
    refused(server, b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x: y\r\n" * 101, 431)


@both
def test_targets(shared: Any, way: str) -> None:
    server = shared("behaviour", way)
    assert server.get("/?" + "q" * 8190).status == 200
    refused(server, request("GET", "/?" + "q" * 8191), 414)
    refused(server, b"GET /" + b"a" * 9000, 414)


@both
def test_what_stands_around_chunks(shared: Any, way: str) -> None:
    server = shared("behaviour", way)
    head = request("POST", "/body/1", CHUNKED)
    fine = head + b"3;" + b"x" * 16_000 + b"\r\nabc\r\n0\r\n\r\n"
    assert server.ask(fine).json == {"n": 1, "size": 3}
    for tail in (
        b"3;" + b"x" * 17_000,
        b"1;a=b\r\nx\r\n" * 6000,
        b"0\r\n" + b"x: y\r\n" * 5000,
        b"0\r\nx: " + b"y" * 17_000,
    ):
        with server.client() as client:
            client.send(head + tail)
            answer = client.answer()
            assert 400 <= answer.status < 500 and answer.closes and client.closed()


@both
@pytest.mark.parametrize("target", ["/small", "/small-stream", "/small-typed"])
@pytest.mark.parametrize("how", ["length", "chunked"])
def test_a_body_larger_than_its_route_takes(shared: Any, way: str, target: str, how: str) -> None:
    """Refused before it is there: only its beginning is sent."""
    server = shared("behaviour", way)
    with server.client() as client:
        if how == "length":
            client.send(request("POST", target, "content-length: 100000000") + b"x" * 500)
        else:
            client.send(request("POST", target, CHUNKED) + b"500\r\n" + b"x" * 0x500 + b"\r\n")
        answer = client.answer()
        assert answer.status == 413
        assert answer.header("content-type") == "application/problem+json"
        if how == "length":
            assert answer.closes and client.closed()
    assert server.get("/inline/1").json == {"n": 1}


@both
@pytest.mark.parametrize("target", ["/small", "/small-stream", "/small-typed"])
def test_a_body_as_large_as_its_route_takes(shared: Any, way: str, target: str) -> None:
    body = b'{"a":"' + b"x" * 992 + b'"}'
    assert len(body) == 1000
    server = shared("behaviour", way)
    assert server.ask(request("POST", target, body=body)).status == 200
    chunked = request("POST", target, CHUNKED) + b"3e8\r\n" + body + b"\r\n0\r\n\r\n"
    assert server.ask(chunked).status == 200
    assert server.ask(request("POST", target, body=body + b" ")).status == 413


@both
@pytest.mark.parametrize("app", ["wrapped", "features"])
def test_body_limits_hold_behind_middleware_too(shared: Any, way: str, app: str) -> None:
    server = shared(app, way)
    assert server.ask(request("POST", "/small", body=b"0123456789")).body == b"0123456789"
    assert server.ask(request("POST", "/small", body=b"0123456789A")).status == 413
    assert server.ask(request("POST", "/body", body=b"x" * MEBI)).status == 200
    with server.client() as client:
        client.send(request("POST", "/body", "content-length: 1048577") + b"x" * 100)
        assert client.answer().status == 413


@both
@pytest.mark.parametrize("target", ["/small", "/small-typed", "/ignores", "/nowhere", "/inline/1"])
def test_who_sends_it_all_can_read_the_answer(shared: Any, way: str, target: str) -> None:
    """The connection is not reset while the client still sends: the answer would be lost."""
    server = shared("behaviour", way)
    with server.client() as client:
        client.send(request("POST", target, "content-length: 3000000") + b"x" * 3_000_000)
        assert client.answer().status in (413, 200, 404, 405)
        assert client.closed()


@both
@pytest.mark.parametrize("target", ["/body/1", "/small-typed", "/pieces", "/ignores"])
@pytest.mark.parametrize(
    "chunk", [b"zz\r\n", b"5\r\nhello!\r\n", b"-1\r\n", b"5\nhello\r\n", b"\r\n", b"0x5\r\n"]
)
def test_a_bad_chunk(shared: Any, way: str, target: str, chunk: bytes) -> None:
    with shared("behaviour", way).client() as client:
        client.send(request("POST", target, CHUNKED) + b'2\r\n{"\r\n' + chunk)
        answer = client.answer()
        assert answer.status == (200 if target == "/ignores" else 400)
        assert client.closed()


@both
def test_a_bad_chunk_in_an_answer_that_has_begun(shared: Any, way: str) -> None:
    with shared("behaviour", way).client() as client:
        client.send(request("POST", "/back", CHUNKED) + b"5\r\nhello\r\n")
        assert client.start().status == 200 and client.chunk() == b"hello"
        client.send(b"zz\r\n")
        with pytest.raises(Closed):
            client.chunk()


def limited(served: Any, way: str, **seconds: str) -> Server:
    made: Server = served(
        "behaviour", way, env={f"CONDUIT_HTTP_{name.upper()}": seconds[name] for name in seconds}
    )
    return made


@ours
def test_a_head_that_does_not_come(served: Any, way: str) -> None:
    """However the client dribbles: the deadline is that of the whole head."""
    server = limited(served, way, header_seconds="1")
    with (
        server.client() as silent,
        server.client() as half,
        server.client() as second,
        server.client() as slow,
    ):
        half.send(b"GET / HTTP/1.1\r\nhost: a\r\nx-half: ")
        second.send(request("GET", "/inline/1") + b"GET / HTT")
        assert second.answer().status == 200
        begun = time.monotonic()
        try:
            for byte in b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x" * 200:
                slow.send(bytes([byte]))
                time.sleep(0.03)
        except OSError:
            pass
        assert time.monotonic() - begun < 5
        for client in (half, second):
            answer = client.answer()
            assert (answer.status, answer.closes) == (408, True) and client.closed()
        assert silent.closed()


@ours
@pytest.mark.parametrize("target", ["/body/1", "/small-typed", "/pieces", "/wait/never", "/hold/never"])
def test_a_body_that_does_not_come(served: Any, way: str, target: str) -> None:
    server = limited(served, way, body_seconds="0.5")
    method = "GET" if "wait" in target else "POST"
    with server.client() as client:
        client.send(request(method, target, "content-length: 900") + b"x" * 10)
        answer = client.answer()
        assert (answer.status, answer.closes) == (408, True) and client.closed()
    assert server.get("/inline/1").json == {"n": 1}


@ours
def test_a_body_that_comes_slowly_but_fast_enough(served: Any, way: str) -> None:
    server = limited(served, way, body_seconds="0.5", body_rate="10")
    with server.client() as client:
        client.send(request("POST", "/body/1", "content-length: 200"))
        for _ in range(20):
            client.send(b"x" * 10)
            time.sleep(0.1)
        assert client.answer().json == {"n": 1, "size": 200}


@ours
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_client_that_reads_nothing(served: Any, way: str, loop: str) -> None:
    pytest.importorskip(loop)
    server = served("behaviour", way, "--loop", loop, env={"CONDUIT_HTTP_WRITE_SECONDS": "1"})
    with server.client(receive_buffer=65536) as client:
        client.send(request("GET", "/flood/500"))
        until(lambda: "flood closed" in server.get("/notes").json)
        assert "flood done" not in server.get("/notes").json


@ours
def test_connections_of_a_worker(served: Any, way: str) -> None:
    server = limited(served, way, connections="2")
    time.sleep(0.3)
    with server.client() as one, server.client() as two:
        for client in (one, two):
            client.send(request("GET", "/inline/1"))
            assert client.answer().status == 200
        with server.client() as three:
            answer = three.answer()
            assert (answer.status, answer.closes) == (503, True) and three.closed()
        one.send(request("GET", "/inline/2"))
        assert one.answer().json == {"n": 2}
        two.close()
        until(lambda: server.get("/inline/3").status == 200)


@ours
@pytest.mark.parametrize(
    ("name", "value", "raw", "status"),
    [
        ("header_bytes", "300", request("GET", "/", "x: " + "y" * 300), 431),
        ("header_fields", "3", request("GET", "/", "a: b", "c: d", "e: f"), 431),
        ("target_bytes", "20", request("GET", "/" + "a" * 20), 414),
        ("body_bytes", "9", request("POST", "/body", body=b"0123456789"), 413),
    ],
)
def test_limits_can_be_set(served: Any, way: str, name: str, value: str, raw: bytes, status: int) -> None:
    server = served("features", way, env={f"CONDUIT_HTTP_{name.upper()}": value})
    assert server.ask(request("GET", "/")).status == 200
    assert server.ask(raw).status == status
