"""What a request is refused with (RFC 6750, 3; RFC 9728, 5.1): a status, and what would be better.

Every answer is a problem document with ``WWW-Authenticate``. Reasons are sentences of ours: nothing that a
request brought is repeated in a header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.http.errors import HTTPError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Refusals:
    """``metadata`` is the address of what describes the resource, ``scopes`` are what each request needs."""

    def __init__(self, scopes: Iterable[str], metadata: str | None = None) -> None:
        self._scopes = tuple(scopes)
        self._metadata = metadata

    def no_token(self) -> HTTPError:
        """None was given: that is no error yet."""
        return self._made(401, "a bearer token is needed", None)

    def invalid(self, why: str) -> HTTPError:
        """The token is not accepted."""
        return self._made(401, why, "invalid_token")

    def malformed(self, why: str) -> HTTPError:
        """It cannot be told which token is meant."""
        return self._made(400, why, "invalid_request")

    def insufficient(self, more: Iterable[str] = ()) -> HTTPError:
        """The token is good, but not for this, which needs ``more`` than every request does."""
        return self._made(403, "the token is not good for this", "insufficient_scope", more)

    def _made(self, status: int, why: str, error: str | None, more: Iterable[str] = ()) -> HTTPError:
        said = {} if error is None else {"error": error, "error_description": why}
        scopes = " ".join(dict.fromkeys((*self._scopes, *more)))
        said |= {"scope": scopes} if scopes else {}
        said |= {"resource_metadata": self._metadata} if self._metadata else {}
        parts = ", ".join(f'{name}="{value}"' for name, value in said.items())
        return HTTPError(status, why, {"www-authenticate": f"Bearer {parts}" if parts else "Bearer"})
