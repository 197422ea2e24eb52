"""A program that offers a bit of everything, and the everything server of the examples."""

from pathlib import Path

EVERYTHING = (Path(__file__).parents[2] / "examples/everything/app.py").read_text(encoding="utf-8")

SHOP = {
    "app.py": '''import asyncio
import time
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated

from conduit import Conduit, Context, HTTPError
from conduit.mcp import Elicit, Embedded, Image, Link, Said, ToolError
from msgspec import Meta

app = Conduit(title="Shop", version="1.2.0")
app.enable_mcp(instructions="Search first.", hosts=["shop.example"])


class Color(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Item:
    name: str
    price: float
    tags: list[str] = field(default_factory=list)


@dataclass
class Public:
    name: str


@app.tool()
def add(a: int, b: int = 2) -> int:
    """Add two numbers."""
    return a + b


@app.tool(name="find.item", title="Find", description="Finds one.")
def find(words: str, color: Color = Color.RED, *, limit: Annotated[int, Meta(ge=1, le=9)] = 3) -> Item:
    return Item(f"{color.value} {words}", float(limit), ["x"])


@app.tool()
def public(name: str) -> Public:
    """A part of an item."""
    return Item(name, 1.0)


@app.tool()
def plain(value: list[int | None], other: str | None = None):
    """Gives back what it is given."""
    return {"value": value, "other": other}


@app.tool()
def text(words: str):
    """Gives text."""
    return words


@app.tool()
def nothing() -> None:
    """Gives nothing."""


@app.tool()
def blocks():
    """Gives several things."""
    return ["one", Image(b"1", "image/png"), Link("shop://items/1", "item", description="An item"), {"a": 1}]


@app.tool()
def fails(how: str) -> str:
    """Fails."""
    if how == "tool":
        raise ToolError("no such thing")
    if how == "http":
        raise HTTPError(404, "not here")
    if how == "odd":
        return object()
    return str(1 // 0)


@app.tool(timeout=0.05)
async def hangs() -> str:
    """Takes for ever."""
    await asyncio.sleep(60)
    return "never"


@app.tool(timeout=0.05)
def sleeps() -> str:
    """Takes for ever, on a thread."""
    time.sleep(0.5)
    return "too late"


@app.tool()
def large(size: int) -> str:
    """Gives much."""
    return "x" * size


@app.tool()
def prints() -> str:
    """Prints."""
    print("this is no message")
    return "printed"


@app.tool()
async def says(ctx: Context, steps: int = 2) -> str:
    """Says what it does."""
    for step in range(steps):
        await ctx.progress(step, steps, f"step {step}")
        ctx.debug(step)
        ctx.log("error", {"step": step}, "shop")
    ctx.info("done")
    ctx.warning("done")
    ctx.error("done")
    return f"{ctx.client.get('name')} {ctx.request_id}"


@app.tool()
def says_on_a_thread(ctx: Context) -> str:
    """Says something elsewhere."""
    ctx.progress(1)
    return "said"


@app.tool()
async def orders(ctx: Context) -> Item:
    """Asks the user what to order."""
    found = await ctx.elicit("What?", Public, name="what")
    if not found.accepted:
        raise ToolError("nothing is ordered")
    sure = await ctx.ask({"sure": Elicit("Sure?", {"type": "object", "properties": {}})})
    return Item(found.content.name, 2.0, [sure["sure"].action])


@app.get("/both/:words")
@app.tool()
def both(words: str) -> str:
    """A route and a tool."""
    return f"both {words}"


@app.resource("shop://items/{id}", media_type="application/json")
def item(id: int) -> Item:
    """An item of the shop."""
    if id > 99:
        raise HTTPError(404, "no such item")
    return Item(f"item {id}", 1.5)


@app.resource("shop://files/{+path}")
async def file(path: str) -> bytes:
    """A file."""
    await asyncio.sleep(0)
    return path.encode()


@app.resource("shop://about", name="about", title="About")
def about() -> str:
    return "A shop."


@app.resource("shop://several")
def several():
    """Two at once."""
    return [Embedded("shop://a", "a"), Embedded("shop://b", b"b", "image/png")]


@app.prompt()
def review(code: str, color: Color = Color.RED, level: int = 1):
    """Ask for a review."""
    return [Said("user", f"{color.value} {level}: {code}"), Said("assistant", "Go on.")]


@app.prompt(name="simple", title="Simple", description="Asks.")
def ask_simply() -> str:
    return "Ask."


@app.completion("review", "code")
def codes(value: str, known: dict) -> list[str]:
    return [f"{value}{n}{known.get('level', '')}" for n in range(150)]


@app.completion("shop://items/{id}", "id")
async def ids(value: str) -> list[str]:
    await asyncio.sleep(0)
    return [value + "1"]


@app.get("/change")
async def change() -> str:
    app.resource_updated("shop://about")
    return "changed"
'''
}
