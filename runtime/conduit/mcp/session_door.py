"""Streamable HTTP with sessions for legacy clients; modern requests need none, and what they say of one is
nothing to us."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import UNSET

from conduit.http.response import Response
from conduit.mcp import messages
from conduit.mcp.checks import is_modern
from conduit.mcp.client import Client
from conduit.mcp.dispatch import LEGACY
from conduit.mcp.http import Door, answer
from conduit.mcp.messages import INVALID_REQUEST, Refused
from conduit.mcp.sessions import IDLE_SECONDS, Full, Sessions
from conduit.mcp.sources import PRINCIPAL

if TYPE_CHECKING:
    from collections.abc import Collection

    from conduit.http.entry import Answer, Hit, Scope
    from conduit.mcp.calls import Call
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.checks import Headers
    from conduit.mcp.messages import Message
    from conduit.mcp.session import Session

_HEADER = b"mcp-session-id"


class NoSession(Exception):
    """A request that needs a session, and has none: the status of its answer, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class SessionDoor(Door):
    """As ``Door``; a session that is idle for ``seconds`` ends."""

    tells = True

    def __init__(
        self, catalogue: Catalogue, hosts: Collection[str] = (), *, seconds: float = IDLE_SECONDS
    ) -> None:
        super().__init__(catalogue, hosts)
        self.sessions = Sessions(catalogue.hub, seconds)
        catalogue.keeps_sessions = True

    def serve(self, scope: Scope, hit: Hit, raw: bytes) -> Answer:
        """The answer to one request."""
        try:
            return super().serve(scope, hit, raw)
        except NoSession as error:
            return answer(messages.error(None, INVALID_REQUEST, str(error)), error.status)

    def _session(self, headers: Headers, scope: Scope) -> Session:
        """The session that a request belongs to.

        Raises:
            NoSession: to none.
        """
        try:
            id_ = headers.once(_HEADER)
        except Refused as error:
            raise NoSession(400, error.message) from None
        if id_ is None:
            raise NoSession(400, "Mcp-Session-Id is missing: a session begins with `initialize`.")
        found = self.sessions.find(id_, scope.get(PRINCIPAL))
        if found is None:
            raise NoSession(404, "There is no such session: begin another with `initialize`.")
        return found

    def _unposted(self, scope: Scope, headers: Headers) -> Answer:
        """GET opens the stream of a session, DELETE ends the session."""
        method = scope["method"]
        version = headers.get(b"mcp-protocol-version")
        if method not in ("GET", "DELETE") or (version is not None and version not in LEGACY):
            return Response(b"", 405, {"allow": "DELETE, GET, POST"})
        session = self._session(headers, scope)
        if method == "DELETE":
            self.sessions.end(session)
            return Response(b"", 204)
        if not _takes_events(headers.get(b"accept")):
            return Response(b"", 406)
        from conduit.mcp.heard import Heard

        return Heard(session)

    def _legacy(self, message: Message, headers: Headers, scope: Scope) -> Answer:
        if message.method == "initialize":
            return self._begin(message, scope)
        session = self._session(headers, scope)
        made = self._heeded(session, message)
        if isinstance(made, bytes):
            return answer(made, 200)
        from conduit.mcp.several import Several

        return Several([made], session, array=False)

    def _begin(self, message: Message, scope: Scope) -> Answer:
        """A new session; an id that the client came with is nobody's."""
        client = Client()
        client.greet(message)
        made = self._dispatch.legacy(message)
        try:
            session = self.sessions.begin(client, scope.get(PRINCIPAL))
        except Full:
            raise NoSession(503, "There are too many sessions: try again later.") from None
        assert isinstance(made, bytes)
        start, body = answer(made, 200)
        start["headers"].append((_HEADER, session.id.encode()))
        return start, body

    def _heeded(self, session: Session, message: Message) -> bytes | Call:
        made = self._dispatch.legacy(message, session.client.level or "debug")
        session.heed(message)
        return made

    def _unanswered(self, message: Message, headers: Headers, scope: Scope) -> Answer:
        version = headers.get(b"mcp-protocol-version")
        if is_modern(message, headers) or (version is not None and version not in LEGACY):
            return super()._unanswered(message, headers, scope)
        self._of_session(self._session(headers, scope), message)
        return Response(b"", 202)

    def _of_session(self, session: Session, message: Message) -> bytes | Call | None:
        """What one message is answered with."""
        if message.method is UNSET:
            self._noted(message)
            session.settle(message)
        elif message.id is UNSET:
            session.note(message)
        else:
            return self._heeded(session, message)
        return None

    def _spoken(self, headers: Headers, scope: Scope) -> str | None:
        version = headers.get(b"mcp-protocol-version")
        if version is not None and version not in LEGACY:
            return version
        return self._session(headers, scope).client.version

    def _batched(self, raw: bytes, headers: Headers, scope: Scope) -> Answer:
        from conduit.mcp.several import answers_to

        session = self._session(headers, scope)
        return answers_to(raw, partial(self._of_session, session), session)


def _takes_events(accept: str | None) -> bool:
    """Whether a client reads streams of events; one that does not say takes anything."""
    if accept is None:
        return True
    kinds = {one.partition(";")[0].strip().lower() for one in accept.split(",")}
    return not kinds.isdisjoint({"text/event-stream", "text/*", "*/*"})
