"""What an app and a router have in common: routes and included routers."""

from __future__ import annotations

from conduit.options import methods_of, recorder, verb
from conduit.record import check_text, note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from conduit.options import Decorator
    from conduit.record import Row
    from conduit.router import Router


class Declaring:
    """Records routes and inclusions; decides nothing."""

    _record: list[Row]

    get = verb("GET")
    post = verb("POST")
    put = verb("PUT")
    patch = verb("PATCH")
    delete = verb("DELETE")
    head = verb("HEAD")
    options = verb("OPTIONS")

    def route(
        self,
        path: str,
        *,
        methods: Sequence[str] = ("GET",),
        name: str | None = None,
        status: int = 200,
        tags: Sequence[str] = (),
        summary: str | None = None,
        description: str | None = None,
        deprecated: bool = False,
        response: Any = None,
        include_in_schema: bool = True,
        middleware: Sequence[Callable[..., Any]] = (),
        blocking: bool | None = None,
        timeout: float | None = None,
        max_body: int | None = None,
        _slot: int | None = None,
    ) -> Decorator:
        """Declare that requests of these ``methods`` (``["*"]``: any) for ``path`` go to the handler."""
        check_text("a route's path", path)
        return recorder(self._record, f"{methods_of(methods)} {path}", middleware, response, _slot)

    def websocket(
        self,
        path: str,
        *,
        name: str | None = None,
        tags: Sequence[str] = (),
        summary: str | None = None,
        description: str | None = None,
        _slot: int | None = None,
    ) -> Decorator:
        """Declare that WebSocket connections to ``path`` go to the handler, which accepts them."""
        check_text("a websocket's path", path)
        return recorder(self._record, f"WEBSOCKET {path}", (), None, _slot)

    def include(self, router: Router, *, prefix: str = "", _slot: int | None = None) -> None:
        """Take in the routes of ``router``, those declared later too, below ``prefix``."""
        from conduit.router import Router

        if not isinstance(router, Router):
            raise TypeError(f"include takes a Router, got {type(router).__name__}")
        check_text("a prefix", prefix)
        note(self._record, _slot, "include", prefix, router)
