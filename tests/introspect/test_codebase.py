"""The query engine as servers call it: by name, with plain arguments, counted, from many threads."""

import json
import threading
from pathlib import Path
from typing import Any

import conduit.introspect
import pytest
from conduit.introspect import Codebase, MetadataError, QueryError, indexing, load
from conduit.introspect.counts import BOUNDS, Counts
from conduit.introspect.mermaid import DRAWINGS
from conduit.introspect.queries import QUERIES
from conduit.introspect.render import render

from conduitc.codegen.metadata import emit_metadata
from tests.introspect.conventions import AUTH, CONVENTIONS
from tests.metadata.apps import SHOP
from tests.metadata.test_metadata import published

METADATA = emit_metadata(SHOP, (), CONVENTIONS).encode()
#: For each query, arguments that it answers.
ASKED: dict[str, dict[str, Any]] = {
    "overview": {},
    "resources": {"filter": "kind:tool", "limit": 1},
    "resource": {"name": "get_item"},
    "routes": {"filter": "method:GET", "limit": 2},
    "tools": {},
    "blocks": {},
    "deps": {"name": "get_item", "reverse": True, "depth": 2, "limit": 5},
    "impact": {"name": "Colour", "limit": 3},
    "who_handles": {"method": "GET", "url": "/items/7"},
    "effective_stack": {"name": "GET /items/{id:int}"},
    "patterns": {"category": "auth", "limit": 1},
    "pattern": {"name": AUTH.id},
    "how_do_i": {"text": "how do I add an authenticated endpoint", "limit": 3},
    "unresolved": {"limit": 1},
    "stats": {},
    "export": {},
}


@pytest.fixture
def shop() -> Codebase:
    return Codebase(METADATA, indexing.build(METADATA))


def test_every_query_answers_with_what_json_can_hold(shop: Codebase) -> None:
    assert set(ASKED) == set(QUERIES)
    for name, arguments in ASKED.items():
        answer = shop.answer(name, **arguments)
        assert json.loads(json.dumps(answer)) == answer, name
        if name != "stats":  # which tells of the queries before it
            assert getattr(shop, name)(**arguments) == answer
        optional = dict.fromkeys(QUERIES[name].takes)
        assert shop.answer(name, **{**optional, **arguments})


def test_every_answer_can_be_shown(shop: Codebase) -> None:
    for name, arguments in ASKED.items():
        answer = shop.answer(name, **arguments)
        forms = ["json", "markdown" if name == "export" else "table"]
        forms += ["mermaid"] if name in DRAWINGS else []
        for form in forms:
            assert render(name, answer, form).strip(), (name, form)
    shown = render("effective_stack", shop.answer("effective_stack", name="GET /items/{id:int}"), "table")
    assert [line.split()[:2] for line in shown.splitlines()[2:]] == [
        ["middleware", "gzip.GZipMiddleware"],
        ["middleware", "app.auth"],
        ["parameters", "id"],
        ["handler", "app.get_item"],
    ]


def test_limits(shop: Codebase) -> None:
    assert len(shop.answer("resources", filter="kind:tool", limit=1)["resources"]) == 1
    assert shop.answer("resources", filter="kind:tool", limit=1)["total"] == 2
    assert shop.answer("resources", limit=0) == {"total": 37, "resources": []}
    assert len(shop.answer("unresolved", limit=3)["unresolved"]) == 3
    assert len(shop.answer("impact", name="Colour", limit=2)["resources"]) == 2


