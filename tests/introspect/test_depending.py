"""``deps`` and ``impact``: equal to brute force on any graph, within depth and time, fields told apart."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count

import pytest
from conduit.introspect import Codebase, QueryError, depending
from conduit.introspect.depending import deps, impact
from conduit.introspect.graph import STEP, Clock, closure, cycles
from hypothesis import given, settings
from hypothesis import strategies as st

from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse
from tests.introspect.made import calls, name
from tests.metadata.apps import SHOP

EVERY_RUN_THE_SAME = settings(deadline=None, database=None, derandomize=True, max_examples=150)
Graph = list[list[int]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Up to 40 nodes with cycles, nodes that need themselves, and hubs."""
    size = draw(st.integers(1, 40))
    node = st.integers(0, size - 1)
    graph = [draw(st.lists(node, max_size=4)) for _ in range(size)]
    for hub in draw(st.lists(node, max_size=2)):
        if draw(st.booleans()):
            graph[hub] = list(range(size))
        else:
            graph = [[*others, hub] for others in graph]
    return graph


def distances(graph: Sequence[Sequence[int]], start: int) -> dict[int, int]:
    """How many steps away each node is, relaxed until nothing changes."""
    found = {start: 0}
    while True:
        better = {
            other: found[one] + 1
            for one in list(found)
            for other in graph[one]
            if found[one] + 1 < found.get(other, len(graph) + 1)
        }
        if not better:
            return found
        found |= {other: min(steps, found.get(other, steps)) for other, steps in better.items()}


def turned(graph: Graph) -> Graph:
    return [[one for one, others in enumerate(graph) if node in others] for node in range(len(graph))]


def clock(steps: int) -> Clock:
    """One that is over after being looked at so often."""
    return Clock(steps, count().__next__)


@EVERY_RUN_THE_SAME
@given(graph=graphs(), start=st.integers(0, 39), depth=st.integers(1, 12), reverse=st.booleans())
def test_equal_to_brute_force(graph: Graph, start: int, depth: int, reverse: bool) -> None:
    start %= len(graph)
    away = distances(turned(graph) if reverse else graph, start)
    answer = calls(graph).deps(name(start), reverse=reverse, depth=depth)
    near = {name(node): steps for node, steps in away.items() if 0 < steps <= depth}
    assert {one["id"]: one["depth"] for one in answer["resources"]} == near
    assert answer["total"] == len(near)
    assert answer["complete"] is (max(away.values()) <= depth)
    assert (answer["reason"] is None) is answer["complete"]
    for one in answer["resources"]:
        led = int(one["by"]["id"][-4:])
        assert away[led] == one["depth"] - 1
        node = int(one["id"][-4:])
        assert (led in graph[node]) if reverse else (node in graph[led])


@EVERY_RUN_THE_SAME
@given(graph=graphs(), start=st.integers(0, 39), reverse=st.booleans())
def test_cycles_are_those_that_reach_each_other(graph: Graph, start: int, reverse: bool) -> None:
    start %= len(graph)
    walked = turned(graph) if reverse else graph
    reached = [set(distances(walked, node)) for node in range(len(graph))]
    expected = {
        tuple(sorted(other for other in reached[node] if node in reached[other]))
        for node in reached[start]
        if node in graph[node] or any(node in reached[other] for other in reached[node] - {node})
    }
    answer = calls(graph).deps(name(start), depth=100, reverse=reverse)
    assert answer["complete"]
    assert answer["cycles"] == [[name(one) for one in group] for group in sorted(expected)]


@EVERY_RUN_THE_SAME
@given(graph=graphs(), start=st.integers(0, 39))
def test_impact_goes_all_the_way(graph: Graph, start: int) -> None:
    start %= len(graph)
    answer = calls(graph).impact(name(start))
    assert {one["id"] for one in answer["resources"]} == {
        name(node) for node in distances(turned(graph), start) if node != start
    }
    assert answer["complete"] and answer["kinds"] == (
        {"function": answer["total"]} if answer["total"] else {}
    )


