"""The official client in every revision that it speaks, over each way: what it sees and hears."""

import asyncio
import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.http.running import needs_protocol
from tests.mcp.callers import build
from tests.mcp.official import REVISIONS, TRANSPORTS, mcp, reachable, speaking
from tests.mcp.programs import SHOP

Place = Callable[[], Any]
revisions = pytest.mark.parametrize("revision", REVISIONS)


@pytest.fixture(
    scope="module",
    params=[pytest.param(one, marks=[] if one == "stdio" else needs_protocol) for one in TRANSPORTS],
)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    text = SHOP["app.py"].replace("app.enable_mcp(", f'app.enable_mcp(transport="{request.param}", ')
    dist = build(tmp_path_factory.mktemp("shop"), text)
    with reachable(dist, request.param) as found:
        yield found


def run(coroutine: Any) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 60))


async def _what_a_client_sees(client: Any) -> None:
    tools = {one.name: one for one in (await client.list_tools()).tools}
    assert tools["add"].input_schema["required"] == ["a"]
    assert (await client.call_tool("add", {"a": 1, "b": 3})).structured_content == {"result": 4}
    heard: list[tuple[float, float | None, str | None]] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        heard.append((done, total, message))

    found = await client.call_tool("says", {"steps": 3}, progress_callback=progress)
    assert not found.is_error and heard == [(step, 3, f"step {step}") for step in range(3)]
    failed = await client.call_tool("fails", {"how": "tool"})
    assert failed.is_error and failed.content[0].text == "no such thing"
    with pytest.raises(mcp.MCPError):
        await client.call_tool("nope", {})
    read = await client.read_resource("shop://items/7")
    assert '"item 7"' in read.contents[0].text
    assert len((await client.list_resources()).resources) == 2
    assert len((await client.list_resource_templates()).resource_templates) == 2
    assert {one.name for one in (await client.list_prompts()).prompts} == {"review", "simple"}
    prompt = await client.get_prompt("review", {"code": "x"})
    assert prompt.messages[0].content.text == "red 1: x"


@revisions
def test_what_a_client_sees(place: Place, revision: str) -> None:
    async def main() -> None:
        async with speaking(place(), revision) as client:
            if revision < "2026":  # that revision tells who it is with each answer
                assert (client.server_info.name, client.server_info.version) == ("Shop", "1.2.0")
            await _what_a_client_sees(client)

    run(main())


def test_a_client_that_finds_out_what_is_spoken(place: Place) -> None:
    async def main() -> None:
        async with mcp.Client(place(), mode="auto") as client:
            assert client.protocol_version == REVISIONS[-1]
            assert (client.server_info.name, client.instructions) == ("Shop", "Search first.")
            await _what_a_client_sees(client)

    run(main())


@revisions
def test_a_client_that_is_asked(place: Place, revision: str) -> None:
    """In the newest revision it makes its call again with the answers; before, the server asks it."""
    asked: list[str] = []

    async def elicitation(context: Any, params: Any) -> Any:
        asked.append(params.message)
        content = {"name": "hat"} if params.message == "What?" else {}
        return mcp.types.ElicitResult(action="accept", content=content)

    async def main() -> None:
        async with speaking(place(), revision, elicitation_callback=elicitation) as client:
            found = await client.call_tool("orders", {})
            if revision < "2025-06-18":  # there were no such questions
                assert found.is_error and "refused" in found.content[0].text
                return
            assert found.structured_content == {"name": "hat", "price": 2.0, "tags": ["accept"]}
            assert asked == ["What?", "Sure?"]

    run(main())


def test_a_route_that_is_a_tool(place: Place) -> None:
    address = place()
    if not isinstance(address, str):
        pytest.skip("routes are served over HTTP")

    async def main() -> None:
        async with speaking(address, REVISIONS[-1]) as client:
            found = await client.call_tool("both", {"words": "doors"})
            assert found.structured_content == {"result": "both doors"}

    run(main())
    connection = http.client.HTTPConnection(address.removeprefix("http://").removesuffix("/mcp"), timeout=30)
    connection.request("GET", "/both/doors")
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())) == (200, "both doors")
    connection.close()
