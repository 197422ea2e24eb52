"""The floor: all that 2026-07-28 asks to be checked of a request, by hand, and then always the same bytes.

``app`` stands behind ASGI. ``entry()`` stands in the tables of a build in the place of MCP's own door, for
the compiled protocol. No tool is called and no answer made: what is beyond it is the cost of offering tools.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from msgspec import DecodeError
from msgspec.json import decode

VERSION = "2026-07-28"
PREFIX = "io.modelcontextprotocol/"
OURS = frozenset({"localhost", "127.0.0.1", "::1"})
SUBJECTS = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
ANSWER = os.environ.get("ANSWER", "").encode()
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(ANSWER))],
}
BODY = {"type": "http.response.body", "body": ANSWER}
BAD = {"type": "http.response.start", "status": 400, "headers": [(b"content-length", b"0")]}
NOTHING = {"type": "http.response.body", "body": b""}


def host_of(value: str) -> str | None:
    return urlsplit(f"//{value}").hostname


def passes(given: list[tuple[bytes, bytes]], raw: bytes) -> bool:
    """Whether the request is one that may be answered."""
    headers = {name.decode(): value.decode("latin-1").strip() for name, value in given}
    if len(headers) != len(given) or host_of(headers.get("host", "")) not in OURS:
        return False
    if "origin" in headers and urlsplit(headers["origin"]).hostname not in OURS:
        return False
    try:
        told = decode(raw)
    except (DecodeError, RecursionError):
        return False
    if not isinstance(told, dict) or told.get("jsonrpc") != "2.0" or type(told.get("id")) not in (int, str):
        return False
    method: Any = told.get("method")
    params: Any = told.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    if not isinstance(meta, dict) or not isinstance(meta.get(f"{PREFIX}clientCapabilities"), dict):
        return False
    version = meta.get(f"{PREFIX}protocolVersion")
    if version != VERSION or headers.get("mcp-protocol-version") != version:
        return False
    if headers.get("mcp-method") != method:
        return False
    subject = SUBJECTS.get(method)
    return subject is None or headers.get("mcp-name") == params.get(subject)


def serve(scope: Any, hit: Any, raw: bytes) -> Any:
    """As the entry of a build's tables."""
    return (START, BODY) if scope["method"] == "POST" and passes(scope["headers"], raw) else (BAD, NOTHING)


def entry() -> Any:
    """For the tables of a build; it awaits nothing but the body."""
    from conduit.http.entry import Entry

    return Entry(serve, True, (), "floor", max_body=1 << 20, body_only=True)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Behind ASGI."""
    if scope["type"] != "http":
        return
    raw, more = b"", True
    while more:
        message = await receive()
        raw += message.get("body", b"")
        more = message.get("more_body", False)
    start, body = serve(scope, None, raw)
    await send(start)
    await send(body)
