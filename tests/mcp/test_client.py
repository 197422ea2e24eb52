"""The official client, over HTTP and over pipes, in every revision that it speaks."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.servers import environment
from tests.http.running import needs_protocol, running
from tests.mcp.programs import SHOP
from tests.mcp.test_stdio import built

mcp = pytest.importorskip("mcp", reason="the official client is not installed")
MODES = ("2026-07-28", "auto", "legacy")
modes = pytest.mark.parametrize("mode", MODES)


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("shop"), SHOP)


async def _what_a_client_sees(client: Any) -> None:
    assert (client.server_info.name, client.server_info.version) == ("Shop", "1.2.0")
    tools = {one.name: one for one in (await client.list_tools()).tools}
    assert tools["add"].input_schema["required"] == ["a"]
    assert (await client.call_tool("add", {"a": 1, "b": 3})).structured_content == {"result": 4}
    heard: list[tuple[float, float | None]] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        heard.append((done, total))

    found = await client.call_tool("says", {"steps": 3}, progress_callback=progress)
    assert not found.is_error and heard == [(0, 3), (1, 3), (2, 3)]
    failed = await client.call_tool("fails", {"how": "tool"})
    assert failed.is_error and failed.content[0].text == "no such thing"
    with pytest.raises(mcp.MCPError):
        await client.call_tool("nope", {})
    read = await client.read_resource("shop://items/7")
    assert '"item 7"' in read.contents[0].text
    assert len((await client.list_resource_templates()).resource_templates) == 2
    prompt = await client.get_prompt("review", {"code": "x"})
    assert prompt.messages[0].content.text == "red 1: x"


@asynccontextmanager
async def _over_pipes(dist: Path, mode: str) -> AsyncIterator[Any]:
    from mcp.client.stdio import stdio_client

    given = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "conduitc", "mcp", str(dist)], env=environment()
    )
    async with mcp.Client(stdio_client(given), mode=mode) as client:
        yield client


@modes
def test_over_pipes(dist: Path, mode: str) -> None:
    async def main() -> None:
        async with _over_pipes(dist, mode) as client:
            await _what_a_client_sees(client)

    asyncio.run(asyncio.wait_for(main(), 60))


@needs_protocol
@modes
@pytest.mark.parametrize("options", [[], ["--single"]], ids=["uvicorn", "single"])
def test_over_http(dist: Path, tmp_path: Path, mode: str, options: list[str]) -> None:
    async def main(address: str) -> None:
        async with mcp.Client(address, mode=mode) as client:
            await _what_a_client_sees(client)

    with running(dist, tmp_path / "log", *options) as server:
        host, port = server.address
        asyncio.run(asyncio.wait_for(main(f"http://{host}:{port}/mcp"), 60))
