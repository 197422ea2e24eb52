"""The old pair (2024-11-05): a GET that stays open brings all answers, and POSTs beside it bring messages.

Both must reach the same process. The GET's first event names the address for the POSTs, which nobody else can
guess.
"""

from __future__ import annotations

import asyncio
from functools import partial
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from conduit.http.entry import Entry
from conduit.http.errors import HTTPError
from conduit.http.response import Response, Text
from conduit.mcp.checks import Headers
from conduit.mcp.dispatch import Dispatch
from conduit.mcp.sources import check_source

if TYPE_CHECKING:
    from collections.abc import Collection

    from conduit.http.entry import Answer, Hit, Receive, Scope, Send
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.conversation import Conversation
    from conduit.mcp.limited import Limited

#: More than any server has when it ends.
_PATIENCE_SECONDS = 3600.0


class Pair:
    """Answers requests at MCP's path; ``hosts`` as of ``conduit.mcp.http.Door``."""

    def __init__(self, catalogue: Catalogue, hosts: Collection[str] = ()) -> None:
        self.catalogue = catalogue
        self.conversations: dict[str, Conversation] = {}
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
        conversation = self.conversations.get(named[0])
        if conversation is None or conversation.principal != scope.get("conduit.principal"):
            raise HTTPError(404, "there is no such session: begin with a GET")
        if conversation.behind():
            raise HTTPError(503, "read the answers that wait before you ask for more")
        conversation.take([raw])
        return Text("Accepted", 202)


class Opened(Response):
    """The stream of a client; it leaves, and all that it waited for is given up."""

    __slots__ = ("_pair",)
    streams = True

    def __init__(self, pair: Pair) -> None:
        super().__init__(b"", 200)
        self._pair = pair

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is answered, until the client leaves."""
        from conduit.mcp.conversation import Conversation
        from conduit.mcp.events import Events
        from conduit.mcp.peer import Peer

        pair, id_ = self._pair, token_urlsafe(24)
        events = Events(self, send)
        address = f"{scope.get('root_path', '')}{scope['path']}?session_id={id_}"
        events.add(b"event: endpoint\ndata: %b\n\n" % address.encode())
        talk = Conversation(
            Peer(pair.catalogue, pair.dispatch), pair.catalogue.hub, events.send_all, events.offer
        )
        talk.behind = lambda: events.full
        events.overrun = partial(_end, asyncio.current_task())
        talk.principal = scope.get("conduit.principal")
        pair.conversations[id_] = talk
        task, streams = asyncio.current_task(), pair.catalogue.hub.streams
        ending: list[asyncio.Task[None]] = []

        def end() -> None:
            if not ending:
                ending.append(asyncio.ensure_future(_after_calls(talk, task)))

        streams.add(end)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if task is not None and ending and ending[0].done():  # the server ends
                task.uncancel()
                await events.end()
            elif events.overrun is not None:  # somebody else wants this to end
                raise
        finally:
            streams.discard(end)
            for one in ending:
                one.cancel()
            del pair.conversations[id_]
            talk.cancel()
            events.close()


async def _after_calls(talk: Conversation, task: Any) -> None:
    """End the stream once it has brought the answers of what is under way."""
    await talk.finish(_PATIENCE_SECONDS)
    task.cancel()


def _end(task: Any) -> None:
    """Cut off a client that asks, and does not read the answers."""
    task.cancel()
