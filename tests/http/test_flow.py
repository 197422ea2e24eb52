"""Flow: streams in and out, back-pressure both ways, clients that go away."""

import shutil
import subprocess
import time
from typing import Any

import pytest

from tests.http.client import Closed
from tests.http.serving import Server, request, until
from tests.http.ways import every, ours

MEBI = 1 << 20
CHUNKED = "transfer-encoding: chunked"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def notes(server: Server) -> list[str]:
    found: list[str] = server.get("/notes").json
    return found


def noted(server: Server, *wanted: str) -> bool:
    return bool(until(lambda: all(one in notes(server) for one in wanted), lambda: str(notes(server))))


def tell(server: Server, name: str) -> None:
    assert server.ask(request("POST", f"/set/{name}")).status == 200


@every
def test_a_streamed_body_is_heard_piece_by_piece(served: Any, way: str) -> None:
    server = served("behaviour", way)
    with server.client() as client:
        client.send(request("POST", "/pieces", CHUNKED))
        for number in range(3):
            client.send(chunk(b"piece-%d" % number))
            noted(server, f"piece piece-{number}")
        client.send(b"0\r\n\r\n")
        assert client.answer().json == {"sizes": [7, 7, 7]}
        client.send(request("GET", "/inline/1"))
        assert client.answer().json == {"n": 1}


@every
def test_a_body_with_a_length_is_heard_as_it_comes(served: Any, way: str) -> None:
    server = served("behaviour", way)
    with server.client() as client:
        client.send(request("POST", "/pieces", "content-length: 12") + b"first-")
        noted(server, "piece first-")
        client.send(b"second")
        assert sum(client.answer().json["sizes"]) == 12


@every
def test_what_comes_is_sent_back_as_it_comes(shared: Any, way: str) -> None:
    with shared("behaviour", way).client() as client:
        client.send(request("POST", "/back", CHUNKED))
        for number in range(4):
            client.send(chunk(b"part %d" % number))
            if number == 0:
                assert client.start().status == 200
            assert client.chunk() == b"part %d" % number
        client.send(b"0\r\n\r\n")
        assert client.chunk() == b""
        client.send(request("GET", "/inline/1"))
        assert client.answer().json == {"n": 1}


@every
def test_events_come_one_by_one(shared: Any, way: str) -> None:
    with shared("behaviour", way).client() as client:
        client.send(request("GET", "/ticks"))
        start = client.start()
        assert start.header("content-type").startswith("text/event-stream")
        for _ in range(3):
            assert client.chunk() == b"data: tick\n\n"


@ours
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_client_that_does_not_read_is_waited_for(served: Any, way: str, loop: str) -> None:
    """A big stream is made no faster than it is read: memory stays, and the rest comes when it is wanted."""
    pytest.importorskip(loop)
    server = served("behaviour", way, "--loop", loop)
    size = 200
    with server.client(receive_buffer=65536) as client:
        before = server.memory()
        client.send(request("GET", f"/flood/{size}"))
        assert client.start().status == 200
        last = -1

        def still() -> bool:
            nonlocal last
            time.sleep(0.3)
            made: int = server.get("/flooded").json["blocks"]
            same, last = made == last, made
            return same

        until(still)
        assert last < size * 8, "the whole stream was made though nobody reads"
        assert server.memory() - before < 24 * MEBI
        assert sum(len(piece) for piece in client.chunks()) == size * MEBI
        assert server.memory() - before < 24 * MEBI
        client.send(request("GET", "/inline/1"))
        assert client.answer().json == {"n": 1}
    assert "flood done" in notes(server)


@ours
@pytest.mark.parametrize("how", ["content-length: 33554432", CHUNKED])
def test_a_handler_that_does_not_read_stops_the_client(served: Any, way: str, how: str) -> None:
    server = served("behaviour", way)
    whole = 32 * MEBI
    with server.client() as client:
        client.send(request("POST", "/hold/it", how))
        noted(server, "holds it")
        before, sent = server.memory(), 0
        client.socket.settimeout(1)
        body = b"y" * whole if "length" in how else chunk(b"y" * MEBI) * 32 + b"0\r\n\r\n"
        try:
            while sent < len(body):
                sent += client.socket.send(body[sent : sent + 65536])
        except TimeoutError:
            pass
        assert sent < whole, "everything was taken though nobody reads it"
        assert server.memory() - before < 8 * MEBI
        client.socket.settimeout(30)
        tell(server, "it")
        client.send(body[sent:])
        assert client.answer().json == {"size": whole}


@every
@pytest.mark.parametrize("farewell", ["close", "reset"])
def test_a_stream_ends_when_its_client_goes(served: Any, way: str, farewell: str) -> None:
    server = served("behaviour", way)
    client = server.client()
    client.send(request("GET", "/ticks"))
    client.start()
    client.chunk()
    getattr(client, farewell)()
    noted(server, "ticks closed")
    assert server.get("/inline/1").json == {"n": 1}


