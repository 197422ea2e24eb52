"""``Refusal``: why there is no answer, as a problem document (RFC 9457)."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from msgspec.json import encode

from conduit.http.problem import MEDIA_TYPE, title_of
from conduit.http.response import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What the door is called where it asks for a token.
_REALM = 'Bearer realm="introspect"'


class Refusal(Exception):
    """``outcome`` is what the audit calls it; ``candidates`` are what was probably meant."""

    def __init__(
        self,
        status: int,
        detail: str,
        outcome: str,
        headers: Mapping[str, str] | None = None,
        candidates: Sequence[str] = (),
    ) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.outcome = outcome
        self.headers = headers or {}
        self.candidates = list(candidates)

    def answer(self) -> Response:
        """As a response."""
        document: dict[str, object] = {"type": "about:blank", "title": title_of(self.status)}
        document |= {"status": self.status, "detail": self.detail}
        if self.candidates:
            document["candidates"] = self.candidates
        made = Response(encode(document), self.status, media_type=MEDIA_TYPE)
        made.headers.update({"cache-control": "no-store", **self.headers})
        return made


def no_token() -> Refusal:
    """None was given: that is no error yet (RFC 6750, 3.1)."""
    return Refusal(401, "a bearer token is needed", "no token", {"www-authenticate": _REALM})


def wrong_token() -> Refusal:
    why = "the token is not known"
    said = f'{_REALM}, error="invalid_token", error_description="{why}"'
    return Refusal(401, why, "wrong token", {"www-authenticate": said})


def malformed(why: str) -> Refusal:
    """It cannot be told which token is meant."""
    said = f'{_REALM}, error="invalid_request", error_description="{why}"'
    return Refusal(400, why, "malformed", {"www-authenticate": said})


def switched_off() -> Refusal:
    return Refusal(403, "introspection is switched off", "switched off")


def too_many(seconds: float) -> Refusal:
    return Refusal(429, "more questions than are allowed", "too many", _later(seconds))


def not_now(why: str, outcome: str, seconds: float | None = None) -> Refusal:
    return Refusal(503, why, outcome, None if seconds is None else _later(seconds))


def _later(seconds: float) -> dict[str, str]:
    return {"retry-after": str(max(1, ceil(seconds)))}
