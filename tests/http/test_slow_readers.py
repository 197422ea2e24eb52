"""Clients that read slowly are waited for; those that do not read at all are not, whatever they have sent."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.http.serving import request, until

MEBI = 1 << 20
#: Seconds for a client to read anything.
DEADLINE = 0.8
SHORT = {"CONDUIT_HTTP_WRITE_SECONDS": str(DEADLINE), "CONDUIT_HTTP_KEEP_ALIVE_SECONDS": "600"}

loops = pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
uvloop = pytest.mark.parametrize("loop", ["uvloop"])
SIZE = 24 * MEBI

APP = """\
from conduit import Conduit, Response

app = Conduit()


@app.get("/bytes/:n")
def some(n: int):
    return Response(b"x" * n, media_type="text/plain")


@app.get("/inline/:n")
def inline(n: int):
    return {"n": n}
"""


@pytest.fixture
def server(served: Any, tmp_path: Any, loop: str) -> Any:
    pytest.importorskip(loop)
    (tmp_path / "app.py").write_text(APP)
    return served(tmp_path / "app.py", "python", "--loop", loop, env=SHORT)


def queued(port: int, peer: int) -> int:
    """Bytes that the kernel keeps of what the server at ``port`` has written for the client at ``peer``."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, here, there, _, queues, *_ = line.split()
        if (here[-4:], there[-4:]) == (f"{port:04X}", f"{peer:04X}"):
            return int(queues.partition(":")[0], 16)
    return 0


def read_slowly(client: Any, size: int) -> int:
    """Bytes read within three deadlines or so, in steps that are much shorter than one."""
    got, steps = 0, 24
    while got < size:
        data = client.socket.recv(size // steps)
        if not data:
            break
        got += len(data)
        time.sleep(3 * DEADLINE * len(data) / size)
    return got


@loops
@pytest.mark.parametrize("kept", ["keep-alive", "close"])
def test_who_reads_slowly_gets_all(server: Any, loop: str, kept: str) -> None:
    with server.client(receive_buffer=65536) as client:
        client.send(request("GET", f"/bytes/{SIZE}", f"connection: {kept}"))
        assert read_slowly(client, SIZE) >= SIZE


@uvloop
def test_who_reads_slowly_gets_all_of_a_last_answer_with_more_sent(server: Any, loop: str) -> None:
    with server.client(receive_buffer=65536) as client:
        client.send(request("GET", f"/bytes/{SIZE}", "connection: close") + request("GET", "/inline/1"))
        assert read_slowly(client, SIZE) >= SIZE


@uvloop
def test_who_reads_slowly_at_the_end_of_the_server_gets_all(server: Any, loop: str) -> None:
    with server.client(receive_buffer=65536) as client:
        client.send(request("GET", f"/bytes/{SIZE}"))
        assert client.socket.recv(1000)
        server.process.terminate()
        assert read_slowly(client, SIZE - 1000) >= SIZE - 1000


@loops
def test_answers_nobody_reads_are_not_made(server: Any, loop: str) -> None:
    """Requests sent ahead wait while an answer is waiting; then who does not read is cut off."""
    count = 100
    with server.client(receive_buffer=65536) as client:
        before = server.memory()
        client.send(request("GET", f"/bytes/{4 * MEBI}") * count)
        time.sleep(DEADLINE / 2)
        assert server.memory() - before < 24 * MEBI
        time.sleep(3 * DEADLINE)
        with pytest.raises(OSError):
            until(lambda: client.socket.recv(MEBI) == b"")
            raise ConnectionResetError  # it may have been told in good order, too


@uvloop
def test_answers_of_large_bodies_come_in_order(server: Any, loop: str) -> None:
    with server.client(receive_buffer=65536) as client:
        for n in range(20):
            client.send(request("GET", f"/bytes/{200_000 + n}") + request("GET", f"/inline/{n}"))
        for n in range(20):
            assert len(client.answer().body) == 200_000 + n
            assert client.answer().json == {"n": n}


@uvloop
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="the kernel's table of connections is Linux's")
def test_the_kernel_keeps_little_for_who_does_not_read(server: Any, loop: str) -> None:
    with server.client(receive_buffer=65536) as client:
        client.send(request("GET", f"/bytes/{SIZE}"))
        time.sleep(DEADLINE / 2)
        kept = queued(server.address[1], client.socket.getsockname()[1])
        assert 0 < kept < MEBI
