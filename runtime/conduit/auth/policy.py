"""``Policy``: what is asked of every token, whoever verifies it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conduit.auth.token import several

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Policy:
    """``audience`` are the names of the service, the first of them its address; ``issuer`` makes the tokens;
    ``scopes`` are those that each token needs."""

    __slots__ = ("audience", "issuer", "scopes")

    def __init__(self, audience: str | Iterable[str], issuer: str | None, scopes: Iterable[str]) -> None:
        self.audience = (audience,) if isinstance(audience, str) else tuple(audience)
        self.issuer = issuer
        self.scopes = tuple(several(scopes))
        texts = (*self.audience, *self.scopes, *([] if issuer is None else [issuer]))
        if not all(isinstance(one, str) and one for one in texts):
            raise ValueError("audience, issuer and scopes are texts, and none of them is empty")
        for scope in self.scopes:
            check_scope(scope)


def check_scope(scope: str) -> None:
    """Refuse what cannot be a scope (RFC 6749, 3.3): it stands in headers, between quotes and blanks.

    Raises:
        ValueError: it cannot.
    """
    if not scope.isascii() or not scope.isprintable() or set(scope) & set(' "\\'):
        raise ValueError(f"{scope!r} is no scope: printable ASCII without blanks, quotes and backslashes")


def is_safe(address: str) -> bool:
    """Whether an address is one of TLS, or of this very machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))
