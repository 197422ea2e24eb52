"""``Request``: what a handler may ask of the request. It reads nothing before it is asked."""

from __future__ import annotations

from conduit.http import body
from conduit.http.query import cookies_of, headers_of, query_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any

    from conduit.http.entry import Hit, Receive, Scope
    from conduit.http.headers import Headers, Values


class State(dict[str, "Any"]):
    """What middleware and handlers of one request tell each other, by key or by attribute."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del self[name]
        except KeyError:
            raise AttributeError(name) from None


class Request:
    """One request. ``scope`` is ASGI's; ``hit`` the route and its path values, None before routing."""

    __slots__ = ("_hit", "_params", "_receive", "scope")

    def __init__(self, scope: Scope, receive: Receive | None, hit: Hit | None) -> None:
        self.scope = scope
        self._receive = receive
        self._hit = hit
        self._params: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}>"

    @property
    def method(self) -> str:
        method: str = self.scope["method"]
        return method

    @property
    def path(self) -> str:
        path: str = self.scope["path"]
        return path

    @property
    def params(self) -> dict[str, Any]:
        """The path's values, converted."""
        params = self._params
        if params is None:
            hit = self._hit
            params = self._params = {} if hit is None else dict(zip(hit[0].names, hit[1:], strict=False))
        return params

    @property
    def query(self) -> Values:
        return query_of(self.scope)

    @property
    def headers(self) -> Headers:
        return headers_of(self.scope)

    @property
    def cookies(self) -> Values:
        return cookies_of(self.scope)

    @property
    def state(self) -> State:
        """Shared by all that handle this request."""
        state = self.scope.get("state")
        if type(state) is not State:
            state = self.scope["state"] = State(state or ())
        return state

    @property
    def client(self) -> tuple[str, int] | None:
        """Host and port of the other end, where the server knows them."""
        client = self.scope.get("client")
        return None if client is None else (client[0], client[1])

    @property
    def url(self) -> str:
        """The whole address, as far as the server knows it."""
        from conduit.http.matching import quoted_path

        scope = self.scope
        host = self.headers.get("host")
        if host is None and scope.get("server"):
            name, port = scope["server"]
            host = name if port is None else f"{name}:{port}"
        start = f"{scope.get('scheme', 'http')}://{host}" if host else ""
        query = scope.get("query_string", b"").decode("latin-1")
        return f"{start}{quoted_path(scope)}{'?' if query else ''}{query}"

    async def body(self) -> bytes:
        """The whole body; 413 where it is larger than the route allows."""
        return await body.read_body(self.scope, self._receiver(), self._limit())

    async def json(self) -> Any:
        """The body as JSON; 400 where it is none."""
        return body.parse_json(await self.body())

    def stream(self) -> AsyncIterator[bytes]:
        """The body in pieces as they arrive, once."""
        return body.stream_body(self.scope, self._receiver(), self._limit())

    def _receiver(self) -> Receive:
        if self._receive is None:
            raise RuntimeError("the body can only be awaited in an async handler")
        return self._receive

    def _limit(self) -> int:
        limit = None if self._hit is None else self._hit[0].max_body
        if limit is None:
            limit = self.scope.get("conduit.max_body", body.MAX_BODY)
        return int(limit)
