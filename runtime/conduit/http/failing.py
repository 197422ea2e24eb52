"""What is answered when something was raised: the app's handlers, then problem documents, then a 500."""

from __future__ import annotations

from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

from conduit.http.answers import answer_any
from conduit.http.errors import HTTPError, Refused
from conduit.http.problem import from_error, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.http.entry import Answer
    from conduit.http.request import Request

_any = answer_any(200)


class Failing:
    """The exception handlers of an app; the nearest class in an exception's ancestry decides."""

    def __init__(self, handlers: Sequence[tuple[type[BaseException], Callable[..., Any]]]) -> None:
        self._handlers: dict[type, Callable[..., Any] | None] = {HTTPError: None, Refused: None}
        self._handlers.update(handlers)

    def at_once(self, request: Request, error: BaseException) -> Answer | None:
        """The answer where no handler of the app's has to be asked; else None."""
        for base in type(error).__mro__:
            if base in self._handlers:
                return None if self._handlers[base] is not None else _own(error)
        return self.at_last(request, error)

    def at_last(self, request: Request, error: BaseException) -> Answer:
        """The answer to what nobody handles, which the log tells."""
        log_unhandled(request, error)
        return problem(500)

    async def answer(self, request: Request, error: Exception) -> Answer:
        """The answer to what ``error`` interrupted."""
        try:
            for base in type(error).__mro__:
                if base in self._handlers:
                    handler = self._handlers[base]
                    return _own(error) if handler is None else _any(await _call(handler, request, error))
        except HTTPError as second:
            return from_error(second)
        except Exception as second:
            return self.at_last(request, second)
        return self.at_last(request, error)


def _own(error: BaseException) -> Answer:
    return from_error(error) if isinstance(error, HTTPError) else problem(404)


async def _call(handler: Callable[..., Any], *arguments: Any) -> Any:
    """A handler's value, wherever it may run: it is not known whether a plain function blocks."""
    from conduit.http.threads import settle, settle_in_thread

    return await (settle if iscoroutinefunction(handler) else settle_in_thread)(handler, *arguments)


def log_unhandled(request: Request, error: BaseException) -> None:
    """The traceback goes to the log ``conduit``, by the user's own lines; the client learns nothing of it."""
    import logging

    from conduit.http.traces import printable, told

    hit = request._hit
    logging.getLogger("conduit").error(
        "unhandled exception in %s %s",
        printable(request.method),
        printable(request.path),
        exc_info=told(error, None if hit is None else hit[0].route),
    )
