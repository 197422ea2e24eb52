"""Clients that misbehave: each gets its right answer, and the next request works, for them and for others."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cli.servers import until
from tests.http.serving import Server
from tests.mcp.served import DOORS, build, serve
from tests.mcp.speakers import Http, Pair, Pipes, Speaker, call, speaking
from tests.mcp.speaking import message

PROGRAM = '''import asyncio

from conduit import Conduit, Context

app = Conduit(title="Patient")
app.enable_mcp(TRANSPORT)
seen = {"begun": 0, "given up": 0}


@app.tool()
def add(a: int, b: int = 2) -> int:
    """Add."""
    return a + b


@app.tool()
def echo(text: str) -> int:
    """How long a text is."""
    return len(text)


@app.tool()
async def much(size: int) -> str:
    """Much text."""
    await asyncio.sleep(0)
    return "x" * size


@app.tool()
def much_at_once(size: int) -> str:
    """Much text."""
    return "x" * size


@app.tool()
async def waits() -> str:
    """Wait until it is given up."""
    seen["begun"] += 1
    try:
        await asyncio.sleep(3600)
    finally:
        seen["given up"] += 1
    return "never"


@app.tool()
async def speaks(ctx: Context, times: int) -> str:
    """Tell much."""
    for n in range(times):
        ctx.progress(n, message="m" * 1000)
        if n % 100 == 0:
            await asyncio.sleep(0)
    return "spoken"


@app.tool()
def counts() -> dict[str, int]:
    """What was seen."""
    return dict(seen)


@app.resource("thing://changing")
def changing() -> str:
    """Changes."""
    return "changed"


@app.get("/change/:times")
async def change(times: int) -> str:
    for _ in range(times):
        app.resource_updated("thing://changing")
    return "changed"
'''

TRANSPORTS = ("http", "legacy", "sse", "stdio")
DOOR = [*DOORS][-1]
#: Memory that a client which does not read may cost.
MOST_MIB = 200

PING = b'{"jsonrpc":"2.0","id":%b,"method":"ping"}'
DEEP = b"[" * 10_000 + b"]" * 10_000
#: What is sent; the code that answers it, and the id.
MALFORMED: list[tuple[bytes, int, Any]] = [
    (b"{", -32700, None),
    (b"nul", -32700, None),
    (b'{"a": NaN}', -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":-Infinity}}', -32700, None),
    (b"'a'", -32700, None),
    (b"{}{}", -32700, None),
    (b"\xff\xfe", -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"\xc3"}', -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"\xed\xa0\x80"}', -32700, None),
    (b"\xef\xbb\xbf" + PING % b"1", -32700, None),
    (PING % b"1" + b"\x00", -32700, None),
    (b"\x00" + PING % b"1", -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"pi\x00ng"}', -32700, None),
    (DEEP, -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"arguments":%b}}' % DEEP, -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"unknown":%b}}' % DEEP, -32700, None),
    (b'{"jsonrpc":"2.0","id":"x","result":%b}' % DEEP, -32700, None),
    (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, -32700, None),
    (PING % b"1e400", -32700, None),
    (b"[]", -32600, None),
    (b"[%b]" % (PING % b"1"), -32600, None),
    (b"[%b,%b]" % (PING % b"1", PING % b"2"), -32600, None),
    (b"1", -32600, None),
    (b'"ping"', -32600, None),
    (b"null", -32600, None),
    (b"{}", -32600, None),
    (PING % b"1.5", -32600, None),
    (PING % b"true", -32600, None),
    (PING % b"null", -32600, None),
    (PING % b"{}", -32600, None),
    (PING % b"[1]", -32600, None),
    (b'{"jsonrpc":"2.0","id":9,"method":7}', -32600, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":null}', -32600, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":["ping"]}', -32600, 9),
    (b'{"jsonrpc":"1.0","id":9,"method":"ping"}', -32600, 9),
    (b'{"jsonrpc":2.0,"id":9,"method":"ping"}', -32600, 9),
    (b'{"id":9,"method":"ping"}', -32600, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":"ping","params":[1]}', -32602, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":"ping","params":"x"}', -32602, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":"ping","params":null}', -32602, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":"ping","params":{"_meta":7}}', -32602, 9),
]
#: What nobody answers.
SILENT = [
    b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"nobody asked"}}',
    b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}',
    b'{"jsonrpc":"2.0","method":"notifications/cancelled"}',
    b'{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":2}}',
    b'{"jsonrpc":"2.0","method":"notifications/nobody/knows"}',
    b'{"jsonrpc":"2.0","method":"tools/call","params":{"name":"add","arguments":{"a":1}}}',
    b'{"jsonrpc":"2.0","method":"ping"}',
    b'{"jsonrpc":"2.0","id":"nobody asked","result":{}}',
    b'{"jsonrpc":"2.0","id":77,"error":{"code":-1,"message":"no"}}',
    b'{"jsonrpc":"2.0","id":"both","result":{},"error":{"code":-1,"message":"no"}}',
]


@pytest.fixture(scope="module")
def dists(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("patient")
    return {
        one: build(folder / one, PROGRAM.replace("TRANSPORT", f'transport="{one}"'))
        for one in ("http", "sse", "stdio")
    }


@pytest.fixture(scope="module", params=TRANSPORTS)
def spoken(request: pytest.FixtureRequest, dists: dict[str, Path]) -> Iterator[Speaker]:
    with speaking(request.param, dists[request.param.replace("legacy", "http")], DOOR) as (speaker, process):
        yield speaker
        assert process.poll() is None


def works(speaker: Speaker, id_: Any = "next") -> bool:
    """Whether a good call is answered, by the very next message."""
    return bool(call(speaker, "add", id_, a=40)["result"]["structuredContent"] == {"result": 42})


def answer(speaker: Speaker, raw: bytes) -> tuple[int, Any]:
    """The code and the id of the error that answers it."""
    if isinstance(speaker, Http):
        status, said = speaker.raw(raw)
        assert status == 400
        found = said[-1]
    else:
        send(speaker, raw)
        found = speaker.read()
    assert isinstance(found["error"]["message"], str)
    return found["error"]["code"], found["id"]


def send(speaker: Speaker, raw: bytes) -> None:
    if isinstance(speaker, Pipes):
        speaker.write(raw + b"\n")
    elif isinstance(speaker, Pair):
        assert speaker.post(raw) == 202
    else:
        assert speaker.raw(raw) == (202, [])


@pytest.mark.parametrize(("raw", "code", "id_"), MALFORMED, ids=[repr(one[0][:60]) for one in MALFORMED])
def test_what_is_no_message(spoken: Speaker, raw: bytes, code: int, id_: Any) -> None:
    if spoken.modern and isinstance(spoken, Http) and code == -32602:
        pytest.skip("its headers are looked at first")
    if isinstance(spoken, Http) and not spoken.modern and code == -32602:
        found = spoken.raw(raw)[1][-1]
        assert (found["error"]["code"], found["id"]) == (code, id_)
    else:
        assert answer(spoken, raw) == (code, id_)
    assert works(spoken)


@pytest.mark.parametrize("raw", SILENT)
def test_what_is_not_answered(spoken: Speaker, raw: bytes) -> None:
    send(spoken, raw)
    assert works(spoken)


def test_odd_messages_that_are_good(spoken: Speaker) -> None:
    if isinstance(spoken, Http) and spoken.modern:
        pytest.skip("ping is of the other era")
    for id_ in (b"0", b"-1", b"9007199254740993", b"18446744073709551616", b'""', b'"\\u0000\\ud83d\\ude00"'):
        raw = b' \r\t {"id":%b, "method":"ping", "jsonrpc":"2.0", "more":[{}]} \r' % id_
        if isinstance(spoken, Http):
            status, (found,) = spoken.raw(raw)
            assert status == 200
        else:
            send(spoken, raw)
            found = spoken.read()
        if spoken.modern:  # it says which version it speaks, or what it lacks
            assert found["id"] == json.loads(id_)
        else:
            assert found == {"jsonrpc": "2.0", "id": json.loads(id_), "result": {}}
    twice = b'{"jsonrpc":"2.0","id":1,"id":2,"method":"nope","method":"ping"}'
    found = spoken.raw(twice)[1][0] if isinstance(spoken, Http) else (send(spoken, twice), spoken.read())[1]
    assert found["id"] == 2 and "result" in found  # what is said last holds


def test_methods_that_are_not_there(spoken: Speaker) -> None:
    for method in ("nope", "tools/Call", "tools/call ", "", "__init__", "rpc.discover", "é", "x" * 10_000):
        told = message(method, method[:20], **({} if spoken.modern else {"_meta": None}))
        if isinstance(spoken, Http) and spoken.modern and not (method.isascii() and method.strip() == method):
            continue  # no header can say it so
        if method == "" and isinstance(spoken, Http) and spoken.modern:
            continue
        if isinstance(spoken, Http):
            status, (found,) = spoken.raw(json.dumps(told).encode(), told)
            assert status == (404 if spoken.modern else 200)
        else:
            found = spoken.ask(told)
        assert found["error"]["code"] == -32601 and len(found["error"]["message"]) < 200
    assert works(spoken)


def test_a_megabyte_and_more(spoken: Speaker) -> None:
    assert call(spoken, "echo", text="x" * 1_000_000)["result"]["structuredContent"] == {"result": 1_000_000}
    raw = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"' + b"x" * 1_000_000
    assert answer(spoken, raw) == (-32700, None)
    over = b'{"x":"' + b"x" * ((1 << 24) + 10) + b'"}'
    if isinstance(spoken, Pipes):
        assert answer(spoken, over) == (-32600, None)
    elif isinstance(spoken, Pair):
        assert spoken.post(over) == 413
        spoken.beside.close()
    else:
        assert spoken.raw(over) == (413, [])
        spoken.connection.close()
    assert works(spoken)


def test_ids_that_are_under_way(spoken: Speaker) -> None:
    if isinstance(spoken, Http):
        pytest.skip("requests over HTTP know nothing of each other")
    told = message("tools/call", "same", name="waits", arguments={})
    if not spoken.modern:
        del told["params"]["_meta"]
    for _ in range(2):
        send(spoken, json.dumps(told).encode())
    found = spoken.read()
    assert (found["id"], found["error"]["code"]) == ("same", -32600)
    cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "same"}}
    send(spoken, json.dumps(cancelled).encode())
    send(spoken, json.dumps(cancelled).encode())
    assert works(spoken, "same")  # the id is free again, and the call that was given up is not answered


def test_more_calls_than_one_client_may_have(spoken: Speaker) -> None:
    if isinstance(spoken, Http):
        pytest.skip("requests over HTTP know nothing of each other")
    told = message("tools/call", 0, name="waits", arguments={})
    if not spoken.modern:
        del told["params"]["_meta"]
    for id_ in range(1001):
        send(spoken, json.dumps({**told, "id": id_}).encode())
    found = spoken.read()
    assert (found["id"], found["error"]["code"]) == (1000, -32603)
    assert works(spoken)
    for id_ in range(1001):
        params = {"requestId": id_}
        told_ = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}
        send(spoken, json.dumps(told_).encode())
    assert works(spoken)


# -- lines --


def test_lines_of_any_kind(dists: dict[str, Path]) -> None:
    ping = PING.replace(b'"id":%b', b'"id":%d')
    with speaking("stdio", dists["stdio"]) as (pipes, _):
        assert isinstance(pipes, Pipes)
        pipes.write(b"\n\r\n \t \n" + ping % 1 + b"\r\n\n" + ping % 2 + b"\n" + ping % 3 + b"\n")
        assert [pipes.read()["id"] for _ in range(3)] == [1, 2, 3]
        for byte in ping % 4 + b"\n":
            pipes.write(bytes([byte]))
        assert pipes.read()["id"] == 4
        pipes.write(b'{"half": ')
        assert pipes.end() == 0
        assert pipes.read()["error"]["code"] == -32700


def test_half_a_line_beside_a_call(dists: dict[str, Path]) -> None:
    with speaking("stdio", dists["stdio"]) as (pipes, _):
        assert isinstance(pipes, Pipes)
        call(pipes, "much", size=1)
        pipes.write(PING % b"5")  # a good message without its line end is one all the same
        assert pipes.end() == 0
        assert pipes.read()["id"] == 5


# -- who does not read --


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


# -- who goes away --


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
        for one in (pair, beside):
            one.ask(message("initialize", 0, _meta=None, protocolVersion="2024-11-05"))
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


def opened(server: Server, begin: Callable[[Server], Any], count: int) -> None:
    for one in [begin(server) for _ in range(count)]:
        one.close()


def abandoned(server: Server) -> socket.socket:
    """A pair's stream; that it has begun, nobody waits for."""
    assert not isinstance(server.address, str)
    made = socket.create_connection(server.address, 60)
    made.sendall(b"GET /mcp HTTP/1.1\r\nhost: localhost\r\n\r\n")
    return made


