"""State that a client keeps for us between rounds, so that no worker has to: signed, bound and short-lived.

``seal(state)`` gives a text, ``opened(text)`` the state again. It is signed (HMAC-SHA-256) with the app's
secret, ``CONDUIT_SECRET``; without one with a key of this process, and then only it can go on.
"""

from __future__ import annotations

import hmac
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

from msgspec import DecodeError
from msgspec.json import decode, encode

#: Seconds for which a client may think.
LIFE_SECONDS = 3600
_MAC = 32


class Broken(Exception):
    """The text is not what was given out, or too old."""


def _key() -> bytes:
    secret = os.environ.get("CONDUIT_SECRET")
    return hmac.digest(secret.encode(), b"conduit.mcp.state", "sha256") if secret else os.urandom(32)


_KEYS: list[bytes] = []


def _sign(data: bytes) -> bytes:
    if not _KEYS:
        _KEYS.append(_key())
    return hmac.digest(_KEYS[0], data, "sha256")


def seal(state: dict[str, Any]) -> str:
    """The state as text."""
    data = encode([int(time.time()) + LIFE_SECONDS, state])
    return urlsafe_b64encode(_sign(data) + data).decode()


def opened(text: str) -> dict[str, Any]:
    """The state.

    Raises:
        Broken: it is not ours, was changed, or is too old.
    """
    try:
        whole = urlsafe_b64decode(text.encode())
    except (Error, ValueError):
        raise Broken from None
    mac, data = whole[:_MAC], whole[_MAC:]
    if not hmac.compare_digest(mac, _sign(data)) or urlsafe_b64encode(whole).decode() != text:
        raise Broken
    try:
        until, state = decode(data)
    except (DecodeError, ValueError):
        raise Broken from None
    if until < time.time():
        raise Broken
    found: dict[str, Any] = state
    return found
