"""Around every request."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RequestId:
    """Gives back the caller's request id, or a new one."""

    def __init__(self, app: ASGIApp, header: str) -> None:
        self.app = app
        self.header = header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(self.header.encode(), uuid4().hex.encode()).decode("latin-1")

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[self.header] = given
            await send(message)

        await self.app(scope, receive, marked)


async def no_sniffing(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Browsers take answers for what they say they are."""
    response = await call_next(request)
    response.headers["x-content-type-options"] = "nosniff"
    return response
