"""Run as a script: import an app, send it requests in process, print the answers as JSON.

``python ask.py FOLDER MODULE VARIABLE`` with ``[[method, target, headers, body], ...]`` on stdin; a body is
text or null. Each answer is ``[status, headers, body, events]``; the body is latin-1 text.
"""

import asyncio
import importlib
import json
import sys
from typing import Any
from urllib.parse import unquote

Answer = list[Any]


def scope_of(method: str, target: str, headers: list[list[str]], root_path: str = "") -> dict[str, Any]:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": root_path,
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }


async def ask(app: Any, method: str, target: str, headers: list[list[str]], body: str | None) -> Answer:
    """Send one request; the answer."""
    incoming = [{"type": "http.request", "body": (body or "").encode("utf-8", "surrogateescape")}]
    sent: list[dict[str, Any]] = []
    done = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if incoming:
            return incoming.pop()
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    try:
        await app(scope_of(method, target, headers), receive, send)
    except Exception:
        if not sent:
            raise  # a server would answer; where the answer had begun, it ends the connection
    done.set()
    start, *rest = sent
    body_bytes = b"".join(message.get("body", b"") for message in rest)
    pairs = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in start["headers"]]
    return [start["status"], pairs, body_bytes.decode("latin-1")]


async def main(folder: str, module: str, variable: str) -> list[Answer]:
    requests = json.load(sys.stdin)
    sys.path.insert(0, folder)
    app = getattr(importlib.import_module(module), variable)
    inbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    outbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    inbox.put_nowait({"type": "lifespan.startup"})
    lifespan = asyncio.create_task(app({"type": "lifespan", "asgi": {}, "state": {}}, inbox.get, outbox.put))
    started = asyncio.create_task(outbox.get())
    await asyncio.wait([lifespan, started], return_when=asyncio.FIRST_COMPLETED)
    if not started.done() or started.result()["type"] != "lifespan.startup.complete":
        raise SystemExit(f"did not start: {started.result() if started.done() else lifespan.exception()}")
    answers = [await ask(app, *request) for request in requests]
    inbox.put_nowait({"type": "lifespan.shutdown"})
    await lifespan
    return answers


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
