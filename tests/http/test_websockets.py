"""WebSocket over real sockets: builds of both targets behind uvicorn's own protocol and the compiled one.

The protocol hands such connections to uvicorn's WebSocket implementation, so all of them must act alike.
"""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from conduitc import toolchain
from tests.http.conftest import native
from tests.http.corpus import CORPORA
from tests.http.serving import PROTOCOL, Builds, Server, ready, request, start, until

CASES = CORPORA / "ws_cases.py"
ENOUGH = 98
#: The runner mostly waits for silence, so it is run for some of the cases each, at once.
PARTS = 10
PART = f"""import sys, ws_cases
part = int(sys.argv.pop(1))
ws_cases.CASES = ws_cases.CASES[part::{PARTS}]
ws_cases.main()"""
#: Target of the build, uvicorn's ``--http``.
BEHIND = {
    "python": ("python", "httptools"),
    "cython": ("cython", "httptools"),
    "python, compiled protocol": ("python", PROTOCOL),
    "cython, compiled protocol": ("cython", PROTOCOL),
}


def possible(behind: str) -> bool:
    target, http = BEHIND[behind]
    return (target == "python" or toolchain.available() is None) and (http != PROTOCOL or native())


@pytest.fixture(scope="module", params=[one for one in BEHIND if possible(one)])
def server(
    request: pytest.FixtureRequest, builds: Builds, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    target, http = BEHIND[request.param]
    log = tmp_path_factory.mktemp("sockets") / "server.log"
    running = start(builds.at("sockets", target), log, http=http)
    try:
        yield ready(running)
    finally:
        running.stop()


def at(server: Server, target: str) -> str:
    host, port = server.address
    return f"ws://{host}:{port}{target}"


def opened(server: Server, target: str, **options: Any) -> ClientConnection:
    return connect(at(server, target), open_timeout=20, **options)


def ended(client: ClientConnection) -> tuple[int, str]:
    """How the server closes."""
    with pytest.raises(ConnectionClosed) as closed:
        client.recv(timeout=20)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


def refusal(server: Server, target: str) -> tuple[int, bytes]:
    with pytest.raises(InvalidStatus) as refused:
        opened(server, target)
    return refused.value.response.status_code, refused.value.response.body or b""


def test_what_is_sent_comes_back(server: Server) -> None:
    with opened(server, "/echo", compression=None) as client:
        for sent in ("", "κόσμε", b"", b"\xff\x00", "x" * 70_000, b"y" * 200_000):
            client.send(sent)
            assert client.recv(timeout=20) == sent


def test_compressed_and_in_fragments(server: Server) -> None:
    with opened(server, "/echo") as client:
        client.send(["a", "b", "c"])
        assert client.recv(timeout=20) == "abc"
        assert client.ping().wait(20)


def test_parameters(server: Server) -> None:
    with opened(server, "/rooms/a%20b?since=7", additional_headers={"x-key": "k"}) as client:
        assert client.recv(timeout=20) == '["a b",7,"k"]'
        client.send("hello")
        assert client.recv(timeout=20) == "a b: hello"
    with opened(server, "/rooms/b", subprotocols=["other", "chat"]) as client:  # type: ignore[list-item]
        assert client.subprotocol == "chat"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/nowhere", 403),
        ("/", 403),
        ("/rooms/muchtoolong", 403),
        ("/rooms/a?since=x", 403),
        ("/rooms/%ff", 403),
        ("/fails/before", 500),
        ("/fails/paid", 402),
    ],
)
def test_refusals(server: Server, target: str, status: int) -> None:
    found, body = refusal(server, target)
    assert found == status
    assert b"before it was" not in body and (b"pay first" in body) is (status == 402)


def test_ends(server: Server) -> None:
    with opened(server, "/fails/returns") as client:
        assert ended(client) == (1000, "")
    with opened(server, "/fails/closes") as client:
        assert ended(client) == (4001, "enough")
    with opened(server, "/fails/after") as client:
        client.send("the words of this failure")
        assert ended(client) == (1011, "")
    until(lambda: "RuntimeError: the words of this failure" in server.output(), server.output)
    said = server.output()
    assert "unhandled exception in WEBSOCKET /fails/after" in said and "sockets.py" in said
    assert "/conduit/http/" not in said and "_conduit" not in said


def test_a_client_that_leaves_is_no_error(server: Server) -> None:
    before = server.output().count("unhandled exception")
    with opened(server, "/fails/leaves") as client:
        client.close(1001)
    with opened(server, "/fails/leaves") as client:
        client.socket.close()  # without a word
    with opened(server, "/floods", max_size=None) as client:
        client.socket.close()
    gone = server.get("/ends").body.count(b"echo 4003")
    with opened(server, "/echo") as client:
        client.close(4003)
    until(lambda: server.get("/ends").body.count(b"echo 4003") == gone + 1, server.output)
    assert server.output().count("unhandled exception") == before


def test_requests_beside_connections(server: Server) -> None:
    with opened(server, "/echo") as client:
        assert server.get("/").status == 200
        assert server.get("/echo").status == 404
        assert server.ask(request("WEBSOCKET", "/echo")).status in (400, 404)  # httptools refuses the method
        client.send("still there")
        assert client.recv(timeout=20) == "still there"


def test_many_at_once(server: Server) -> None:
    async def one(number: int) -> None:
        async with connect_async(at(server, f"/rooms/{number}"), open_timeout=20) as client:
            assert await client.recv() == f'["{number}",0,null]'
            for turn in range(5):
                await client.send(str(turn))
                assert await client.recv() == f"{number}: {turn}"

    async def all_of_them() -> None:
        await asyncio.gather(*(one(number) for number in range(100)))

    asyncio.run(all_of_them())


def test_an_upgrade_behind_other_requests(server: Server) -> None:
    """Earlier answers of the same connection come first."""
    lines = (
        "upgrade: websocket",
        "connection: Upgrade",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-version: 13",
    )
    with server.client() as client:
        client.send(request("GET", "/") + request("GET", "/hold/0.2"))
        assert client.answer().status == 200 and client.answer().body == b'"held"'
        client.send(request("GET", "/echo", *lines))
        assert client.answer().status == 101


def test_shutdown_tells_clients(builds: Builds, tmp_path: Path, server: Server) -> None:
    """Uvicorn closes open connections with 1012."""
    folder, http = Path(server.process.args[4]), server.process.args[7]  # type: ignore[index]
    stopping = ready(start(folder, tmp_path / "log", http=http))
    try:
        with opened(stopping, "/echo") as client:
            client.send("x")
            assert client.recv(timeout=20) == "x"
            stopping.terminate()
            assert ended(client)[0] == 1012
        assert stopping.wait() in (0, -15)
    finally:
        stopping.stop()


@pytest.mark.skipif(not CASES.exists(), reason="the corpora are not here: set CONDUIT_CORPORA")
def test_the_cases_of_the_corpus(server: Server) -> None:
    host, port = server.address
    parts = [
        subprocess.Popen(
            [sys.executable, "-c", PART, str(number), host, str(port), "/echo"],
            cwd=CASES.parent,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PARTS)
    ]
    told = "".join(part.communicate()[0] for part in parts)
    scores = re.findall(r"pass (\d+) soft \d+ FAIL \d+ of (\d+)", told)
    passed, cases = (sum(map(int, column)) for column in zip(*scores, strict=True))
    assert cases == 100 and passed >= ENOUGH, told
