"""Hooks before the first request and after the last, and what the server is told when they fail."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.runtime.client import app


def live(served, *, owner=None, lifespan=None):
    """The messages of a whole life; what was raised is the last."""
    served.adopt(owner, lifespan, None)

    async def run():
        asked = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
        told = []

        async def receive():
            return asked.pop(0)

        async def send(message):
            told.append(message)

        try:
            await served({"type": "lifespan"}, receive, send)
        except Exception as error:
            told.append(error)
        return told

    return asyncio.run(run())


WELL = [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


def test_hooks_in_order():
    seen = []

    async def later(app):
        await asyncio.sleep(0)
        seen.append(("later", app))

    @asynccontextmanager
    async def context(app):
        seen.append("enter")
        yield
        seen.append("leave")

    served = app(
        {},
        startup=[lambda: seen.append("first"), later],
        shutdown=[later, lambda app: seen.append(("last", app))],
    )
    assert live(served, owner="app", lifespan=context) == WELL
    assert seen == ["enter", "first", ("later", "app"), ("later", "app"), ("last", "app"), "leave"]


def test_a_context_may_take_nothing():
    seen = []

    @asynccontextmanager
    async def context():
        seen.append(1)
        yield

    assert live(app({}, lifespan=context)) == WELL
    assert seen == [1]


def test_nothing_to_do():
    assert live(app({})) == WELL


def test_a_start_that_fails_is_told_and_raised():
    left = []

    @asynccontextmanager
    async def context(app):
        try:
            yield
        finally:
            left.append(1)

    def broken():
        raise RuntimeError("no database")

    told, error = live(app({}, startup=[broken]), lifespan=context)
    assert told["type"] == "lifespan.startup.failed"
    assert "no database" in told["message"]
    assert "test_lifespan.py" in told["message"]
    assert isinstance(error, RuntimeError)
    assert left == [1]


def test_a_context_that_fails():
    @asynccontextmanager
    async def entering(app):
        raise RuntimeError("entering")
        yield

    @asynccontextmanager
    async def leaving(app):
        yield
        raise RuntimeError("leaving")

    told, error = live(app({}), lifespan=entering)
    assert (told["type"], str(error)) == ("lifespan.startup.failed", "entering")
    _, told, error = live(app({}), lifespan=leaving)
    assert (told["type"], str(error)) == ("lifespan.shutdown.failed", "leaving")


def test_an_end_that_fails():
    def broken():
        raise RuntimeError("x")

    complete, told, error = live(app({}, shutdown=[broken]))
    assert complete == WELL[0]
    assert told["type"] == "lifespan.shutdown.failed"
    assert isinstance(error, RuntimeError)


def test_behind_asgi_middleware():
    seen = []

    class Middleware:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            seen.append(scope["type"])
            await self.app(scope, receive, send)

    assert live(app({}, asgi_middleware=[(Middleware, {})])) == WELL
    assert seen == ["lifespan"]


def test_scopes_nobody_knows():
    async def run():
        await app({})({"type": "other"}, None, None)

    with pytest.raises(ValueError, match="not 'other'"):
        asyncio.run(run())
