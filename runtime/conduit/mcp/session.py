"""One session: what is known of a client between its requests, what it waits for, and where it listens.

In: what its requests wish for, and what the server has to say. Out: messages on the stream that the client
opened, if it did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from conduit.mcp import messages
from conduit.mcp.hub import Listener
from conduit.mcp.messages import INTERNAL_ERROR, Refused
from conduit.mcp.talk import Pending, Talk

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Callable

    from conduit.mcp.client import Client
    from conduit.mcp.heard import Heard
    from conduit.mcp.messages import Id, Message
    from conduit.mcp.sessions import Sessions

_CHANGED, _LOGGED = "notifications/resources/updated", "notifications/message"


class Session:
    """``principal`` is whom the client's token names, None without tokens; ``held`` counts its streams."""

    __slots__ = (
        *("_listener", "_missed", "_pending", "_sessions", "calls", "client", "held", "id", "principal"),
        *("over", "stream", "used"),
    )
    #: A call goes on where its client is cut off: that gives it up by a message.
    outlives = True

    def __init__(self, sessions: Sessions, id_: str, client: Client, principal: object) -> None:
        self._sessions = sessions
        self.id = id_
        self.client = client
        self.principal = principal
        self.calls: dict[Id, Future[bytes]] = {}
        self.stream: Heard | None = None
        self.held = 0
        self.over = False
        self.used = 0.0
        self._pending: Pending | None = None
        self._listener: Listener | None = None
        #: Resources that changed while nobody listened.
        self._missed: set[str] = set()

    def heed(self, message: Message) -> None:
        """A request that was found good: it may ask for something that lasts.

        Raises:
            Refused: it asks for too much, or for what is not there.
        """
        before = len(self.client.uris)
        self.client.heed(message)
        added = len(self.client.uris) - before
        if added and not self._sessions.room(added):
            self.client.uris.discard(message.params.uri)  # type: ignore[union-attr]
            raise Refused(
                INTERNAL_ERROR, "Too many resources are listened to by all clients: try again later."
            )
        if self._listener is None and self.client.uris:
            self._listener = Listener(self._heard)
            self._listener.uris = self.client.uris
            self._sessions.hub.add(self._listener)

    def note(self, message: Message) -> None:
        """A message that nobody answers."""
        params: Any = message.params
        if message.method == "notifications/cancelled" and params is not UNSET:
            given_up = self.calls.get(params.request)
            if given_up is not None:
                given_up.cancel()

    def talk(self, send: Callable[[bytes], None]) -> Talk:
        """What asks the client."""
        if self._pending is None:
            self._pending = Pending()
        return Talk(self._pending, send, self.client)

    def settle(self, message: Message) -> None:
        """The client's answer to a question; to one that nobody asked it, nothing."""
        if self._pending is not None:
            self._pending.take(message)

    @property
    def streams(self) -> set[Callable[[], object]]:
        """What ends each open stream of the process."""
        return self._sessions.hub.streams

    def hold(self) -> None:
        """A connection of the client is open: it is not idle."""
        self._sessions.hold(self)

    def release(self) -> None:
        """It is closed."""
        self._sessions.release(self)

    # -- what the server says by itself ----------------------------------------------------------------------

    def _heard(self, method: str, params: dict[str, Any]) -> None:
        """A resource has changed; from any thread."""
        self._sessions.soon(self.tell, method, params)

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Say it on the stream. What changed is kept until there is one; a log message is not, and is said
        only to a client that set the level. Nothing else is said there."""
        changed = method == _CHANGED
        if self.stream is None:
            if changed:
                self._missed.add(params["uri"])
        elif changed or (method == _LOGGED and self.client.level is not None):
            self.stream.send(messages.notification(method, params))

    def listen(self, stream: Heard | None) -> None:
        """From now on say it there. A stream that was open before ends: each message is sent once."""
        before, self.stream = self.stream, stream
        if before is not None:
            before.end()
        if stream is not None:
            missed, self._missed = self._missed, set()
            for uri in sorted(missed & self.client.uris):
                self.tell(_CHANGED, {"uri": uri})
            if self.over:
                stream.end()

    def close(self) -> None:
        """The session has ended: all that was under way for it does, too."""
        self.over = True
        self._sessions.room(-len(self.client.uris))
        self.client.uris.clear()
        self._listener = None
        for call in tuple(self.calls.values()):
            call.cancel()
        self.listen(None)
