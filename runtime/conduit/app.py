"""``Conduit``: the app. It records what is declared on it, and serves the build that is bound to it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, overload

from conduit.declaring import Declaring
from conduit.record import check_callable, check_text, name_of, note, plain_decorator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    from conduit.auth import Bearer, BearerJWT
    from conduit.http.served import Serving
    from conduit.introspection import Introspection
    from conduit.options import Decorator
    from conduit.record import Row

    F = TypeVar("F")
    M = TypeVar("M")
    E = TypeVar("E", bound=type[BaseException])
    Serve = Callable[[Any, Any, Any], Any]


class Conduit(Declaring):
    """An app: declare routes on it, then build it, or serve it as any ASGI app."""

    _serve: Serve | None = None
    #: What the bound build made: the server's own protocol serves by it, without ASGI between.
    _served: Serving | None = None

    def __init__(
        self,
        *,
        title: str = "Conduit app",
        version: str = "0.1.0",
        description: str | None = None,
        redirect_slashes: bool = False,
        max_body: int = 1 << 20,
        threads: int = 40,
        middleware: Sequence[Callable[..., Any]] = (),
        lifespan: Callable[..., Any] | None = None,
        introspection: Introspection | None = None,
        _slot: int | None = None,
    ) -> None:
        self._module = sys._getframe(1).f_globals
        self._record = []
        self._options: dict[str, Any] = {
            "middleware": middleware,
            "lifespan": lifespan,
            "max_body": None if max_body == 1 << 20 else max_body,
            "introspection": introspection,
        }
        note(self._record, _slot, "app", title, self, options=self._options)
        if self._module.get("__name__") == "__main__":
            from conduit.run import register_main

            register_main(self._module)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one ASGI scope, from the bound build or from one made in memory."""
        serve = self._serve
        if serve is None:
            from conduit.memory import first_scope

            serve = first_scope(self)
        await serve(scope, receive, send)

    def run(
        self, host: str = "127.0.0.1", port: int = 8000, *, reload: bool = False, workers: int = 1
    ) -> None:
        """Serve this app if the calling module is the program; elsewhere do nothing."""
        frame = sys._getframe(1)
        if frame.f_globals.get("__name__") != "__main__":
            return
        from conduit.run import run

        self._ran = (frame.f_code.co_filename, frame.f_lineno)
        run(self, host=host, port=port, reload=reload, workers=workers)

    #: Where ``run()`` was called: declarations below that line never happen.
    _ran: tuple[str, int] | None = None

    @overload
    def fallback(self, handler: F, /) -> F: ...
    @overload
    def fallback(self, /, *, _slot: int | None = None) -> Decorator: ...
    def fallback(self, handler: Any = None, /, *, _slot: int | None = None) -> Any:
        """The handler of what no route takes."""
        return plain_decorator(self._record, "fallback", handler, _slot)

    @overload
    def middleware(self, function: F, /) -> F: ...
    @overload
    def middleware(self, /, *, _slot: int | None = None) -> Decorator: ...
    def middleware(self, function: Any = None, /, *, _slot: int | None = None) -> Any:
        """``async def mw(request, call_next)`` around every request, those nothing matches too."""
        return plain_decorator(self._record, "middleware", function, _slot)

    @overload
    def on_startup(self, function: F, /) -> F: ...
    @overload
    def on_startup(self, /, *, _slot: int | None = None) -> Decorator: ...
    def on_startup(self, function: Any = None, /, *, _slot: int | None = None) -> Any:
        """Runs before the first request; may take the app."""
        return plain_decorator(self._record, "on_startup", function, _slot)

    @overload
    def on_shutdown(self, function: F, /) -> F: ...
    @overload
    def on_shutdown(self, /, *, _slot: int | None = None) -> Decorator: ...
    def on_shutdown(self, function: Any = None, /, *, _slot: int | None = None) -> Any:
        """Runs after the last request; may take the app."""
        return plain_decorator(self._record, "on_shutdown", function, _slot)

    def use(self, middleware: Callable[..., Any], /, *, _slot: int | None = None, **options: Any) -> None:
        """Put the whole app behind an ASGI middleware: a class called with the app and ``options``."""
        check_callable("use", middleware)
        note(self._record, _slot, "use", name_of(middleware), (middleware, options), code=_NO_CODE)

    def exception_handler(self, exception: type[BaseException], /, *, _slot: int | None = None) -> Decorator:
        """``handler(request, exc)`` answers what ``exception`` and its subclasses interrupted."""
        if not (isinstance(exception, type) and issubclass(exception, BaseException)):
            raise TypeError(f"exception_handler takes an exception class, got {exception!r}")

        def decorate(handler: F) -> F:
            check_callable("exception_handler", handler)
            key = exception.__name__
            note(self._record, _slot, "exception_handler", key, (exception, handler), code=handler)
            return handler

        return decorate

    @overload
    def tool(self, function: F, /) -> F: ...
    @overload
    def tool(
        self,
        /,
        *,
        name: str | None = None,
        title: str | None = None,
        description: str | None = None,
        schema: dict[str, Any] | None = None,
        blocking: bool | None = None,
        timeout: float | None = None,
        scopes: Sequence[str] = (),
        _slot: int | None = None,
    ) -> Decorator: ...
    def tool(
        self,
        function: Any = None,
        /,
        *,
        name: str | None = None,
        title: str | None = None,
        description: str | None = None,
        schema: dict[str, Any] | None = None,
        blocking: bool | None = None,
        timeout: float | None = None,
        scopes: Sequence[str] = (),
        _slot: int | None = None,
    ) -> Any:
        """A tool for language models; name, description and schema follow the function unless given.
        ``scopes`` are what a token must be good for, beside those that ``auth=`` asks for."""
        if name is not None:
            check_text("a tool's name", name)

        def decorate(function: F, depth: int = 3) -> F:
            check_callable("tool", function)
            note(self._record, _slot, "tool", name or name_of(function), function, depth=depth)
            return function

        return decorate if function is None else decorate(function, 4)

    def resource(
        self,
        uri: str,
        *,
        name: str | None = None,
        title: str | None = None,
        description: str | None = None,
        media_type: str | None = None,
        blocking: bool | None = None,
        scopes: Sequence[str] = (),
        _slot: int | None = None,
    ) -> Decorator:
        """What stands behind ``uri``; ``shop://items/{id}`` stands for many: the function takes ``id``."""
        check_text("a resource's URI", uri)
        return offered(self._record, "resource", uri, _slot)

    @overload
    def prompt(self, function: F, /) -> F: ...
    @overload
    def prompt(
        self,
        /,
        *,
        name: str | None = None,
        title: str | None = None,
        description: str | None = None,
        blocking: bool | None = None,
        scopes: Sequence[str] = (),
        _slot: int | None = None,
    ) -> Decorator: ...
    def prompt(
        self,
        function: Any = None,
        /,
        *,
        name: str | None = None,
        title: str | None = None,
        description: str | None = None,
        blocking: bool | None = None,
        scopes: Sequence[str] = (),
        _slot: int | None = None,
    ) -> Any:
        """Messages for a model, which a client's user asks for by name."""
        if name is not None:
            check_text("a prompt's name", name)

        def decorate(function: F, depth: int = 3) -> F:
            check_callable("prompt", function)
            note(self._record, _slot, "prompt", name or name_of(function), function, depth=depth)
            return function

        return decorate if function is None else decorate(function, 4)

    def completion(
        self, of: str, argument: str, *, blocking: bool | None = None, _slot: int | None = None
    ) -> Decorator:
        """Values for an argument of the prompt named ``of``, or of the resource with that URI: the function
        takes what was typed of it, and may take the other arguments that are known."""
        check_text("what is completed", of)
        check_text("an argument's name", argument)
        return offered(self._record, "completion", f"{of} {argument}", _slot)

    def resource_updated(self, uri: str) -> None:
        """Tell the clients that listen that the resource has changed; those of this process."""
        served = self._served
        if served is not None and served.offered is not None:
            served.offered.hub.updated(uri)

    def enable_mcp(
        self,
        *,
        transport: str = "http",
        path: str = "/mcp",
        hosts: Sequence[str] = (),
        instructions: str | None = None,
        auth: BearerJWT | Bearer | None = None,
        sessions: bool = False,
        session_seconds: float | None = None,
        max_output: int | None = None,
        _slot: int | None = None,
    ) -> None:
        """Offer the tools by MCP: over HTTP at ``path``, or over stdin and stdout.

        ``hosts`` are the names by which clients may call the server, and from whose pages, beside the
        loopback's; ``instructions`` tell a model what the server is good for; ``auth`` says who may call
        over HTTP. ``sessions`` gives clients of 2025-11-25 and before one over HTTP: it lives in one process,
        and ends when it was idle for ``session_seconds`` (half an hour). A result of more than ``max_output``
        bytes (16 MiB) is not sent: the call failed.
        """
        check_text("transport", transport)
        check_text("path", path)
        note(self._record, _slot, "enable_mcp", transport, None, options={"auth": auth})

    def register_model(self, name: str, model: M, *, _slot: int | None = None) -> M:
        """Give an ML model the name that endpoints use."""
        check_text("a model's name", name)
        note(self._record, _slot, "register_model", name, model, code=_NO_CODE)
        return model

    def ml_endpoint(self, path: str, model: str, *, _slot: int | None = None) -> Decorator:
        """Serve a registered model's predictions at ``path``; the function prepares its input."""
        check_text("an endpoint's path", path)
        check_text("a model's name", model)

        def decorate(function: F) -> F:
            check_callable("ml_endpoint", function)
            note(self._record, _slot, "ml_endpoint", path, function)
            return function

        return decorate


#: Stands for code where the place is that of the call, whatever the object is.
_NO_CODE = object()


def offered(record: list[Row], kind: str, key: str, slot: int | None) -> Decorator:
    """The decorator that writes down what MCP's clients may ask for."""

    def decorate(function: F) -> F:
        check_callable(kind, function)
        note(record, slot, kind, key, function)
        return function

    return decorate
