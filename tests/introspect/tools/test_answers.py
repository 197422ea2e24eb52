"""The eight tools, asked in process: right places, what was meant, and never more than 1,500 tokens."""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect import Codebase, depending
from conduit.introspect.tools.answering import Answering
from conduit.introspect.tools.questions import QUESTIONS
from conduit.introspect.tools.tokens import MOST, tokens
from conduit.mcp.content import ToolError

from conduitc.cli.introspect import metadata_of
from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse
from conduitc.mined import patterns_of
from tests.introspect.made import document
from tests.introspect.tools.made import HARM, harmful, loaded, many_routes, pattern, random_codebase, route

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = ["overview", "find", "who_handles", "effective_stack"]
NAMES += ["deps_and_impact", "how_do_i", "patterns", "unresolved"]
SEEDS = range(300 if os.environ.get("CONDUIT_SOAK") else 4)


@lru_cache
def example(name: str) -> Codebase:
    return Codebase(metadata_of(analyse(EXAMPLES / name)))


def shop() -> Codebase:
    return example("shop/app.py")


def notes() -> Codebase:
    return example("fastapi_notes/notes/main.py")


def ask(codebase: Codebase, name: str, /, **arguments: Any) -> dict[str, Any]:
    """The answer, as JSON has it; each is looked at."""
    answer = Answering(lambda: codebase)(name, arguments)
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    assert tokens(text) <= MOST, (name, arguments, tokens(text))
    assert {"span", "confidence", "example", "complete"} <= answer.keys()
    assert 0 <= answer["confidence"] <= 1
    assert answer["complete"] or answer.get("left_out") or answer.get("reason")
    found: dict[str, Any] = json.loads(text)
    return found


def refused(codebase: Codebase, name: str, /, **arguments: Any) -> str:
    with pytest.raises(ToolError) as told:
        Answering(lambda: codebase)(name, arguments)
    assert tokens(str(told.value)) < MOST
    return str(told.value)


def source(name: str, span: dict[str, Any]) -> str:
    """The lines of a span."""
    lines = (EXAMPLES / name / span["file"]).read_text("utf-8").split("\n")
    return "\n".join(lines[span["line"] - 1 : span["end_line"]])


def test_there_are_eight() -> None:
    assert list(QUESTIONS) == NAMES


def test_overview() -> None:
    found = ask(notes(), "overview")
    assert found["app"]["dialect"] == "fastapi" and found["resources"]["route"] == 36
    assert found["areas"][0]["path"] == "/api/v1/notes"
    assert sum(one["routes"] for one in found["areas"]) == 36
    assert found["conventions"][0]["id"].startswith("pattern:")
    assert "is answered by" in found["example"]["text"] and found["example"]["span"]["file"]


def test_find_one_by_name() -> None:
    found = ask(shop(), "find", query="schema.Item")
    assert found["id"] == "schema:shop.schemas.Item"
    assert source("shop", found["span"]).startswith("@dataclass\nclass Item") or "class Item" in source(
        "shop", found["span"]
    )
    assert [one["name"] for one in found["fields"]][:2] == ["name", "price"]
    assert found["example"]["text"].startswith("Item(name: str, price: float, category?: Category")
    by_id = ask(shop(), "find", query="function:shop.catalogue.list_items")
    assert by_id["kind"] == "function" and {"returns": "list[StoredItem]"} in by_id["facts"]


def test_find_by_filter() -> None:
    found = ask(shop(), "find", query="kind:route method:POST uses:schema.Item")
    assert found["total"] == 2 and len(found["resources"]) == 2
    first = found["resources"][0]
    assert first["id"] == "route:shop.catalogue.create_item#POST /api/v1/items"
    assert source("shop", found["span"]).startswith("@router.post")
    assert ask(shop(), "find", query="create_items")["name"] == "create_items"


