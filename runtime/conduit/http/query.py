"""The query string and the cookies, parsed once a request at most.

A malformed escape stays as it is; what is not UTF-8 is a 400.
"""

from __future__ import annotations

from conduit.http.errors import HTTPError
from conduit.http.headers import Headers, Values, request_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from conduit.http.entry import Scope


def query_of(scope: Scope) -> Values:
    """The query string's values."""
    known: Values | None = scope.get("conduit.query")
    if known is None:
        known = scope["conduit.query"] = Values(parse_query(scope.get("query_string", b"")))
    return known


def parse_query(raw: bytes) -> dict[str, list[str]]:
    """``a=1&b=&a=2`` as lists by key; ``+`` is a space, blanks are kept.

    Raises:
        HTTPError: 400, not UTF-8.
    """
    lists: dict[str, list[str]] = {}
    if not raw:
        return lists
    try:
        if b"%" not in raw:
            for piece in raw.decode().replace("+", " ").split("&"):
                if piece:
                    key, _, value = piece.partition("=")
                    lists.setdefault(key, []).append(value)
            return lists
        from urllib.parse import unquote_to_bytes

        for part in raw.replace(b"+", b" ").split(b"&"):
            if part:
                name, _, content = part.partition(b"=")
                key = unquote_to_bytes(name).decode()
                lists.setdefault(key, []).append(unquote_to_bytes(content).decode())
    except UnicodeDecodeError:
        raise HTTPError(400, "the query is not UTF-8") from None
    return lists


def headers_of(scope: Scope) -> Headers:
    """The request's headers."""
    known: Headers | None = scope.get("conduit.headers")
    if known is None:
        known = scope["conduit.headers"] = request_headers(scope["headers"])
    return known


def cookies_of(scope: Scope) -> Values:
    """The request's cookies."""
    known: Values | None = scope.get("conduit.cookies")
    if known is None:
        raw = [value for name, value in scope["headers"] if name == b"cookie"]
        known = scope["conduit.cookies"] = Values(parse_cookies(raw))
    return known


def parse_cookies(raw: list[bytes]) -> dict[str, list[str]]:
    """Cookie headers as lists by name; quotes around a value are no part of it."""
    lists: dict[str, list[str]] = {}
    for header in raw:
        for piece in header.decode("latin-1").split(";"):
            name, equals, value = piece.partition("=")
            name, value = name.strip(), value.strip()
            if not equals or not name:
                continue
            if len(value) > 1 and value[0] == value[-1] == '"':
                value = value[1:-1]
            lists.setdefault(name, []).append(value)
    return lists
