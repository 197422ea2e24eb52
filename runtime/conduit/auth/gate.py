"""``Gate``: a request → the token it brings, verified; who brings none, or a bad one, is refused."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from conduit.auth.refusals import Refusals
from conduit.auth.token import Invalid, Token

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from conduit.auth.bearer import Bearer
    from conduit.auth.signed import BearerJWT
    from conduit.http.entry import Scope

#: Bytes of an Authorization header; the issuers' largest have some thousand.
MOST_BYTES = 8192
#: Tokens that are remembered.
MOST_KNOWN = 1024
_CREDENTIALS = re.compile(rb"bearer +([A-Za-z0-9\-._~+/]+=*) *", re.IGNORECASE)


class Gate:
    """One for each door. ``metadata`` is the address that tells clients where tokens are to be had."""

    def __init__(self, auth: Bearer | BearerJWT, metadata: str | None = None) -> None:
        self.refusals = Refusals(auth.policy.scopes, metadata)
        self._auth = auth
        self._needed = frozenset(auth.policy.scopes)
        #: Header → its token, and until when it is taken on trust. Only what was verified is in here, by the
        #: exact bytes that were verified: other bytes are another token. What makes a token bad later is
        #: time, which is looked at for each request, and a key or an account that is withdrawn, which is
        #: noticed when the entry ends. Whoever gives these bytes has the token: that it is found here tells
        #: nobody anything.
        self._known: dict[bytes, tuple[Token, float]] = {}

    def token(self, scope: Scope) -> Token | Awaitable[Token]:
        """The token that a request brings; to be awaited where that takes time.

        Raises:
            HTTPError: there is none, or it is not good for this.
        """
        given = self._given(scope)
        known = self._known.get(given)
        if known is not None:
            if known[1] > time.time():
                return self._sufficient(known[0])
            del self._known[given]
        text = self._text(given)
        try:
            found = self._auth.check(text)
            return self._admitted(given, found) if isinstance(found, Token) else self._awaited(given, found)
        except Invalid as error:
            raise self.refusals.invalid(str(error)) from None

    def _given(self, scope: Scope) -> bytes:
        """The Authorization header, of which there is one."""
        given: bytes | None = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                if given is not None:
                    raise self.refusals.malformed("there is more than one Authorization header")
                given = value
        if given is None:
            raise self.refusals.no_token()
        if b"access_token=" in scope["query_string"]:
            raise self.refusals.malformed("a token is given in the Authorization header, and only there")
        return given

    def _text(self, given: bytes) -> str:
        """The token in an Authorization header."""
        scheme = given[:6].lower()
        if scheme != b"bearer" or given[6:7] not in (b"", b" "):
            raise self.refusals.no_token()
        if len(given) > MOST_BYTES:
            raise self.refusals.invalid("the token is too long")
        found = _CREDENTIALS.fullmatch(given)
        if found is None:
            raise self.refusals.malformed("the Authorization header is not `Bearer`, a blank and a token")
        return found[1].decode()

    async def _awaited(self, given: bytes, found: Awaitable[Token]) -> Token:
        try:
            return self._admitted(given, await found)
        except Invalid as error:
            raise self.refusals.invalid(str(error)) from None

    def _admitted(self, given: bytes, token: Token) -> Token:
        """A token that was just verified."""
        now = time.time()
        until = now + self._auth.remember
        if token.expires is not None:
            if token.expires <= now:  # leeway is for clocks that are ahead, not for tokens that are over
                raise Invalid("the token has expired")
            until = min(until, token.expires)
        if until > now:
            if len(self._known) >= MOST_KNOWN:
                del self._known[next(iter(self._known))]
            self._known[given] = token, until
        return self._sufficient(token)

    def _sufficient(self, token: Token) -> Token:
        if not self._needed <= token.scopes:
            raise self.refusals.insufficient()
        return token
