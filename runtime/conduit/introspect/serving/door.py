"""The entry of the dispatch tables below ``/introspect/v1``: token, rate, breaker, memory, audit; then the
answer as bytes.

What was answered before is sent at once. So is what is asked of a code base of usual size; for a large one,
and to load it, the question goes to a thread, so that requests of the app need not wait for it.
"""

from __future__ import annotations

from logging import getLogger
from typing import TYPE_CHECKING

from msgspec.json import encode

from conduit.http.delivery import messages_of
from conduit.http.entry import Entry, Folded
from conduit.http.errors import HTTPError
from conduit.http.problem import from_error
from conduit.http.response import Response
from conduit.http.threads import in_thread
from conduit.introspect.serving.cache import Kept
from conduit.introspect.serving.guards import line_of
from conduit.introspect.serving.paths import links, read
from conduit.introspect.serving.refusals import Refusal

if TYPE_CHECKING:
    from asyncio import Future
    from typing import Any

    from conduit.http.entry import Answer, Hit, Receive, Scope, Send
    from conduit.introspect.serving.callers import Caller
    from conduit.introspect.serving.guards import Guards

    #: An answer, and what is kept of it.
    Made = tuple[Answer, Kept | None]

_logger = getLogger("conduit.introspect")
#: Resources and edges of a code base that is asked where the request is read.
_AT_ONCE = 2000
#: What takes long even then: its first answer reads all the texts.
_LONG = frozenset({"ask"})
#: What is never the same twice.
_LIVE = frozenset({"stats"})
_HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


class Door:
    """Answers what its guards let through."""

    def __init__(self, guards: Guards) -> None:
        self.guards = guards
        self._loading: Future[Any] | None = None

    def entry(self) -> Entry:
        """For the tables."""
        return Entry(self.serve, False, (), "introspect")

    def serve(self, scope: Scope, hit: Hit) -> Answer:
        """The answer to one request."""
        guards = self.guards
        try:
            caller = guards.admit(scope)
            asked = (hit[1] if len(hit) > 1 else "", scope["query_string"])
            if guards.source.due():
                return self._later(asked, caller, scope)
            kept = guards.answers.get(asked, guards.source.turn)
            if kept is not None:
                guards.again(kept, caller)
                return kept.answer
            if asked[0] in _LONG or self.large():
                return self._later(asked, caller, scope)
        except Refusal as refusal:
            return refusal.answer()
        return self._keep(asked, self.answered(asked, caller))

    def large(self) -> bool:
        """Whether a question may take long."""
        codebase = self.guards.source.codebase
        if codebase is None:
            return False
        return len(codebase.store.column("id")) + codebase.store.about.edges > _AT_ONCE

    def _later(self, asked: tuple[str, bytes], caller: Caller, scope: Scope) -> Answer:
        if scope["method"] != "HEAD":
            return Later(self, asked, caller)
        if self.guards.source.due():
            self.guards.source.load()
        return self._keep(asked, self.answered(asked, caller))

    def _keep(self, asked: tuple[str, bytes], made: Made) -> Answer:
        """Remember the answer for those who ask the same."""
        answer, kept = made
        if kept is not None:
            self.guards.answers.put(asked, kept)
        return answer

    def _answered(self, asked: tuple[str, bytes], caller: Caller) -> Made:
        """What is not known yet, and whether it is to be kept.

        Raises:
            Refusal: there is no answer.
        """
        guards, turn = self.guards, self.guards.source.turn
        try:
            query, arguments = read(*asked)
        except Refusal as refusal:
            guards.note("http", "", {"path": asked[0]}, refusal.outcome, caller.who)
            raise
        answer = guards.ask(query, arguments, caller, "http")
        if query == "overview":
            answer = {**answer, "links": links()}
        elif query == "stats":
            answer = {**answer, "serving": guards.told()}
        body = encode(answer)
        made = _pair(body)
        if query in _LIVE or not answer.get("complete", True):
            return made, None
        return made, Kept(query, made, line_of("http", query, arguments, "ok"), len(body), turn)

    def answered(self, asked: tuple[str, bytes], caller: Caller) -> Made:
        """As ``_answered``; a refusal is an answer, and so is what should not have happened."""
        try:
            return self._answered(asked, caller)
        except Refusal as refusal:
            return refusal.answer(), None
        except Exception:
            _logger.exception("introspection: %s", asked[0])
            return Refusal(500, "the question failed", "failed").answer(), None

    async def loaded(self) -> None:
        """Once the metadata that is there now is taken; one thread reads it, however many wait."""
        from asyncio import ensure_future, shield

        if self._loading is None and self.guards.source.due():
            self._loading = ensure_future(in_thread(self.guards.source.load))
            self._loading.add_done_callback(self._loaded)
        if self._loading is not None:
            await shield(self._loading)

    def _loaded(self, loading: Future[Any]) -> None:
        self._loading = None
        self.guards.answers.clear()

    async def late(self, asked: tuple[str, bytes], caller: Caller) -> Answer:
        """The answer, from a thread where it may take long."""
        await self.loaded()
        if asked[0] in _LONG or self.large():
            return self._keep(asked, await in_thread(self.answered, asked, caller))
        return self._keep(asked, self.answered(asked, caller))


class Later(Response):
    """An answer that is waited for."""

    __slots__ = ("_asked", "_caller", "_door")
    streams = True

    def __init__(self, door: Door, asked: tuple[str, bytes], caller: Caller) -> None:
        super().__init__(b"", 200)
        self._door = door
        self._asked = asked
        self._caller = caller

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for it, and send it, with the headers that middleware has added to it by now."""
        try:
            answer = await self._door.late(self._asked, self._caller)
        except HTTPError as error:  # of the pool, that has no thread left
            answer = from_error(error)
        start, body = messages_of(answer, False)
        start["headers"] += self._pairs
        await send(start)
        await send(body)


def _pair(body: bytes) -> Folded:
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [*_HEADERS, (b"content-length", b"%d" % len(body))],
    }
    return Folded((start, {"type": "http.response.body", "body": body}))
