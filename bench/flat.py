"""Memory over time: ten million requests, and a hundred thousand that their clients break off.

Claim: it stays flat. A mixture of requests (small, typed, with a body, wrong, unknown) warms the server up;
from then on its own memory (USS) may grow by one per cent and a MiB at most, to allow for the allocator.
Clients break off in a head, in a body, before an answer, in a stream. Without a soak the counts are smaller.
"""

import os
import socket
import struct
import subprocess
import tempfile
import time
from contextlib import suppress

from clients import asking
from common import Row, built, conduit_run, goal, launched, options, table, versions
from load import command_of, found, lua_script, require_load
from processes import files, memory

SOAK = os.environ.get("CONDUIT_SOAK") == "1"
RESET = struct.pack("ii", 1, 0)

APP = """\
import asyncio
from dataclasses import dataclass

from conduit import Conduit, Event

app = Conduit()


@dataclass
class Item:
    name: str
    tags: list[str]


@app.get("/")
def hello(request):
    return {"message": "Hello, World!"}


@app.get("/users/:id")
def user(id: int, q: str = "none"):
    return {"id": id, "q": q}


@app.post("/items")
async def add(item: Item) -> Item:
    return item


@app.get("/slow")
async def slow():
    await asyncio.sleep(0.05)
    return {"slow": True}


@app.get("/events")
async def events():
    while True:
        yield Event("x" * 100)
        await asyncio.sleep(0.01)
"""

#: Of six requests one is answered 404 and one 422, which wrk counts as such.
LUA = """\
local json = {["content-type"] = "application/json"}
local requests = {}
function init()
  for i = 1, 64 do
    requests[#requests + 1] = wrk.format("GET", "/")
    requests[#requests + 1] = wrk.format("GET", "/users/" .. i)
    requests[#requests + 1] = wrk.format("GET", "/users/" .. i .. "?q=a%20b")
    local body = '{"name": "n' .. i .. '", "tags": ["a", "b"]}'
    requests[#requests + 1] = wrk.format("POST", "/items", json, body)
    requests[#requests + 1] = wrk.format("POST", "/items", json, '{"name": ' .. i .. '}')
    requests[#requests + 1] = wrk.format("GET", "/nothing/" .. i)
  end
end
local n = 0
function request()
  n = n % #requests + 1
  return requests[n]
end
"""

BODY = b"POST /items HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 50000\r\n\r\n"
CHUNKED = b"POST /items HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nfff\r\n"
#: What is sent before the client breaks off, and whether it waits for the beginning of an answer.
BROKEN = (
    (b"", False),
    (b"GET / HT", False),
    (b"GET / HTTP/1.1\r\nhost: a\r\nx-long: " + b"y" * 5000, False),
    (BODY + b'{"name": "', False),
    (CHUNKED + b"[" * 100, False),
    (asking("/"), False),
    (asking("/") * 20, False),
    (asking("/slow"), False),
    (asking("/events"), True),
)


def requests(pid: int, port: int, count: int) -> list[tuple[int, int]]:
    """USS in KiB over at least so many requests, after a tenth of them for warming up."""
    seen: list[tuple[int, int]] = []
    done, step = -count // 10, 5.0
    with lua_script(LUA) as script:
        while done < count:
            command = command_of(port, "/", step, script)
            report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            done += int(found(r"(\d+) requests in", report))
            if done >= 0:
                time.sleep(0.5)  # until wrk's connections are seen to be gone
                seen.append((done, memory(pid).uss))
    return seen


def aborted(pid: int, port: int, count: int) -> list[tuple[int, int]]:
    """The same over so many requests that are broken off, half of them by a reset."""
    seen = []
    for number in range(-count // 10, count):
        text, waits = BROKEN[number % len(BROKEN)]
        with socket.create_connection(("127.0.0.1", port), 10) as one, suppress(OSError):
            if number % 2:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            one.sendall(text)
            if waits:
                one.recv(1000)
        if number >= 0 and number % max(1, count // 20) == 0:
            time.sleep(0.5)
            seen.append((number, memory(pid).uss))
    time.sleep(3)
    seen.append((count, memory(pid).uss))
    return seen


def main() -> None:
    parser = options("Memory over time", rounds=1, seconds=0)
    parser.add_argument(
        "--requests", type=int, default=10_000_000 if SOAK else 200_000, help="default %(default)s"
    )
    parser.add_argument("--aborted", type=int, default=100_000 if SOAK else 5_000, help="default %(default)s")
    chosen = parser.parse_args()
    require_load()
    print(versions("uvicorn", "uvloop", "msgspec"))
    lines, grown = [], []
    with tempfile.TemporaryDirectory() as folder:
        command = conduit_run(built(folder, APP, "--no-fold"), level="critical")
        with launched(Row("conduitc run", command)) as (process, port):
            open_before = files(process.pid)
            for title, load, count in (
                ("requests", requests, chosen.requests),
                ("aborted", aborted, chosen.aborted),
            ):
                seen = load(process.pid, port, count)
                first, last = seen[0][1], seen[-1][1]
                most = max(uss for _, uss in seen)
                figures = (f"{one / 1024:.2f}" for one in (first, most, last))
                lines.append([title, f"{seen[-1][0]:,}", *figures])
                grown.append((title, last - first, first // 100 + 1024))
            left = files(process.pid) - open_before
    print(f"\n{table(['', 'count', 'USS MiB, warm', 'most', 'at the end'], lines)}\n")
    for title, growth, allowed in grown:
        print(goal(f"{title}: growth, KiB", growth, most=allowed))
    print(goal("files left open", left, most=0))


if __name__ == "__main__":
    main()