@every
def test_a_stream_that_waits_for_the_client_ends_too(served: Any, way: str) -> None:
    server = served("behaviour", way)
    client = server.client(receive_buffer=65536)
    client.send(request("GET", "/flood/500"))
    client.start()
    until(lambda: server.get("/flooded").json["blocks"] > 2)  # the kernel is given little ahead
    client.reset()
    noted(server, "flood closed")
    assert "flood done" not in notes(server)


@every
def test_a_handler_that_reads_sees_the_client_go(served: Any, way: str) -> None:
    server = served("behaviour", way)
    client = server.client()
    client.send(request("POST", "/reads", "content-length: 100") + b"only some")
    time.sleep(0.1)
    client.close()
    noted(server, "reads Disconnected")


@every
def test_a_handler_that_answers_once_is_not_cancelled(served: Any, way: str) -> None:
    """ASGI cancels nothing by itself: what was begun goes on without its client."""
    server = served("behaviour", way)
    client = server.client()
    client.send(request("GET", "/wait/gone"))
    noted(server, "waits gone")
    client.close()
    time.sleep(0.2)
    tell(server, "gone")
    noted(server, "waited gone")
    assert "cancelled gone" not in notes(server)


@ours
def test_a_client_that_ends_its_side_is_gone(served: Any, way: str) -> None:
    server = served("behaviour", way)
    with server.client() as client:
        client.send(request("POST", "/reads", "content-length: 100") + b"only some")
        client.socket.shutdown(1)
        noted(server, "reads Disconnected")
        assert client.closed()


@ours
def test_thousands_of_aborted_requests_leave_nothing(served: Any, way: str) -> None:
    server = served("behaviour", way)
    asked = (
        request("GET", "/ticks"),
        request("GET", "/flood/1"),
        request("POST", "/reads", "content-length: 100000") + b"x" * 70_000,
        request("POST", "/body/1", CHUNKED) + b"5\r\nab",
        request("GET", "/inline/1")[:-3],
        request("GET", "/thread/1"),
    )

    def abort(rounds: int) -> None:
        for number in range(rounds):
            client = server.client()
            client.send(asked[number % len(asked)])
            client.reset()
            server._clients.clear()

    abort(1200)
    settled = server.memory()
    abort(2400)
    assert server.get("/inline/1").status == 200
    assert server.memory() - settled < 6 * MEBI


@every
def test_an_answer_that_breaks_off_is_seen_to(shared: Any, way: str) -> None:
    with shared("behaviour", way).client() as client:
        client.send(request("GET", "/raise/stream/error"))
        with pytest.raises(Closed):
            client.answer()
    assert shared("behaviour", way).get("/inline/1").json == {"n": 1}


@ours
@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 65_536, 1_000_000, 20_000_000])
def test_bodies_of_any_size(shared: Any, way: str, size: int) -> None:
    with shared("behaviour", way).client() as client:
        client.send(request("GET", f"/text/{size}") * 2)
        for _ in range(2):
            answer = client.answer()
            assert answer.body == b"x" * size and answer.header("content-length") == str(size)
        client.send(request("POST", "/body/1", body=b"z" * size))
        assert client.answer().json == {"n": 1, "size": size}


@ours
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_large_files(served: Any, way: str, loop: str, tmp_path: Any) -> None:
    pytest.importorskip(loop)
    data = bytes(range(256)) * 4096 * 40
    path = tmp_path / "large.bin"
    path.write_bytes(data)
    server = served("behaviour", way, "--loop", loop, env={"LARGE_FILE": str(path)})
    with server.client() as client:
        before = server.memory()
        client.send(request("GET", "/large") + request("HEAD", "/large") + request("GET", "/inline/1"))
        answer = client.answer()
        assert answer.header("content-length") == str(len(data)) and answer.body == data
        head = client.answer(head=True)
        assert head.header("content-length") == str(len(data))
        assert client.answer().json == {"n": 1}
        assert server.memory() - before < 24 * MEBI
        client.send(request("GET", "/large"))
        client.start()
        client.reset()
    assert server.get("/inline/2").json == {"n": 2}


@ours
@pytest.mark.parametrize(("loop", "by_kernel"), [("asyncio", True), ("uvloop", False)])
def test_files_are_sent_by_the_kernel_where_the_loop_can(
    served: Any, way: str, loop: str, by_kernel: bool, tmp_path: Any
) -> None:
    pytest.importorskip(loop)
    if shutil.which("strace") is None:
        pytest.skip("strace tells what the server asks of the kernel")
    path, calls = tmp_path / "large.bin", tmp_path / "calls"
    path.write_bytes(b"0123456789abcdef" * 200_000)
    server = served("behaviour", way, "--loop", loop, env={"LARGE_FILE": str(path)})
    watch = ["strace", "-f", "-e", "trace=sendfile", "-o", str(calls), "-p", str(server.process.pid)]
    with subprocess.Popen(watch, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        if "attached" not in tracer.stderr.readline():
            pytest.skip("no process may be traced here")
        assert server.get("/large").body == path.read_bytes()
        tracer.terminate()
    assert ("sendfile(" in calls.read_text()) == by_kernel
