"""The parts that guards are made of, each on its own; time is given by hand."""

import random

import pytest
from conduit.introspect.serving.breaker import BREAKS, PAUSE, WINDOW, Breaker
from conduit.introspect.serving.cache import Answers, Kept
from conduit.introspect.serving.memory import weigh
from conduit.introspect.serving.paths import read
from conduit.introspect.serving.rate import Allowance, rate_of
from conduit.introspect.serving.refusals import Refusal


@pytest.mark.parametrize(
    ("text", "rate"),
    [("100/second", (100, 1)), ("7/minute", (7, 60)), ("1/hour", (1, 3600)), ("5/day", (5, 86400))],
)
def test_rates(text: str, rate: tuple[int, int]) -> None:
    assert rate_of(text) == rate


@pytest.mark.parametrize(
    "text", ["", "100", "0/second", "-1/second", "1.5/second", "1/week", "1 / second", 5]
)
def test_no_rates(text: str) -> None:
    with pytest.raises(ValueError, match="a rate is a text such as"):
        rate_of(text)


def test_an_allowance_fills_up() -> None:
    one = Allowance(2, 1)
    assert [one.take(10.0), one.take(10.0)] == [0.0, 0.0]
    assert one.take(10.0) == pytest.approx(0.5)
    assert one.take(10.25) == pytest.approx(0.25)
    assert one.take(10.5) == 0.0
    assert one.take(10.5) > 0
    assert [one.take(1000.0) for _ in range(3)][:2] == [0.0, 0.0], "never more than fit"
    assert one.take(1000.0) > 0


def test_the_breaker_opens_at_five_within_a_minute() -> None:
    one = Breaker()
    opened = [one.note("deps", float(second)) for second in range(BREAKS)]
    assert opened == [False] * (BREAKS - 1) + [True]
    now = float(BREAKS - 1)
    assert one.wait("deps", now) == PAUSE
    assert one.wait("who_handles", now) == 0
    assert one.told(now) == {"deps": PAUSE}
    assert one.wait("deps", now + PAUSE) == 0
    assert not one.note("deps", now + PAUSE), "it begins anew"


def test_the_breaker_forgets_after_a_minute() -> None:
    one = Breaker()
    assert not any(one.note("deps", second * WINDOW / (BREAKS - 1)) for second in range(50))


def kept(size: int, turn: int = 1) -> Kept:
    return Kept("resource", ({}, {}), b"", size, turn)


def test_the_least_recently_used_answer_goes_first() -> None:
    answers = Answers(10_000)
    for name in "abcd":
        answers.put((name, b""), kept(900))
    assert answers.get(("a", b""), 1) is not None
    answers.put(("e", b""), kept(900))
    assert answers.get(("a", b""), 1) is not None
    assert answers.get(("b", b""), 1) is None
    assert answers.size <= answers.limit
    assert (answers.hits, answers.misses, answers.evicted) == (2, 1, 1)


def test_what_is_too_large_is_not_kept() -> None:
    answers = Answers(10_000)
    answers.put(("a", b""), kept(9_000))
    assert answers.get(("a", b""), 1) is None
    assert answers.size == 0


def test_an_answer_of_another_turn_is_none() -> None:
    answers = Answers(10_000)
    answers.put(("a", b""), kept(10))
    assert answers.get(("a", b""), 2) is None
    assert answers.size == 0


def test_a_smaller_limit_evicts() -> None:
    answers = Answers(100_000)
    for number in range(20):
        answers.put((str(number), b""), kept(100))
    answers.limit = 4_000
    answers.put(("x", b""), kept(100))
    assert answers.size <= 4_000


def test_the_ratio_on_a_skewed_trace() -> None:
    """10,000 questions by Zipf's law, four for each of 500 resources; nine of ten answers fit in."""
    dice, weights = random.Random(6), [1 / rank for rank in range(1, 2001)]
    answers = Answers(1800 * kept(500).size)
    drawn = dice.choices(range(2000), weights, k=30_000)
    for number in drawn[:20_000]:  # warm-up
        if answers.get((str(number), b""), 1) is None:
            answers.put((str(number), b""), kept(500))
    before = answers.hits
    for number in drawn[20_000:]:
        if answers.get((str(number), b""), 1) is None:
            answers.put((str(number), b""), kept(500))
    assert (answers.hits - before) / 10_000 >= 0.95


def test_memory_is_weighed() -> None:
    text = ["x" * 1000 + str(number) for number in range(100)]
    assert 100_000 < weigh(text, 1 << 30) < 120_000
    assert weigh([text, text, text], 1 << 30) < 120_000, "what is shared counts once"
    assert 5_000 < weigh(text, 5_000) < 8_000, "and no further than need be"
    assert weigh(None, 1 << 30) < 100


WRONG = [
    ("", b"x=1", 422),
    ("resources", b"limit=x", 422),
    ("resources", b"limit=-1", 422),
    ("resources", b"limit=" + b"9" * 50, 422),
    ("resources", b"limit=1&limit=2", 422),
    ("resources", b"filter=%zz", 422),
    ("resources", b"filter=%", 422),
    ("resources", b"filter=%ff%fe", 422),
    ("resources", b"filter=%00", 422),
    ("resources", b"&".join([b"limit=1"] * 100), 422),
    ("deps/x", b"reverse=perhaps", 422),
    ("who", b"method=GET&uri=/", 422),
    ("resources/", b"", 404),
    ("nonsense", b"", 404),
    ("who/GET", b"", 404),
    ("deps", b"", 404),
    ("..", b"", 404),
    ("\ud800", b"", 404),
    ("resources/" + "x" * 5000, b"", 414),
    ("resources", b"filter=" + b"x" * 5000, 414),
]


@pytest.mark.parametrize(("path", "query", "status"), WRONG)
def test_hostile_addresses(path: str, query: bytes, status: int) -> None:
    with pytest.raises(Refusal) as refusal:
        read(path, query)
    assert refusal.value.status == status
    assert len(refusal.value.detail) < 300
    assert refusal.value.answer().status == status


@pytest.mark.parametrize(
    ("path", "query", "asked"),
    [
        ("", b"", ("overview", {})),
        ("resources", b"", ("resources", {})),
        ("resources", b"kind=route&limit=5", ("resources", {"filter": "kind:route", "limit": 5})),
        ("resources", b"filter=a+b&kind=x%20y", ("resources", {"filter": '"kind:x y" a b'})),
        ("resources/schema:a.User", b"", ("resource", {"name": "schema:a.User"})),
        ("resources/route:a.b#GET /x/{y}", b"", ("resource", {"name": "route:a.b#GET /x/{y}"})),
        ("deps/a/b", b"reverse=1&depth=3", ("deps", {"name": "a/b", "reverse": True, "depth": 3})),
        ("impact/User.name", b"limit=3", ("impact", {"name": "User.name", "limit": 3})),
        ("who", b"method=GET&url=%2Fa%3Fb=c", ("who_handles", {"method": "GET", "url": "/a?b=c"})),
        ("stack/GET /x", b"", ("effective_stack", {"name": "GET /x"})),
        ("patterns", b"category=auth", ("patterns", {"category": "auth"})),
        ("patterns/pattern:auth/3f2a91c04b7e", b"", ("pattern", {"name": "pattern:auth/3f2a91c04b7e"})),
        ("ask", b"q=how+do+I", ("how_do_i", {"text": "how do I"})),
        ("unresolved", b"limit=0", ("unresolved", {"limit": 0})),
    ],
)
def test_addresses(path: str, query: bytes, asked: tuple[str, dict[str, object]]) -> None:
    assert read(path, query) == asked
