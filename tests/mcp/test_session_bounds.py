"""How many sessions there are, for how long, and what one costs: by a clock of our own."""

import asyncio
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from conduit.mcp import messages
from conduit.mcp.client import Client
from conduit.mcp.hub import Hub
from conduit.mcp.session import Session
from conduit.mcp.sessions import Full, Sessions
from msgspec.json import encode

#: What the official client says of itself.
HELLO = messages.read(
    b'{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":'
    b'{"sampling":{},"elicitation":{"form":{},"url":{}},"roots":{"listChanged":true}},'
    b'"clientInfo":{"name":"mcp","version":"0.1.0"}}}'
)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def inside(what: Callable[[Sessions, Clock], None], **more: Any) -> None:
    """In a running loop, as sessions are."""

    async def main() -> None:
        clock = Clock()
        what(Sessions(Hub(), clock=clock, **{"seconds": 60, "most": 4, **more}), clock)

    asyncio.run(main())


def begun(sessions: Sessions, used: bool = True) -> Session:
    client = Client()
    client.greet(HELLO)
    session = sessions.begin(client, None)
    if used:
        assert sessions.find(session.id, None) is session
    return session


def there(*several: Session) -> list[bool]:
    """Which of them are still known; nothing is used."""
    return [not one.over for one in several]


def test_idle_sessions_end() -> None:
    def main(sessions: Sessions, clock: Clock) -> None:
        first, second, held = begun(sessions), begun(sessions, used=False), begun(sessions)
        held.hold()
        clock.now += 40
        assert sessions.find(first.id, None) is first
        clock.now += 40
        fourth = begun(sessions)  # which looks for those whose time is over
        assert there(first, second, held, fourth) == [True, False, True, True]
        assert sessions.find(second.id, None) is None
        clock.now += 60
        assert sessions.find(first.id, None) is None and first.over and len(sessions) == 2
        assert sessions.find(held.id, None) is held
        held.release()
        clock.now += 59
        assert sessions.find(held.id, None) is held
        clock.now += 60
        assert sessions.find(held.id, None) is None

    inside(main)


def test_a_new_one_takes_the_place_of_the_longest_idle() -> None:
    def main(sessions: Sessions, clock: Clock) -> None:
        several = [begun(sessions) for _ in range(4)]
        sessions.find(several[0].id, None)
        several[1].hold()
        fifth = begun(sessions)
        assert there(*several, fifth) == [True, True, False, True, True]
        assert len(sessions) == 4

    inside(main)


def test_those_that_were_never_used_go_first() -> None:
    def main(sessions: Sessions, clock: Clock) -> None:
        used = [begun(sessions) for _ in range(2)]
        flood = [begun(sessions, used=False) for _ in range(10)]
        assert there(*used) == [True, True]
        assert there(*flood) == [False] * 8 + [True] * 2

    inside(main)


def test_those_that_were_never_used_are_few() -> None:
    """Though there is room: clients that say `initialize` and nothing after take no more than these."""

    def main(sessions: Sessions, clock: Clock) -> None:
        used = begun(sessions)
        flood = [begun(sessions, used=False) for _ in range(5)]
        assert there(used, *flood) == [True, False, False, False, True, True]

    inside(main, most=100, most_fresh=2)


def test_those_that_listen_never_go() -> None:
    def main(sessions: Sessions, clock: Clock) -> None:
        several = [begun(sessions) for _ in range(4)]
        for one in several:
            one.hold()
        clock.now += 1000
        with pytest.raises(Full):
            begun(sessions)
        several[2].release()
        assert there(*several, begun(sessions)) == [True, True, False, True, True]

    inside(main)


def test_a_session_is_its_principal_s() -> None:
    def main(sessions: Sessions, clock: Clock) -> None:
        client = Client()
        client.greet(HELLO)
        session = sessions.begin(client, "ada")
        assert [sessions.find(session.id, who) is session for who in ("ada", "eve", None)] == [
            True,
            False,
            False,
        ]

    inside(main)


def test_subscriptions_of_all_clients_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conduit.mcp.sessions.MOST_URIS", 3)

    def wish(session: Session, method: str, uri: str) -> bool:
        told = {"jsonrpc": "2.0", "id": 1, "method": f"resources/{method}", "params": {"uri": uri}}
        try:
            session.heed(messages.read(encode(told)))
        except messages.Refused:
            return False
        return True

    def main(sessions: Sessions, clock: Clock) -> None:
        first, second = begun(sessions), begun(sessions)
        assert [wish(first, "subscribe", uri) for uri in ("a", "b", "b")] == [True] * 3
        assert [wish(second, "subscribe", uri) for uri in ("a", "b", "a")] == [True, False, True]
        assert second.client.uris == {"a"}
        assert wish(first, "unsubscribe", "b") and wish(second, "subscribe", "b")
        sessions.end(second)
        assert [wish(first, "subscribe", uri) for uri in ("b", "c", "d")] == [True, True, False]

    inside(main)


def test_the_end_comes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to ask, nor to begin another."""
    monkeypatch.setattr("conduit.mcp.sessions._SWEEP_SECONDS", 0.01)

    async def main() -> None:
        sessions = Sessions(Hub(), seconds=0.05)
        session = begun(sessions)
        call = session.calls[1] = asyncio.get_running_loop().create_future()
        while len(sessions):
            await asyncio.sleep(0.01)
        assert session.over and call.cancelled()

    asyncio.run(main())


def test_an_idle_session_is_small() -> None:
    """The SDK's takes 37 to 94 KB."""

    def main(sessions: Sessions, clock: Clock) -> None:
        begun(sessions)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(2000):
            session = begun(sessions)
            session.client.uris.add("shop://about")
            session.heed(HELLO)
            session.talk(lambda message: None)
        each = (tracemalloc.get_traced_memory()[0] - before) / 2000
        tracemalloc.stop()
        assert len(sessions) == 2001 and each < 4096, each
        print(f"{each:.0f} bytes a session")

    inside(main, most=3000)
