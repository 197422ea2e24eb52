"""What people and models ask of a code base over HTTP, as a skewed trace of addresses; and an app to ask.

The mix, in per cent: look-ups of a resource 30, `who` 20, `deps` 15, routes by filter 10, resources by filter
5, `impact` 5, `stack` 5, `ask` 5, lists (overview, patterns, tools, unresolved) 5. What is asked about is
drawn by Zipf's law (the second most popular half as often as the first, and so on).
"""

import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from conduit.introspect import Codebase, load
from metadata import project

PREFIX = "/introspect/v1"
QUESTIONS = (
    "how do I add a route",
    "how do I validate a field",
    "how do I add an authenticated endpoint",
    "how do I return an error",
    "how do I write a test",
    "where is middleware added",
    "how do I take a query parameter",
    "how do I declare a schema",
)
_WEIGHTS = {
    "resource": 30,
    "who": 20,
    "deps": 15,
    "routes": 10,
    "resources": 5,
    "impact": 5,
    "stack": 5,
    "ask": 5,
    "lists": 5,
}
_LISTS = ("", "/patterns", "/tools", "/unresolved")


def write_app(folder: Path, resources: int, keyword: str) -> Path:
    """The sources of an app of about so many resources; ``keyword`` goes into its ``Conduit(...)``."""
    folder.mkdir(parents=True, exist_ok=True)
    project(folder, resources // 13 + 1)
    entry = folder / "app.py"
    text = entry.read_text()
    if keyword:
        assert text.count("Conduit(") == 1, text
        text = text.replace("Conduit(", f"Conduit({keyword}, ").replace(", )", ")")
        text = "import os\n\nfrom conduit import Introspection\n" + text
    entry.write_text(text)
    return entry


def trace(metadata: Path, count: int, seed: int = 6) -> list[str]:
    """So many addresses."""
    return list(_drawn(load(str(metadata)), random.Random(seed), count))


def once(metadata: Path, count: int, seed: int = 6) -> list[str]:
    """The same mix, with an ``@`` in each address: with another number in its place each time, an answer that
    is kept helps nobody."""
    found = []
    for address in trace(metadata, count, seed):
        kind, _, rest = address[len(PREFIX) + 1 :].partition("/")
        named = kind.partition("?")[0]
        if named == "who":
            found.append(f"{address}%3Fn=@")
        elif rest and named == "resources":  # a look-up takes nothing that could differ
            found.append(f"{PREFIX}/deps/{rest}?depth=1&limit=@")
        elif named in ("deps", "impact", "routes", "resources", "unresolved", "patterns", "ask"):
            found.append(f"{address}{'&' if '?' in address else '?'}limit=@")
        else:
            found.append(f"{PREFIX}/who?method=GET&url=/api/area1/@")
    return found


def _drawn(codebase: Codebase, dice: random.Random, count: int) -> Iterator[str]:
    rows = codebase.select("")
    routes = codebase.select("kind:route")
    dice.shuffle(rows)
    dice.shuffle(routes)
    kinds = list(_WEIGHTS)
    row_weights = _zipf(len(rows))
    route_weights = _zipf(len(routes))
    for kind in dice.choices(kinds, list(_WEIGHTS.values()), k=count):
        row = dice.choices(rows, cum_weights=row_weights)[0]
        route = dice.choices(routes, cum_weights=route_weights)[0]
        id_ = quote(row.id, safe="")
        method, path = route.methods[0], route.pattern
        if kind == "resource":
            yield f"{PREFIX}/resources/{id_}"
        elif kind == "who":
            url = "/".join("7" if part.startswith("{") else part for part in path.split("/"))
            yield f"{PREFIX}/who?method={method}&url={quote(url)}"
        elif kind == "deps":
            yield f"{PREFIX}/deps/{id_}{dice.choice(('', '?reverse=1'))}"
        elif kind == "routes":
            folder = path.rpartition("/")[0] or "/"
            yield f"{PREFIX}/routes?filter={quote(f'path:{folder}')}"
        elif kind == "resources":
            filter_ = f'kind:{row.kind} "name:{row.name}"'
            yield f"{PREFIX}/resources?filter={quote(filter_, safe='')}"
        elif kind == "impact":
            yield f"{PREFIX}/impact/{id_}"
        elif kind == "stack":
            yield f"{PREFIX}/stack/{quote(route.id, safe='')}"
        elif kind == "ask":
            yield f"{PREFIX}/ask?q={quote(dice.choice(QUESTIONS))}"
        else:
            yield PREFIX + dice.choice(_LISTS)


def _zipf(count: int) -> list[float]:
    total, found = 0.0, []
    for rank in range(1, count + 1):
        total += 1 / rank
        found.append(total)
    return found
