"""Values that stand in headers, too, so that proxies can route by them (2026-07-28, Streamable HTTP).

``=?base64?…?=`` holds what a header cannot. An argument whose schema says ``x-mcp-header: Region`` stands in
``Mcp-Param-Region``.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, DecodeError
from msgspec.json import decode

from conduit.mcp.messages import HEADER_MISMATCH, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    #: A header's name in small letters, and the names that lead to the argument.
    Mirror = tuple[str, tuple[str, ...]]

#: How a value begins and ends that a header cannot hold as it is.
ENCODED, _AFTER = "=?base64?", "?="


def mirrored(value: str | None) -> str | None:
    """What a header says; None where that cannot be read."""
    if value is None or not (value.startswith(ENCODED) and value.endswith(_AFTER)):
        return value
    text = value[len(ENCODED) : -len(_AFTER)]
    try:
        data = b64decode(text, validate=True)
        return data.decode() if b64encode(data).decode() == text else None
    except (Error, ValueError):
        return None


def check(mirrors: Sequence[Mirror], raw: Any, header: Callable[[bytes], str | None]) -> None:
    """Refuse arguments that do not say what their headers do.

    Raises:
        Refused: they do not.
    """
    try:
        arguments = {} if raw is UNSET else decode(raw)
    except (DecodeError, RecursionError):
        return  # the tool says what is wrong with them
    for name, path in mirrors:
        given, meant = header(name.encode()), _text(_at(arguments, path))
        if given is None and meant is None:
            continue
        if given is None:
            raise Refused(HEADER_MISMATCH, f"The header {name} is missing.")
        if meant is None or mirrored(given) != meant:
            raise Refused(HEADER_MISMATCH, f"The header {name} does not say what the body does.")


def _at(arguments: Any, path: Sequence[str]) -> Any:
    for name in path:
        arguments = arguments.get(name) if isinstance(arguments, dict) else None
    return arguments


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None
