"""Streamable HTTP: the entry of the dispatch tables at MCP's path.

A POST holds one message. Its answer is JSON where it is there at once or says nothing on the way; else it is
a stream of server-sent events, the last of which is the answer. Nothing is kept between requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from conduit.http.entry import Entry
from conduit.http.response import Response
from conduit.mcp import messages
from conduit.mcp.checks import Headers, check_modern, is_modern
from conduit.mcp.dispatch import BATCHES, LEGACY, Dispatch, checked_version
from conduit.mcp.messages import INVALID_REQUEST, Malformed, Refused
from conduit.mcp.sources import check_source
from conduit.mcp.statuses import status_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from conduit.http.entry import Answer, Hit, Scope
    from conduit.mcp.calls import Call
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.limited import Limited
    from conduit.mcp.listening import Listening
    from conduit.mcp.messages import Id, Message
    from conduit.mcp.talk import Pending

_JSON = (b"content-type", b"application/json")


class Door:
    """``serve`` answers requests at MCP's path; ``hosts`` are the names, beside the loopback's, by which
    clients may call the server, and from whose pages."""

    #: Whether it can tell a legacy client what it did not ask for in this very request.
    tells = False

    def __init__(self, catalogue: Catalogue, hosts: Collection[str] = ()) -> None:
        self._catalogue = catalogue
        self._dispatch: Dispatch | Limited = Dispatch(catalogue, tells=self.tells)
        self._hosts = frozenset(one.lower() for one in hosts)
        self._pending: Pending | None = None

    def answer_by(self, dispatch: Limited) -> None:
        """From now on, instead of by all that is offered."""
        dispatch.tells = self.tells
        self._dispatch = dispatch

    def entry(self, max_body: int) -> Entry:
        """For the tables; it awaits nothing but the body."""
        return Entry(self.serve, True, (), "mcp", max_body=max_body, body_only=True)

    def serve(self, scope: Scope, hit: Hit, raw: bytes) -> Answer:
        """The answer to one request."""
        headers = Headers(scope["headers"])
        check_source(scope, headers, self._hosts)
        if scope["method"] != "POST":
            return self._unposted(scope, headers)
        try:
            message = messages.read(raw)
        except Malformed as error:
            return self._malformed(error, raw, headers, scope)
        id_: Id | None = None if message.id is UNSET else message.id
        try:
            return self._answered(message, headers, scope)
        except Refused as error:
            return answer(error.told(id_), status_of(error.code, is_modern(message, headers)))

    def _unposted(self, scope: Scope, headers: Headers) -> Answer:
        """The answer to what is no POST."""
        return Response(b"", 405, {"allow": "POST"})

    def _malformed(self, error: Malformed, raw: bytes, headers: Headers, scope: Scope) -> Answer:
        """The answer to what is no message; it may be several."""
        if raw.lstrip(b" \t\r\n").startswith(b"[") and self._spoken(headers, scope) == BATCHES:
            return self._batched(raw, headers, scope)
        modern = headers.get(b"mcp-protocol-version") not in LEGACY
        return answer(messages.error(error.id, error.code, error.message), status_of(error.code, modern))

    def _spoken(self, headers: Headers, scope: Scope) -> str | None:
        """The version of a client that sends several messages at once. The only one in which that may be is
        also the last in which clients do not name it in a header."""
        return headers.get(b"mcp-protocol-version") or BATCHES

    def _batched(self, raw: bytes, headers: Headers, scope: Scope) -> Answer:
        from conduit.mcp.several import answers_to
        from conduit.mcp.underway import Alone

        return answers_to(raw, self._taken, Alone(self._waiting()))

    def _taken(self, message: Message) -> bytes | Call | None:
        """What one of several messages is answered with."""
        if message.method is UNSET or message.id is UNSET:
            self._noted(message)
            return None
        return self._dispatch.legacy(message)

    def _answered(self, message: Message, headers: Headers, scope: Scope) -> Answer:
        if message.method is UNSET or message.id is UNSET:
            return self._unanswered(message, headers, scope)
        if is_modern(message, headers):
            check_modern(message, headers, self._catalogue)
            made = self._dispatch.modern(message)
            return answer(made, 200) if isinstance(made, bytes) else self._streamed(made)
        version = headers.get(b"mcp-protocol-version")
        if version is not None and version not in LEGACY and message.method != "initialize":
            raise Refused(INVALID_REQUEST, f"The version {version[:40]} is not spoken here.")
        return self._legacy(message, headers, scope)

    def _legacy(self, message: Message, headers: Headers, scope: Scope) -> Answer:
        """The answer to a request of a client that speaks a legacy version."""
        made = self._dispatch.legacy(message)
        return answer(made, 200) if isinstance(made, bytes) else self._streamed(made)

    def _streamed(self, made: Call | Listening) -> Answer:
        from conduit.mcp.stream import streamed

        return streamed(made, self._waiting())

    def _waiting(self) -> Pending:
        if self._pending is None:
            from conduit.mcp.talk import Pending

            self._pending = Pending()
        return self._pending

    def _unanswered(self, message: Message, headers: Headers, scope: Scope) -> Answer:
        """A notification, or a client's answer to what it was asked."""
        version = headers.get(b"mcp-protocol-version")
        if version is not None and version not in LEGACY:
            checked_version(version)
        self._noted(message)
        return Response(b"", 202)

    def _noted(self, message: Message) -> None:
        if message.method is UNSET:
            if message.id is UNSET:
                raise Refused(INVALID_REQUEST, "A message has a `method`, or answers a request by its `id`.")
            if self._pending is not None:
                self._pending.take(message)


def answer(body: bytes, status: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """JSON, as a pair of messages."""
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [_JSON, (b"content-length", b"%d" % len(body))],
    }
    return start, {"type": "http.response.body", "body": body}
