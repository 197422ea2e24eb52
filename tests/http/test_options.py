"""uvicorn's options under the compiled protocol, each beside what uvicorn's own protocol makes of it."""

import re
import time
from typing import Any

import pytest

from tests.http.serving import Server, request, until
from tests.http.ways import SOAK

#: uvicorn's own protocol beside ours shows that a test asks for what is usual.
WAYS = ("asgi", "cython") if SOAK else ("cython",)
both = pytest.mark.parametrize("way", WAYS)


def own_fields(server: Server) -> list[tuple[str, str]]:
    """The fields that are the server's, in order; the date's digits as 0."""
    pairs = server.get("/").pairs
    found = [pair for pair in pairs if pair[0] not in ("content-type", "content-length")]
    return [(name, re.sub(r"\d", "0", value) if name == "date" else value) for name, value in found]


@both
def test_date_and_server_by_default(shared: Any, way: str) -> None:
    found = own_fields(shared("behaviour", way))
    assert [name for name, _ in found] == ["date", "server"]
    assert found[1][1] == "uvicorn"
    assert re.fullmatch(r"[A-Z][a-z]{2}, 00 [A-Z][a-z]{2} 0000 00:00:00 GMT", found[0][1])


@both
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--no-date-header"], [("server", "uvicorn")]),
        (["--no-date-header", "--no-server-header"], []),
        (
            ["--no-date-header", "--header", "X-One: 1", "--header", "x-two:a:b"],
            [("server", "uvicorn"), ("x-one", "1"), ("x-two", "a:b")],
        ),
        (["--no-date-header", "--header", "server:mine"], [("server", "mine")]),
    ],
    ids=["no-date", "nothing", "headers", "server"],
)
def test_default_headers(served: Any, way: str, options: list[str], expected: list[Any]) -> None:
    server = served("behaviour", way, *options)
    assert own_fields(server) == expected
    refused = server.ask(b"GET / HTTP/1.1\r\n\r\n" if way == "cython" else b"GET /\r\x00")
    assert refused.status == 400
    assert [pair for pair in refused.pairs if pair in expected] == [
        pair for pair in expected if pair[0] != "date"
    ]


@both
def test_the_date_moves(shared: Any, way: str) -> None:
    server = shared("behaviour", way)
    first = server.get("/").header("date")
    assert until(lambda: server.get("/").header("date") != first)


FORWARDED = [
    ("x-forwarded-for: 1.2.3.4", "x-forwarded-proto: https"),
    ("x-forwarded-for: 1.2.3.4, 10.0.0.9",),
    ("x-forwarded-for: 1.2.3.4", "x-forwarded-for: 5.6.7.8, 10.0.0.9"),
    ("x-forwarded-for: [2001:db8::1]:4711", "x-forwarded-proto: wss"),
    ("x-forwarded-for: 1.2.3.4:80",),
    ("x-forwarded-for: nonsense",),
    ("x-forwarded-for: ",),
    ("x-forwarded-proto: gopher",),
    ("forwarded: for=1.2.3.4;proto=https",),
    (),
]


@pytest.mark.parametrize(
    ("options", "believed"),
    [
        ([], True),
        (["--forwarded-allow-ips", "*"], True),
        (["--forwarded-allow-ips", "127.0.0.0/8,10.0.0.9"], True),
        (["--forwarded-allow-ips", "10.0.0.1"], False),
        (["--no-proxy-headers"], False),
    ],
    ids=["default", "everybody", "networks", "others", "off"],
)
def test_forwarding_headers(served: Any, options: list[str], believed: bool) -> None:
    ours, theirs = served("behaviour", "cython", *options), served("behaviour", "asgi", *options)
    for lines in FORWARDED:
        told = [without_port(server.get("/who", *lines).json) for server in (ours, theirs)]
        assert told[0] == told[1], lines
    first = ours.get("/who", *FORWARDED[0]).json
    assert first["client"][0] == ("1.2.3.4" if believed else "127.0.0.1")
    assert first["scheme"] == ("https" if believed else "http")


def without_port(told: dict[str, Any]) -> dict[str, Any]:
    """Our own end's port differs; one that a proxy told stays."""
    client = told["client"]
    return {**told, "client": client[0] if client and client[0] == "127.0.0.1" else client}


@pytest.mark.parametrize("root", ["/api", "/a/b"])
def test_root_path(served: Any, root: str) -> None:
    servers = [served("behaviour", way, "--root-path", root) for way in ("cython", "python", "asgi")]
    for target in (
        "/who",
        "/who?x=1",
        "/%77ho",
        "/inline/7",
        "/text/3",
        "/missing",
        "/nowhere",
        "/raise/inline/error",
    ):
        answers = [server.get(target) for server in servers]
        told = [
            without_port(one.json) if "who" in target or "%77" in target else one.meaning for one in answers
        ]
        assert told[0] == told[1] == told[2], target
    assert servers[0].get("/who").json["root_path"] == root
    assert servers[0].get("/inline/7").status == 200