HUB = [[*range(1, 3000)], *([node + 1, 0] for node in range(1, 2999)), [0]]
CHAIN = [[(node + 1) % 3000] for node in range(3000)]
WEB = [[(node + 1) % 3000, *random.Random(node).sample(range(3000), 2)] for node in range(3000)]


@pytest.mark.parametrize("graph", [HUB, CHAIN, WEB], ids=["hub", "chain", "web"])
@pytest.mark.parametrize("ask", [deps, impact])
def test_time_is_a_bound(graph: Graph, ask: Callable[..., dict[str, object]]) -> None:
    """Whenever time is up, what was found until then is answered, and said to be a part."""
    codebase = calls(graph)
    known = {"depth": 5000} if ask is deps else {}
    whole = ask(codebase.store, name(0), clock=Clock(None), **known)
    assert whole["complete"] and whole["total"] == 2999
    all_ids = {one["id"] for one in whole["resources"]}  # type: ignore[attr-defined]
    sizes = []
    for steps in (0, 1, 2, 3, 5, 8):
        part = ask(codebase.store, name(0), clock=clock(steps), **known)
        assert not part["complete"] and "time is up" in str(part["reason"])
        listed = [one["id"] for one in part["resources"]]  # type: ignore[attr-defined]
        assert len(listed) == len(set(listed)) and set(listed) <= all_ids
        assert len(listed) <= part["total"] <= 2999  # type: ignore[operator]
        sizes.append(part["total"])
    assert sizes == sorted(sizes)


def test_the_clock_is_looked_at_often_enough() -> None:
    """Between two looks lie at most ``STEP`` resources, also on a hub and in a long chain."""
    for graph in (HUB, CHAIN, WEB):
        for walk in (partial(closure, graph, [0], None), partial(cycles, graph, range(len(graph)))):
            looks = count()
            walk(Clock(1e9, looks.__next__))
            assert next(looks) >= len(graph) // STEP


def test_depth_is_a_bound_on_a_hub() -> None:
    codebase = calls(HUB)
    answer = codebase.deps(name(5), depth=1)
    assert [one["id"] for one in answer["resources"]] == [name(0), name(6)]
    assert answer["reason"] == "there is more beyond depth 1"
    assert codebase.deps(name(0), depth=1)["total"] == 2999
    assert codebase.deps(name(0), depth=1, limit=7)["resources"] == codebase.deps(name(0))["resources"][:7]
    with pytest.raises(QueryError, match="at least 1"):
        codebase.deps(name(0), depth=0)


def test_the_shop() -> None:
    shop = Codebase(emit_metadata(SHOP).encode())
    needed = {
        (one["id"], one["by"]["kind"]) for one in shop.deps("GET /items/{id:int}", depth=1)["resources"]
    }
    assert needed == {
        ("function:app.get_item", "handles"),
        ("middleware:app.auth", "middleware"),
        ("middleware:starlette.middleware.gzip.GZipMiddleware", "middleware"),
        ("schema:app.Colour", "takes"),
        ("schema:app.Item", "returns"),
    }
    users = {one["id"] for one in shop.impact("middleware:app.auth")["resources"]}
    assert users == {"route:app.get_item#GET /items/{id:int}"}
    around_all = shop.impact("GZipMiddleware")
    assert around_all["kinds"] == {"module": 1, "route": 11}
    with pytest.raises(QueryError) as several:
        shop.deps("Item")
    assert several.value.candidates == ["schema:app.Item", "schema:tree.Item"]
    with pytest.raises(QueryError) as unknown:
        shop.impact("getitem")
    assert "get_item" in unknown.value.candidates


