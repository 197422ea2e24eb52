"""``Context``: what a tool can say to its client, and know of it, while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from conduit.mcp.asks import Elicit, Roots, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from conduit.auth.token import Token
    from conduit.mcp.asks import Elicited, Question, Root, Sampled
    from conduit.mcp.messages import Message
    from conduit.mcp.rounds import Rounds
    from conduit.mcp.talk import Talk

    Emit = Callable[[str, dict[str, Any]], None]

#: From the least to the most severe (RFC 5424).
LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")


class _Told:
    """Something said: there is nothing to wait for, and waiting for it is no mistake either."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_TOLD = _Told()


class Context:
    """The call that a tool runs for. A parameter with this annotation is given it.

    ``ask`` and its kin are to be awaited, in ``async def``; over a connection that does not go both ways the
    function is run again, from its beginning, when the answers are there. The others only note what is to be
    said, so they may be called from ``def`` and ``async def``, with or without ``await``; ``progress`` is
    sent where the client asked for it, a log message where it asked for messages of that level.
    """

    def __init__(self, message: Message, emit: Emit | None, level: str | None, asking: Rounds | Talk) -> None:
        self._meta = message.meta
        self._emit = emit
        self._asking = asking
        self._level = LEVELS.index(level) if level in LEVELS else None
        self.request_id = message.id
        #: What the client showed that it may call this; None where the app asks for no tokens.
        self.token: Token | None = None
        #: Whether the client gave the call up, or its time is over.
        self.cancelled = False

    @property
    def subject(self) -> str | None:
        """Whom the token names: who calls."""
        return None if self.token is None else self.token.subject

    @property
    def client(self) -> dict[str, Any]:
        """What the client says of itself: its name and version, mostly. Empty where it said so in another
        request, and nothing is kept between them."""
        meta = self._meta
        return dict(self._asking.about) if meta is None or meta.client is UNSET else meta.client

    def end(self) -> None:
        """The call is over: whatever it began is to stop, and what that says from now on is not sent."""
        self._emit = None
        self.cancelled = True

    def can(self, capability: str) -> bool:
        """Whether the client declared ``elicitation``, ``sampling`` or ``roots``."""
        return self._asking.can(capability)

    async def ask(self, questions: Mapping[str, Question]) -> dict[str, Any]:
        """Several questions at once; the answers have the questions' names."""
        return await self._asking.ask(questions)

    async def elicit(self, message: str, schema: Any, *, name: str = "elicit") -> Elicited:
        """A form for the user, with the fields of a JSON Schema or of a class. Questions of one call need
        names of their own."""
        answers = await self.ask({name: Elicit(message, schema)})
        found: Elicited = answers[name]
        return found

    async def sample(
        self,
        messages: str | list[dict[str, Any]],
        *,
        max_tokens: int = 1000,
        name: str = "sample",
        **options: Any,
    ) -> Sampled:
        """A question for the client's model."""
        answers = await self.ask({name: Sample(messages, max_tokens=max_tokens, **options)})
        found: Sampled = answers[name]
        return found

    async def roots(self, *, name: str = "roots") -> list[Root]:
        """The places that the client works in."""
        answers = await self.ask({name: Roots()})
        found: list[Root] = answers[name]
        return found

    def progress(self, progress: float, total: float | None = None, message: str | None = None) -> _Told:
        """How far the work is."""
        meta = self._meta
        emit = self._emit  # which another thread may take away
        if emit is not None and meta is not None and meta.progress is not UNSET:
            told = {"progressToken": meta.progress, "progress": progress, "total": total, "message": message}
            said = {key: one for key, one in told.items() if one is not None}
            emit("notifications/progress", said)
        return _TOLD

    def log(self, level: str, data: object, logger: str | None = None) -> _Told:
        """A message for the client's log; ``level`` is one of ``LEVELS``.

        Raises:
            ValueError: there is no such level.
        """
        severity = LEVELS.index(level)
        emit = self._emit
        if emit is not None and self._level is not None and severity >= self._level:
            said = {"level": level, "data": data}
            emit("notifications/message", said if logger is None else {**said, "logger": logger})
        return _TOLD

    def debug(self, data: object) -> _Told:
        """``log("debug", data)``."""
        return self.log("debug", data)

    def info(self, data: object) -> _Told:
        """``log("info", data)``."""
        return self.log("info", data)

    def warning(self, data: object) -> _Told:
        """``log("warning", data)``."""
        return self.log("warning", data)

    def error(self, data: object) -> _Told:
        """``log("error", data)``."""
        return self.log("error", data)
