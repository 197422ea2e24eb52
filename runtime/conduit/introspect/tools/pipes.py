"""The questions over stdin and stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conduit.http.lifespan import Lifespan
from conduit.introspect.tools.catalogue import catalogue
from conduit.mcp.stdio import own_pipes, serve

if TYPE_CHECKING:
    from conduit.introspect.tools.catalogue import Answer


class Offered:
    """What ``conduit.mcp.stdio`` serves, without an app: what is offered, and nothing to start or end."""

    def __init__(self, answer: Answer) -> None:
        self.offered = catalogue(answer)
        self.lifespan = Lifespan((), (), None)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.lifespan.run(self, receive, send)


def serve_pipes(answer: Answer) -> int:
    """Until stdin ends; the exit code."""
    pipes = own_pipes()
    served: Any = Offered(answer)
    return serve(served, pipes)
