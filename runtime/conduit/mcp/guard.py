"""What stands before MCP's door where the app asks for tokens.

In: a request. Out: the door's answer to it, once the request's token is verified; who calls is then known to
the door as ``scope[PRINCIPAL]``, and to tools as ``ctx.token``. Without ``auth=`` none of this is
there at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conduit.auth.bearer import Bearer
from conduit.auth.gate import Gate
from conduit.auth.signed import BearerJWT
from conduit.auth.token import Token
from conduit.http.delivery import messages_of
from conduit.http.entry import Entry, constant
from conduit.http.errors import HTTPError
from conduit.http.failing import log_unhandled
from conduit.http.problem import from_error, problem
from conduit.http.request import Request
from conduit.http.response import Response
from conduit.mcp.limited import Limited
from conduit.mcp.protected import document, place
from conduit.mcp.sources import PRINCIPAL

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from conduit.http.entry import Answer, Hit, Receive, Scope, Send
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.http import Door
    from conduit.mcp.sse import Pair


def guarded(
    door: Door | Pair, catalogue: Catalogue, auth: Bearer | BearerJWT | None, max_body: int
) -> list[Entry | None]:
    """The entries of the door, and of what describes it to clients (twice); None where there is nothing.

    Raises:
        TypeError: ``auth`` is something else.
        ValueError: it cannot be described, or is needed and not there.
        ImportError: what verifies tokens is not installed.
    """
    if auth is None:
        if catalogue.scopes:  # who meant them for some does not mean them for all
            raise ValueError("something needs a token with scopes, and auth= of enable_mcp is None")
        return [door.entry(max_body), None, None]
    if not isinstance(auth, Bearer | BearerJWT):
        raise TypeError(f"auth= is a BearerJWT or a Bearer, not {type(auth).__name__}")
    auth.prepare()
    gate = Gate(auth, place(auth.policy))
    body = document(auth.policy, catalogue)
    about = None if body is None else constant(_described(body), (), "mcp-resource")
    return [Guard(door, Limited(catalogue, gate.refusals), gate).entry(max_body), about, about]


def _described(body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    from conduit.http.answers import answer_constant

    return answer_constant(200, "application/json", body)


class Guard:
    """``door`` answers what ``gate`` lets through, by way of ``limited``."""

    def __init__(self, door: Door | Pair, limited: Limited, gate: Gate) -> None:
        self._door = door
        self._limited = limited
        self._gate = gate
        door.answer_by(limited)

    def entry(self, max_body: int) -> Entry:
        """For the tables; it awaits nothing but the body."""
        return Entry(self.serve, True, (), "mcp", max_body=max_body, body_only=True)

    def serve(self, scope: Scope, hit: Hit, raw: bytes) -> Answer:
        """The answer to one request.

        Raises:
            HTTPError: 400, 401, 403 or 503, as RFC 6750 says.
        """
        found = self._gate.token(scope)
        if isinstance(found, Token):
            return self.admit(found, scope, hit, raw)
        return Verified(self, found, hit, raw)

    def admit(self, token: Token, scope: Scope, hit: Hit, raw: bytes) -> Answer:
        """The answer to who has this token."""
        scope[PRINCIPAL] = token.subject
        limited = self._limited
        limited.token = token
        try:
            return self._door.serve(scope, hit, raw)
        finally:
            limited.token = None


class Verified(Response):
    """The answer to a request whose token takes time to verify. Until it is known it is a refusal: a HEAD,
    which gets the beginning of an answer and no more, learns nothing else."""

    __slots__ = ("_found", "_guard", "_hit", "_raw")
    streams = True

    def __init__(self, guard: Guard, found: Awaitable[Token], hit: Hit, raw: bytes) -> None:
        super().__init__(b"", 401, {"www-authenticate": "Bearer"})
        self._guard = guard
        self._found = found
        self._hit = hit
        self._raw = raw

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Verify it, and send what the door answers."""
        answer = await self._answer(scope, receive)
        deliver = getattr(answer, "deliver", None)
        if deliver is not None:
            await deliver(scope, receive, send)
            return
        for message in messages_of(answer, False):
            await send(message)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        try:
            token = await self._found
            return self._guard.admit(token, scope, self._hit, self._raw)
        except HTTPError as error:
            return from_error(error)
        except Exception as error:  # of the app's own function
            log_unhandled(Request(scope, receive, self._hit), error)
            return problem(500)
