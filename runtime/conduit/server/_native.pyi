from asyncio import AbstractEventLoop
from collections.abc import Callable
from typing import Any

class Worker:
    connections: set[Any]
    draining: bool
    requests: int
    def __init__(
        self,
        *,
        app: Any,
        served: Any,
        settings: Any,
        loop: AbstractEventLoop,
        state: Any,
        app_state: dict[str, Any],
        root_path: str = "",
        forwarded: Callable[[list[tuple[bytes, bytes]], Any, str], tuple[Any, str]] | None = None,
        log: Callable[[Any, int, int, float], None] | None = None,
        limit_concurrency: int | None = None,
        upgrade: Callable[[Any, bytes], None] | None = None,
        fresh_context: bool = False,
    ) -> None: ...
    def connect(self, _loop: AbstractEventLoop | None = None) -> Any: ...
    def tick(self) -> None: ...
    def counters(self) -> dict[str, dict[str, Any]]: ...
    def close(self) -> None: ...
