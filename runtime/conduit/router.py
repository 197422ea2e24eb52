"""``Router``: a group of routes, to be included in an app or in another router."""

from __future__ import annotations

from conduit.declaring import Declaring
from conduit.record import check_text, note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Router(Declaring):
    """Routes that share a prefix, middleware and tags. Included by reference: later routes count too."""

    def __init__(
        self,
        *,
        prefix: str = "",
        middleware: Sequence[Callable[..., Any]] = (),
        tags: Sequence[str] = (),
        _slot: int | None = None,
    ) -> None:
        check_text("a prefix", prefix)
        self._record = []
        note(
            self._record,
            _slot,
            "router",
            prefix,
            self,
            options={"middleware": middleware} if middleware else None,
        )
