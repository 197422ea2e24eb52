"""The entry of the dispatch tables below ``/introspect/v1``: token, rate, breaker, memory, audit; then the
answer as bytes.

What was answered before is sent at once. So is what is asked of a code base of usual size; for a large one,
and to load it, the question goes to a thread, so that requests of the app need not wait for it.
"""

from __future__ import annotations

from asyncio import ensure_future, shield
from logging import getLogger
from typing import TYPE_CHECKING

from msgspec.json import encode

from conduit.http.delivery import messages_of
from conduit.http.entry import Entry, Folded
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

_logger = getLogger("conduit.introspect")
#: Resources and edges of a code base that is asked where the request is read.
_AT_ONCE = 5000
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
            kept = guards.answers.get(asked)
            if kept is not None:
                guards.pause(kept.query)
                guards.put(kept.line, caller.who)
                return kept.answer
            if self.large():
                return self._later(asked, caller, scope)
        except Refusal as refusal:
            return refusal.answer()
        return self.answered(asked, caller)

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
        return self.answered(asked, caller)

    def _answered(self, asked: tuple[str, bytes], caller: Caller) -> Answer:
        """What is not known yet.

        Raises:
            Refusal: there is no answer.
        """
        guards = self.guards
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
        if query not in _LIVE and answer.get("complete", True):
            kept = Kept(query, made, line_of("http", query, arguments, "ok"), len(body))
            guards.answers.put(asked, kept)
        return made

    def answered(self, asked: tuple[str, bytes], caller: Caller) -> Answer:
        """As ``_answered``; a refusal is an answer, and so is what should not have happened."""
        try:
            return self._answered(asked, caller)
        except Refusal as refusal:
            return refusal.answer()
        except Exception:
            _logger.exception("introspection: %s", asked[0])
            return Refusal(500, "the question failed", "failed").answer()

    async def loaded(self) -> None:
        """Once the metadata that is there now is taken; one thread reads it, however many wait."""
        if self._loading is None and self.guards.source.due():
            self._loading = ensure_future(in_thread(self._load))
            self._loading.add_done_callback(self._done)
        if self._loading is not None:
            await shield(self._loading)

    def _load(self) -> None:
        self.guards.source.load()
        self.guards.answers.clear()

    def _done(self, loading: Future[Any]) -> None:
        self._loading = None

    async def late(self, asked: tuple[str, bytes], caller: Caller) -> Answer:
        """The answer, from a thread where it may take long."""
        await self.loaded()
        if self.large():
            answer: Answer = await in_thread(self.answered, asked, caller)
            return answer
        return self.answered(asked, caller)


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
        """Wait for it, and send it."""
        answer = await self._door.late(self._asked, self._caller)
        for message in messages_of(answer, False):
            await send(message)


def _pair(body: bytes) -> Folded:
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [*_HEADERS, (b"content-length", b"%d" % len(body))],
    }
    return Folded((start, {"type": "http.response.body", "body": body}))