def test_a_name_of_several_lists_them() -> None:
    found = ask(shop(), "find", query="request_id")
    assert {one["id"] for one in found["resources"]} == {
        "function:shop.middleware.request_id",
        "middleware:shop.middleware.request_id",
    }


def test_who_handles() -> None:
    found = ask(shop(), "who_handles", url="http://example.org/api/v1/items/7?x=1")
    assert found["route"]["id"] == "route:shop.catalogue.get_item#GET /api/v1/items/{id:int}"
    assert found["values"] == {"id": "7"} and found["confidence"] == 1.0
    assert source("shop", found["span"]).startswith('@router.get("/{id:int}")') or "@router.get" in source(
        "shop", found["span"]
    )
    assert source("shop", found["handler"]["span"]).startswith("def get_item")
    assert found["example"]["text"] == "GET /api/v1/items/7 calls shop.catalogue.get_item(id='7')"
    assert [one["layer"] for one in found["stack"]][-1] == "handler"
    other = ask(notes(), "who_handles", url="/nowhere", method="DELETE")
    assert other["outcome"] == "not_found" and other["status"] == 404 and other["span"] is None


def test_effective_stack() -> None:
    found = ask(shop(), "effective_stack", route="POST /api/v1/orders/")
    layers = [one["layer"] for one in found["stack"]]
    assert layers == ["middleware"] * (len(layers) - 2) + ["parameters", "handler"]
    assert found["example"]["text"].endswith("parameters -> shop.orders.place")
    assert {one["catches"] for one in found["exception_handlers"]} >= {"ZeroDivisionError"}


def test_deps_and_impact() -> None:
    found = ask(shop(), "deps_and_impact", name="Item.price")
    assert found["of"] == "schema:shop.schemas.Item, field price" and found["direction"] == "impact"
    near = {one["id"]: one["by"] for one in found["resources"]}
    assert near["function:shop.catalogue.cheapest"] == "reads (price)"
    assert "price" in source(
        "shop", {**found["example"]["span"], "end_line": found["example"]["span"]["line"]}
    )
    needs = ask(shop(), "deps_and_impact", name="GET /api/customers/", direction="needs")
    assert needs["resources"][0] == {
        "id": "function:shop.account.customers",
        "at": "shop/account.py:12",
        "by": "handles",
    }
    assert {one["id"] for one in needs["resources"]} >= {"schema:shop.schemas.Public"}


def test_how_do_i() -> None:
    found = ask(notes(), "how_do_i", question="how do I add an authenticated endpoint")
    assert "user: CurrentUser" in found["example"]["text"]
    assert "user: CurrentUser" in source("fastapi_notes", found["span"])
    assert found["confidence"] == found["answers"][0]["confidence"] > 0.5
    texts = [one["example"]["text"] for one in found["answers"] if "example" in one]
    assert len(texts) == len(set(texts)) and found["example"]["text"] not in texts


def test_patterns() -> None:
    found = ask(notes(), "patterns", category="auth")
    one = found["patterns"][0]
    assert one["name"] == "handlers take user: CurrentUser" and found["example"]["text"]
    whole = ask(notes(), "patterns", id=one["id"])
    assert whole["template"] and whole["support"] + len(whole.get("exceptions", ())) == whole["n"]
    assert whole["confidence"] == one["confidence"]
    rest = ask(notes(), "patterns", id=one["id"], skip=3)
    assert rest["followers"][0] == whole["followers"][3]
    assert ask(many_routes(10), "patterns") == {
        "span": None, "confidence": 1.0, "example": None, "total": 0, "complete": True
    }  # fmt: skip


