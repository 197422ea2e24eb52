"""What makes MCP fast, where it could be lost unseen: what is imported, what is not begun; that short ways
mean what long ones do. No time is measured."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conduit.mcp import messages
from conduit.mcp.calls import Call
from conduit.mcp.checks import Headers
from conduit.mcp.stream import Streamed
from conduit.mcp.talk import Pending
from hypothesis import given
from hypothesis import strategies as st

from tests.mcp.programs import SHOP
from tests.mcp.speaking import modern, result
from tests.service.ways import WAYS, answers, made

LINES = (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}\n'
    '{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}\n'
    '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"text","arguments":{"words":"hat"}}}\n'
)
#: What a server over pipes has no use for before a call awaits, fails, or asks: each costs milliseconds.
LATER = {"asyncio", "logging", "hashlib", "hmac", "secrets", "socket", "ssl"}
NAME = b"mcp-name"


def modules(*words: str) -> set[str]:
    """What a process has imported at its end."""
    code = (
        "import sys; sys.argv[1:2] or sys.exit(print(*sys.modules, file=sys.stderr));"
        "from conduit.mcp.command import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], input=LINES, capture_output=True, text=True, check=True
    )
    assert done.stdout.count("\n") == (3 if words else 0), done.stderr
    return set(done.stderr.split())


def test_pipes_start_with_little(tmp_path: Path) -> None:
    program = SHOP["app.py"].replace("import asyncio\n", "").replace("asyncio", "__import__('asyncio')")
    assert not (modules(str(made("python", {"app.py": program}, tmp_path))) - modules()) & LATER


@given(
    given=st.lists(
        st.binary(max_size=6) | st.sampled_from([b"add", b" add ", b"=?base64?YWRk?="]), max_size=2
    ),
    text=st.text(max_size=6) | st.just("add"),
)
def test_a_header_that_says_so_at_a_glance_says_so(given: list[bytes], text: str) -> None:
    headers = Headers([(NAME, value) for value in given])
    if headers.says(NAME, text):
        assert headers.once(NAME) == text
    assert headers.says(NAME, "add") == (given == [b"add"])


class Offer:
    """A tool of the app's own."""

    seconds = None
    name = "waits"


async def served(lasts: bool) -> tuple[int, list[Any]]:
    """How often the client was listened to meanwhile, and what was sent."""
    watched, sent, asked = asyncio.Event(), list[Any](), 0

    async def receive() -> Any:
        nonlocal asked
        asked += 1
        watched.set()
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    async def begin() -> int:
        await (watched.wait() if lasts else asyncio.sleep(0))
        return 3

    call = Call(Offer(), lambda context: begin(), lambda value: b'"content":%d' % value)
    call.message = messages.read(b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"waits"}}')
    await Streamed(call, Pending()).deliver({}, receive, send)
    return asked, sent


@pytest.mark.parametrize("lasts", [False, True])
def test_only_a_call_that_lasts_is_watched(lasts: bool) -> None:
    asked, (start, body) = asyncio.run(asyncio.wait_for(served(lasts), 60))
    assert asked == lasts
    assert dict(start["headers"]) == {
        b"content-type": b"application/json",
        b"content-length": b"%d" % len(body["body"]),
    }
    assert body["body"] == b'{"jsonrpc":"2.0","id":1,"result":{"content":3}}'


PAIRS = {
    "app.py": '''from dataclasses import dataclass

from conduit import Conduit

app = Conduit()
app.enable_mcp()


@dataclass
class Public:
    name: str


@dataclass
class Item(Public):
    secret: str


@app.tool()
def pair() -> tuple[int, Public]:
    """A number and an item: no status of HTTP."""
    return 1, Item("hat", "s")
'''
}


@pytest.mark.parametrize("way", WAYS)
def test_a_tuple_is_kept_to_its_declared_types(way: str, tmp_path: Path) -> None:
    (answer,) = answers(way, PAIRS, [modern("tools/call", name="pair", arguments={})], tmp_path)
    assert result(answer)["structuredContent"] == {"result": [1, {"name": "hat"}]}
