"""MCP's memory over time: 100,000 calls, and 10,000 clients that say `initialize` and nothing after.

Claim: a server's own memory (USS) grows by less than 2 MB over each, a tenth of them before for warming up.
The calls come over HTTP and over pipes, the handshakes over HTTP, without and with sessions, and over the old
pair of a GET and POSTs; clients leave as soon as they are greeted. Beside them, 1,000 handshakes with the SDK
as it is by default, with sessions.
"""

import socket
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import mcp_stdio
from common import Row, build, conduit_run, goal, installed, serving, table, uvicorn
from load import lua_script, require_load, wrk
from mcp_http import CONNECTIONS
from mcp_programs import ADDING, CALLED, HELLO, PEERS, READY, plain, program
from processes import memory

CALLS, HANDSHAKES, OF_PEER = 100_000, 10_000, 1_000
ACCEPT = "accept: application/json, text/event-stream\r\ncontent-type: application/json\r\n"
#: What repeats something so many times, and gives how many it did.
Work = Callable[[int], int]


def posting(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:80\r\n{ACCEPT}content-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def until(one: socket.socket, ends: bytes) -> bytes:
    """What comes, to the first piece with ``ends`` in it."""
    found = b""
    while ends not in found:
        piece = one.recv(65536)
        if not piece:
            raise SystemExit(f"the server left a handshake: {found!r}")
        found += piece
    return found


def greeted(port: int, count: int) -> int:
    """So many clients over HTTP."""
    for _ in range(count):
        with socket.create_connection(("127.0.0.1", port), 10) as one:
            one.sendall(posting("/mcp", HELLO))
            until(one, b"serverInfo")
    return count


def greeted_by_pair(port: int, count: int) -> int:
    """So many clients over the pair: the stream names the address for POSTs, and brings the greeting."""
    get = b"GET /mcp HTTP/1.1\r\nhost: 127.0.0.1:80\r\naccept: text/event-stream\r\n\r\n"
    for _ in range(count):
        with socket.create_connection(("127.0.0.1", port), 10) as stream:
            stream.sendall(get)
            address = until(stream, b"session_id=").split(b"data: ", 1)[1].split()[0].decode()
            with socket.create_connection(("127.0.0.1", port), 10) as one:
                one.sendall(posting(address, HELLO))
                until(one, b" 202 ")
                until(stream, b"serverInfo")
    return count


def called(port: int, count: int) -> int:
    """At least so many calls over HTTP."""
    done = 0
    with lua_script(CALLED.lua) as script:
        while done < count:
            done += wrk(port, CALLED.path, 1, script, CONNECTIONS)[1]
    return done


@contextmanager
def over_http(row: Row, work: Callable[[int, int], int]) -> Iterator[tuple[int, Work]]:
    with serving(row) as (pid, port):
        yield pid, lambda count: work(port, count)


@contextmanager
def over_pipes(row: Row) -> Iterator[tuple[int, Work]]:
    lines = b"".join(plain("tools/call", i + 2, **ADDING) + b"\n" for i in range(CONNECTIONS))
    with mcp_stdio.started(row) as client:
        client.ask(HELLO + b"\n", 1)
        client.ask(READY + b"\n" + lines, CONNECTIONS)

        def calls(count: int) -> int:
            turns = -(-count // CONNECTIONS)
            for _ in range(turns):
                client.ask(lines, CONNECTIONS)
            return turns * CONNECTIONS

        yield client.pid, calls


def grown(pid: int, work: Work, count: int) -> tuple[int, float, float]:
    """How many were done, the memory before, in MB, and by how much it grew."""
    work(count // 10)
    time.sleep(0.5)  # until clients are seen to be gone
    before = memory(pid).uss
    done = work(count)
    time.sleep(0.5)
    return done, before * 1.024e-3, (memory(pid).uss - before) * 1.024e-3


def builds(folder: Path) -> dict[str, Path]:
    found = {}
    for name, words in (("http", ""), ("sessions", "sessions=True"), ("pair", 'transport="sse"')):
        source = folder / name
        source.mkdir()
        (source / "app.py").write_text(program("conduit", words=words))
        found[name] = build(source / "app.py", folder / f"dist-{name}", "cython")
    return found


def peer(folder: Path) -> list[Row]:
    """The SDK's server as it is by default: each `initialize` begins a session."""
    title, needs = PEERS["sdk"]
    text = program("sdk").replace("json_response=True, stateless_http=True", "")
    (folder / "sdk").mkdir()
    (folder / "sdk" / "app.py").write_text(text)
    return installed([Row(f"{title}, with sessions", uvicorn(folder / "sdk"), [needs])])


def run(chosen: Namespace) -> None:
    """The table, and the goals; once, whatever was ``chosen``."""
    require_load()
    lines, growths = [], {}
    with tempfile.TemporaryDirectory() as name:
        dist = builds(Path(name))
        http, sessions, pair = (Row(one, conduit_run(dist[one])) for one in ("http", "sessions", "pair"))
        pipes = Row("pipes", [*mcp_stdio.COMMAND, str(dist["http"])], env={"PYTHONPATH": str(dist["http"])})
        ways = [
            ("calls over HTTP", over_http(http, called), CALLS),
            ("calls over pipes", over_pipes(pipes), CALLS),
            ("handshakes over HTTP", over_http(http, greeted), HANDSHAKES),
            ("handshakes over HTTP, with sessions", over_http(sessions, greeted), HANDSHAKES),
            ("handshakes over the old pair", over_http(pair, greeted_by_pair), HANDSHAKES),
        ]
        theirs = [(f"handshakes, {row.name}", over_http(row, greeted), OF_PEER) for row in peer(Path(name))]
        for title, way, count in [*ways, *theirs]:
            with way as (pid, work):
                done, before, growth = grown(pid, work, count)
            lines.append([title, f"{done:,}", f"{before:.1f}", f"{growth:.2f}", f"{1e3 * growth / done:.2f}"])
            growths[title] = growth
    print(f"\nmemory\n\n{table(['', 'count', 'USS MB before', 'growth, MB', 'KB each'], lines)}\n")
    for title, _, _ in ways:
        print(goal(f"{title}: growth, MB", growths[title], most=2), flush=True)
