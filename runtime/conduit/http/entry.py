"""``Entry``: what a route is at run time; and the shapes of what goes through the serving core."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from conduit.http.body import read_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, MutableMapping, Sequence
    from typing import TypeAlias

    from conduit.http.response import Response

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    #: ``(entry, value, …)``: the route and its path values.
    Hit = tuple[Any, ...]
    Pair = tuple[Message, Message]
    Answer: TypeAlias = "Pair | Response"
    Find = Callable[[str], Hit | None]
    FindSegments = Callable[[list[str]], Hit | None]
    Finders = MutableMapping[str, tuple[Find, FindSegments]]
    Middleware = Callable[..., Awaitable[Any]]


class Entry:
    """A route: ``run(scope, hit)``, or ``await run(scope, receive, hit)`` where ``awaits``.

    ``names`` are those of the path values, ``route`` is the id. ``chain`` is the route's middleware: the core
    runs it around ``run``, so that exception handlers stay inside; ``chained`` is where it keeps the result.

    ``body_only``: it awaits nothing but the whole body, of at most ``max_body`` bytes; the ``run`` given is
    ``run(scope, hit, raw)`` then, and kept as ``whole`` for servers that have the body.
    """

    __slots__ = ("awaits", "chain", "chained", "max_body", "names", "route", "run", "whole")

    def __init__(
        self,
        run: Callable[..., Any],
        awaits: bool,
        names: Sequence[str],
        route: str,
        *,
        max_body: int | None = None,
        body_only: bool = False,
    ) -> None:
        self.whole = run if body_only else None
        self.run = _after_body(run, max_body or 0) if body_only else run
        self.awaits = awaits
        self.names = names
        self.route = route
        self.max_body = max_body
        self.chain: tuple[Middleware, ...] = ()
        self.chained: Callable[..., Any] | None = None

    def become(self, other: Entry) -> None:
        """Serve as ``other`` does; the tables keep this one."""
        self.run, self.awaits, self.chain, self.chained = other.run, other.awaits, other.chain, None
        self.max_body, self.whole = other.max_body, other.whole

    def __repr__(self) -> str:
        return f"Entry({self.route!r})"


def _after_body(run: Callable[..., Any], limit: int) -> Callable[..., Any]:
    """``run(scope, hit, raw)`` behind ASGI, where the body has to be waited for."""

    async def reading(scope: Scope, receive: Receive, hit: Hit) -> Answer:
        answer: Answer = run(scope, hit, await read_body(scope, receive, limit))
        return answer

    return reading


def step(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives that waits for nothing.

    Raises:
        RuntimeError: it does wait for something.
    """
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise RuntimeError("a handler that is run at once waited for something")


#: ``step``, compiled where the installation has native modules.
finish: Callable[[Coroutine[Any, Any, Any]], Any] = step
with suppress(ImportError):
    from conduit.http import _speed

    finish = _speed.finish


class Folded(tuple[Any, Any]):
    """A pair sent many times: the core sends copies, for servers and middleware write into messages."""

    __slots__ = ()


def fresh(folded: Folded) -> Pair:
    """Messages nobody else holds."""
    start, body = folded
    message = {
        "type": "http.response.start",
        "status": start["status"],
        "headers": start["headers"].copy(),
    }
    return message, body.copy()


def constant(answer: Pair, names: Sequence[str], route: str) -> Entry:
    """The entry of a folded route."""

    def run(scope: Scope, hit: Hit) -> Pair:
        return answer

    return Entry(run, False, names, route)


def with_middleware(entry: Entry, functions: Sequence[Middleware]) -> Entry:
    """``entry`` behind ``async def mw(request, call_next)`` functions, outermost first."""
    inner, awaits = entry.run, entry.awaits
    if awaits:
        run = inner
    else:

        async def run(scope: Scope, receive: Receive, hit: Hit) -> Answer:
            answer: Answer = inner(scope, hit)
            return answer

    made = Entry(run, True, entry.names, entry.route, max_body=entry.max_body)
    made.chain = (*functions, *entry.chain)
    return made
