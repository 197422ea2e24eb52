"""Programs that clients are tried with, and what every client must see of them.

``SEARCH`` is the program that the language was specified with, to the letter; ``waiting`` has a tool to wait
for; the guide's shop stands in docs/mcp.md.
"""

import asyncio
import os
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
async def waits(note: str, ctx: Context) -> str:
    """Tells how far it is, then waits until it is given up, and leaves a note."""
    try:
        for step in range(3):
            ctx.progress(step, 3, f"step {step}")
        write(note, "begun")
        await asyncio.sleep(600)
    finally:
        write(note, "given up")
    return "never"


@app.tool()
def waits_on_a_thread(note: str, ctx: Context) -> str:
    """The same, where nothing can be interrupted."""
    for step in range(3):
        ctx.progress(step, 3, f"step {step}")
    write(note, "begun")
    while not ctx.cancelled:
        time.sleep(0.01)
    write(note, "given up")
    return "late"
'''


def over(transport: str, text: str) -> str:
    """A program with another transport, and nothing else changed."""
    for one in ("sse", "http"):
        text = text.replace(f'transport="{one}"', f'transport="{transport}"')
    return text


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


async def give_up(client: Any, tool: str, note: Path) -> None:
    """Cancel a call of ``WAITING`` once it has told how far it is: the tool notices, and leaves its note."""
    steps: asyncio.Queue[tuple[float, float | None, str | None]] = asyncio.Queue()

    async def progress(*step: Any) -> None:
        steps.put_nowait(step)

    call = asyncio.ensure_future(client.call_tool(tool, {"note": str(note)}, progress_callback=progress))
    assert [await steps.get() for _ in range(3)] == [(step, 3, f"step {step}") for step in range(3)]
    while not says(note, "begun"):
        await asyncio.sleep(0.01)
    call.cancel()
    while not says(note, "given up"):
        await asyncio.sleep(0.01)
    assert len((await client.list_tools()).tools) == 2