def speaks(times: int) -> dict[str, Any]:
    arguments = {"times": times}
    return message("tools/call", 1, name="speaks", arguments=arguments, _meta={"progressToken": 1})


def listen() -> dict[str, Any]:
    return message("subscriptions/listen", 1, notifications={"resourceSubscriptions": ["thing://changing"]})


def posted(server: Server, told: dict[str, Any]) -> socket.socket:
    """A connection with a modern request on its way, whose answer nobody reads."""
    assert not isinstance(server.address, str)
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(server.address)
    body = json.dumps(told).encode()
    head = ["POST /mcp HTTP/1.1", "host: localhost", "content-type: application/json"]
    head += ["mcp-protocol-version: 2026-07-28", f"mcp-method: {told['method']}"]
    head += [f"mcp-name: {told['params']['name']}"] if "name" in told["params"] else []
    made.sendall("\r\n".join([*head, f"content-length: {len(body)}", "", ""]).encode() + body)
    return made


def seen(speaker: Speaker) -> dict[str, int]:
    found: dict[str, int] = call(speaker, "counts", "counts")["result"]["structuredContent"]
    return found


def threads_idle(server: Server, speaker: Speaker) -> bool:
    """Whether the server has nothing to do any more."""
    before = server.busy()
    time.sleep(0.2)
    return works(speaker) and server.busy() - before < 0.1


def no_more_files(server: Server, most: int) -> bool:
    return files(server) <= most


def files(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def mebibytes(process: int) -> float:
    """What a process holds of memory."""
    text = Path(f"/proc/{process}/statm").read_text()
    return int(text.split()[1]) * os.sysconf("SC_PAGESIZE") / (1 << 20)
