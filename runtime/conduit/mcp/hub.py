"""Who wants to hear of changes: clients that listen → notifications to them.

A hub belongs to one process; what changes in another worker is heard by its own listeners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Listener:
    """A client that listens to ``uris``; ``tell(method, params)`` sends a notification, from any thread."""

    __slots__ = ("__weakref__", "tell", "uris")

    def __init__(self, tell: Callable[[str, dict[str, Any]], None], uris: Iterable[str] = ()) -> None:
        self.tell = tell
        self.uris = set(uris)


class Hub:
    """All listeners of a process; one that nobody else holds is gone."""

    def __init__(self) -> None:
        self._listeners: WeakSet[Listener] = WeakSet()
        #: What ends each stream that waits for changes and nothing else.
        self.streams: set[Callable[[], object]] = set()

    def add(self, listener: Listener) -> None:
        """From now on it hears of changes."""
        self._listeners.add(listener)

    def end(self) -> None:
        """The server ends: nobody waits for those who only listen."""
        for end in tuple(self.streams):
            end()

    def updated(self, uri: str) -> None:
        """The resource has changed: who reads it again gets something else."""
        for one in tuple(self._listeners):
            if uri in one.uris:
                one.tell("notifications/resources/updated", {"uri": uri})
