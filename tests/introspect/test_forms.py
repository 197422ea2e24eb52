"""Golden text of every command in every form it has: ``forms.txt``, a part a command line, in its order here.

``make golden`` rewrites it; read the diff. The app is ``APP`` below, from source: what a person gets.
"""

import os
import shlex
from pathlib import Path

import pytest

from conduitc.cli.introspect import introspect_command
from conduitc.cli.questions import COMMANDS, DRAWN
from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse
from tests.introspect.conventions import CONVENTIONS, ERROR

FILE = Path(__file__).parent / "forms.txt"
UPDATE = os.environ.get("CONDUIT_GOLDEN") == "update"

APP = '''\
"""A shop."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from conduit import Conduit, Router
from conduit.runtime import LMLiteBlock
from conduit.conduit_types import LmLiteModelConfig
from msgspec import Meta

app = Conduit(title="Shop", version="1.2.0", description="Sells *things*.")
lm = LMLiteBlock(models=[LmLiteModelConfig("org/model", max_model_len=5000)])


class Colour(Enum):
    RED = "red"
    BLUE = "blue|green"


# Kept for three years.
@dataclass
class Item:
    """A thing for sale. <b>Really</b>."""

    name: Annotated[str, Meta(min_length=1)]
    price: Annotated[float, Meta(ge=0)]
    colour: Colour = Colour.RED


@app.middleware
async def timing(request, call_next):
    return await call_next(request)


async def signed_in(request, call_next):
    return await call_next(request)


def total(items: list[Item], depth: int) -> float:
    """What all of it costs."""
    if depth == 0:
        return 0.0
    return sum(item.price for item in items) + again(items, depth)


def again(items: list[Item], depth: int) -> float:
    return total(items, depth - 1)


@app.get("/items/{id:int}", tags=["items"])
def get_item(id: Annotated[int, Meta(ge=1)], colour: Colour = Colour.RED) -> Item | None:
    """One item."""
    return None


@app.get("/items/new")
def new_item() -> Item:
    return Item("new", 1.0)


@app.get("/items/{slug}")
def by_slug(slug: str) -> float:
    return total([Item(slug, 2.0)], 1)


orders = Router(prefix="/orders", middleware=[signed_in], tags=["orders"])


@orders.post("/", status=201)
async def order(item: Item) -> Item:
    return item


app.include(orders, prefix="/v1")


@app.tool()
def price(item: Item, factor: float = 1.5) -> float:
    """The price | with tax."""
    return item.price * factor


@app.exception_handler(KeyError)
def missing(request, error):
    return {"missing": True}


def odd(settings, name: "Gone") -> None:
    settings.x = name
'''

#: Every command; each in all its forms.
LINES = (
    "overview",
    "resources",
    "resources kind:route method:GET uses:schema.Item",
    "resource get_item",
    "resource Item",
    "routes",
    "routes --method POST --tag orders",
    "deps GET /items/{id:int}",
    "deps total --depth 1",
    "deps Colour --reverse",
    "impact Item",
    "impact Item.price",
    "impact odd",
    "who GET /items/7",
    "who /items/0?q=1",
    "who POST /v1/orders/",
    "who DELETE /items/7",
    "who GET /nowhere",
    "who GET /%zz",
    "tools",
    "blocks",
    "patterns",
    "patterns auth",
    "patterns middleware",
    f"pattern {ERROR.id}",
    'ask "how do I add an authenticated endpoint"',
    "ask where is an order placed",
    "unresolved",
    "stats",
)


def forms(line: str) -> list[str]:
    """The command lines of one question in each of its forms."""
    kinds = ["table", "json", *(["mermaid"] if line.partition(" ")[0] in DRAWN else [])]
    return [f"{line} --format {kind}" for kind in kinds]


def every() -> list[str]:
    return [*(form for line in LINES for form in forms(line)), "export", "export --format markdown"]


def printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    (folder / "app.py").write_text(APP)
    app = analyse(folder / "app.py")
    assert app.app is not None
    (folder / "metadata.json").write_text(emit_metadata(app.app, app.diagnostics, CONVENTIONS))
    found = {}
    for line in every():
        assert introspect_command([str(folder / "metadata.json"), *shlex.split(line)]) == 0, line
        found[line] = capsys.readouterr().out
    return found


def test_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(tmp_path, capsys)
    text = "".join(f"$ introspect {line}\n{output}\n" for line, output in found.items())
    if UPDATE:
        FILE.write_text(text, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == text


def test_every_command_is_here() -> None:
    assert {line.split()[0] for line in every()} == set(COMMANDS)


def test_charts_are_charts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line is a node, an arrow between nodes that there are, or a comment; quotes only around labels."""
    for line, output in printed(tmp_path, capsys).items():
        if not line.endswith("mermaid"):
            continue
        head, *rest = output.splitlines()
        assert head == "flowchart LR"
        known: set[str] = set()
        for one in map(str.strip, rest):
            assert one.count('"') in (0, 2), one
            before = one.partition('"')[0]
            if "->" in before or "=>" in before:
                assert {one.partition(" ")[0], one.rpartition(" ")[2]} <= known, one
            elif not one.startswith("%%"):
                known.add(before[:-1])
