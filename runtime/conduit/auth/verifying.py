"""A signed token (RFC 7519, 9068) → what it says, once everything about it is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidIssuerError,
    MissingRequiredClaimError,
    PyJWTError,
)

from conduit.auth.token import Invalid, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conduit.auth.keys import Key
    from conduit.auth.policy import Policy

_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
_NEEDED = {"require": ["exp", "iss", "aud", "sub"]}
#: Seconds since 1970 that any clock can count to; neither infinity nor no number at all is below.
_END_OF_TIME = 1 << 53
#: Keys that are tried for a token which names none.
_MOST_TRIED = 8
_WHY: dict[type[PyJWTError], str] = {
    ExpiredSignatureError: "the token has expired",
    ImmatureSignatureError: "the token is not valid yet",
    InvalidAudienceError: "the token was made for another audience",
    InvalidIssuerError: "the token is of another issuer",
}


def header_of(text: str) -> dict[str, Any]:
    """What a token says of how it is signed. Where its key is to be found it may say, too (``jku``, ``x5u``,
    ``jwk``, ``x5c``): nobody listens.

    Raises:
        Invalid: this is no token, or one that wants to be read in another way.
    """
    try:
        header = jwt.get_unverified_header(text)
    except PyJWTError:
        raise Invalid("this is not a signed JSON web token") from None
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise Invalid("this is not an access token")
    if "crit" in header or "b64" in header:
        raise Invalid("the token has a header that must be understood, and is not")
    if not isinstance(header.get("alg"), str):
        raise Invalid("the token does not say how it is signed")
    return header


def fitting(keys: Sequence[Key], header: dict[str, Any]) -> Sequence[Key]:
    """The keys that may have signed a token: of its algorithm, and by the name that it has for its key."""
    named = header.get("kid")
    able = [one for one in keys if header["alg"] in one.algorithms]
    return [one for one in able if named is None or one.id is None or one.id == named][:_MOST_TRIED]


def verified(text: str, keys: Sequence[Key], policy: Policy, leeway: float) -> Token:
    """The token, where one of ``keys`` signed it and it says what ``policy`` asks for.

    Raises:
        Invalid: so it is not.
    """
    for one in keys:
        try:
            claims = jwt.decode(
                text,
                key=one.key,
                algorithms=list(one.algorithms),
                audience=policy.audience,
                issuer=policy.issuer,
                leeway=leeway,
                options=_NEEDED,  # type: ignore[arg-type]
            )
        except jwt.InvalidSignatureError:
            continue
        except MissingRequiredClaimError as error:
            raise Invalid(f"the token lacks {error.claim}") from None
        except PyJWTError as error:
            raise Invalid(_WHY.get(type(error), "the token cannot be verified")) from None
        except (TypeError, ValueError, OverflowError):  # of claims that are nothing of their kind
            raise Invalid("the token cannot be verified") from None
        return _token(claims)
    raise Invalid("the signature is not of a key that is trusted here")


def _token(claims: dict[str, Any]) -> Token:
    expires, subject, audience = claims["exp"], claims["sub"], claims["aud"]
    if isinstance(expires, bool) or not isinstance(expires, int | float) or not 0 <= expires < _END_OF_TIME:
        raise Invalid("the time at which the token expires is none")
    if not subject:
        raise Invalid("the token lacks sub")
    scopes = claims.get("scope", claims.get("scp", ()))
    if not isinstance(scopes, str) and not all(isinstance(one, str) for one in _listed(scopes)):
        raise Invalid("the scopes of the token cannot be read")
    return Token(subject, scopes, audience, expires, claims)


def _listed(scopes: object) -> Sequence[object]:
    return scopes if isinstance(scopes, list | tuple) else (None,)
