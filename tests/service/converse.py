"""Run as a script: import an app, open WebSocket connections to it in process, print what it sent as JSON.

``python converse.py FOLDER MODULE VARIABLE`` with ``[[target, headers, events, extensions], ...]`` on stdin;
an event is a text that the client sends, or a code with which it closes; without one it stays. Each
conversation is the list of what the app sent: the messages of ASGI, bytes as text. The line before says which
of ``starlette`` and ``rooms`` were imported before the first connection.
"""

import asyncio
import importlib
import json
import sys
from typing import Any
from urllib.parse import unquote

Message = dict[str, Any]


def scope_of(target: str, headers: list[list[str]], extensions: list[str]) -> Message:
    path, _, query = target.partition("?")
    return {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8000),
        "subprotocols": [],
        "state": {},
        "extensions": {name: {} for name in extensions},
    }


async def converse(
    app: Any, target: str, headers: list[list[str]], events: list[str | int], extensions: list[str]
) -> list[Message]:
    """One connection, from its beginning until the app is done with it."""
    incoming: list[Message] = [{"type": "websocket.connect"}]
    for event in events:
        if isinstance(event, int):
            incoming.append({"type": "websocket.disconnect", "code": event})
        else:
            incoming.append({"type": "websocket.receive", "text": event})
    sent: list[Message] = []

    async def receive() -> Message:
        if incoming:
            return incoming.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope_of(target, headers, extensions), receive, send)
    return sent


def plain(value: Any) -> Any:
    """What JSON can hold."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


async def main(folder: str, module: str, variable: str) -> None:
    sys.path.insert(0, folder)
    app = getattr(importlib.import_module(module), variable)
    print(json.dumps(sorted({"starlette", "rooms"} & sys.modules.keys())))
    print(json.dumps([plain(await converse(app, *one)) for one in json.load(sys.stdin)]))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
