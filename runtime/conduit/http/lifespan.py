"""ASGI's lifespan: what runs before the first request and after the last."""

from __future__ import annotations

from contextlib import AsyncExitStack
from inspect import isawaitable, signature
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.http.entry import Receive, Send


class Lifespan:
    """Hooks in source order, inside the app's own ``lifespan`` context where there is one."""

    def __init__(
        self,
        startup: Sequence[Callable[..., Any]],
        shutdown: Sequence[Callable[..., Any]],
        context: Callable[..., Any] | None,
    ) -> None:
        self._startup = startup
        self._shutdown = shutdown
        self.context = context

    @property
    def idle(self) -> bool:
        """Whether nothing is to run."""
        return not (self._startup or self._shutdown or self.context)

    async def run(self, app: Any, receive: Receive, send: Send) -> None:
        """Speak the protocol. What fails is told the server and then raised."""
        await receive()
        step = "startup"
        try:
            async with AsyncExitStack() as stack:
                if self.context is not None:
                    await stack.enter_async_context(self.context(*_arguments(self.context, app)))
                await _call_all(self._startup, app)
                await send({"type": "lifespan.startup.complete"})
                await receive()
                step = "shutdown"
                await _call_all(self._shutdown, app)
        except BaseException as error:
            from traceback import format_exception

            from conduit.http.traces import told

            message = "".join(format_exception(told(error)))
            await send({"type": f"lifespan.{step}.failed", "message": message})
            raise
        await send({"type": "lifespan.shutdown.complete"})


async def _call_all(hooks: Sequence[Callable[..., Any]], app: Any) -> None:
    for hook in hooks:
        value = hook(*_arguments(hook, app))
        if isawaitable(value):
            await value


def _arguments(function: Callable[..., Any], app: Any) -> tuple[Any, ...]:
    """The app, where the function takes anything."""
    positional = [
        one
        for one in signature(function).parameters.values()
        if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    return (app,) if positional else ()
