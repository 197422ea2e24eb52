"""A plain ASGI client, a linear finder, and ``app(...)``: what tests of the serving core are made of."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import msgspec
from conduit import _abi

Handler = Callable[..., Any]


@dataclass
class Got:
    """An answer: the messages as they were sent, and what one usually asks of them."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return list(self.messages[0]["headers"])

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key == name.encode()]
        return found[0].decode("latin-1") if found else None

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def complete(self) -> bool:
        return len(self.messages) > 1 and not self.messages[-1].get("more_body", False)


def scope_of(
    method: str, target: str, headers: Iterable[tuple[str, str]] = (), **extra: Any
) -> dict[str, Any]:
    """What uvicorn makes of a request line."""
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("10.0.0.1", 1234),
        "server": ("testserver", 80),
        **extra,
    }


async def ask(app: Any, scope: dict[str, Any], body: bytes | list[bytes] = b"") -> Got:
    """One request; ``body`` may come in pieces. After it the client is gone."""
    pieces = list(body) if isinstance(body, list) else [body]
    got = Got()

    async def receive() -> dict[str, Any]:
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
        await asyncio.Event().wait()  # the client stays
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        got.messages.append(message)

    await app(scope, receive, send)
    return got


def call(
    app: Any,
    method: str,
    target: str = "/",
    *,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes | list[bytes] = b"",
    **extra: Any,
) -> Got:
    """One request in an event loop of its own."""
    return asyncio.run(ask(app, scope_of(method, target, headers, **extra), body))


def finders(routes: Iterable[tuple[str, _abi.Entry]]) -> dict[str, Any]:
    """Linear and obvious: routes in order, ``{name}`` takes a segment, ``{name:int}`` a number."""
    tables: dict[str, list[tuple[list[str], _abi.Entry]]] = {}
    for route, entry in routes:
        method, _, path = route.partition(" ")
        for each in ("GET", "HEAD") if method == "GET" else (method,):
            tables.setdefault(each, []).append((path.split("/")[1:], entry))
    any_method = tables.get("*", [])
    return {method: _pair(table if method == "*" else table + any_method) for method, table in tables.items()}


def _pair(table: list[tuple[list[str], _abi.Entry]]) -> Any:
    def find_segments(segments: list[str]) -> Any:
        for pattern, entry in table:
            values = _values(pattern, segments)
            if values is not None:
                return (entry, *values)
        return None

    return (lambda path: find_segments(path.split("/")[1:]) if path[:1] == "/" else None), find_segments


def _values(pattern: list[str], segments: list[str]) -> list[Any] | None:
    if len(pattern) != len(segments):
        return None
    values: list[Any] = []
    for want, have in zip(pattern, segments, strict=True):
        if want.startswith("{"):
            if not have or (want.endswith(":int}") and not have.isdigit()):
                return None
            values.append(int(have) if want.endswith(":int}") else have)
        elif want != have:
            return None
    return values


def entry(handler: Handler, status: int = 200, done: Callable[[Any], Any] | None = None) -> _abi.Entry:
    """An adapter as the compiler would write it, for a handler that takes the request."""
    finish = done or _abi.answer_any(status)
    names = getattr(handler, "names", ())
    if asyncio.iscoroutinefunction(handler):

        async def run(scope: Any, receive: Any, hit: Any) -> Any:
            return finish(await handler(_abi.Request(scope, receive, hit)))

        return _abi.Entry(run, True, names, "route:test")

    def run_inline(scope: Any, hit: Any) -> Any:
        return finish(handler(_abi.Request(scope, None, hit)))

    return _abi.Entry(run_inline, False, names, "route:test")


def app(routes: dict[str, Any], **options: Any) -> Any:
    """``{"GET /x": handler or entry}`` as a served app."""
    made = [
        (route, one if isinstance(one, _abi.Entry) else entry(_named(route, one)))
        for route, one in routes.items()
    ]
    return _abi.serving(finders(made), **options)


def _named(route: str, handler: Handler) -> Handler:
    names = [part[1:-1].partition(":")[0] for part in route.split("/") if part.startswith("{")]
    handler.names = tuple(names)  # type: ignore[attr-defined]
    return handler
