"""ASGI wrapper of the dev server: while the program is broken, browsers see the error.

Only page loads (``Accept: text/html``) are answered with it; every other client keeps getting answers from
the last good version.
"""

import html
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>conduitc dev: the program has errors</title>
<meta http-equiv="refresh" content="2">
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 60rem; padding: 0 1rem }}
pre {{ background: #1b1d23; color: #eee; padding: 1rem; overflow-x: auto; border-radius: 6px }}</style></head>
<body><h1>The program has errors</h1>
<p>Other clients still get answers from the last good version. This page reloads itself.</p>
<pre>{error}</pre></body></html>
"""


class ErrorPage:
    """Serves ``app``; shows the text of ``error_file`` to browsers while that file exists."""

    def __init__(self, app: ASGIApp, error_file: Path) -> None:
        self.app = app
        self.error_file = error_file

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_page_load(scope):
            error = self._error()
            if error is not None:
                await _answer(send, _PAGE.format(error=html.escape(error)).encode())
                return
        await self.app(scope, receive, send)

    def _error(self) -> str | None:
        try:
            return self.error_file.read_text(encoding="utf-8")
        except OSError:
            return None


def _is_page_load(scope: Message) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


async def _answer(send: Send, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
