"""Values in headers: ``=?base64?…?=`` holds what a header cannot (2026-07-28, Streamable HTTP)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error

_BEFORE, _AFTER = "=?base64?", "?="


def mirrored(value: str | None) -> str | None:
    """What a header says; None where that cannot be read."""
    if value is None or not (value.startswith(_BEFORE) and value.endswith(_AFTER)):
        return value
    text = value[len(_BEFORE) : -len(_AFTER)]
    try:
        data = b64decode(text, validate=True)
        return data.decode() if b64encode(data).decode() == text else None
    except (Error, ValueError):
        return None
