"""What a legacy client says of itself and asks for: ``initialize`` and what follows it → what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from conduit.mcp.context import LEVELS
from conduit.mcp.dispatch import negotiated
from conduit.mcp.messages import INVALID_PARAMS, Refused

if TYPE_CHECKING:
    from conduit.mcp.messages import Message

#: Capabilities that somebody may ask for; of what else a client declares nothing is kept.
_KNOWN = ("elicitation", "experimental", "roots", "sampling", "tasks")
#: Of what it says of itself this is kept, so much of each.
_ABOUT, _LONGEST = ("name", "title", "version"), 200
#: Resources that one client may hear of, and how long their URIs may be.
MOST_URIS = 1000
LONGEST_URI = 2048


class Client:
    """``version`` is None before ``initialize``; ``level`` is what it set with ``logging/setLevel``; ``uris``
    are the resources that it wants to hear of."""

    __slots__ = ("about", "capabilities", "level", "uris", "version")

    def __init__(self) -> None:
        self.about: dict[str, Any] = {}
        self.version: str | None = None
        self.capabilities: tuple[str, ...] = ()
        self.level: str | None = None
        self.uris: set[str] = set()

    def greet(self, message: Message) -> None:
        """Its ``initialize``."""
        params = message.params
        said = {} if params is UNSET or params.capabilities is UNSET else params.capabilities
        self.version = negotiated(message)
        self.capabilities = tuple(name for name in _KNOWN if name in said)
        about = {} if params is UNSET or not isinstance(params.client, dict) else params.client
        told = {name: about[name] for name in _ABOUT if isinstance(about.get(name), str)}
        self.about = {name: text[:_LONGEST] for name, text in told.items()}

    def heed(self, message: Message) -> None:
        """Any other request that was found good: it may ask for something that lasts.

        Raises:
            Refused: it asks for too much, or for what is not there.
        """
        match message.method:
            case "resources/subscribe":
                self._subscribe(message.params)
            case "resources/unsubscribe" if message.params is not UNSET:
                self.uris.discard(message.params.uri)
            case "logging/setLevel":
                level: Any = UNSET if message.params is UNSET else message.params.level
                if level not in LEVELS:
                    raise Refused(INVALID_PARAMS, f"`level` is one of {', '.join(LEVELS)}.")
                self.level = level

    def _subscribe(self, params: Any) -> None:
        uri = UNSET if params is UNSET else params.uri
        if uri is UNSET:
            raise Refused(INVALID_PARAMS, "This method needs the `uri` of a resource.")
        if len(uri) > LONGEST_URI:
            raise Refused(INVALID_PARAMS, f"A URI of more than {LONGEST_URI} characters is not listened to.")
        if len(self.uris) >= MOST_URIS and uri not in self.uris:
            raise Refused(INVALID_PARAMS, f"At most {MOST_URIS} resources are listened to at once.")
        self.uris.add(uri)
