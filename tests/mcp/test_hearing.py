"""What the official client hears and is asked beside its calls: changes, logs, completions, questions."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.http.running import needs_protocol
from tests.mcp.callers import build, over
from tests.mcp.official import REVISIONS, WAYS, mcp, reachable, speaking

PROGRAM = '''from conduit import Conduit, Context

app = Conduit(title="Hearing")
app.enable_mcp(transport="http")


@app.resource("news://today")
def today() -> str:
    """News."""
    return "none"


@app.tool()
async def happen() -> str:
    """Something happens."""
    app.resource_updated("news://today")
    return "it happened"


@app.tool()
async def write(ctx: Context) -> str:
    """Writes to the log."""
    ctx.debug("a detail")
    ctx.log("error", {"wrong": 1}, "shop")
    return "written"


@app.tool()
async def think(ctx: Context) -> str:
    """Asks the client's model, and where it works."""
    said = await ctx.sample("What?", max_tokens=5, name="said")
    roots = await ctx.roots()
    return f"{said.text} in {[str(one.uri) for one in roots]}"


@app.prompt()
def describe(name: str) -> str:
    """Describe it."""
    return name


@app.completion("describe", "name")
def names(value: str) -> list[str]:
    return [name for name in ("hat", "scarf") if name.startswith(value)]
'''
#: The client says of what is gone in the newest revision that it is.
pytestmark = pytest.mark.filterwarnings("ignore:.*as of 2026-07-28")
Place = Callable[[], Any]
revisions = pytest.mark.parametrize("revision", REVISIONS)


@pytest.fixture(
    scope="module", params=[pytest.param(one, marks=[] if one == "stdio" else needs_protocol) for one in WAYS]
)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Place]]:
    with reachable(
        build(tmp_path_factory.mktemp("hearing"), over(request.param, PROGRAM)), request.param
    ) as found:
        yield request.param, found


def run(coroutine: Any) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 60))


@revisions
def test_changes(place: tuple[str, Place], revision: str) -> None:
    way, make = place
    if way == "http" and revision < "2026":
        pytest.skip("without a session there is no way to tell")
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def handler(told: Any) -> None:
        if isinstance(told, mcp.types.ResourceUpdatedNotification):
            heard.put_nowait(str(told.params.uri))

    async def main() -> None:
        async with speaking(make(), revision, message_handler=handler) as client:
            if revision < "2026":
                await client.subscribe_resource("news://today")
                await client.call_tool("happen", {})
                assert await heard.get() == "news://today"
                return
            async with client.listen(resource_subscriptions=["news://today"]) as changes:
                await client.call_tool("happen", {})
                assert (await anext(changes)).uri == "news://today"

    run(main())


@revisions
def test_logs(place: tuple[str, Place], revision: str) -> None:
    heard: list[tuple[str, Any, str | None]] = []

    async def logging(told: Any) -> None:
        heard.append((told.level, told.data, told.logger))

    async def main() -> None:
        async with speaking(place[1](), revision, logging_callback=logging, log_level="warning") as client:
            if revision < "2026" and place[0] != "http":  # of which nothing is kept there
                await client.set_logging_level("warning")
            await client.call_tool("write", {})
            assert ("error", {"wrong": 1}, "shop") in heard
            assert place[0] == "http" or len(heard) == 1

    run(main())


@revisions
def test_completions(place: tuple[str, Place], revision: str) -> None:
    async def main() -> None:
        async with speaking(place[1](), revision) as client:
            of = mcp.types.PromptReference(type="ref/prompt", name="describe")
            found = await client.complete(of, {"name": "name", "value": "h"})
            assert found.completion.values == ["hat"]

    run(main())


@revisions
def test_the_client_is_asked(place: tuple[str, Place], revision: str) -> None:
    async def sampling(context: Any, params: Any) -> Any:
        assert params.max_tokens == 5
        said = mcp.types.TextContent(type="text", text="Nothing")
        return mcp.types.CreateMessageResult(role="assistant", content=said, model="m")

    async def roots(context: Any) -> Any:
        return mcp.types.ListRootsResult(roots=[mcp.types.Root(uri="file:///here")])

    async def main() -> None:
        async with speaking(
            place[1](), revision, sampling_callback=sampling, list_roots_callback=roots
        ) as client:
            found = await client.call_tool("think", {})
            assert found.content[0].text == "Nothing in ['file:///here']"

    run(main())
