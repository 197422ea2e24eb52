"""What every question goes through, whichever way it comes: over HTTP, or by MCP mounted beside it.

``admit`` is for a request; ``ask`` for the question in it. Both raise ``Refusal``, which is noted in the
audit by then, and is answered as it stands.
"""

from __future__ import annotations

import os
from logging import getLogger
from time import monotonic, thread_time
from typing import TYPE_CHECKING

from conduit.introspect.audit import rest_of
from conduit.introspect.errors import QueryError
from conduit.introspect.serving import refusals
from conduit.introspect.serving.breaker import BOUND, Breaker
from conduit.introspect.serving.cache import Answers
from conduit.introspect.serving.memory import Memory
from conduit.introspect.serving.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from conduit.http.entry import Scope
    from conduit.introspect.audit import Audit
    from conduit.introspect.codebase import Codebase
    from conduit.introspect.serving.cache import Kept
    from conduit.introspect.serving.callers import Caller, Callers
    from conduit.introspect.serving.source import Source
    from conduit.introspection import Introspection

_logger = getLogger("conduit.introspect")
#: Seconds for which nobody looks whether there is the file that switches off.
_LOOK = 0.05
#: Characters of a text in the audit.
_TOLD = 200


class Guards:
    """One for each door. ``switch`` is a file: while there is one of that name, nobody is answered."""

    def __init__(
        self, settings: Introspection, callers: Callers, audit: Audit, source: Source, switch: str
    ) -> None:
        self.source = source
        self.memory = Memory(int(settings.memory_limit_mb * (1 << 20)))
        self.answers = Answers(self.memory.for_answers())
        self.breaker = Breaker()
        self.refused: dict[str, int] = {}
        self._settings = settings
        self._callers = callers
        self._audit = audit
        self._switch = switch
        self._look, self._off = 0.0, False
        self._gone = False

    # -- a request -------------------------------------------------------------------------------------------

    def admit(self, scope: Scope, way: str = "http") -> Caller:
        """Who asks; their token is good, and they may ask now.

        Raises:
            Refusal: 400, 401, 403, 429 or 503.
        """
        who: str | None = None
        try:
            caller = self._callers.of(scope)
            who = caller.who
            now = monotonic()
            if now >= self._look:
                self._look, self._off = now + _LOOK, os.access(self._switch, os.F_OK)
            if self._off or not self._settings.enabled:
                raise refusals.switched_off()
            wait = caller.allowance.take(now)
            if wait:
                raise refusals.too_many(wait)
            if self._gone:
                raise refusals.not_now("introspection has turned itself off", "out of memory")
        except Refusal as refusal:
            told = {"path": scope["path"], "client": (scope.get("client") or ("",))[0]}
            self.note(way, "", told, refusal.outcome, who)
            raise
        return caller

    # -- a question ------------------------------------------------------------------------------------------

    def ask(
        self,
        query: str,
        arguments: dict[str, Any],
        caller: Caller,
        way: str,
        by: Callable[[Codebase], dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """The answer of the code base, noted; ``source`` has one. ``by`` answers what is no query of its own.

        Raises:
            Refusal: 404, 422 or 503.
        """
        outcome = "failed"
        try:
            answer = self._asked(query, arguments, by)
            outcome = "ok" if answer.get("complete", True) else "partial"
        except Refusal as refusal:
            outcome = refusal.outcome
            raise
        finally:
            self.note(way, query, arguments, outcome, caller.who)
        return answer

    def again(self, kept: Kept, caller: Caller) -> None:
        """An answer that is known is given again.

        Raises:
            Refusal: 503.
        """
        try:
            self._pause(kept.query)
        except Refusal as refusal:
            self.note("http", kept.query, {}, refusal.outcome, caller.who)
            raise
        self._put(kept.line, caller.who)

    def _pause(self, query: str) -> None:
        wait = self.breaker.wait(query, monotonic())
        if wait:
            raise refusals.not_now(f"{query} takes too long at the moment", "paused", wait)

    def _asked(
        self, query: str, arguments: dict[str, Any], by: Callable[[Codebase], dict[str, Any]] | None
    ) -> dict[str, Any]:
        codebase = self.source.codebase
        if codebase is None:
            raise refusals.not_now(self.source.why, "no metadata")
        self._pause(query)
        start = thread_time()  # of work: that the machine is busy is no fault of the question's
        try:
            answer = codebase.answer(query, **arguments) if by is None else by(codebase)
        except QueryError as error:
            status = 422 if error.code == "wrong" else 404
            raise Refusal(status, error.message, error.code, candidates=error.candidates) from None
        finally:
            late = thread_time() - start > BOUND
            if late:
                self._broken(query)
            if self.memory.due():
                self._weigh()
        if not late and not answer.get("complete", True) and str(answer.get("reason")).startswith("time"):
            self._broken(query)
        return answer

    def _broken(self, query: str) -> None:
        if self.breaker.note(query, monotonic()):
            _logger.warning("introspection: %s took too long too often, and is refused for a while", query)

    def _weigh(self) -> None:
        """Give answers as much room as there is; without any at all, turn off."""
        if self.memory.suffices(self.source.codebase):
            self.answers.limit = self.memory.for_answers()
            return
        self._gone = True
        self.source.forget()
        _logger.error(
            "introspection: turned itself off, for it would take more than %g MB",
            self._settings.memory_limit_mb,
        )

    # -- the audit -------------------------------------------------------------------------------------------

    def note(self, way: str, query: str, arguments: dict[str, Any], outcome: str, who: str | None) -> None:
        """A line; without it nothing is answered.

        Raises:
            Refusal: 503, it cannot be written.
        """
        if outcome not in ("ok", "partial"):
            self.refused[outcome] = self.refused.get(outcome, 0) + 1
        self._put(line_of(way, query, arguments, outcome), who)

    def _put(self, line: bytes, who: str | None) -> None:
        tail = b',"who":"%b"}\n' % who.encode() if who is not None else b',"who":null}\n'
        try:
            self._audit.put(line + tail)
        except OSError as error:
            why = f"the audit cannot be written: {error.strerror}"
            raise refusals.not_now(why, "no audit") from None

    def told(self) -> dict[str, Any]:
        """Figures of this process."""
        return {
            "cache": self.answers.told(),
            "refused": dict(sorted(self.refused.items())),
            "paused": self.breaker.told(monotonic()),
            "memory": {"metadata": self.memory.held, "limit": self.memory.limit},
        }


def line_of(way: str, query: str, arguments: dict[str, Any], outcome: str) -> bytes:
    """A line of the audit, but for its time and who asks; texts are cut."""
    told = {name: one[:_TOLD] if isinstance(one, str) else one for name, one in arguments.items()}
    return rest_of(way, query, told, outcome)[:-2]
