"""Words of questions, what a question is after, and how documents are ranked by their words."""

import pytest
from conduit.introspect.intents import Intent
from conduit.introspect.ranking import CHAMPIONS, Field, Ranking, weighed
from conduit.introspect.synonyms import SYNONYMS
from conduit.introspect.words import stem, stems, words
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "family",
    [
        "create creates created creating creator creation",
        "authenticate authenticated authentication auth",
        "validate validates validation validator valid",
        "query queries",
        "category categories",
        "notify notifies notified notification notifications",
        "stop stops stopped stopping",
        "user users",
        "handler handlers handle handles handled handling",
    ],
)
def test_forms_of_a_word_are_one(family: str) -> None:
    assert len({stem(one) for one in family.split()}) == 1


@pytest.mark.parametrize(
    "different", ["user use", "order border", "price prince", "route router", "state status"]
)
def test_other_words_stay_apart(different: str) -> None:
    assert len({stem(one) for one in different.split()}) == 2


def test_identifiers_are_taken_apart() -> None:
    assert list(words("getUserByID HTTPException get_user2 /a-b")) == [
        *("get", "user", "by", "id", "http", "exception", "get", "user", "2", "a", "b"),
    ]
    assert stems("the user of it") == ["user"]


@given(st.text(max_size=40))
def test_any_text_has_words(text: str) -> None:
    for one in stems(text):
        assert one


def test_synonyms_go_both_ways_where_they_begin_a_line() -> None:
    assert stem("login") in SYNONYMS[stem("auth")] and stem("auth") in SYNONYMS[stem("login")]
    assert all(one not in others for one, others in SYNONYMS.items())


@pytest.mark.parametrize(
    ("question", "how", "kinds"),
    [
        ("how do I add a route", 1.0, ["route"]),
        ("what is the usual way to log", 1.0, []),
        ("what should I return when nothing is found", 0.5, []),
        ("what do handlers take", 0.5, ["function"]),
        ("which schema has an email", 0.0, ["schema"]),
        ("how many users are there", 0.0, []),
        ("GET /users/7", 0.0, ["route"]),
    ],
)
def test_what_a_question_is_after(question: str, how: float, kinds: list[str]) -> None:
    intent = Intent(question)
    assert (intent.how, list(intent.kinds)) == (how, kinds)


# -- ranking -------------------------------------------------------------------------------------------------


def test_rare_words_and_names_count_more() -> None:
    name, prose = Field(3.0, 2), Field(1.0, 20)
    documents = [weighed([(name, [f"n{n}"]), (prose, ["common"])]) for n in range(20)]
    documents.append(weighed([(name, ["common"]), (prose, ["rare"])]))
    ranking = Ranking(documents)
    found = ranking.search([(1.0, [("common", 1.0)]), (1.0, [("rare", 1.0)])])
    assert max(found.scores, key=found.scores.__getitem__) == 20
    assert ranking.rarity("rare") > ranking.rarity("common") > 0
    assert found.shares[20] > 0.5 > found.shares[0]


def test_a_word_keeps_its_heaviest_documents() -> None:
    field = Field(1.0, 1)
    documents = [weighed([(field, ["word", *["other"] * (n % 3)])]) for n in range(CHAMPIONS * 3)]
    found = Ranking(documents).search([(1.0, [("word", 1.0)])])
    assert len(found.scores) == CHAMPIONS and all(number % 3 == 0 for number in found.scores)


def test_another_word_counts_less_and_only_the_best_of_them() -> None:
    field = Field(1.0, 1)
    ranking = Ranking([weighed([(field, ["a", "b"])]), weighed([(field, ["b"])]), weighed([(field, ["c"])])])
    found = ranking.search([(1.0, [("a", 1.0), ("b", 0.5)])])
    assert found.scores[0] > found.scores[1] > 0 and 2 not in found.scores
