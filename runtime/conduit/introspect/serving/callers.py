"""A request's token → who asks, and what is left of the questions that they may ask."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING

from conduit.introspect.serving.rate import Allowance
from conduit.introspect.serving.refusals import malformed, no_token, wrong_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conduit.http.entry import Scope

#: Hexadecimal digits of a token's hash by which the audit names it.
_DIGITS = 12


class Caller:
    """Who has one of the tokens; ``who`` tells nobody the token."""

    __slots__ = ("allowance", "token", "who")

    def __init__(self, token: bytes, allowance: Allowance) -> None:
        self.token = token
        self.who = sha256(token).hexdigest()[:_DIGITS]
        self.allowance = allowance


class Callers:
    """All that have a token."""

    def __init__(self, tokens: Sequence[str], rate: tuple[int, int]) -> None:
        self._callers = [Caller(token.encode(), Allowance(*rate)) for token in tokens]

    def of(self, scope: Scope) -> Caller:
        """Who asks.

        Raises:
            Refusal: 401 or 400, as RFC 6750 says.
        """
        given: bytes | None = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                if given is not None:
                    raise malformed("there is more than one Authorization header")
                given = value
        if given is None:
            raise no_token()
        scheme, _, token = given.partition(b" ")
        if scheme.lower() != b"bearer":
            raise no_token()
        found: Caller | None = None
        for caller in self._callers:  # all of them, each to its end: the time it takes tells nothing of them
            if compare_digest(token, caller.token):
                found = caller
        if found is None:
            raise wrong_token()
        return found
