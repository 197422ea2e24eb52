"""Handlers run as asyncio wants it, and what goes wrong in one hurts only its request."""

from contextlib import suppress
from typing import Any

import pytest

from tests.http.client import Closed
from tests.http.serving import Server, request
from tests.http.ways import both, every


@every
@pytest.mark.parametrize("target", ["/mark", "/mark-thread"])
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_context_variables_stay_with_their_request(shared: Any, way: str, target: str, loop: str) -> None:
    pytest.importorskip(loop)
    server = shared("behaviour", way, "--loop", loop)
    clients = [server.client() for _ in range(8)]
    for round_ in range(5):
        for number, client in enumerate(clients):
            client.send(request("GET", f"{target}/{number}-{round_}"))
        for number, client in enumerate(clients):
            assert client.answer().json == {"before": "none", "after": f"{number}-{round_}"}
    for client in clients:
        client.close()


@every
def test_a_handler_is_a_task(shared: Any, way: str) -> None:
    server = shared("behaviour", way)
    assert server.get("/current").json == {"task": True, "own": True}
    assert server.get("/timeout").json == "timed out"
    assert server.get("/group").json == [0, 1, 2]


#: What a handler may raise, and what is answered.
KINDS = ("error", "base", "cancelled", "exit", "interrupt", "generator", "stop", "recursion", "memory")


@every
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_raised_in_a_task_ends_one_request(shared: Any, way: str, kind: str) -> None:
    ends_only_its_request(shared("behaviour", way), f"/raise/task/{kind}")


@every
@pytest.mark.parametrize("kind", ["error", "base", "exit", "interrupt", "stop"])
def test_what_is_raised_in_a_thread_ends_one_request(shared: Any, way: str, kind: str) -> None:
    ends_only_its_request(shared("behaviour", way), f"/raise/thread/{kind}")


@every
@pytest.mark.parametrize("kind", ["error", "exit"])
def test_what_is_raised_at_once_ends_one_request(shared: Any, way: str, kind: str) -> None:
    ends_only_its_request(shared("behaviour", way), f"/raise/inline/{kind}")


def ends_only_its_request(server: Server, target: str) -> None:
    with server.client() as other, server.client() as client:
        other.send(request("GET", "/task/1"))
        client.send(request("GET", target))
        answer = client.answer()
        assert answer.status == 500 and b"crash" not in answer.body
        assert other.answer().json == {"n": 1}
        if answer.closes:
            assert client.closed()
        else:
            client.send(request("GET", "/inline/2"))
            assert client.answer().json == {"n": 2}
    assert server.get("/inline/3").json == {"n": 3}


@both
@pytest.mark.parametrize("kind", ["error", "base", "exit", "cancelled"])
def test_what_is_raised_in_a_stream_breaks_off_one_answer(shared: Any, way: str, kind: str) -> None:
    server = shared("behaviour", way)
    with server.client() as other, server.client() as client:
        client.send(request("GET", f"/raise/stream/{kind}"))
        with pytest.raises(Closed):
            client.answer()
        other.send(request("GET", "/task/1"))
        assert other.answer().json == {"n": 1}


@both
def test_a_crash_among_pipelined_requests(shared: Any, way: str) -> None:
    targets = ["/inline/1", "/raise/inline/error", "/task/2", "/raise/task/error", "/inline/3", "/missing"]
    with shared("behaviour", way).client() as client:
        client.send(b"".join(request("GET", target) for target in targets))
        assert [client.answer().status for _ in targets] == [200, 500, 200, 500, 200, 404]


#: Target, status, and whether the connection may stay.
ODD = {
    "/odd/split": 500,
    "/odd/name": 500,
    "/odd/nothing": 500,
    "/odd/raises": 500,
    "/odd/body-first": 500,
    "/odd/upper": 200,
    "/odd/close": 200,
    "/odd/teapot": 418,
}


@both
@pytest.mark.parametrize("target", ODD)
def test_what_middleware_sends_is_looked_at(shared: Any, way: str, target: str) -> None:
    server = shared("odd", way)
    with server.client() as client:
        client.send(request("GET", target))
        answer = client.answer()
        assert answer.status == ODD[target]
        assert answer.header("x-injected") is None and b"injected" not in answer.body
        assert len(answer.all("content-length")) + len(answer.all("transfer-encoding")) == 1
        if not answer.closes:
            client.send(request("GET", "/"))
            assert client.answer().json == {"message": "odd"}
        else:
            assert client.closed()


@both
@pytest.mark.parametrize("target", ["/odd/short", "/odd/begun", "/odd/unended"])
def test_what_middleware_does_not_end_breaks_off(shared: Any, way: str, target: str) -> None:
    """Nothing of it reaches the answer of another client."""
    server = shared("odd", way)
    with server.client() as other, server.client() as client:
        client.send(request("GET", target))
        with suppress(Closed):
            assert client.answer().status == 500
        assert client.closed()
        other.send(request("GET", "/"))
        assert other.answer().json == {"message": "odd"}


@both
def test_a_body_longer_than_its_length(shared: Any, way: str) -> None:
    """Not a byte beyond what was announced is sent."""
    server = shared("odd", way)
    with server.client() as client, server.client() as other:
        client.send(request("GET", "/odd/long"))
        with suppress(Closed):
            assert client.answer().status in (200, 500)
        assert client.closed()
        other.send(request("GET", "/"))
        assert other.answer().json == {"message": "odd"}


@both
def test_an_answer_says_keep_alive_where_the_client_wants_to_close(shared: Any, way: str) -> None:
    with shared("odd", way).client() as client:
        client.send(request("GET", "/odd/stays", "connection: close"))
        answer = client.answer()
        assert answer.closes and client.closed()


@every
@pytest.mark.parametrize(
    "value", ["a%0D%0Ax-injected:%201", "a%0Ab", "a%00b", "%C4%80", "%0D", "caf%C3%A9", "a%09b"]
)
def test_values_of_headers(shared: Any, way: str, value: str) -> None:
    server = shared("behaviour", way)
    answer, other = server.get(f"/header/{value}"), shared("behaviour", "asgi").get(f"/header/{value}")
    assert answer.header("x-injected") is None
    assert answer.status == other.status and answer.header("x-value") == other.header("x-value")