def test_unresolved_lowers_confidence_and_is_listed() -> None:
    made = document([route(number) for number in range(8)], [])
    reasons = ("a path that is not constant", "a router of another package")
    made["unresolved"] = [
        {"span": route(number)["span"], "what": f"x{number}", "reason": reason, "blocks_build": False}
        for number, reason in enumerate(reasons)
    ]
    found = ask(loaded(made), "unresolved")
    assert found["total"] == 2 and found["unresolved"][0] == {
        "at": "package/module_0.py:1",
        "what": "x0",
        "reason": reasons[0],
    }
    assert found["span"]["line"] == 1 and reasons[0] in found["example"]["text"]
    assert ask(loaded(made), "unresolved", within="another")["total"] == 1
    assert ask(loaded(made), "unresolved", within="MODULE_0")["total"] == 2
    assert ask(loaded(made), "who_handles", url="/")["confidence"] == 0.8
    assert ask(shop(), "who_handles", url="/")["confidence"] == 1.0


def test_what_is_known_at_run_time_only_is_half_as_sure() -> None:
    conditional = {"conditional": {"provenance": "inferred", "value": True}}
    one = route(1)
    one["facts"] = {**one["facts"], **conditional}
    codebase = loaded(document([one], []))
    assert ask(codebase, "find", query=one["id"])["confidence"] == 0.5
    assert ask(codebase, "effective_stack", route=one["id"])["confidence"] == 0.5


def test_wrong_names_are_told_with_what_was_meant() -> None:
    assert refused(shop(), "find", query="schema.Itm").startswith(
        "nothing is 'schema.Itm'; did you mean schema.Item"
    )
    assert "did you mean" in refused(shop(), "find", query="function:shop.catalogue.list_item")
    assert "did you mean Item.price?" in refused(shop(), "deps_and_impact", name="Item.prize")
    assert "did you mean" in refused(shop(), "effective_stack", route="GET /api/customer/")
    assert refused(shop(), "deps_and_impact", name="request_id").startswith(
        "'request_id' is one of several: "
    )
    assert refused(notes(), "patterns", id="pattern:auth/0").startswith("no pattern 'pattern:auth/0'")


def test_wrong_arguments_are_told() -> None:
    assert refused(shop(), "find") == "find needs 'query'"
    assert refused(shop(), "find", query="") == "find needs 'query'"
    assert refused(shop(), "find", query=5) == "'query' must be text, not 5"
    assert refused(shop(), "find", query="colour:red").startswith("no such filter: colour; there are kind, ")
    assert refused(shop(), "find", query='name:"x').endswith("is not closed")
    assert refused(shop(), "find", query="x", skip=-1) == "'skip' must not be negative, and is -1"
    assert refused(shop(), "patterns", category="x").startswith("no category 'x'; there are auth, ")
    assert refused(shop(), "deps_and_impact", name="x", direction="up").startswith("no direction 'up'; there")
    assert refused(shop(), "find", query="x" * 3000) == "'query' is longer than 500 characters"
    assert ask(shop(), "patterns", category="", id="")["total"] >= 0


HOSTILE: tuple[Any, ...] = (
    "\x00",
    "\ud800"[:0] + "ü" * 499,
    "../../etc/passwd",
    "%zz",
    "//",
    "*",
    "'\"`;",
    "🎉" * 499,
)
HOSTILE += (-1, 1 << 70, 0.5, True, None, [], {}, [[["x"] * 9] * 9], {"a": {"b": "c" * 999}})


@pytest.mark.parametrize("value", HOSTILE, ids=lambda one: repr(one)[:12])
@pytest.mark.parametrize("name", NAMES)
def test_hostile_arguments_are_answered_or_refused(name: str, value: Any) -> None:
    for argument in QUESTIONS[name].takes:
        given = {key: "x" for key, one in QUESTIONS[name].takes.items() if one.needed}
        try:
            ask(shop(), name, **{**given, argument: value})
        except ToolError as error:
            assert tokens(str(error)) < MOST


