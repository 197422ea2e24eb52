"""The old pair (2024-11-05): a GET that stays open brings all answers, and POSTs beside it bring messages.

Both must reach the same process. The GET's first event names the address for the POSTs, which nobody else can
guess.
"""

from __future__ import annotations

import asyncio
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from conduit.http.delivery import departure
from conduit.http.entry import Entry
from conduit.http.errors import HTTPError
from conduit.http.response import Response, Text
from conduit.mcp.checks import Headers
from conduit.mcp.dispatch import Dispatch
from conduit.mcp.sources import PRINCIPAL, check_source

if TYPE_CHECKING:
    from collections.abc import Collection

    from conduit.http.entry import Answer, Hit, Receive, Scope, Send
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.limited import Limited

#: More than any server has when it ends.
_PATIENCE_SECONDS = 3600.0


class Pair:
    """Answers requests at MCP's path; ``hosts`` as of ``conduit.mcp.http.Door``."""

    def __init__(self, catalogue: Catalogue, hosts: Collection[str] = ()) -> None:
        self.catalogue = catalogue
        self.conversations: dict[str, Opened] = {}
        self.dispatch: Dispatch | Limited = Dispatch(catalogue)
        self._hosts = frozenset(one.lower() for one in hosts)

    def answer_by(self, dispatch: Limited) -> None:
        """From now on, instead of by all that is offered."""
        self.dispatch = dispatch

    def entry(self, max_body: int) -> Entry:
        """For the tables; it awaits nothing but the body."""
        return Entry(self.serve, True, (), "mcp", max_body=max_body, body_only=True)

    def serve(self, scope: Scope, hit: Hit, raw: bytes) -> Answer:
        """The answer to one request."""
        check_source(scope, Headers(scope["headers"]), self._hosts)
        if scope["method"] in ("GET", "HEAD"):
            return Opened(self)
        if scope["method"] != "POST":
            return Response(b"", 405, {"allow": "GET, POST"})
        named = parse_qs(scope["query_string"].decode("latin-1")).get("session_id", [""])
        opened = self.conversations.get(named[0])
        if opened is None or opened.talk.principal != scope.get(PRINCIPAL):
            raise HTTPError(404, "there is no such session: begin with a GET")
        if opened.events.full:
            raise HTTPError(503, "read the answers that wait before you ask for more")
        opened.talk.take([raw])
        return Text("Accepted", 202)


class Opened(Response):
    """The stream of a client; it leaves, and all that it waited for is given up. Thousands may be open."""

    __slots__ = ("_ending", "_pair", "_task", "events", "talk")
    streams = True

    def __init__(self, pair: Pair) -> None:
        super().__init__(b"", 200)
        self._pair = pair
        self._ending: asyncio.Task[None] | None = None

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is answered, until the client leaves."""
        pair, id_, self._task = self._pair, token_urlsafe(24), asyncio.current_task()
        self._begin(scope, send, id_)
        pair.conversations[id_] = self
        pair.catalogue.hub.streams.add(self.end)
        try:
            await departure(receive)
        except asyncio.CancelledError:
            if self._task is not None and self._ending is not None and self._ending.done():  # the server ends
                self._task.uncancel()
                await self.events.end()
            elif self.events.overrun is not None:  # somebody else wants this to end
                raise
        finally:
            pair.catalogue.hub.streams.discard(self.end)
            if self._ending is not None:
                self._ending.cancel()
            del pair.conversations[id_]
            self.talk.cancel()
            self.events.close()

    def _begin(self, scope: Scope, send: Send, id_: str) -> None:
        from conduit.mcp.conversation import Conversation
        from conduit.mcp.events import Events
        from conduit.mcp.peer import Peer

        pair, events = self._pair, Events(self, send)
        address = f"{scope.get('root_path', '')}{scope['path']}?session_id={id_}"
        events.add(b"event: endpoint\ndata: %b\n\n" % address.encode())
        events.overrun = self._cut_off
        peer = Peer(pair.catalogue, pair.dispatch)
        self.events = events
        self.talk = Conversation(peer, pair.catalogue.hub, events.send_all, events.offer)
        self.talk.principal = scope.get(PRINCIPAL)

    def _cut_off(self) -> None:
        """The client asks, and does not read the answers."""
        if self._task is not None:
            self._task.cancel()

    def end(self) -> None:
        """The server ends."""
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._after_calls())

    async def _after_calls(self) -> None:
        """End the stream once it has brought the answers of what is under way."""
        await self.talk.finish(_PATIENCE_SECONDS)
        self._cut_off()
