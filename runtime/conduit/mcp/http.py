"""Streamable HTTP: the entry of the dispatch tables at MCP's path.

A POST holds one message. Its answer is JSON where it is there at once or says nothing on the way; else it is
a stream of server-sent events, the last of which is the answer. Nothing is kept between requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET
from msgspec.json import decode

from conduit.http.entry import Entry
from conduit.http.response import Response
from conduit.mcp import messages
from conduit.mcp.checks import Headers, check_modern, check_source, is_modern
from conduit.mcp.dispatch import LEGACY, Dispatch, checked_version
from conduit.mcp.messages import INVALID_REQUEST, Malformed, Refused
from conduit.mcp.statuses import status_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from conduit.http.entry import Answer, Hit, Scope
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.limited import Limited
    from conduit.mcp.messages import Id, Message
    from conduit.mcp.talk import Pending

_JSON = (b"content-type", b"application/json")


class Door:
    """``serve`` answers requests at MCP's path; ``hosts`` are the names, beside the loopback's, by which
    clients may call the server, and from whose pages."""

    def __init__(self, catalogue: Catalogue, hosts: Collection[str] = ()) -> None:
        self._catalogue = catalogue
        self._dispatch: Dispatch | Limited = Dispatch(catalogue)
        self._hosts = frozenset(one.lower() for one in hosts)
        self._pending: Pending | None = None

    def answer_by(self, dispatch: Limited) -> None:
        """From now on, instead of by all that is offered."""
        self._dispatch = dispatch

    def entry(self, max_body: int) -> Entry:
        """For the tables; it awaits nothing but the body."""
        return Entry(self.serve, True, (), "mcp", max_body=max_body, body_only=True)

    def serve(self, scope: Scope, hit: Hit, raw: bytes) -> Answer:
        """The answer to one request."""
        headers = Headers(scope["headers"])
        check_source(scope, headers, self._hosts)
        if scope["method"] != "POST":
            return Response(b"", 405, {"allow": "POST"})
        try:
            message = messages.read(raw)
        except Malformed as error:
            modern = headers.get(b"mcp-protocol-version") not in LEGACY
            made = messages.error(error.id, error.code, error.message)
            return _answer(made, status_of(error.code, modern))
        id_: Id | None = None if message.id is UNSET else message.id
        try:
            return self._answered(message, headers)
        except Refused as error:
            return _answer(error.told(id_), status_of(error.code, is_modern(message, headers)))

    def _answered(self, message: Message, headers: Headers) -> Answer:
        if message.method is UNSET or message.id is UNSET:
            return self._unanswered(message, headers)
        if is_modern(message, headers):
            check_modern(message, headers, self._catalogue)
            made = self._dispatch.modern(message)
        else:
            version = headers.get(b"mcp-protocol-version")
            if version is not None and version not in LEGACY and message.method != "initialize":
                raise Refused(INVALID_REQUEST, f"The version {version[:40]} is not spoken here.")
            made = self._dispatch.legacy(message)
        if isinstance(made, bytes):
            return _answer(made, 200)
        from conduit.mcp.stream import streamed

        return streamed(made, self._waiting())

    def _waiting(self) -> Pending:
        if self._pending is None:
            from conduit.mcp.talk import Pending

            self._pending = Pending()
        return self._pending

    def _unanswered(self, message: Message, headers: Headers) -> Answer:
        """A notification, or a client's answer to what it was asked."""
        version = headers.get(b"mcp-protocol-version")
        if version is not None and version not in LEGACY:
            checked_version(version)
        if message.method is UNSET:
            if message.id is UNSET:
                raise Refused(INVALID_REQUEST, "A message has a `method`, or answers a request by its `id`.")
            if self._pending is not None:
                error = None if message.error is UNSET else message.error
                self._pending.settle(
                    message.id, None if message.result is UNSET else decode(message.result), error
                )
        return Response(b"", 202)


def _answer(body: bytes, status: int) -> Answer:
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [_JSON, (b"content-length", b"%d" % len(body))],
    }
    return start, {"type": "http.response.body", "body": body}
