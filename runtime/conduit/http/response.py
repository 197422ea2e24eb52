"""Responses known in full. ``headers`` may be changed until the response is sent.

Sent are, in this order: content-type, content-length, the other headers as they were set.
"""

from __future__ import annotations

from copy import copy

from conduit.http.headers import MutableHeaders, header_pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from conduit.http.entry import Message, Pair
    from conduit.http.headers import RawPair

    HeadersArgument = Mapping[str, str] | Iterable[tuple[str, str]] | None

#: Statuses whose responses have no body.
BODILESS = (204, 304)


class Response:
    """Bytes, or text that is sent as UTF-8, with a status and headers."""

    __slots__ = ("_pairs", "body", "status")
    #: Whether the body comes in pieces; whether the headers are sent before the first of them is there.
    streams = False
    eager = False

    def __init__(
        self,
        body: bytes | str = b"",
        status: int = 200,
        headers: HeadersArgument = None,
        media_type: str | None = None,
    ) -> None:
        self.body = as_bytes(body)
        self.status = check_status(status)
        self._pairs = typed_pairs(media_type, headers)

    @property
    def headers(self) -> MutableHeaders:
        return MutableHeaders(self._pairs)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"

    def copied(self) -> Response:
        """A response of one's own: a handler may give the same object to many requests."""
        made = copy(self)
        made._pairs = list(self._pairs)
        return made

    def start(self) -> Message:
        """The message that begins it."""
        known = not self.streams and self.status not in BODILESS
        return start_message(self.status, self._pairs, b"%d" % len(self.body) if known else None)

    def messages(self) -> Pair:
        """Both messages, where the body is known in full."""
        self.body = as_bytes(self.body)  # which middleware may have set
        body = b"" if self.status in BODILESS else self.body
        return self.start(), {"type": "http.response.body", "body": body}


class JSON(Response):
    """A value as JSON."""

    __slots__ = ()

    def __init__(self, content: Any, status: int = 200, headers: HeadersArgument = None) -> None:
        from conduit.http.encode import encode_json

        Response.__init__(self, encode_json(content), status, headers, "application/json")


class Text(Response):
    """Plain text."""

    __slots__ = ()

    def __init__(self, content: str, status: int = 200, headers: HeadersArgument = None) -> None:
        Response.__init__(self, content, status, headers, "text/plain; charset=utf-8")


class HTML(Response):
    """A page."""

    __slots__ = ()

    def __init__(self, content: str, status: int = 200, headers: HeadersArgument = None) -> None:
        Response.__init__(self, content, status, headers, "text/html; charset=utf-8")


class Redirect(Response):
    """Sends the client to another address; 307 keeps method and body."""

    __slots__ = ()

    def __init__(self, location: str, status: int = 307, headers: HeadersArgument = None) -> None:
        from urllib.parse import quote

        Response.__init__(self, b"", status)
        self.headers["location"] = quote(location, safe=":/%#?=@[]!$&'()*+,;~")
        self._pairs += header_pairs(headers)


def as_bytes(body: object) -> bytes:
    """A body as it is sent.

    Raises:
        TypeError: neither bytes nor text.
    """
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytearray | memoryview):
        return bytes(body)
    raise TypeError(f"a response's body is bytes or text, not {type(body).__name__}")


def check_status(status: int) -> int:
    """A status that may be sent.

    Raises:
        ValueError: not a final status of HTTP.
    """
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        raise ValueError(f"a response's status is 200 to 599, not {status!r}")
    return int(status)


def typed_pairs(media_type: str | None, headers: HeadersArgument) -> list[RawPair]:
    """A user's headers; the content type is in front unless they name one themselves."""
    pairs = header_pairs(headers)
    if media_type is not None and not any(name == b"content-type" for name, _ in pairs):
        pairs[:0] = header_pairs([("content-type", media_type)])
    return pairs


def start_message(status: int, pairs: list[RawPair], length: bytes | None) -> dict[str, Any]:
    """The message that begins an answer, headers in their fixed order.

    ``length`` is that of a body known in full: a length among the headers gives way to it, as does a transfer
    encoding (with both, client and proxy may disagree where the body ends), and both are dropped where there
    can be no body.
    """
    kinds, lengths, rest = [], [], []
    for pair in pairs:
        if pair[0] == b"content-type":
            kinds.append(pair)
        elif pair[0] == b"content-length":
            lengths.append(pair)
        elif pair[0] == b"transfer-encoding" and (length is not None or status in BODILESS):
            continue
        else:
            rest.append(pair)
    if length is not None:
        lengths = [(b"content-length", length)]
    elif status in BODILESS:
        lengths = []
    return {"type": "http.response.start", "status": status, "headers": [*kinds, *lengths, *rest]}
