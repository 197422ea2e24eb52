"""``Token``: what a verified bearer token says; and ``Invalid``, why one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Token:
    """A token that was verified: whose it is, what it is good for, for whom it was made, and until when.

    ``expires`` is in seconds since 1970, None where that is not known; ``claims`` is all that it says.
    """

    __slots__ = ("audience", "claims", "expires", "scopes", "subject")

    def __init__(
        self,
        subject: str,
        scopes: Iterable[str] = (),
        audience: Iterable[str] = (),
        expires: float | None = None,
        claims: Mapping[str, Any] | None = None,
    ) -> None:
        if not isinstance(subject, str) or not subject:
            raise ValueError("a token's subject is text: who calls is told apart by it")
        self.subject = subject
        self.scopes = frozenset(several(scopes))
        self.audience = tuple([audience] if isinstance(audience, str) else audience)
        self.expires = expires
        self.claims = {} if claims is None else claims

    def __repr__(self) -> str:  # the claims are personal, and of no use in a log
        return f"<Token of {self.subject!r} for {' '.join(sorted(self.scopes)) or 'nothing'}>"


class Invalid(Exception):
    """A token that is not accepted. The message is told to the client: a sentence of ours, in ASCII."""


def several(scopes: Iterable[str]) -> list[str]:
    """Scopes as a list; a text holds them with blanks between (RFC 6749, 3.3)."""
    return scopes.split() if isinstance(scopes, str) else list(scopes)
