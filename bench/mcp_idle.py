"""9,000 idle streams of MCP in one process: the GET of the old pair, and `subscriptions/listen`.

Claim: at most 16 KiB of memory each, under `conduitc run` and behind plain uvicorn. All of them hear of a
changed resource afterwards. When their clients have left, nothing of them is open, and as many again take the
room of those ("MiB more again"). Beside it, what a stream costs under uvicorn where the app only holds it.
Needs 20,000 open files a process; `--streams` says how many there are to be.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from clients import more_files
from common import Row, built, conduit_run, goal, launched, options, require_proc, table, uvicorn, versions
from processes import family, files, memory

SOAK = os.environ.get("CONDUIT_SOAK") == "1"
#: KiB of a stream.
MOST = 16.0

APP = """\
from conduit import Conduit

app = Conduit()
app.enable_mcp(transport="TRANSPORT")


@app.resource("bench://changing")
def changing() -> str:
    \"\"\"Changes.\"\"\"
    return "changed"


@app.get("/change")
async def change() -> str:
    app.resource_updated("bench://changing")
    return "changed"
"""

RAW = """\
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    event = b"event: endpoint\\ndata: ?session_id=0\\n\\n"
    await send({"type": "http.response.body", "body": event, "more_body": True})
    while (await receive())["type"] != "http.disconnect":
        pass
"""

PREFIX = "io.modelcontextprotocol/"
UPDATED = b"notifications/resources/updated"


class Stream:
    """A connection whose answer does not end."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.socket.sendall(request)
        self.rest = b""

    def hear(self, mark: bytes) -> bytes:
        """What came up to the end of the event with this mark."""
        while (at := self.rest.find(mark)) < 0 or (end := self.rest.find(b"\n\n", at)) < 0:
            data = self.socket.recv(65536)
            if not data:
                raise OSError("the stream ended")
            self.rest += data
        got, self.rest = self.rest[:end], self.rest[end + 2 :]
        return got


class Beside:
    """POSTs of one client after another, on one connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def post(self, place: str, told: object) -> None:
        self.connection.request("POST", place, json.dumps(told), {"host": "localhost"})
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 202:
            raise OSError(f"{answer.status} for a message")


def asked(method: str, id_: int, **params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": id_, "method": method, "params": params}


def pair(port: int, beside: Beside) -> Stream:
    """A client of the old pair, which listens to the resource."""
    made = Stream(port, b"GET /mcp HTTP/1.1\r\nhost: localhost\r\n\r\n")
    place = made.hear(b"session_id=").rpartition(b"data: ")[2].strip().decode()
    about = {"capabilities": {}, "clientInfo": {"name": "idle", "version": "1"}}
    beside.post(place, asked("initialize", 1, protocolVersion="2024-11-05", **about))
    beside.post(place, asked("resources/subscribe", 2, uri="bench://changing"))
    made.hear(b'"id":2')
    return made


def listener(port: int, beside: Beside) -> Stream:
    """A client of 2026-07-28, which listens to it."""
    meta = {f"{PREFIX}protocolVersion": "2026-07-28", f"{PREFIX}clientCapabilities": {}}
    wishes = {"resourceSubscriptions": ["bench://changing"]}
    body = json.dumps(asked("subscriptions/listen", 1, _meta=meta, notifications=wishes)).encode()
    head = ["POST /mcp HTTP/1.1", "host: localhost", "content-type: application/json"]
    head += ["mcp-protocol-version: 2026-07-28", "mcp-method: subscriptions/listen"]
    made = Stream(port, "\r\n".join([*head, f"content-length: {len(body)}", "", ""]).encode() + body)
    made.hear(b"acknowledged")
    return made


def held(port: int, beside: Beside) -> Stream:
    """A stream that nobody hears anything on."""
    made = Stream(port, b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
    made.hear(b"session_id=")
    return made


def settled(pid: int, most: int) -> bool:
    """Whether the server has no more files open than that, within a while."""
    until = time.monotonic() + 60
    while files(pid) > most and time.monotonic() < until:
        time.sleep(0.1)
    return files(pid) <= most


def run(
    row: Row, begin: Callable[[int, Beside], Stream], count: int, hears: bool
) -> tuple[list[str], float, int]:
    """One line of the table; KiB of a stream, and how many streams were wrong in any way."""
    with launched(row) as (process, port):
        beside = Beside(port)
        for _ in range(50):  # what is made once is no stream's
            begin(port, beside).socket.close()
        time.sleep(1)
        open_before, before = files(process.pid), memory(process.pid).rss
        began = time.monotonic()
        streams = [begin(port, beside) for _ in range(count)]
        opened, full = time.monotonic() - began, memory(process.pid).rss
        wrong, heard = 0, 0.0
        if hears:
            began = time.monotonic()
            beside.connection.request("GET", "/change", headers={"host": "localhost"})
            beside.connection.getresponse().read()
            wrong = sum(not hears_of_it(one) for one in streams)
            heard = time.monotonic() - began
        wrong += ended(streams, process.pid, open_before)
        again = [begin(port, beside) for _ in range(count)]
        more = (memory(process.pid).rss - full) / 1024
        wrong += ended(again, process.pid, open_before)
        processes, each = len(family(process.pid)), (full - before) / count
        wrong += not ends(process)
    seconds = f"{heard:.1f}" if hears else ""
    line = [
        row.name,
        f"{count:,}",
        str(processes),
        f"{each:.1f}",
        f"{opened:.1f}",
        seconds,
        f"{more:.1f}",
        str(wrong),
    ]
    return line, each, wrong


def ended(streams: list[Stream], pid: int, most: int) -> bool:
    """The clients leave; whether the server keeps anything open."""
    for one in streams:
        one.socket.close()
    return not settled(pid, most)


def ends(process: subprocess.Popen[bytes]) -> bool:
    """Whether it does, in good order, when it is asked to."""
    process.terminate()
    try:
        return process.wait(60) in (0, -signal.SIGTERM)
    except subprocess.TimeoutExpired:
        process.kill()
        return False


def hears_of_it(stream: Stream) -> bool:
    try:
        return UPDATED in stream.hear(UPDATED)
    except OSError:
        return False


def main() -> None:
    parser = options("Idle streams of MCP", rounds=1, seconds=0)
    parser.add_argument("--streams", type=int, default=9000 if SOAK else 1000, help="default %(default)s")
    chosen = parser.parse_args()
    require_proc()
    count = min(chosen.streams, more_files() - 200)
    print(versions("uvicorn", "uvloop"))
    lines, goals = [], []
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        raw.mkdir()
        (raw / "app.py").write_text(RAW)
        lines.append(run(Row("uvicorn alone", uvicorn(raw)), held, count, False)[0])
        for transport, begin in (("sse", pair), ("http", listener)):
            source = Path(folder) / transport
            source.mkdir()
            dist = built(str(source), APP.replace("TRANSPORT", transport))
            what = {"sse": "the pair's GET", "http": "subscriptions/listen"}[transport]
            for name, command in (("conduitc run", conduit_run(dist)), ("plain uvicorn", uvicorn(dist))):
                line, each, wrong = run(Row(f"{what}, {name}", command), begin, count, True)
                lines.append(line)
                goals.append(goal(f"KiB of a stream, {what}, {name}", each, most=MOST))
                goals.append(goal(f"errors, {what}, {name}", wrong, most=0))
    head = ["", "streams", "processes", "KiB each", "s to open", "s to hear", "MiB more again", "errors"]
    print(f"\n{table(head, lines)}\n")
    print("\n".join(goals))


if __name__ == "__main__":
    main()
