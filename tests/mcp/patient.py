"""A program whose tools take long or say much, and what is seen of those who do not wait for them."""

import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.http.serving import Server
from tests.mcp.served import build
from tests.mcp.speakers import Speaker, call
from tests.mcp.speaking import message

PING = b'{"jsonrpc":"2.0","id":%b,"method":"ping"}'
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


def builds(folder: Path) -> dict[str, Path]:
    """The program for each transport."""
    return {
        one: build(folder / one, PROGRAM.replace("TRANSPORT", f'transport="{one}"'))
        for one in ("http", "sse", "stdio")
    }


def works(speaker: Speaker, id_: Any = "next") -> bool:
    """Whether a good call is answered, by the very next message."""
    return bool(call(speaker, "add", id_, a=40)["result"]["structuredContent"] == {"result": 42})


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
