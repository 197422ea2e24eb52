"""Drives an ASGI app without a server: `driven.py FOLDER SECONDS`, POSTs on stdin → CPU µs of each on stdout.

A program of its own: the folder of the benches, where `mcp.py` stands, must not be on the SDK's path.
In: a list of bodies and headers, as JSON. Out, as JSON: for each its first answer and microseconds.
"""

import asyncio
import json
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import Any


def scope_of(asked: dict[str, Any]) -> dict[str, Any]:
    """As uvicorn makes it."""
    fields = {"host": "127.0.0.1:8000", "content-length": str(len(asked["body"])), **asked["headers"]}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "root_path": "",
        "query_string": b"",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 40000),
        "headers": [(name.encode(), value.encode()) for name, value in fields.items()],
        "state": {},
    }


async def driven(app: Any, asked: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The first answer, and what one of those that follow takes."""
    scope, body, sent = scope_of(asked), asked["body"].encode(), list[Any]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if len(sent) < 2:
            sent.append(message)

    count, took = 1, 0.0
    while took < seconds:  # what comes before the last turn warms up
        count *= 2
        began = time.process_time()
        for _ in range(count):
            await app(dict(scope), receive, send)
        took = time.process_time() - began
    return {"answer": sent[-1]["body"].decode(), "us": 1e6 * took / count}


async def main() -> None:
    sys.path.insert(0, sys.argv[1])
    app: Any = import_module("app").app
    started, ending = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not started.is_set():
            return {"type": "lifespan.startup"}
        await ending.wait()
        return {"type": "lifespan.shutdown"}

    async def send(_: Any) -> None:
        started.set()

    async def live() -> None:
        with suppress(Exception):  # an app without a lifespan
            await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
        started.set()

    task = asyncio.ensure_future(live())
    await started.wait()
    json.dump([await driven(app, one, float(sys.argv[2])) for one in json.load(sys.stdin)], sys.stdout)
    ending.set()
    await task


if __name__ == "__main__":
    asyncio.run(main())