@both
def test_limit_concurrency(served: Any, way: str) -> None:
    server = served("behaviour", way, "--limit-concurrency", "3")
    time.sleep(0.3)  # who asked whether it is there has gone by then
    with server.client() as one, server.client() as two:
        for client in (one, two):
            client.send(request("GET", "/"))
            assert client.answer().status == 200
        with server.client() as three:
            three.send(request("GET", "/"))
            answer = three.answer()
            assert (answer.status, answer.body) == (503, b"Service Unavailable")
            assert (answer.header("content-type") or "").startswith("text/plain")
            assert answer.closes and three.closed()
        time.sleep(0.3)
        one.send(request("POST", "/body/1", body=b"abc"))
        assert one.answer().status == 200


@both
def test_limit_concurrency_counts_tasks(served: Any, way: str) -> None:
    server = served("behaviour", way, "--limit-concurrency", "4")
    with server.client() as one, server.client() as two:
        for client in (one, two):
            client.send(request("GET", "/wait/a"))
        until(lambda: server.get("/notes").json == ["waits a", "waits a"])
        server.ask(request("POST", "/set/a"))
        assert [client.answer().status for client in (one, two)] == [200, 200]


@both
def test_limit_max_requests(served: Any, way: str) -> None:
    server = served("behaviour", way, "--limit-max-requests", "5")
    with server.client() as client:
        for number in range(5):
            client.send(request("GET", f"/task/{number}" if number % 2 else "/"))
            assert client.answer().status == 200
    assert server.wait() == 0
    assert "Maximum request limit of 5 exceeded" in server.output()


@both
def test_timeout_keep_alive(served: Any, way: str) -> None:
    server = served("behaviour", way, "--timeout-keep-alive", "1")
    with server.client() as client:
        for pause in (0, 0.5, 0.5):
            time.sleep(pause)
            client.send(request("GET", "/"))
            assert client.answer().status == 200
        begun = time.monotonic()
        assert client.closed(20)
        assert time.monotonic() - begun > 0.8


@both
def test_a_long_keep_alive_stays(served: Any, way: str) -> None:
    server = served("behaviour", way, "--timeout-keep-alive", "60")
    with server.client() as client:
        client.send(request("GET", "/"))
        assert client.answer().status == 200 and client.open(1.5)


ASKED = (
    "/",
    "/text/5?a=b%20c",
    "/nowhere",
    "/%2e/a b",
    "/task/3",
    "/streamed/1",
    "/raise/inline/error",
    "/at/%C3%A9",
)


def lines_of(server: Server) -> list[str]:
    """What its access log said of ASKED, ports as 0."""
    with server.client() as client:
        for target in ASKED:
            if " " not in target:
                client.send(request("GET", target))
                client.answer()
        client.send(request("POST", "/body/1", body=b"abc"))
        client.answer()
    text = until(lambda: "POST /body/1" in server.output() and server.output())
    return [
        re.sub(r"(\d):\d+ -", r"\1:0 -", line)
        for line in text.splitlines()
        if '" ' in line and "HTTP/" in line
    ]


def test_access_log_is_uvicorns(served: Any) -> None:
    ours, theirs = lines_of(served("behaviour", "cython")), lines_of(served("behaviour", "asgi"))
    assert ours == theirs
    assert len(ours) == len(ASKED)
    assert 'INFO:     127.0.0.1:0 - "GET /text/5?a=b%20c HTTP/1.1" 200 OK' in ours


@both
@pytest.mark.parametrize("options", [["--no-access-log"], ["--log-level", "info", "--no-access-log"]])
def test_no_access_log(served: Any, way: str, options: list[str]) -> None:
    server = served("behaviour", way, *options)
    assert server.get("/").status == 200
    assert '"GET' not in server.output()


@both
def test_trace_level(served: Any, way: str) -> None:
    """uvicorn wraps the app once more; the build is found below it."""
    server = served("behaviour", way, "--log-level", "trace")
    assert server.get("/").json == {"message": "Hello, World!"}
    assert server.get("/task/1").json == {"n": 1}
    assert "uvicorn's own protocol" not in server.output()


@both
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_loops(served: Any, way: str, loop: str) -> None:
    pytest.importorskip(loop)
    server = served("behaviour", way, "--loop", loop)
    with server.client() as client:
        for target in ("/", "/task/1", "/thread/2", "/streamed/3", "/text/300000", "/current", "/timeout"):
            client.send(request("GET", target))
            assert client.answer().status == 200
        client.send(request("POST", "/body/4", body=b"x" * 500_000))
        assert client.answer().json == {"n": 4, "size": 500_000}


@both
def test_lifespan_off(served: Any, way: str) -> None:
    server = served("behaviour", way, "--lifespan", "off")
    assert server.get("/").status == 200
    server.terminate()
    server.wait()
    assert "farewell" not in server.output()


@both
def test_lifespan_on(served: Any, way: str) -> None:
    server = served("behaviour", way, "--lifespan", "on")
    assert server.get("/task/1").status == 200
    server.terminate()
    server.wait()
    assert "farewell" in server.output()


@both
def test_reset_contextvars(served: Any, way: str) -> None:
    server = served("behaviour", way, "--reset-contextvars")
    with server.client() as client:
        for value in ("a", "b"):
            client.send(request("GET", f"/mark/{value}"))
            assert client.answer().json == {"before": "none", "after": value}
