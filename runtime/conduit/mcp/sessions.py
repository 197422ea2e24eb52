"""Sessions of legacy clients over HTTP: an ``initialize`` → a session, found by its id until it ends.

They live in one process. Who knows an id speaks for the client; where requests have a principal (whom a token
names), the id is good for that one only.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from secrets import token_urlsafe
from threading import get_ident
from time import monotonic
from typing import TYPE_CHECKING, Any

from conduit.mcp.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from conduit.mcp.client import Client
    from conduit.mcp.hub import Hub

#: Sessions of a process.
MOST = 10_000
#: Those of them that were begun and never used since: clients say more at once, or nothing ever.
MOST_FRESH = 1000
#: Seconds after which a session ends that nobody uses.
IDLE_SECONDS = 1800.0
_SWEEP_SECONDS = 10.0
#: Resources that all of them hear of, the same one counted for each.
MOST_URIS = 100_000


class Full(Exception):
    """There are as many sessions as may be, all of them in use."""


class Sessions:
    """Those of one app. ``seconds`` is how long one may be idle: without a request and an open connection.

    Where there are ``most``, a new one takes the place of the one that was idle longest; first of those that
    were begun and never used, so that a flood of beginnings drives out itself. Of these there are at most
    ``most_fresh``.
    """

    def __init__(
        self,
        hub: Hub,
        seconds: float = IDLE_SECONDS,
        most: int = MOST,
        most_fresh: int = MOST_FRESH,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.hub = hub
        self._seconds = seconds
        self._most = most
        self._most_fresh = most_fresh
        self._clock = clock
        self._all: dict[str, Session] = {}
        #: Sessions without an open connection, the longest idle first: those never used since they began, and
        #: the others.
        self._fresh: dict[str, Session] = {}
        self._idle: dict[str, Session] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0
        self._sweeping = False
        self._uris = 0

    def __len__(self) -> int:
        return len(self._all)

    def begin(self, client: Client, principal: object) -> Session:
        """A new one.

        Raises:
            Full: there is no room.
        """
        self._loop, self._thread = asyncio.get_running_loop(), get_ident()
        self._sweep()
        if len(self._fresh) >= self._most_fresh or len(self._all) >= self._most:
            oldest = next(iter(self._fresh.values()), None) or next(iter(self._idle.values()), None)
            if oldest is None:
                raise Full
            self.end(oldest)
        session = Session(self, token_urlsafe(24), client, principal)
        session.used = self._clock()
        self._all[session.id] = self._fresh[session.id] = session
        self._sweep_later()
        return session

    def find(self, id_: str, principal: object) -> Session | None:
        """The session of that id, which is used now; None where there is none, or it is another's."""
        session = self._all.get(id_)
        if session is None or session.principal != principal:
            return None
        now = self._clock()
        if not session.held:
            self._fresh.pop(id_, None)
            self._idle.pop(id_, None)
            if now - session.used >= self._seconds:
                self.end(session)
                return None
            self._idle[id_] = session
        session.used = now
        return session

    def end(self, session: Session) -> None:
        """It is over, and all that was under way for it."""
        for place in (self._all, self._fresh, self._idle):
            place.pop(session.id, None)
        session.close()

    def hold(self, session: Session) -> None:
        """It has one more open connection."""
        session.held += 1
        self._fresh.pop(session.id, None)
        self._idle.pop(session.id, None)

    def release(self, session: Session) -> None:
        """It has one less."""
        session.held -= 1
        session.used = self._clock()
        if not session.held and session.id in self._all:
            self._idle[session.id] = session

    def room(self, uris: int) -> bool:
        """Take note of so many more subscriptions, or less; False where they would be too many."""
        if uris > 0 and self._uris + uris > MOST_URIS:
            return False
        self._uris += uris
        return True

    def soon(self, say: Callable[..., None], *arguments: Any) -> None:
        """Have it called by the loop that serves; from any thread."""
        if get_ident() == self._thread:
            say(*arguments)
        elif self._loop is not None:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(say, *arguments)

    def _sweep(self) -> None:
        """End those that were idle for too long."""
        last = self._clock() - self._seconds
        for place in (self._fresh, self._idle):
            while place:
                session = next(iter(place.values()))
                if session.used > last:
                    break
                self.end(session)

    def _sweep_later(self) -> None:
        if not self._sweeping and self._loop is not None:
            self._sweeping = True
            self._loop.call_later(_SWEEP_SECONDS, self._swept)

    def _swept(self) -> None:
        self._sweeping = False
        self._sweep()
        if self._all:
            self._sweep_later()
