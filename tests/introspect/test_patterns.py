"""Conventions as they are asked for: lists, one by its name, usage, and where nothing is known."""

import json
from typing import Any

import pytest
from conduit.introspect import Codebase, QueryError, indexing
from conduit.introspect.completing import names_after
from conduit.introspect.patterns import CATEGORIES
from conduit.introspect.render import render
from conduit.introspect.store import Store

from conduitc.codegen.metadata import emit_metadata
from conduitc.ir import patterns as ir
from tests.introspect.conventions import AUTH, CONVENTIONS, ERROR, TEST, convention
from tests.metadata.apps import SHOP

METADATA = emit_metadata(SHOP, (), CONVENTIONS).encode()
SHORT = AUTH.id.partition(":")[2]


@pytest.fixture
def shop() -> Codebase:
    return Codebase(METADATA, indexing.build(METADATA))


def entries() -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(METADATA)["patterns"]}


def test_the_surest_come_first(shop: Codebase) -> None:
    answer = shop.answer("patterns")
    assert [one["id"] for one in answer["patterns"]] == [TEST.id, AUTH.id, ERROR.id]
    assert (answer["total"], answer["complete"]) == (3, True)
    whole = entries()
    for one in answer["patterns"]:
        entry = whole[one["id"]]
        assert one == {
            **{key: entry[key] for key in one if key != "span"},
            "span": entry["example"]["span"],
        }
        assert list(one) == [
            *("id", "category", "name", "state", "template", "support", "n", "confidence", "span"),
        ]


def test_by_category_and_no_more_than_asked(shop: Codebase) -> None:
    assert [one["id"] for one in shop.patterns("error")["patterns"]] == [ERROR.id]
    assert shop.patterns("schema") == {"patterns": [], "total": 0, "complete": True}
    limited = shop.patterns(limit=1)
    assert (len(limited["patterns"]), limited["total"]) == (1, 3)
    assert shop.patterns(limit=0)["patterns"] == []
    with pytest.raises(QueryError) as refusal:
        shop.answer("patterns", category="eror")
    assert (refusal.value.code, refusal.value.candidates) == ("wrong", ["error"])


def test_categories_are_those_of_the_compiler() -> None:
    assert CATEGORIES == ir.CATEGORIES


@pytest.mark.parametrize(
    "name", [AUTH.id, SHORT, SHORT.partition("/")[2], AUTH.name, AUTH.name.upper(), AUTH.template]
)
def test_one_by_any_of_its_names(shop: Codebase, name: str) -> None:
    assert shop.answer("pattern", name=name) == entries()[AUTH.id]


def test_one_that_is_not_there(shop: Codebase) -> None:
    with pytest.raises(QueryError) as refusal:
        shop.answer("pattern", name="handlers take user: User = Depends(get_user)")
    assert (refusal.value.code, refusal.value.candidates) == ("unknown", [AUTH.id])
    with pytest.raises(QueryError) as refusal:
        shop.answer("pattern", name=SHORT[:-1])
    assert refusal.value.candidates == [AUTH.id]
    with pytest.raises(QueryError) as refusal:
        shop.answer("pattern", name="%%%%")
    assert refusal.value.candidates == []


def test_several_of_one_name() -> None:
    twins = [convention("schema", template, "the same") for template in ("a", "b")]
    found = Codebase(emit_metadata(SHOP, (), twins).encode())
    with pytest.raises(QueryError) as refusal:
        found.answer("pattern", name="The Same")
    assert refusal.value.code == "ambiguous"
    assert sorted(refusal.value.candidates) == sorted(one.id for one in twins)


def test_usage_is_counted(shop: Codebase) -> None:
    assert shop.answer("stats")["pattern_usage"] == []
    for _ in range(2):
        shop.answer("pattern", name=SHORT)
    shop.answer("how_do_i", text="how do I add an authenticated endpoint")
    first = shop.answer("stats")["pattern_usage"][0]
    assert first == {"id": AUTH.id, "name": AUTH.name, "asked": 2, "suggested": 1}
    assert "asked for 2  suggested 1" in render("stats", shop.answer("stats"), "table")


def test_other_layouts_and_odd_texts() -> None:
    odd = convention("error", "a\tb\\{x}", "ends in \\t \x1b[2J", text="tab\there\nline two")
    text = emit_metadata(SHOP, (), [*CONVENTIONS, odd])
    plain, pretty = Codebase(text.encode()), Codebase(json.dumps(json.loads(text), indent=2).encode())
    assert plain.patterns() == pretty.patterns()
    assert plain.pattern(odd.template) == pretty.pattern(odd.template)
    assert plain.pattern(odd.template)["example"]["text"] == odd.example_text
    for query, arguments in (
        ("patterns", {}),
        ("pattern", {"name": odd.id}),
        ("how_do_i", {"text": "odd tab"}),
    ):
        assert "\x1b" not in render(query, plain.answer(query, **arguments), "table")


def test_each_pattern_has_its_place() -> None:
    store = Store(METADATA, indexing.build(METADATA))
    assert all(store.column("p_length"))
    assert [store.pattern(place)["id"] for place in range(3)] == store.column("p_id")


def test_metadata_from_before_there_were_patterns() -> None:
    document = json.loads(METADATA)
    del document["patterns"]
    found = Codebase(json.dumps(document).encode())
    assert found.patterns()["total"] == 0
    assert render("patterns", found.patterns(), "table").startswith("no conventions")


def test_a_stripped_build_has_no_places() -> None:
    found = Codebase(emit_metadata(SHOP, (), CONVENTIONS, stripped=True).encode())
    assert [one["span"] for one in found.patterns()["patterns"]] == [None] * 3
    shown = render("pattern", found.pattern(SHORT), "table")
    assert "a.py" not in shown and AUTH.template in shown
    assert "async def me" not in render("how_do_i", found.how_do_i("authenticate a user"), "table")


def test_completion(shop: Codebase) -> None:
    assert names_after(shop, ["patterns"]) == ["auth", "error", "review", "test"]
    assert names_after(shop, ["patterns", "auth"]) == []
    assert names_after(shop, ["pattern"]) == sorted(one.id.partition(":")[2] for one in CONVENTIONS)
    assert names_after(shop, ["pattern", SHORT]) == []
    assert names_after(shop, ["ask"]) == []


def test_many_patterns_are_answered_alike() -> None:
    many = [
        convention("handler", f"call {n} {{x}}", f"handlers call thing {n}", n, 900) for n in range(3, 800)
    ]
    text = emit_metadata(SHOP, (), many).encode()
    found = Codebase(text, indexing.build(text))
    listed = found.patterns("handler")["patterns"]
    assert [one["confidence"] for one in listed] == sorted((one.confidence for one in many), reverse=True)
    assert found.pattern("handlers call thing 700")["support"] == 700
    with pytest.raises(QueryError) as refusal:
        found.pattern("handlers call thing 7000")
    assert len(refusal.value.candidates) == 3
