"""``subscriptions/listen`` (2026-07-28): a stream of what changes, until the client leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from msgspec.json import encode

from conduit.mcp import messages
from conduit.mcp.hub import Listener
from conduit.mcp.messages import INVALID_PARAMS, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.messages import Message

_TAG = "io.modelcontextprotocol/subscriptionId"
#: URIs of one subscription.
MOST = 1000


class Listening:
    """A subscription that is to begin: what of its wishes is fulfilled. Lists of a build never change,
    resources may.

    Raises:
        Refused: there is no wish, or too many.
    """

    def __init__(self, catalogue: Catalogue, message: Message) -> None:
        params = message.params
        if params is UNSET or params.notifications is UNSET:
            raise Refused(INVALID_PARAMS, "subscriptions/listen needs `notifications`: what to listen to.")
        uris = params.notifications.uris
        self.uris = [] if uris is UNSET or not (catalogue.resources or catalogue.templates) else uris
        if len(self.uris) > MOST:
            raise Refused(INVALID_PARAMS, f"At most {MOST} resources are listened to at once.")
        self.id: Any = message.id
        self._hub = catalogue.hub

    @property
    def streams(self) -> set[Callable[[], object]]:
        """What ends each open stream of the process."""
        return self._hub.streams

    def begin(self, send: Callable[[bytes], None], offer: Callable[[bytes], None]) -> Listener:
        """Tell the client what it will hear of, and listen; whoever holds the listener keeps it alive. What
        it hears is said with ``offer``, which may leave it out."""
        granted = {"resourceSubscriptions": self.uris} if self.uris else {}
        send(self._told("notifications/subscriptions/acknowledged", {"notifications": granted}))
        made = Listener(lambda method, params: offer(self._told(method, params)), self.uris)
        self._hub.add(made)
        return made

    def _told(self, method: str, params: dict[str, Any]) -> bytes:
        return messages.notification(method, {**params, "_meta": {_TAG: self.id}})

    def end(self) -> bytes:
        """What ends the stream, where the server does."""
        told = b'"resultType":"complete","_meta":{"%b":%b}' % (_TAG.encode(), encode(self.id))
        return messages.result(self.id, told)