def test_nothing_of_a_huge_code_base_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depending, "SECONDS", 60.0)  # how much there is of an answer depends on the machine
    huge = many_routes(2000)
    assert ask(huge, "overview")["complete"] is False
    found = ask(huge, "find", query="kind:route")
    assert found["total"] == 2000 and 10 < len(found["resources"]) < 200
    kept = len(found["resources"])
    assert found["left_out"][0].startswith(f"{2000 - kept} more of 2000 resources: ask with skip={kept}")
    more = ask(huge, "find", query="kind:route", skip=kept)
    assert not {one["id"] for one in more["resources"]} & {one["id"] for one in found["resources"]}
    hub = ask(huge, "deps_and_impact", name="everything")
    assert hub["total"] == 4000 and hub["resources"] and hub["complete"] is False
    assert ask(huge, "deps_and_impact", name="everything", skip=3999)["resources"]
    assert ask(huge, "deps_and_impact", name="everything", skip=9999)["total"] == 4000
    ask(huge, "who_handles", url="/api/v1/area1/things1/7")
    ask(huge, "how_do_i", question="add a route")


def test_many_conventions_and_followers() -> None:
    made = document([route(number) for number in range(50)], [])
    made["patterns"] = [pattern(number) for number in range(500)]
    codebase = loaded(made)
    found = ask(codebase, "patterns")
    assert found["total"] == 500 and not found["complete"]
    ask(codebase, "patterns", id=found["patterns"][0]["id"])


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_a_code_base_holds_answers_have_their_size(seed: int) -> None:
    codebase = random_codebase(seed)
    names = [row.id for row in codebase.store.rows][:20] or ["x"]
    urls = [row.pattern.replace("{id:int}", "7") for row in codebase.store.rows if row.pattern][:5] or ["/"]
    asked = [("overview", {}), ("patterns", {}), ("unresolved", {}), ("how_do_i", {"question": "add user"})]
    asked += [("who_handles", {"url": url}) for url in urls]
    asked += [("find", {"query": one}) for one in [*names, "kind:route", "kind:schema", "user"]]
    asked += [
        ("deps_and_impact", {"name": one, "direction": way}) for one in names for way in ("needs", "impact")
    ]
    asked += [("effective_stack", {"route": one}) for one in names]
    asked += [("patterns", {"id": one["id"]}) for one in codebase.answer("patterns")["patterns"][:5]]
    for name, arguments in asked:
        try:
            ask(codebase, name, **arguments)
        except ToolError as error:
            assert tokens(str(error)) < MOST


def test_words_of_a_code_base_are_data() -> None:
    """Whatever they say, they stay within a text of the answer; nothing that is listed has any of them."""
    codebase = harmful()
    found = ask(codebase, "find", query="Evil")
    assert found["doc"] == HARM and found["fields"][0]["doc"] == HARM
    assert ask(codebase, "find", query="function:m1.get_thing")["comments"] == [HARM]
    assert ask(codebase, "overview")["app"]["title"] == HARM
    assert ask(codebase, "unresolved")["unresolved"][0]["reason"] == HARM
    assert HARM not in json.dumps([one.listed() for one in QUESTIONS.values()])


def test_a_stripped_build_has_no_places_and_is_asked_all_the_same() -> None:
    analysis = analyse(EXAMPLES / "fastapi_notes/notes/main.py")
    assert analysis.app is not None
    stripped = emit_metadata(analysis.app, analysis.diagnostics, patterns_of(analysis), stripped=True)
    codebase = Codebase(stripped.encode())
    assert ask(codebase, "overview")["span"] is None
    assert ask(codebase, "who_handles", url="/api/v1/notes/7")["handler"]["span"] is None
    assert "at" not in json.dumps(ask(codebase, "find", query="kind:route")["resources"][0])
    for name, arguments in (("patterns", {}), ("how_do_i", {"question": "add an endpoint"})):
        assert "notes/routers" not in json.dumps(ask(codebase, name, **arguments))
    (
        ask(codebase, "deps_and_impact", name="schema.User"),
        ask(codebase, "effective_stack", route="GET /health"),
    )
    ask(codebase, "patterns", id=codebase.answer("patterns")["patterns"][0]["id"])
