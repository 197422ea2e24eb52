"""What metadata costs: CPU milliseconds per 1,000 lines of source, cold and warm.

Each cold sample is a fresh process that has imported the compiler and analyses a project once: reading,
parsing, passes, patterns, and the text of metadata.json. Claim: at most 12 ms per 1,000 lines. Warm is a
process that has done so before: one of the modules, of about 100 lines, is another one, and what is counted
is divided by all lines of the project. Claim: at most 0.5 ms. `bench/watch.py` tells how long a save takes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from common import goal, table, versions

RUNS = 9
MODULES = 40
GOAL, WARM = 12, 0.5

PROBE = """\
import gc, sys, time
from pathlib import Path
from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse
from conduitc.kept import Kept
from conduitc.mined import patterns_of

def once(kept=None):
    start = time.process_time()
    analysis = analyse(sys.argv[1], kept=kept)
    analysed = time.process_time()
    patterns = patterns_of(analysis)
    mined = time.process_time()
    text = emit_metadata(analysis.app, analysis.diagnostics, patterns, kept=kept)
    end = time.process_time()
    assert len(analysis.app.routes) == int(sys.argv[2]), len(analysis.app.routes)
    return (analysed - start) * 1e3, (mined - analysed) * 1e3, (end - mined) * 1e3, len(text)

print(*once())
kept = Kept()
once(kept)
gc.collect()
gc.freeze()
gc.disable()
changed = Path(sys.argv[1]).parent / "area3.py"
text = changed.read_text()
changed.write_text(text.replace("taxes included", "taxes and all").replace("* 0.9", "* 0.8"))
print(*once(kept))
changed.write_text(text)
"""

MODULE = '''\
"""Area {n}: what it is for, in a sentence or two.

Everything that belongs to area {n} is here: its schemas, its rules and its routes.
"""

from dataclasses import dataclass, field
from typing import Annotated

from conduit import HTTPError, Router
from msgspec import Meta

area{n} = Router(prefix="/area{n}", tags=["area{n}"])
LIMIT = 100
Limit = Annotated[int, Meta(ge=1, le=100)]


@dataclass
class Item{n}:
    """A thing of area {n}."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    price: Annotated[float, Meta(ge=0)]
    amount: int = 1
    note: str | None = None
    tags: list[str] = field(default_factory=list)


@dataclass
class Page{n}:
    """Some of the things, and whether there are more."""

    items: list[Item{n}]
    total: int
    more: bool = False


THINGS: dict[int, Item{n}] = {{}}


def total_of(items: list[Item{n}]) -> float:
    """The price of all of them, taxes included."""
    total = 0.0
    for item in items:
        # Things given away cost nothing, whatever the label says.
        if item.amount <= 0:
            continue
        price = item.price * item.amount
        if price > LIMIT:
            price = price * 0.9
        total += price
    return round(total, 2)


def wanted(item: Item{n}, query: str | None, cheap: bool) -> bool:
    """Does an item pass the filters of a list?"""
    if query is not None and query.lower() not in item.name.lower():
        return False
    if cheap and item.price > LIMIT:
        return False
    return True


@area{n}.get("/")
def list_items(query: str | None = None, cheap: bool = False, limit: Limit = 20) -> Page{n}:
    """Items that are wanted, the first ones first."""
    found = []
    for item in THINGS.values():
        if wanted(item, query, cheap):
            found.append(item)
    more = len(found) > limit
    return Page{n}(items=found[:limit], total=len(found), more=more)


@area{n}.get("/{{id:int}}")
def get_item(id: int) -> Item{n}:
    """One item."""
    item = THINGS.get(id)
    if item is None:
        raise HTTPError(404, "no such item")
    return item


@area{n}.post("/", status=201)
async def create_item(item: Item{n}, notify: bool = False) -> Item{n}:
    """Puts an item on the shelf."""
    number = len(THINGS) + 1
    THINGS[number] = item
    return item


@area{n}.get("/total")
def total(request):
    """What all of it costs."""
    everything = list(THINGS.values())
    return {{"total": total_of(everything), "count": len(everything)}}
'''


def project(folder: Path, modules: int) -> int:
    """A project of so many modules like those people write; the number of its lines."""
    names = [f"area{n}" for n in range(modules)]
    for n, name in enumerate(names):
        (folder / f"{name}.py").write_text(MODULE.format(n=n))
    lines = [
        "from conduit import Conduit",
        *(f"from {name} import {name}" for name in names),
        "",
        "app = Conduit()",
    ]
    lines += [f'app.include({name}, prefix="/api")' for name in names]
    (folder / "app.py").write_text("\n".join(lines) + "\n")
    return len(lines) + modules * MODULE.count("\n")


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        thousands = project(folder, MODULES) / 1000
        command = [sys.executable, "-c", PROBE, str(folder / "app.py"), str(MODULES * 4)]
        samples: list[list[list[float]]] = [[], []]
        for _ in range(RUNS + 1):  # the first writes bytecode and does not count
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(done.stderr)
            for found, line in zip(samples, done.stdout.splitlines(), strict=True):
                found.append([float(one) for one in line.split()])
        *cold, size = (median(column) for column in zip(*samples[0][1:], strict=True))
        *warm, _ = (median(column) for column in zip(*samples[1][1:], strict=True))
    print(f"{thousands:.1f} thousand lines, {MODULES * 4} routes, {RUNS} processes; {versions('msgspec')}\n")
    stages = ("source to App, checked", "App to patterns", "App and patterns to metadata.json")
    whole = [(*cold, sum(cold)), (*warm, sum(warm))]
    rows = [
        (name, f"{one:.1f}", f"{one / thousands:.2f}", f"{other:.1f}", f"{other / thousands:.2f}")
        for name, one, other in zip((*stages, "all of it"), *whole, strict=True)
    ]
    print(table(("stage", "cold, CPU ms", "per 1,000 lines", "one module changed", "per 1,000 lines"), rows))
    print(f"\nmetadata.json: {size / 1024:.0f} KiB\n")
    print(goal("metadata from source, CPU ms per 1,000 lines", sum(cold) / thousands, most=GOAL))
    print(goal("metadata once more, one module changed, the same", sum(warm) / thousands, most=WARM))


if __name__ == "__main__":
    main()
