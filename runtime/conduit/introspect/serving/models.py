"""The entry at ``/introspect/v1/mcp``: the questions as tools of MCP, behind the same guards as HTTP's.

A message costs its sender one question of the allowance; a tool's call is noted in the audit, as ``mcp``, and
goes through the breaker by the tool's name. The protocol is ``conduit.mcp``'s own door, one for each caller,
so that what runs in a thread knows who asked.
"""

from __future__ import annotations

from logging import getLogger
from typing import TYPE_CHECKING

from conduit.http.delivery import messages_of
from conduit.http.entry import Entry
from conduit.http.errors import HTTPError
from conduit.http.problem import from_error
from conduit.http.response import Response
from conduit.http.threads import in_thread
from conduit.introspect.serving.refusals import Refusal

if TYPE_CHECKING:
    from typing import Any

    from conduit.http.entry import Answer, Hit, Receive, Scope, Send
    from conduit.introspect.serving.callers import Caller
    from conduit.introspect.serving.door import Door
    from conduit.mcp.http import Door as Protocol

_logger = getLogger("conduit.introspect")
#: Bytes of a message.
_MOST = 1 << 16


class Models:
    """Answers what the guards of ``door`` let through; ``door`` loads the code base, for both."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._protocols: dict[str, Protocol] = {}

    def entry(self) -> Entry:
        """For the tables; it awaits nothing but the body."""
        return Entry(self.serve, True, (), "introspect-mcp", max_body=_MOST, body_only=True)

    def serve(self, scope: Scope, hit: Hit, raw: bytes) -> Answer:
        """The answer to one request."""
        guards = self.door.guards
        try:
            caller = guards.admit(scope, "mcp")
        except Refusal as refusal:
            return refusal.answer()
        # No browser knows the token, so pages need not be kept out by the name that they call us by: an app
        # behind a proxy listens on the loopback, too. Whence a page comes is looked at all the same.
        told = {"method": scope["method"], "headers": scope["headers"], "server": None}
        if guards.source.due() or _asks(raw):
            return LaterMessage(self, caller, told, raw)
        return self.answered(caller, told, raw)

    def answered(self, caller: Caller, told: Scope, raw: bytes) -> Answer:
        """The protocol's answer; an error is one, too."""
        try:
            return self._protocol(caller).serve(told, (), raw)
        except HTTPError as error:
            return from_error(error)

    def _protocol(self, caller: Caller) -> Protocol:
        found = self._protocols.get(caller.who)
        if found is None:
            from conduit.introspect.tools.catalogue import catalogue
            from conduit.mcp.http import Door

            found = Door(catalogue(lambda name, arguments: self._asked(caller, name, arguments)))
            self._protocols[caller.who] = found
        return found

    def _asked(self, caller: Caller, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        from conduit.introspect.tools.answering import refused, shortened
        from conduit.introspect.tools.questions import QUESTIONS

        question = QUESTIONS[name]
        try:
            return self.door.guards.ask(
                name,
                shortened(arguments),
                caller,
                "mcp",
                lambda codebase: question.answered(codebase, question.checked(arguments)),
            )
        except Refusal as refusal:
            later = refusal.headers.get("retry-after")
            said = refusal.detail if later is None else f"{refusal.detail}; ask again in {later} s"
            raise refused(said, refusal.outcome, refusal.candidates) from None

    async def late(self, caller: Caller, told: Scope, raw: bytes) -> Answer:
        """The answer once there is a code base, from a thread where a question is in it: models ask seldom,
        and some answers take milliseconds, which requests of the app need not wait for."""
        await self.door.loaded()
        if _asks(raw):
            answer: Answer = await in_thread(self.answered, caller, told, raw)
            return answer
        return self.answered(caller, told, raw)


def _asks(raw: bytes) -> bool:
    """Whether a message calls a tool; one that hides it is answered all the same."""
    return b"tools/call" in raw


class LaterMessage(Response):
    """An answer that is waited for."""

    __slots__ = ("_caller", "_models", "_raw", "_told")
    streams = True

    def __init__(self, models: Models, caller: Caller, told: Scope, raw: bytes) -> None:
        super().__init__(b"", 405)  # which is what a HEAD gets
        self._models = models
        self._caller = caller
        self._told = told
        self._raw = raw

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for it, and send it."""
        try:
            answer = await self._models.late(self._caller, self._told, self._raw)
        except Exception:
            _logger.exception("introspection: a message of MCP")
            answer = Refusal(500, "the question failed", "failed").answer()
        deliver = getattr(answer, "deliver", None)
        if deliver is not None:
            await deliver(scope, receive, send)
            return
        for message in messages_of(answer, False):
            await send(message)
