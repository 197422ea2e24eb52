"""``async def mw(request, call_next)``: functions around an answer, flattened once.

``call_next(request)`` always gives a ``Response`` whose headers can be changed: what goes wrong inside has
met the exception handlers by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conduit.http.answers import answer_any, as_response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from conduit.http.entry import Answer, Middleware
    from conduit.http.request import Request
    from conduit.http.response import Response

    Next = Callable[[Request], Awaitable[Response]]
    Failed = Callable[[Request, Exception], Awaitable[Answer]]

_any = answer_any(200)


def chain(
    functions: Sequence[Middleware], innermost: Callable[[Request], Awaitable[Answer]], failed: Failed
) -> Next:
    """``functions``, outermost first, around ``innermost``."""
    call = _layer(innermost, failed)
    for function in reversed(functions):
        call = _around(function, call, failed)
    return call


def _layer(innermost: Callable[[Request], Awaitable[Answer]], failed: Failed) -> Next:
    async def call(request: Request) -> Response:
        try:
            answer = await innermost(request)
        except Exception as error:
            answer = await failed(request, error)
        return as_response(answer)

    return call


def _around(function: Middleware, call_next: Next, failed: Failed) -> Next:
    async def call(request: Request) -> Response:
        try:
            value: Any = await function(request, call_next)
            answer = _any(value)
        except Exception as error:
            answer = await failed(request, error)
        return as_response(answer)

    return call