def test_a_module_brings_what_stands_in_it() -> None:
    shop = Codebase(emit_metadata(SHOP).encode())
    own = shop.deps("module:tree", depth=1)["resources"]
    assert {one["id"] for one in own} == {"schema:tree.Node", "schema:tree.Item"}
    assert [one["by"] for one in own] == [
        {"id": "module:tree", "kind": "defines", "file": "tree.py", "line": line} for line in (30, 20)
    ]
    affected = {one["id"] for one in shop.impact("module:tree")["resources"]}
    assert {
        "module:app",
        "schema:tree.Node",
        "function:app.tree",
        "route:app.tree#POST,PUT /tree",
    } <= affected


FIELDS = """\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()


@dataclass
class Item:
    name: str
    price: float
    amount: int = 1


@dataclass
class Order:
    items: list[Item]
    note: str


def total(items: list[Item]) -> float:
    return sum(item.price * item.amount for item in items)


def label(item: Item) -> str:
    return item.name.upper()


def blank() -> Item:
    return Item("", price=0.0)


def rename(item: Item, name: str) -> None:
    item.name = name


@app.get("/total")
def get_total() -> float:
    return total([blank()])


@app.post("/orders")
def order(order: Order) -> str:
    return order.note


@app.get("/labels")
def labels() -> str:
    return label(blank())
"""


@pytest.fixture(scope="module")
def fields(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codebase]:
    folder = tmp_path_factory.mktemp("fields")
    (folder / "app.py").write_text(FIELDS)
    app = analyse(folder / "app.py").app
    assert app is not None
    yield Codebase(emit_metadata(app).encode())


def affected(codebase: Codebase, field: str) -> dict[str, str]:
    return {one["name"]: one["by"]["kind"] for one in codebase.impact(field)["resources"]}


def test_who_breaks_if_a_field_changes(fields: Codebase) -> None:
    assert affected(fields, "Item.price") == {
        "total": "reads",
        "blank": "makes",
        "get_total": "calls",
        "labels": "calls",
        "GET /total": "handles",
        "GET /labels": "handles",
        "Order": "uses",
        "POST /orders": "takes",
    }
    assert "label" not in affected(fields, "Item.price")
    assert affected(fields, "Item.name")["rename"] == "writes"
    assert "total" in affected(fields, "Item.amount") and "blank" not in affected(fields, "Item.amount")
    assert affected(fields, "Order.note") == {"order": "reads", "POST /orders": "takes"}
    answer = fields.impact("schema:app.Item.price")
    assert (answer["of"]["id"], answer["field"]) == ("schema:app.Item", "price")
    (reads,) = [one for one in answer["resources"] if one["name"] == "total"]
    assert (reads["by"]["fields"], reads["by"]["line"]) == (["amount", "price"], 22)


def test_a_field_that_is_not_there(fields: Codebase) -> None:
    with pytest.raises(QueryError) as unknown:
        fields.impact("Item.prize")
    assert unknown.value.candidates == ["Item.price"]
    assert (unknown.value.code, unknown.value.message) == ("unknown", "Item has no field 'prize'")
    with pytest.raises(QueryError):
        fields.deps("Item.price")


def test_time_is_a_bound_for_fields(fields: Codebase) -> None:
    whole = fields.impact("Item.price")
    for steps in (0, 1, 2):
        part = impact(fields.store, "Item.price", clock=clock(steps))
        assert not part["complete"] and part["total"] <= whole["total"]


def test_answers_belong_to_who_asked(fields: Codebase) -> None:
    first = fields.impact("Item.price")
    text = json.dumps(first)
    first["resources"][0].clear()
    first["cycles"].append([])
    assert json.dumps(fields.impact("Item.price")) == text


def test_time_begins_once_the_graph_is_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deriving it is part of loading: the first question of all must not come back empty-handed."""
    asked = calls([[], [0], [1]])
    started: list[bool] = []

    class Noted(Clock):
        def __init__(self, seconds: float | None) -> None:
            started.append(asked.store.graph._backward is not None)
            super().__init__(seconds)

    monkeypatch.setattr(depending, "Clock", Noted)
    assert [one["id"] for one in asked.impact(name(0))["resources"]] == [name(1), name(2)]
    assert asked.deps(name(2))["total"] == 2
    assert started == [True, True]
