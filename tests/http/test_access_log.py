"""The access log by itself: lines are whole, none is lost, and a slow reader delays nobody."""

import asyncio
import io
import json
import os
import threading
import time
from typing import Any

import pytest
from conduit.server import log as module
from conduit.server.log import Structured, logged, structured

SCOPE = {"client": ("10.0.0.1", 7), "method": "GET", "path": "/users/7", "query_string": b"a=1&token=t"}


class Pipe:
    """A log that writes into a pipe; ``read`` gives what came, once the pipe is closed."""

    def __init__(self, query: bool = False) -> None:
        self.end, begin = os.pipe()
        self.stream = open(begin, "w")  # noqa: SIM115  # closed by `read`
        self.log: Structured = structured(self.stream, query)

    def read(self) -> list[Any]:
        assert self.log.flush()
        self.stream.close()
        with open(self.end, "rb") as end:
            return [json.loads(line) for line in end.read().splitlines()]


def test_a_line() -> None:
    pipe = Pipe()
    before = time.time()
    pipe.log(SCOPE, 200, 13, 0.0123456)
    (line,) = pipe.read()
    stamp = line.pop("time")
    assert stamp[:19] in {
        time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(one)) for one in (before, before + 1)
    } and stamp.endswith("Z")
    assert line == {
        "client": "10.0.0.1",
        "method": "GET",
        "path": "/users/7",
        "status": 200,
        "bytes": 13,
        "ms": 12.346,
    }


def test_what_may_be_missing_or_odd() -> None:
    pipe = Pipe(query=True)
    pipe.log({**SCOPE, "client": None, "conduit.request_id": "abc"}, 404, 0, 0)
    pipe.log({**SCOPE, "path": '/"\n\x00\udc80é', "query_string": b"\xff"}, 200, 1, 1)
    first, second = pipe.read()
    assert first["client"] is None and first["request_id"] == "abc" and first["query"] == "a=1&token=t"
    assert second["path"] == '/"\n\x00?é' and second["query"] == "\xff"


def test_a_log_that_nobody_writes_to_is_flushed_at_once() -> None:
    assert Pipe().read() == []


def test_nothing_is_lost_between_threads() -> None:
    """The thread takes lines while they come; a reader reads meanwhile."""
    pipe = Pipe()
    found: list[bytes] = []

    def read() -> None:
        while data := os.read(pipe.end, 65536):
            found.append(data)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(20_000):
        pipe.log(SCOPE, number, 0, 0)
        if number % 1000 == 0:
            assert pipe.log.flush()
    assert pipe.log.flush(60)
    pipe.stream.close()
    reader.join()
    os.close(pipe.end)
    assert [json.loads(line)["status"] for line in b"".join(found).splitlines()] == list(range(20_000))


def test_a_reader_that_does_not_read_delays_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1 << 18)
    pipe = Pipe()
    for number in range(10_000):  # more than a pipe and the log hold: were these writes, this would not end
        pipe.log(SCOPE, number, 0, 0)
    assert not pipe.log.flush(0.2)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.extend(iter(lambda: os.read(pipe.end, 65536), b"")))
    reader.start()
    assert pipe.log.flush(60)
    pipe.log(SCOPE, 7, 0, 0)
    assert pipe.log.flush(60)
    pipe.stream.close()
    reader.join()
    os.close(pipe.end)
    lines = [json.loads(line) for line in b"".join(found).splitlines()]
    kept = [line["status"] for line in lines if "status" in line]
    lost = sum(line.get("lost", 0) for line in lines)
    assert kept[-1] == 7 and kept[:-1] == list(range(len(kept) - 1))
    assert lost > 0 and len(kept) - 1 + lost == 10_000


def test_a_reader_that_went_away() -> None:
    pipe = Pipe()
    os.close(pipe.end)
    for _ in range(1000):
        pipe.log(SCOPE, 200, 0, 0)
    assert pipe.log.flush()
    pipe.stream.close()


def test_several_writers_do_not_tear_lines() -> None:
    """A write of more than a pipe takes in one piece may be cut by another's."""
    written: list[bytes] = []
    pipe = Pipe()
    pipe.log._write_all = written.append  # type: ignore[method-assign,assignment]
    for number in range(1000):
        pipe.log(SCOPE, number, 0, 0)
    assert pipe.log.flush()
    assert len(written) > 1 and all(len(one) <= 4096 and one.endswith(b"\n") for one in written)
    pipe.stream.close()
    os.close(pipe.end)


def test_around_an_app() -> None:
    noted: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        if scope["path"] == "/fails":
            raise RuntimeError
        await send({"type": "http.response.start", "status": 201})
        await send({"type": "http.response.body", "body": b"12", "more_body": True})
        await send({"type": "http.response.body", "body": b"345"})

    async def send(message: Any) -> None:
        pass

    around = logged(app, lambda *what: noted.append(what[:3]))  # type: ignore[arg-type,return-value]
    scope = {"type": "http", "path": "/"}
    asyncio.run(around(scope, None, send))
    asyncio.run(around({"type": "lifespan"}, None, send))
    with pytest.raises(RuntimeError):
        asyncio.run(around({"type": "http", "path": "/fails"}, None, send))
    assert noted == [(scope, 201, 5), ({"type": "http", "path": "/fails"}, 500, 0)]


def test_a_stream_without_a_descriptor_is_refused() -> None:
    with pytest.raises(io.UnsupportedOperation):
        structured(io.StringIO())
