"""What MCP servers are asked, and the programs that answer it: ours, the official SDK's, FastMCP's.

`add(a, b)` is what is called; other tools beside it are its like. Messages are of 2026-07-28, complete in
themselves, but for `HELLO`, with which clients of pipes begin.
"""

import json
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = "2026-07-28"
_PREFIX = "io.modelcontextprotocol/"
_CLIENT = {"name": "bench", "version": "1.0"}
_META = {
    f"{_PREFIX}protocolVersion": VERSION,
    f"{_PREFIX}clientCapabilities": {},
    f"{_PREFIX}clientInfo": _CLIENT,
}

HEADS = {
    "conduit": ('from conduit import Conduit\n\napp = Conduit(title="Bench")\napp.enable_mcp({words})\n'),
    "sdk": 'from mcp.server import MCPServer\n\nserver = MCPServer("Bench", log_level="WARNING")\n',
    "fastmcp": 'from fastmcp import FastMCP\n\nserver = FastMCP("Bench")\n',
}
_TOOL = 'def {name}(a: int, b: int) -> int:\n    """Add two numbers."""\n    return a + b\n'
TOOLS = {
    "conduit": "@app.tool()\n" + _TOOL,
    "sdk": "@server.tool()\n" + _TOOL,
    "fastmcp": "@server.tool\n" + _TOOL,
}
#: Without sessions and with JSON as answers: as fast as they are. Run as a program they speak over pipes.
TAILS = {
    "sdk": (
        "app = server.streamable_http_app(json_response=True, stateless_http=True)\n\n"
        'if __name__ == "__main__":\n    server.run()\n'
    ),
    "fastmcp": (
        "app = server.http_app(json_response=True, stateless_http=True)\n\n"
        'if __name__ == "__main__":\n    server.run(show_banner=False, log_level="WARNING")\n'
    ),
}
#: Rows of peers: what they are called, and what must be installed. The SDK's own name would be found in this
#: folder, for `mcp.py` stands here.
PEERS = {"sdk": ("MCP SDK", "mcp_types"), "fastmcp": ("FastMCP", "fastmcp")}


def program(framework: str, tools: int = 1, words: str = "") -> str:
    """A server with `add` and so many tools in all; ``words`` are ours to `enable_mcp`."""
    names = ["add", *(f"tool{i}" for i in range(1, tools))]
    parts = [HEADS[framework].format(words=words)]
    parts += [TOOLS[framework].format(name=name) for name in names]
    return "\n\n".join([*parts, *([TAILS[framework]] if framework in TAILS else [])])


def message(method: str, id: int = 1, **params: Any) -> bytes:
    """A request of 2026-07-28."""
    whole = {"jsonrpc": "2.0", "id": id, "method": method, "params": {**params, "_meta": _META}}
    return json.dumps(whole, separators=(",", ":")).encode()


def plain(method: str, id: int | None = 1, **params: Any) -> bytes:
    """A message of 2025-11-25; a notification where there is no id."""
    whole: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
    if id is not None:
        whole["id"] = id
    return json.dumps(whole, separators=(",", ":")).encode()


ADDING: Mapping[str, Any] = {"name": "add", "arguments": {"a": 1, "b": 2}}
CALL = message("tools/call", **ADDING)
LIST = message("tools/list")
HELLO = plain("initialize", 0, protocolVersion="2025-11-25", capabilities={}, clientInfo=_CLIENT)
READY = plain("notifications/initialized", None)


def headers(method: str, name: str = "") -> dict[str, str]:
    """What a POST of that request carries beside its body."""
    found = {
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": VERSION,
        "mcp-method": method,
    }
    return {**found, "mcp-name": name} if name else found


@dataclass(frozen=True)
class Posted:
    """A message as wrk posts it; ``text`` must be the first content of the answer."""

    body: bytes
    headers: Mapping[str, str]
    text: str
    path: str = "/mcp"

    @property
    def lua(self) -> str:
        """What wrk runs."""
        fields = "".join(f'wrk.headers["{name}"] = "{value}"\n' for name, value in self.headers.items())
        return f'wrk.method = "POST"\nwrk.body = [=[{self.body.decode()}]=]\n{fields}'

    def check(self, port: int) -> None:
        """Ends the bench where a server does not answer as all must."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}{self.path}", data=self.body, headers=dict(self.headers)
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            got = answer.read()
        check_text(got, self.text)


CALLED = Posted(CALL, headers("tools/call", "add"), "3")


def check_text(answer: bytes | str, text: str) -> None:
    """Nobody wins by answering wrongly."""
    told = json.loads(answer)
    if told.get("result", {}).get("content") != [{"type": "text", "text": text}]:
        sys.exit(f"wrong answer: {answer!r}")


def sources(folder: Path, tools: int, frameworks: Sequence[str] = ("conduit", *PEERS)) -> dict[str, Path]:
    """The programs as `app.py` in folders of their own."""
    found = {}
    for name in frameworks:
        found[name] = folder / f"{name}-{tools}"
        found[name].mkdir()
        (found[name] / "app.py").write_text(program(name, tools))
    return found