@pytest.mark.parametrize(
    ("query", "arguments", "code", "said"),
    [
        ("no_such", {}, "unknown", "no query 'no_such'"),
        ("answer", {}, "unknown", "no query 'answer'"),
        ("deps", {}, "wrong", "deps needs 'name'"),
        ("deps", {"name": ""}, "wrong", "deps needs 'name'"),
        ("deps", {"name": None}, "wrong", "deps needs 'name'"),
        ("deps", {"name": 7}, "wrong", "'name' must be text, not 7"),
        ("deps", {"name": "load", "depth": "3"}, "wrong", "'depth' must be a whole number, not '3'"),
        ("deps", {"name": "load", "depth": True}, "wrong", "'depth' must be a whole number, not True"),
        ("deps", {"name": "load", "depth": 0}, "wrong", "at least 1"),
        ("deps", {"name": "load", "depth": -1}, "wrong", "must not be negative"),
        ("deps", {"name": "load", "reverse": "yes"}, "wrong", "'reverse' must be true or false"),
        ("deps", {"name": "load", "colour": 1}, "wrong", "deps takes no 'colour'"),
        ("deps", {"name": "lod"}, "unknown", "no resource 'lod'"),
        ("deps", {"name": "Item"}, "ambiguous", "'Item' is one of several"),
        ("effective_stack", {"name": "load"}, "unknown", "no route 'load'"),
        ("who_handles", {"method": "GET"}, "wrong", "who_handles needs 'url'"),
    ],
)
def test_what_has_no_answer(
    shop: Codebase, query: str, arguments: dict[str, Any], code: str, said: str
) -> None:
    with pytest.raises(QueryError) as refusal:
        shop.answer(query, **arguments)
    assert refusal.value.code == code and said in str(refusal.value)


def test_suggestions(shop: Codebase) -> None:
    def candidates(query: str, name: str) -> list[str]:
        with pytest.raises(QueryError) as refusal:
            shop.answer(query, name=name)
        return refusal.value.candidates

    assert "load" in candidates("deps", "lod")
    assert candidates("effective_stack", "GET /item/{slug}")[0] == "GET /items/{slug}"
    assert candidates("resource", "%%%%") == []
    assert "deps" in candidates("dep", "x")


def test_answers_are_counted_and_timed_in_one_place(shop: Codebase) -> None:
    shop.impact("Colour")
    assert shop.counts.told() == {}
    for _ in range(3):
        shop.answer("impact", name="Colour")
    with pytest.raises(QueryError):
        shop.answer("impact", name="nothing")
    shop.answer("deps", name="GET /items/{id:int}", depth=1)
    told = shop.answer("stats")["queries"]
    assert set(told) == {"impact", "deps"}
    impact = told["impact"]
    assert (impact["calls"], impact["errors"], impact["incomplete"]) == (4, 1, 0)
    assert sum(impact["at_most"].values()) == 4
    assert 0 < impact["longest"] <= impact["seconds"] < 60
    assert told["deps"]["incomplete"] == 1
    assert shop.counts.told()["stats"]["calls"] == 1


def test_classes_of_durations() -> None:
    counts = Counts()
    for seconds in (0.0, *BOUNDS, 5.0):
        counts.of("x").add(seconds)
    assert list(counts.told()["x"]["at_most"].values()) == [2, 1, 1, 1, 1, 1, 1]


def test_many_threads_get_what_one_gets() -> None:
    """What is derived on first use is derived by all of them at once."""
    expected = {name: Codebase(METADATA).answer(name, **ASKED[name]) for name in ASKED if name != "stats"}
    for _ in range(5):
        shop, wrong = Codebase(METADATA), []
        start = threading.Barrier(8)

        def ask(place: int, shop: Codebase = shop, wrong: list[str] = wrong, start: Any = start) -> None:
            start.wait()
            names = list(expected)
            for name in names[place:] + names[:place]:
                if shop.answer(name, **ASKED[name]) != expected[name]:
                    wrong.append(name)

        threads = [threading.Thread(target=ask, args=(place,)) for place in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


def test_public_names(tmp_path: Path) -> None:
    assert conduit.introspect.__all__ == ["Codebase", "MetadataError", "QueryError", "load"]
    with pytest.raises(AttributeError, match="nonsense"):
        conduit.introspect.nonsense  # noqa: B018
    (tmp_path / "metadata.json").write_bytes(METADATA)
    assert load(str(tmp_path)).overview() == load(str(tmp_path / "metadata.json")).overview()
    with pytest.raises(OSError):
        load(str(tmp_path / "no.json"))
    (tmp_path / "metadata.json").write_bytes(b"{}")
    with pytest.raises(MetadataError):
        load(str(tmp_path))


def test_a_stripped_build_is_answered_without_places() -> None:
    text = emit_metadata(SHOP, (), CONVENTIONS, stripped=True)
    published().validate(json.loads(text))
    shop = Codebase(text.encode())
    for name, arguments in ASKED.items():
        assert '"line": 64' not in json.dumps(shop.answer(name, **arguments)), name
    assert shop.who_handles("GET", "/items/7")["route"]["file"] == ""
