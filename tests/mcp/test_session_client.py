"""The official client against a server with sessions: a conversation, what changed, the end of a session."""

import asyncio
import http.client
from collections.abc import Iterator
from typing import Any

import pytest

from tests.http.running import needs_protocol
from tests.mcp.callers import build
from tests.mcp.legacy import SESSIONS, Legacy, asked, served
from tests.mcp.official import REVISIONS, mcp, speaking

over_http = pytest.importorskip("mcp.client.streamable_http").streamable_http_client
web = pytest.importorskip("mcp.shared._httpx_utils").create_mcp_http_client
WAYS = [pytest.param("protocol", marks=needs_protocol), "uvicorn"]
#: What the client says of all that 2026-07-28 took away.
pytestmark = pytest.mark.filterwarnings("ignore:.*2026-07-28.*")
revisions = pytest.mark.parametrize("revision", REVISIONS)
Address = tuple[str, int]


@pytest.fixture(scope="module", params=WAYS)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    folder = tmp_path_factory.mktemp("sessions")
    with served(build(folder, SESSIONS), request.param, folder / "log") as found:
        yield found


def place(address: Address) -> str:
    return f"http://{address[0]}:{address[1]}/mcp"


def run(what: Any) -> None:
    asyncio.run(asyncio.wait_for(what, 60))


def change(address: Address, name: str) -> None:
    connection = http.client.HTTPConnection(*address, timeout=30)
    connection.request("GET", f"/changed/{name}")
    assert connection.getresponse().status == 200
    connection.close()


@revisions
def test_a_conversation(address: Address, revision: str) -> None:
    """The tool asks twice; the client's capabilities are known: what it cannot answer, it is not asked."""

    async def answer(context: Any, params: Any) -> Any:
        content = {"name": "hat"} if params.message == "What?" else {}
        return mcp.types.ElicitResult(action="accept", content=content)

    async def main() -> None:
        async with speaking(place(address), revision, elicitation_callback=answer) as client:
            found = await client.call_tool("orders", {})
            if revision < "2025-06-18":  # there were no such questions
                assert found.is_error and "refused" in found.content[0].text
                return
            assert found.structured_content == {"name": "hat", "price": 2.0, "tags": ["accept"]}
        async with speaking(place(address), revision) as client:
            several = await asyncio.gather(*(client.call_tool("add", {"a": n}) for n in range(20)))
            assert [one.structured_content["result"] for one in several] == [n + 2 for n in range(20)]
            if revision in REVISIONS[:-1]:
                failed = await client.call_tool("orders", {})
                assert failed.is_error and "elicitation" in failed.content[0].text

    run(main())


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_what_changed_is_told(address: Address, revision: str) -> None:
    async def main() -> None:
        heard: asyncio.Queue[str] = asyncio.Queue()

        async def listen(told: Any) -> None:
            if isinstance(told, mcp.types.ResourceUpdatedNotification):
                heard.put_nowait(told.params.uri)

        async with speaking(place(address), revision, message_handler=listen) as client:
            assert client.server_capabilities.resources.subscribe
            for name in ("about", "several"):
                await client.subscribe_resource(f"shop://{name}")
            await asyncio.to_thread(change, address, "about")
            assert await heard.get() == "shop://about"
            await client.unsubscribe_resource("shop://about")
            for name in ("about", "several"):
                await asyncio.to_thread(change, address, name)
            assert await heard.get() == "shop://several"
            assert heard.empty()

    run(main())


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_levels_of_log_messages(address: Address, revision: str) -> None:
    async def main() -> None:
        heard: list[str] = []

        async def log(params: Any) -> None:
            heard.append(params.level)

        async with speaking(place(address), revision, logging_callback=log) as client:
            await client.set_logging_level("warning")
            await client.call_tool("says", {"steps": 1})
            assert heard == ["error", "warning", "error"]

    run(main())


def test_a_call_is_given_up_and_the_session_goes_on(address: Address) -> None:
    async def main() -> None:
        async with speaking(place(address), "2025-11-25") as client:
            with pytest.raises(mcp.MCPError):
                await client.call_tool("waits", {}, read_timeout_seconds=0.3)
            assert (await client.call_tool("add", {"a": 1})).structured_content == {"result": 3}

    run(main())


def test_a_session_that_has_ended(address: Address) -> None:
    """The client is told so, and can begin another."""
    known: list[str] = []

    async def note(answer: Any) -> None:
        known.extend(value for name, value in answer.headers.items() if name == "mcp-session-id")

    async def main() -> None:
        async with web() as own:
            own.event_hooks = {"request": [], "response": [note]}
            async with speaking(over_http(place(address), http_client=own), "2025-11-25") as client:
                assert (await client.call_tool("add", {"a": 1})).structured_content == {"result": 3}
                other = Legacy(address, begin=False)
                other.session = known[0]
                assert await asyncio.to_thread(other.end) == 204
                with pytest.raises(mcp.MCPError, match="begin another"):
                    await client.call_tool("add", {"a": 1})
        async with speaking(place(address), "2025-11-25") as client:
            assert (await client.call_tool("add", {"a": 1})).structured_content == {"result": 3}

    run(main())
    assert len(known) == 1


def test_a_client_that_leaves_ends_its_session(address: Address) -> None:
    known: list[str] = []

    async def note(answer: Any) -> None:
        known.extend(value for name, value in answer.headers.items() if name == "mcp-session-id")

    async def main() -> None:
        async with web() as own:
            own.event_hooks = {"request": [], "response": [note]}
            async with speaking(over_http(place(address), http_client=own), "2025-11-25") as client:
                await client.send_ping()

    run(main())
    other = Legacy(address, begin=False)
    other.session = known[0]
    assert other.post(asked("ping")).status == 404
