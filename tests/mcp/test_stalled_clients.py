"""Clients that ask and do not read, that go away, that leave streams behind: nothing piles up for them."""

import json
import os
import time
from functools import partial
from pathlib import Path

import pytest

from tests.cli.servers import until
from tests.mcp.patient import (
    PING,
    abandoned,
    builds,
    files,
    listen,
    mebibytes,
    no_more_files,
    opened,
    posted,
    seen,
    speaks,
    threads_idle,
    works,
)
from tests.mcp.served import DOORS, serve
from tests.mcp.speakers import Http, Pair, Pipes, call, speaking
from tests.mcp.speaking import message

#: Memory that a client which does not read may cost.
MOST_MIB = 200


@pytest.fixture(scope="module")
def dists(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return builds(tmp_path_factory.mktemp("patient"))


@pytest.mark.parametrize("tool", ["much", "much_at_once"])
def test_pipes_that_nobody_reads(dists: dict[str, Path], tool: str) -> None:
    with speaking("stdio", dists["stdio"]) as (pipes, process):
        assert isinstance(pipes, Pipes)
        call(pipes, tool, size=1)
        told = message("tools/call", 0, name=tool, arguments={"size": 100_000})
        params = {**told["params"], "filler": "f" * 10_000}
        os.set_blocking(pipes.stdin, False)
        asked, rest, last = 0, b"", time.monotonic()
        while time.monotonic() - last < 1:  # until it takes no more
            if not rest:
                asked, rest = asked + 1, json.dumps({**told, "id": asked, "params": params}).encode() + b"\n"
            try:
                rest = rest[os.write(pipes.stdin, rest) :]
                last = time.monotonic()
            except BlockingIOError:
                time.sleep(0.01)
        assert mebibytes(process.pid) < MOST_MIB
        pipes.write(rest)
        for _ in range(asked):
            assert len(pipes.read()["result"]["content"][0]["text"]) == 100_000
        assert works(pipes)


def test_a_pipe_that_nobody_reads_does_not_keep_the_process(dists: dict[str, Path]) -> None:
    with speaking("stdio", dists["stdio"]) as (pipes, _):
        assert isinstance(pipes, Pipes)
        call(pipes, "much", size=1)
        pipes.write(json.dumps(message("tools/call", 7, name="much", arguments={"size": 1 << 20})).encode())
        assert pipes.end() in (0, 1)


@pytest.mark.parametrize("door", DOORS)
def test_streams_that_nobody_reads(dists: dict[str, Path], tmp_path: Path, door: str) -> None:
    """What a call says, what changes, and the answers of the old pair: nothing piles up, others go on."""
    with serve(dists["http"], tmp_path, door) as server:
        stalled = [posted(server, speaks(100_000)) for _ in range(3)]
        stalled += [posted(server, listen()) for _ in range(20)]
        other = Http(server)
        for _ in range(5):
            assert server.ask(b"GET /change/2000 HTTP/1.1\r\nhost: localhost\r\n\r\n").status == 200
            assert works(other)
        assert mebibytes(server.process.pid) < MOST_MIB
        for one in stalled:
            one.close()
        assert works(other)
        until(lambda: threads_idle(server, other))


@pytest.mark.parametrize("door", DOORS)
def test_a_pair_that_nobody_reads(dists: dict[str, Path], tmp_path: Path, door: str) -> None:
    with serve(dists["sse"], tmp_path, door) as server:
        stalled, other = Pair(server), Pair(server)
        for pair in (stalled, other):
            pair.ask(message("initialize", 0, _meta=None, protocolVersion="2024-11-05"))
        told = message("tools/call", 1, _meta=None, name="much_at_once", arguments={"size": 1_000_000})
        statuses = [stalled.post(json.dumps(told).encode()) for _ in range(200)]
        assert statuses[0] == 202 and statuses[-1] == 503
        told["params"]["name"] = "much"
        assert works(other)
        assert mebibytes(server.process.pid) < MOST_MIB
        for _ in range(statuses.count(202)):
            assert stalled.read()["id"] == 1
        until(lambda: stalled.post(PING % b"2") == 202)
        assert stalled.answer(2)["result"] == {}


@pytest.mark.parametrize("door", DOORS)
def test_who_goes_away_amid_a_call(dists: dict[str, Path], tmp_path: Path, door: str) -> None:
    with serve(dists["http"], tmp_path, door) as server:
        other = Http(server)
        gone = [posted(server, message("tools/call", n, name="waits", arguments={})) for n in range(20)]
        until(lambda: seen(other)["begun"] == 20)
        for one in gone:
            one.close()
        until(lambda: seen(other)["given up"] == 20)
        assert works(other)
    with serve(dists["sse"], tmp_path, door) as server:
        pair, beside = Pair(server), Pair(server)
        for client in (pair, beside):
            client.ask(message("initialize", 0, _meta=None, protocolVersion="2024-11-05"))
        for n in range(20):
            told = message("tools/call", n, _meta=None, name="waits", arguments={})
            assert pair.post(json.dumps(told).encode()) == 202
        until(lambda: seen(beside)["begun"] == 20)
        pair.stream.close()
        until(lambda: seen(beside)["given up"] == 20)
        assert pair.post(PING % b"1") == 404  # and the way to ask is closed


@pytest.mark.parametrize("door", DOORS)
def test_streams_that_are_opened_and_abandoned(dists: dict[str, Path], tmp_path: Path, door: str) -> None:
    for transport, begin in (("http", lambda server: posted(server, listen())), ("sse", abandoned)):
        with serve(dists[transport], tmp_path, door) as server:
            opened(server, begin, 20)
            before, memory = files(server), mebibytes(server.process.pid)
            for _ in range(10):
                opened(server, begin, 50)
            until(partial(no_more_files, server, before))
            assert mebibytes(server.process.pid) - memory < 10
            speaker = Pair(server) if transport == "sse" else Http(server)
            if isinstance(speaker, Pair):
                speaker.ask(message("initialize", 0, _meta=None, protocolVersion="2024-11-05"))
            assert works(speaker)
