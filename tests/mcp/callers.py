"""Programs that clients are tried with, and what every client must see of them.

``SEARCH`` is the program that the language was specified with, to the letter; ``waiting`` has a tool to wait
for; the guide's shop stands in docs/mcp.md.
"""

import asyncio
import os
import re
from pathlib import Path
from typing import Any

from conduitc import driver
from tests.house.pages import blocks

ROOT = Path(__file__).parents[2]
CORPORA = Path(os.environ.get("CONDUIT_CORPORA") or ROOT.parent / "shared/corpora")

SEARCH = """from conduit import Conduit

app = Conduit()
app.enable_mcp(transport="sse")

@app.tool(
    name="search_database",
    description="Search the database for records",
    schema={
        "type": "object",
        "properties": {
            "query": {"type": "string"}
        }
    }
)
def search(query: str) -> str:
    # Your search logic
    return f"Found results for: {query}"

app.run()
"""

WAITING = '''import asyncio
import time

from conduit import Conduit, Context

app = Conduit(title="Waiting")
app.enable_mcp(transport="http")


def write(note: str, words: str) -> None:
    with open(note, "w") as file:
        file.write(words)


@app.tool()
async def steps(ctx: Context) -> str:
    """Tells how far it is."""
    for step in range(3):
        ctx.progress(step, 3, f"step {step}")
        await asyncio.sleep(0)
    return "3 steps"


@app.tool()
async def waits(note: str, ctx: Context) -> str:
    """Waits until it is given up, and leaves a note."""
    try:
        ctx.progress(0)
        write(note, "begun")
        await asyncio.sleep(600)
    finally:
        write(note, "given up")
    return "never"


@app.tool()
def waits_on_a_thread(note: str, ctx: Context) -> str:
    """The same, where nothing can be interrupted."""
    ctx.progress(0)
    write(note, "begun")
    while not ctx.cancelled:
        time.sleep(0.01)
    write(note, "given up")
    return "late"
'''


def over(way: str, text: str) -> str:
    """A program with another transport, and nothing else changed: ``sessions`` is HTTP with them."""
    given = 'transport="http", sessions=True' if way == "sessions" else f'transport="{way}"'
    return re.sub(r'transport="\w+"', given, text)


def build(folder: Path, text: str, target: str = "python") -> Path:
    """A program in a folder of its own → its build."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text(text, encoding="utf-8")
    driver.build(folder / "app.py", folder / "dist", kind=target)  # type: ignore[arg-type]
    return folder / "dist"


def shop() -> str:
    """The program of the guide."""
    (found,) = (one for one in blocks(ROOT / "docs/mcp.md", 8000) if one.name == "app.py")
    return found.text


async def search(client: Any) -> None:
    """List and call what ``SEARCH`` offers."""
    (tool,) = (await client.list_tools()).tools
    assert (tool.name, tool.description) == ("search_database", "Search the database for records")
    assert tool.input_schema == {"type": "object", "properties": {"query": {"type": "string"}}}
    found = await client.call_tool("search_database", {"query": "x"})
    assert not found.is_error and found.content[0].text == "Found results for: x"


def says(note: Path, words: str) -> bool:
    """Whether that is what the tool has noted."""
    return note.exists() and note.read_text() == words


async def hear(client: Any) -> None:
    """A call that ends at once tells how far it was."""
    heard: list[tuple[Any, ...]] = []

    async def progress(*step: Any) -> None:
        heard.append(step)

    found = await client.call_tool("steps", {}, progress_callback=progress)
    assert found.content[0].text == "3 steps"
    assert heard == [(step, 3, f"step {step}") for step in range(3)]


async def give_up(client: Any, tool: str, note: Path) -> None:
    """Cancel a call of ``WAITING`` once it has begun: the tool notices, and leaves its note."""

    async def progress(*_: Any) -> None:
        pass

    given = {"note": str(note)}
    call = asyncio.ensure_future(client.call_tool(tool, given, progress_callback=progress))
    while not says(note, "begun"):
        await asyncio.sleep(0.01)
    call.cancel()
    while not says(note, "given up"):
        await asyncio.sleep(0.01)
    assert len((await client.list_tools()).tools) == 3
