"""The serving core: ASGI scopes in, answers out.

Without app-level middleware a request costs one look-up by method, one by path, the entry's ``run`` and two
sends; everything rarer stands in rooms of its own, and is imported when it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conduit.http.delivery import Broken, Opened, messages_of
from conduit.http.entry import Entry, Folded, fresh
from conduit.http.errors import Loaded
from conduit.http.failing import Failing, log_unhandled
from conduit.http.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.http.entry import Answer, Finders, Hit, Middleware, Receive, Scope, Send

    Serve = Callable[[Scope, Receive, Send], Any]


class Core:
    """What the parts of one served app share: routes, middleware, exception handlers."""

    def __init__(
        self,
        finders: Finders,
        app_middleware: Sequence[Middleware],
        exception_handlers: Sequence[tuple[type[BaseException], Callable[..., Any]]],
        fallback: Entry | None,
        redirect_slashes: bool,
    ) -> None:
        self.finders = finders
        self.failing = Failing(exception_handlers)
        self.fallback = fallback
        self.redirect_slashes = redirect_slashes
        self.app_middleware = tuple(app_middleware)
        #: Looks again where the quick look found nothing.
        self.locate: Callable[[Scope], Hit] = self._locate_first

    def _locate_first(self, scope: Scope) -> Hit:
        from conduit.http.missing import Missing

        self.locate = Missing(self.finders, self.fallback, self.redirect_slashes).locate
        return self.locate(scope)

    async def routed(self, request: Request) -> Answer:
        """What is inside the app's middleware."""
        scope, receive = request.scope, request._receive
        assert receive is not None
        hit: Hit | None = None
        try:
            hit = self.locate(scope)
        except Loaded:
            return await self.routed(request)
        except Exception as error:
            return await self.failing.answer(request, error)
        return await self.answered(scope, receive, hit)

    async def answered(self, scope: Scope, receive: Receive, hit: Hit) -> Answer:
        """The answer of a route that was found."""
        entry: Entry = hit[0]
        try:
            if entry.chain:
                answer: Answer = await self.chained(scope, receive, hit)
            elif entry.awaits:
                answer = await entry.run(scope, receive, hit)
            else:
                answer = entry.run(scope, hit)
        except Loaded:
            answer = await self.routed(Request(scope, receive, None))
        except Exception as error:
            answer = await self.failing.answer(Request(scope, receive, hit), error)
        return answer

    async def chained(self, scope: Scope, receive: Receive, hit: Hit) -> Answer:
        """A route inside its own middleware."""
        entry: Entry = hit[0]
        if entry.chained is None:
            from conduit.http.middleware import chain

            entry.chained = chain(entry.chain, _run_hit, self.failing.answer)
        answer: Answer = await entry.chained(Request(scope, receive, hit))
        return answer

    async def send(self, answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        """Send any answer. What fails before it began is an error like any other."""
        head = scope["method"] == "HEAD"
        request = Request(scope, receive, None)
        if getattr(answer, "streams", False) and not head:
            deliver = getattr(answer, "deliver", None)
            if deliver is not None:
                await deliver(scope, receive, send)
                return
            opened = Opened(answer, scope)  # type: ignore[arg-type]  # it streams
            try:
                await opened.first()
            except Exception as error:
                answer = await self.failing.answer(request, error)
            else:
                try:
                    await opened.deliver(scope, receive, send)
                except Broken as broken:
                    log_unhandled(request, broken.__cause__ or broken)
                    raise
                return
        try:
            start, body = messages_of(answer, head)
        except Exception as error:  # what middleware made of it cannot be sent
            start, body = messages_of(await self.failing.answer(request, error), head)
        await send(start)
        await send(body)


async def _run_hit(request: Request) -> Answer:
    hit: Any = request._hit
    answer: Answer = await hit[0].run(request.scope, request._receive, hit)
    return answer


def direct(core: Core, other: Serve) -> Serve:
    """How http is served where the app has no middleware of its own. This is the hot path.

    A HEAD, a path with escapes or a prefix, or what the quick look does not find takes the careful way.
    """
    quick = {method: pair[0] for method, pair in core.finders.items()}
    quick["HEAD"] = _no_quick_look
    find_of, find_any = quick.get, quick.get("*", _no_quick_look)
    failing = core.failing.answer

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await other(scope, receive, send)
            return
        raw = scope.get("raw_path")
        hit: Hit | None = None
        if (raw is None or b"%" not in raw) and not scope.get("root_path"):
            try:
                hit = find_of(scope["method"], find_any)(scope["path"])
            except Exception:  # of the user's own making; the careful way meets it again, and answers it
                hit = None
        if hit is None:
            answer = await core.routed(Request(scope, receive, None))
            await core.send(answer, scope, receive, send)
            return
        entry = hit[0]
        try:
            if not entry.awaits:
                answer = entry.run(scope, hit)
            elif not entry.chain:
                answer = await entry.run(scope, receive, hit)
            else:
                answer = await core.chained(scope, receive, hit)
        except Loaded:
            answer = await core.routed(Request(scope, receive, None))
        except Exception as error:
            answer = await failing(Request(scope, receive, hit), error)
        if type(answer) is tuple:
            await send(answer[0])
            await send(answer[1])
        elif type(answer) is Folded:
            start, body = fresh(answer)
            await send(start)
            await send(body)
        else:
            await core.send(answer, scope, receive, send)

    return serve


def _no_quick_look(path: str) -> Hit | None:
    return None


def behind_middleware(core: Core, other: Serve) -> Serve:
    """How http is served where the app has middleware: it sees everything, what matches nothing too."""
    from conduit.http.middleware import chain

    around = chain(core.app_middleware, core.routed, core.failing.answer)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await other(scope, receive, send)
            return
        answer = await around(Request(scope, receive, None))
        await core.send(answer, scope, receive, send)

    return serve


def behind_asgi(
    core: Core, inner: Serve, middleware: Sequence[tuple[Callable[..., Any], dict[str, Any]]]
) -> Serve:
    """``inner`` behind ASGI middleware, outermost first; built once, when the first scope comes."""
    built: list[Serve] = []

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if not built:
            app = inner
            for make, options in reversed(middleware):
                app = make(app, **options)
            built.append(app)
        if scope["type"] != "http":
            await built[0](scope, receive, send)
            return
        begun = False

        async def noting(message: Any) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await built[0](scope, receive, noting)
        except Exception as error:
            if begun or isinstance(error, Broken):
                raise
            answer = await core.failing.answer(Request(scope, receive, None), error)
            await core.send(answer, scope, receive, send)

    return serve
