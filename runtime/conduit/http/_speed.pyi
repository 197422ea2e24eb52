from collections.abc import Callable, Collection, Coroutine
from typing import Any

class Looker:
    def __init__(
        self,
        atoms: Collection[object],
        suspects: Callable[[type], tuple[str, ...] | None],
        slow: Callable[[object], bool],
    ) -> None: ...
    def __call__(self, value: object) -> bool: ...

def finish(coroutine: Coroutine[Any, Any, Any]) -> Any: ...
