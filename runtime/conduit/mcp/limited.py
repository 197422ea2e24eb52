"""``Limited``: as ``Dispatch``, for messages that somebody stands behind: what a token is not good for is not
listed, and refused.

Lists differ by the scopes of a token and by nothing else: they are made once for each set of scopes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from conduit.mcp.calls import Call
from conduit.mcp.dispatch import Dispatch

if TYPE_CHECKING:
    from conduit.auth.refusals import Refusals
    from conduit.auth.token import Token
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.listening import Listening
    from conduit.mcp.messages import Message

#: Sets of scopes for which lists are kept.
MOST_VIEWS = 256


class Limited:
    """``token`` is that of the request at hand: whoever asks sets it before, and takes it away after. Nothing
    here waits for anything, so no other request comes between."""

    def __init__(self, catalogue: Catalogue, refusals: Refusals) -> None:
        self.catalogue = catalogue
        self.token: Token | None = None
        #: As of ``Dispatch``; the door says so.
        self.tells = True
        self._refusals = refusals
        self._told_apart = frozenset(scope for scopes in catalogue.scopes.values() for scope in scopes)
        self._views: dict[frozenset[str], Dispatch] = {}

    def modern(self, message: Message) -> bytes | Call | Listening:
        """As of ``Dispatch``.

        Raises:
            Refused: it is wrong, or asks for what is not there.
            HTTPError: 403, the token is not good for it.
        """
        token = self._checked(message)
        made = self._view(token).modern(message)
        if isinstance(made, Call):
            made.token = token
        return made

    def legacy(self, message: Message, level: str | None = "debug") -> bytes | Call:
        """As of ``Dispatch``.

        Raises:
            Refused: it is wrong, or asks for what is not there.
            HTTPError: 403, the token is not good for it.
        """
        token = self._checked(message)
        made = self._view(token).legacy(message, level)
        if isinstance(made, Call):
            made.token = token
        return made

    def _checked(self, message: Message) -> Token:
        if self.token is None:
            raise RuntimeError("a message came by a way on which nobody asks for a token")
        if self._told_apart:
            needed = needs(self.catalogue, message)
            if not self.token.scopes.issuperset(needed):
                raise self._refusals.insufficient(needed)
        return self.token

    def _view(self, token: Token) -> Dispatch:
        """What answers those who have this token's scopes."""
        granted = token.scopes & self._told_apart
        found = self._views.get(granted)
        if found is None:
            if len(self._views) >= MOST_VIEWS:
                self._views.clear()
            found = self._views[granted] = Dispatch(self.catalogue, granted, self.tells)
        return found


def needs(catalogue: Catalogue, message: Message) -> tuple[str, ...]:
    """The scopes of what a request is about; none where it is about nothing that is there."""
    params: Any = message.params
    if params is UNSET:
        return ()
    match message.method:
        case "tools/call":
            return catalogue.scopes.get(("Tool", params.name), ())
        case "prompts/get":
            return catalogue.scopes.get(("Prompt", params.name), ())
        case "resources/read" | "resources/subscribe" | "resources/unsubscribe":
            return _of_resource(catalogue, params.uri)
        case "completion/complete" if params.ref is not UNSET:
            if params.ref.type == "ref/prompt":
                return catalogue.scopes.get(("Prompt", params.ref.name), ())
            return _of_resource(catalogue, params.ref.uri)
        case "subscriptions/listen" if params.notifications is not UNSET:
            uris = params.notifications.uris
            several = () if uris is UNSET else uris
            return tuple(dict.fromkeys(one for uri in several for one in _of_resource(catalogue, uri)))
    return ()


def _of_resource(catalogue: Catalogue, uri: Any) -> tuple[str, ...]:
    if uri is UNSET:
        return ()
    known = catalogue.scopes.get(("Resource", uri))  # or the text of a template
    if known is not None or uri in catalogue.resources:
        return known or ()
    found = next((one.uri for one in catalogue.templates if one.match(uri) is not None), None)
    return () if found is None else catalogue.scopes.get(("Resource", found), ())
