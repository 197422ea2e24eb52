"""Streamable HTTP: the entry of the dispatch tables at MCP's path.

A POST holds one message. Its answer is JSON where it is there at once or says nothing on the way; else it is a
stream of server-sent events, the last of which is the answer. Nothing is kept between requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import UNSET
from msgspec.json import decode

from conduit.http.entry import Entry
from conduit.http.response import Response
from conduit.mcp import messages
from conduit.mcp.calls import Call
from conduit.mcp.dispatch import LEGACY, MODERN, Dispatch, checked_meta, checked_version
from conduit.mcp.messages import HEADER_MISMATCH, INVALID_REQUEST, Malformed, Refused
from conduit.mcp.mirrored import mirrored
from conduit.mcp.statuses import status_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from conduit.http.entry import Answer, Hit, Scope
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.messages import Id, Message
    from conduit.mcp.talk import Pending

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_JSON = (b"content-type", b"application/json")


class Door:
    """``serve`` answers requests at MCP's path; ``hosts`` are the names, beside the loopback's, by which
    clients may call the server, and from whose pages."""

    def __init__(self, catalogue: Catalogue, hosts: Collection[str] = ()) -> None:
        self._dispatch = Dispatch(catalogue)
        self._pending: Pending | None = None
        self._hosts = frozenset(one.lower() for one in hosts)

    def entry(self, max_body: int) -> Entry:
        """For the tables; it awaits nothing but the body."""
        return Entry(self.serve, True, (), "mcp", max_body=max_body, body_only=True)

    def serve(self, scope: Scope, hit: Hit, raw: bytes) -> Answer:
        """The answer to one request."""
        headers = _Headers(scope["headers"])
        self._check_source(scope, headers)
        if scope["method"] != "POST":
            return Response(b"", 405, {"allow": "POST"})
        try:
            message = messages.read(raw)
        except Malformed as error:
            modern = headers.get(b"mcp-protocol-version") not in LEGACY
            return _answer(
                messages.error(error.id, error.code, error.message), status_of(error.code, modern)
            )
        id_: Id | None = None if message.id is UNSET else message.id
        try:
            return self._answered(message, headers)
        except Refused as error:
            return _answer(error.told(id_), status_of(error.code, _is_modern(message, headers)))

    def _answered(self, message: Message, headers: _Headers) -> Answer:
        if message.method is UNSET or message.id is UNSET:
            if message.method is UNSET and self._pending is not None:
                error = None if message.error is UNSET else message.error
                result = None if message.result is UNSET else decode(message.result)
                if self._pending.settle(message.id, result, error):
                    return Response(b"", 202)
            return _unanswered(message, headers)
        if _is_modern(message, headers):
            checked_meta_and_headers(message, headers)
            made = self._dispatch.modern(message)
        else:
            version = headers.get(b"mcp-protocol-version")
            if version is not None and version not in LEGACY and message.method != "initialize":
                raise Refused(INVALID_REQUEST, f"The version {version[:40]} is not spoken here.")
            made = self._dispatch.legacy(message)
        if isinstance(made, Call):
            from conduit.mcp.stream import Streamed
            from conduit.mcp.talk import Pending

            if self._pending is None:
                self._pending = Pending()
            return Streamed(made, self._pending)
        return _answer(made, 200)

    def _check_source(self, scope: Scope, headers: _Headers) -> None:
        """Refuse what another site's page may have sent (DNS rebinding, cross-site requests).

        Raises:
            HTTPError: 403.
        """
        from conduit.http.errors import HTTPError

        host = _name_of(headers.get(b"host") or "")
        server = scope.get("server")
        local = server is not None and str(server[0]) in _LOOPBACK
        if (local or self._hosts) and host not in _LOOPBACK and host not in self._hosts:
            raise HTTPError(403, "this server does not go by that name")
        origin = headers.get(b"origin")
        if origin is not None:
            name = urlsplit(origin).hostname or ""
            if name not in _LOOPBACK and name not in self._hosts:
                raise HTTPError(403, "requests from that origin are not answered")


class _Headers:
    """The request's headers; what is asked for twice is refused."""

    def __init__(self, pairs: list[tuple[bytes, bytes]]) -> None:
        self._known = dict(pairs)
        self._pairs = pairs

    def get(self, name: bytes) -> str | None:
        """The value of a header that is given once."""
        value = self._known.get(name)
        return None if value is None else value.decode("latin-1").strip(" \t")

    def once(self, name: bytes) -> str | None:
        """As ``get``.

        Raises:
            Refused: it is given more than once.
        """
        if sum(one == name for one, _ in self._pairs) > 1:
            raise Refused(HEADER_MISMATCH, f"The header {name.decode()} is given more than once.")
        return self.get(name)


def _name_of(host: str) -> str:
    """A Host field without its port."""
    return (urlsplit(f"//{host}").hostname or "") if host else ""


def _is_modern(message: Message, headers: _Headers) -> bool:
    meta = message.meta
    if meta is not None and meta.version is not UNSET:
        return True
    if message.method == "initialize":
        return False
    version = headers.get(b"mcp-protocol-version")
    return version is not None and version not in LEGACY and version >= MODERN


def checked_meta_and_headers(message: Message, headers: _Headers) -> None:
    """Refuse a modern request whose parts do not agree.

    Raises:
        Refused: they do not.
    """
    meta: Any = message.meta
    if meta is None or meta.version is UNSET or meta.capabilities is UNSET:
        checked_meta(message)
    params: Any = message.params
    _same("MCP-Protocol-Version", headers.once(b"mcp-protocol-version"), meta.version)
    _same("Mcp-Method", headers.once(b"mcp-method"), message.method)
    named = _NAMED.get(str(message.method))
    if named is not None:
        value = getattr(params, named)
        given = mirrored(headers.once(b"mcp-name"))
        _same("Mcp-Name", given, None if value is UNSET else value)
    checked_version(meta.version)


#: Methods whose subject stands in Mcp-Name, too.
_NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}


def _same(header: str, given: str | None, meant: object) -> None:
    if given is None:
        raise Refused(HEADER_MISMATCH, f"The header {header} is missing.")
    if given != meant:
        raise Refused(HEADER_MISMATCH, f"The header {header} does not say what the body does.")


def _unanswered(message: Message, headers: _Headers) -> Answer:
    """A notification, or a client's answer to what nobody asked."""
    version = headers.get(b"mcp-protocol-version")
    if version is not None and version not in LEGACY:
        checked_version(version)
    if message.method is UNSET and message.id is UNSET:
        raise Refused(INVALID_REQUEST, "A message has a `method`, or answers a request by its `id`.")
    return Response(b"", 202)


def _answer(body: bytes, status: int) -> Answer:
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [_JSON, (b"content-length", b"%d" % len(body))],
    }
    return start, {"type": "http.response.body", "body": body}


