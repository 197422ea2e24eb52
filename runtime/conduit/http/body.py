"""The request's body: read whole or in pieces, never more than its limit.

``conduit.body`` in the scope holds what was read whole; ``conduit.streamed`` says that pieces were handed
out.
"""

from __future__ import annotations

from conduit.http.errors import Disconnected, HTTPError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any

    from conduit.http.entry import Receive, Scope

#: What an app's bodies may be long, unless it says something else.
MAX_BODY = 1 << 20


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body, read once and kept.

    Raises:
        HTTPError: 413, longer than ``limit``.
        Disconnected: the client went away.
    """
    known: bytes | None = scope.get("conduit.body")
    if known is None:
        if "conduit.streamed" in scope:
            raise RuntimeError("the body was streamed already")
        if declared_length(scope) > limit:  # before it is asked for
            raise too_large(limit)
        message = await receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            known = message.get("body", b"")
        else:
            known = await _read_pieces(receive, message, limit)
        scope["conduit.body"] = known
    if len(known) > limit:
        raise too_large(limit)
    return known


async def _read_pieces(receive: Receive, message: Any, limit: int) -> bytes:
    pieces, size = [], 0
    while True:
        if message["type"] == "http.disconnect":
            raise Disconnected
        piece = message.get("body", b"")
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        if not message.get("more_body"):
            return b"".join(pieces)
        message = await receive()


async def stream_body(scope: Scope, receive: Receive, limit: int) -> AsyncIterator[bytes]:
    """The body's pieces as they arrive; what was read whole before is one piece.

    Raises:
        HTTPError: 413, longer than ``limit``.
        Disconnected: the client went away.
        RuntimeError: the pieces were handed out before.
    """
    known: bytes | None = scope.get("conduit.body")
    if known is not None:
        yield known
        return
    if "conduit.streamed" in scope:
        raise RuntimeError("the body was streamed already")
    if declared_length(scope) > limit:
        raise too_large(limit)
    scope["conduit.streamed"] = "open"
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        more = message.get("more_body", False)
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        if not more:
            scope["conduit.streamed"] = "done"
        if piece:
            yield piece


def may_come(scope: Scope) -> bool:
    """Whether ``receive`` may still give pieces of a body that somebody could want."""
    if "conduit.body" in scope or scope.get("conduit.streamed") == "done":
        return False
    names = [name for name, _ in scope["headers"]]
    return b"transfer-encoding" in names or declared_length(scope) > 0


def declared_length(scope: Scope) -> int:
    """What ``content-length`` says; 0 without one."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def too_large(limit: int) -> HTTPError:
    return HTTPError(413, f"the body is larger than {limit} bytes")


def parse_json(raw: bytes) -> Any:
    """``raw`` as JSON.

    Raises:
        HTTPError: 400, it is none.
    """
    from msgspec import DecodeError
    from msgspec.json import decode

    try:
        if not raw.isascii():
            raw.decode()
        return decode(raw)
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(error) from None


def not_json(error: Exception) -> HTTPError:
    """What to raise for a body that does not decode."""
    if isinstance(error, RecursionError):
        return HTTPError(400, "the body is nested too deeply")
    if isinstance(error, UnicodeDecodeError):
        return HTTPError(400, "the body is not UTF-8")
    return HTTPError(400, f"the body is not JSON: {error}")
