"""The official client (the package ``mcp``), held to one revision, over each way to a build.

Its handshake offers the newest revision; which one that is, is the only thing changed here.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.cli.servers import environment
from tests.http.running import running

mcp = pytest.importorskip("mcp", reason="the official client is not installed")
from mcp.client.sse import sse_client  # noqa: E402
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS  # noqa: E402

REVISIONS: tuple[str, ...] = (*HANDSHAKE_PROTOCOL_VERSIONS, *MODERN_PROTOCOL_VERSIONS)
TRANSPORTS = ("http", "sse", "stdio")
#: Each way to a build; ``sessions`` is HTTP with them.
WAYS = ("http", "sessions", "sse", "stdio")


def tells(way: str) -> tuple[str, ...]:
    """The revisions in which a client can give up a call: without a session, and before 2026-07-28, nobody
    knows whose call is meant."""
    return MODERN_PROTOCOL_VERSIONS if way == "http" else REVISIONS


def run(place: Any, revision: str, what: Callable[[Any], Awaitable[None]]) -> None:
    """Have a client do something, within a minute."""

    async def main() -> None:
        async with speaking(place, revision) as client:
            await what(client)

    asyncio.run(asyncio.wait_for(main(), 60))


@asynccontextmanager
async def speaking(place: Any, revision: str, **more: Any) -> AsyncIterator[Any]:
    """A client at ``place`` (what ``mcp.Client`` takes) that speaks this revision, and no other."""
    legacy = revision in HANDSHAKE_PROTOCOL_VERSIONS
    with patch("mcp.client.session.LATEST_HANDSHAKE_VERSION", revision if legacy else None):
        async with mcp.Client(place, mode="legacy" if legacy else revision, **more) as client:
            assert client.protocol_version == revision
            yield client


def over_pipes(dist: Path) -> Any:
    """Has the client start a server of its own."""
    return mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "conduitc", "mcp", str(dist)], env=environment()
    )


@contextmanager
def reachable(dist: Path, way: str) -> Iterator[Callable[[], Any]]:
    """Gives a function that makes a place for a client: each needs one of its own."""
    if way == "stdio":
        yield lambda: over_pipes(dist)
        return
    with running(dist, dist.parent / "server.log") as server:
        address = f"http://{server.address[0]}:{server.address[1]}/mcp"
        yield lambda: sse_client(address) if way == "sse" else address
