"""Answers are cut to their budget: the best is kept, what is left out is told, and counting is on the safe
side."""

import json
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect.tools.budget import Part, fit
from conduit.introspect.tools.tokens import MOST, quarters, tokens
from hypothesis import given, settings
from hypothesis import strategies as st

COUNTED = json.loads(Path(__file__).with_name("counted.json").read_text("utf-8"))
NEXT = "ask with skip={next}"

texts = st.text(max_size=2000)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(texts, inner, max_size=30),
    max_leaves=60,
)


def size(answer: Any) -> int:
    return tokens(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: row["text"][:24])
def test_no_tokenizer_makes_more_of_a_text(row: dict[str, Any]) -> None:
    counted = tokens(row["text"])
    assert counted >= row["32k"] and counted >= row["131k"]


def test_answers_are_not_counted_far_too_high() -> None:
    answers = [row for row in COUNTED if row["text"].startswith("{")]
    assert sum(tokens(row["text"]) for row in answers) < 1.5 * sum(row["32k"] for row in answers)


@settings(deadline=None)
@given(texts, texts)
def test_counts_add_up(one: str, other: str) -> None:
    """Where something stands between them: a word may be cut in two."""
    assert quarters(f"{one},{other}") == quarters(one) + quarters(",") + quarters(other)


def test_what_fits_is_whole() -> None:
    answer = fit({"a": "b"}, [Part("rows", [1, 2, 3], NEXT), Part("none", [], NEXT)])
    assert answer == {"a": "b", "rows": [1, 2, 3], "complete": True}


def test_the_best_is_kept_and_the_rest_is_told() -> None:
    rows = [{"id": f"function:app.f{number}", "at": f"app.py:{number}"} for number in range(500)]
    answer = fit({"span": None}, [Part("rows", rows, NEXT)])
    kept = len(answer["rows"])
    assert 40 < kept < 200 and answer["rows"] == rows[:kept]
    assert answer["complete"] is False
    assert answer["left_out"] == [f"{500 - kept} more of 500 rows: ask with skip={kept}"]
    assert MOST - 60 < size(answer) <= MOST


def test_skipping_goes_on_where_it_ended() -> None:
    rows = [f"row {number}" for number in range(1000)]
    found: list[str] = []
    while len(found) < len(rows):
        answer = fit({}, [Part("rows", rows[len(found) :], NEXT, len(rows), len(found))])
        assert answer["rows"]
        found += answer["rows"]
    assert found == rows and answer["complete"] is True


def test_a_long_list_leaves_room_for_the_next() -> None:
    many = [f"function:app.some_name_{number}" for number in range(500)]
    answer = fit({}, [Part("first", many, NEXT), Part("second", many, NEXT)])
    assert len(answer["first"]) > 20 and answer["second"]
    assert len(answer["left_out"]) == 2 and size(answer) <= MOST


def test_long_texts_are_cut_and_it_is_said() -> None:
    answer = fit({"doc": "word " * 5000}, [Part("rows", [{"doc": "word " * 5000}, {"id": "x"}], NEXT)])
    assert answer["doc"].endswith("…") and answer["rows"][0]["doc"].endswith("…")
    assert answer["rows"][1] == {"id": "x"}
    assert answer["complete"] is False and "read the source" in answer["left_out"][-1]
    assert size(answer) <= MOST


def test_a_question_that_stopped_is_not_complete() -> None:
    assert fit({"reason": "time"}, complete=False) == {"reason": "time", "complete": False}


names = st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=14, unique=True)


@settings(max_examples=25, deadline=None)
@given(names, st.data())
def test_whatever_comes_fits(keys: list[str], data: st.DataObject) -> None:
    head = {key: data.draw(plain) for key in keys}
    parts = [Part(f"{key}s", data.draw(st.lists(plain, max_size=40)), NEXT) for key in keys[:3]]
    answer = fit(head, parts)
    assert size(answer) <= MOST
    assert json.loads(json.dumps(answer)) == answer
    for part in parts:
        kept = answer.get(part.key, [])
        assert len(kept) <= len(part.items)
        assert (len(kept) == len(part.items)) or any(part.key in one for one in answer["left_out"])
    assert answer["complete"] is ("left_out" not in answer)
