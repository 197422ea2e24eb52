"""Values one by one: numbers, rests of paths, what only covers, which segment goes first."""

import pytest

from conduitc.ir.types import Constrained, LiteralOf, Scalar
from tests.conflicts.cases import One, dead, found
from tests.passes.build import FLOAT, INT, STR, route

AT_LEAST_5 = Constrained(INT, (("ge", 5),))


@pytest.mark.parametrize(
    ("general", "before", "is_dead"),
    [
        # limits of few values, and beyond them: an alphabet answers for any number
        (Constrained(INT, (("ge", 1), ("le", 70))), range(1, 71), True),
        (Constrained(INT, (("ge", 1), ("le", 70))), range(1, 70), False),
        (Constrained(INT, (("ge", 1), ("le", 64))), range(1, 65), True),
        (Constrained(INT, (("ge", 0), ("le", 70))), range(71), False),  # -0
        (Constrained(INT, (("gt", 0), ("lt", 200), ("multiple_of", 20))), range(20, 200, 20), True),
        (Constrained(INT, (("gt", 0), ("lt", 200), ("multiple_of", 20))), range(20, 180, 20), False),
        (Constrained(INT, (("gt", 0), ("lt", 6000), ("multiple_of", 60))), range(60, 6000, 60), True),
        (Constrained(INT, (("gt", 0), ("lt", 6000), ("multiple_of", 59))), range(60, 6000, 60), False),
        (
            Constrained(INT, (("gt", 0), ("lt", 400), ("multiple_of", 61))),
            range(61, 400, 61),
            False,
        ),  # not asked
        (LiteralOf((1, 2)), (1, 2), True),
        (LiteralOf((0,)), (0,), False),
    ],
)
def test_numbers_one_by_one(general: Constrained | LiteralOf, before: range, is_dead: bool) -> None:
    table = [*(route(f"GET /n/{number}") for number in before), route("GET /n/{n}", n=general)]
    for precedence in ("specific", "declaration"):
        assert dead(table, precedence) == ([len(before)] if is_dead else [])


@pytest.mark.parametrize(
    ("rest", "before", "is_dead"),
    [
        (("a/b",), ("/f/a/b",), False),
        (("a/b",), ("/f/a/b", "/f/{x}"), True),
        (("a/b/c",), ("/f/a/b/c", "/f/{x}", "/f/{x}/{y}"), True),
        (("a/b/c",), ("/f/a/b/c", "/f/{x}", "/f/a/{y}"), False),
        (("a/b/c",), ("/f/a/*r", "/f/{x}"), False),
        (("a/b/c",), ("/f/a/*r", "/f/{x}", "/f/{x}/{y}"), True),
        (("", "a"), ("/f/", "/f/a"), True),
        (("", "a"), ("/f/a",), False),
        (("1/2/3/4/5/6/7",), ("/f/1/2/3/4/5/6/7", "/f/{x}"), False),
        (("1/2/3/4/5/6",), ("/f/{a}/*r", "/f/{x}"), True),
        (("1/2/3/4/5/6/7/8",), ("/f/{a}/*r", "/f/{x}"), False),  # too many slashes: not asked about
    ],
)
def test_rests_one_by_one(rest: tuple[str, ...], before: tuple[str, ...], is_dead: bool) -> None:
    def types(path: str) -> dict[str, Scalar]:
        return {part[1:].strip("}"): STR for part in path.split("/") if part[:1] in ("{", "*")}

    table = [*(route(f"GET {path}", **types(path)) for path in before)]
    table.append(route("GET /f/{p:path}", p=LiteralOf(rest)))
    for precedence in ("specific", "declaration"):
        assert dead(table, precedence) == ([len(before)] if is_dead else [])


def test_a_rest_of_few_values_before() -> None:
    """It goes before what is declared later, in each of the readings that its slash has."""
    first = route("GET /f/{p:path}", p=LiteralOf(("a/b", "x")))
    later = [
        route("GET /f/a/b"),
        route("GET /f/x"),
        route("GET /f/a/c"),
        route("GET /f/{y}", y=LiteralOf(("x",))),
    ]
    assert dead([first, *later]) == [1, 2, 4]
    escaped = route("GET /f/{y}", y=LiteralOf(("a/b",)))
    assert dead([first, escaped]) == [1]
    assert dead([first, route("GET /f/{q:path}", q=LiteralOf(("x", "a/b")))]) == [1]
    assert dead([first, route("GET /f/{q:path}", q=LiteralOf(("x", "a")))]) == []


def test_a_rest_where_the_segment_before_is_ahead() -> None:
    """Most specific first, a rest counts only for one that is ahead already."""
    ahead = route("GET /a/{p:path}", p=LiteralOf(("x",)))
    behind = route("GET /{k}/{p:path}", k=LiteralOf(("a",)), p=LiteralOf(("x",)))
    assert dead([ahead, behind], "specific") == [1]
    assert dead([ahead, route("GET /{k}/x", k=LiteralOf(("a",)))], "specific") == [1]
    assert dead([behind, route("GET /{k}/x", k=LiteralOf(("a",)))], "specific") == [0]


def test_what_never_arrives() -> None:
    """``%00`` is a 400, so neither a static NUL nor a value with one is ever reached."""
    table = [
        route("GET /nul\0"),
        route("GET /v/{k}", k=LiteralOf(("a\0",))),
        route("GET /w/{k}", k=LiteralOf(("b",))),
    ]
    assert dead(table, "specific") == [0, 1]
    (one, _) = found(table, "specific")
    assert one.message.endswith("never reached: no path fits it")


X = LiteralOf(("x",))
HALVES = Constrained(FLOAT, (("multiple_of", 0.5),))
TIME = Scalar("time")


@pytest.mark.parametrize(
    ("mine", "theirs", "is_dead"),
    [
        # behind at the first segment, whatever comes after
        (route("GET /{n:int}/{k}", n=LiteralOf((1,)), k=X), route("GET /{s}/x", s=STR), False),
        (route("GET /{n:int}/{k}", n=LiteralOf((1,)), k=X), route("GET /{m}/x", m=INT), True),
        (route("GET /{n:int}/{k}", n=LiteralOf((1,)), k=X), route("GET /1/{t}", t=STR), True),
        (route("GET /{n}/{k}", n=INT, k=X), route("GET /{s}/x", s=STR), False),
        (route("GET /{n}/{k}", n=INT, k=X), route("GET /{m}/x", m=FLOAT), False),  # of 18 digits
        (route("GET /{n}/{k}", n=AT_LEAST_5, k=X), route("GET /{m}/x", m=INT), True),
        # values that only cover or do not
        (route("GET /{n}/{k}", n=HALVES, k=X), route("GET /{s}/x", s=STR), False),
        (route("GET /{n}/{k}", n=HALVES, k=X), route("GET /{m}/x", m=FLOAT), True),
        (route("GET /{n}/{k}", n=HALVES, k=X), route("GET /{m}/x", m=INT), False),
        (route("GET /{k}/{n}", n=HALVES, k=X), route("GET /x/{s}", s=STR), True),
        (route("GET /{k}/{n}", n=HALVES, k=X), route("GET /x/{m}", m=HALVES), True),
        (route("GET /{k}/{t}", k=X, t=TIME), route("GET /x/{u}", u=TIME), True),
        (route("GET /{k}/{t}", k=X, t=TIME), route("GET /x/12:00:00"), False),
        (route("GET /{t}/{k}", t=TIME, k=X), route("GET /{u}/x", u=TIME), True),
        (route("GET /{k}/{s}", k=X, s=STR), route("GET /x/{t}", t=TIME), False),
        (route("GET /{k}/{n}", k=X, n=INT), route("GET /x/{m}", m=HALVES), False),
        (route("GET /{k}/{n}", k=X, n=LiteralOf((1,))), route("GET /x/{m}", m=HALVES), True),
        (route("GET /{k}/{t}", k=X, t=LiteralOf(("12:00:00",))), route("GET /x/{u}", u=TIME), True),
        (route("GET /{k}/*rest", k=X, rest=STR), route("GET /x/*more", more=STR), True),
        (route("GET /{k}/*rest", k=X, rest=STR), route("GET /x/{a}", a=STR), False),
        (route("GET /{k}/{s}", k=X, s=STR), route("GET /x/*more", more=STR), True),
        (route("GET /{k}/y", k=X), route("GET /x/*more", more=STR), True),
        (route("GET /{k}", k=X), route("GET /x/*more", more=STR), False),
    ],
)
def test_the_most_specific_goes_first(mine: One, theirs: One, is_dead: bool) -> None:
    assert dead([mine, theirs], "specific") == ([0] if is_dead else [])
    assert dead([theirs, mine], "specific") == ([1] if is_dead else [])


def test_where_nothing_decides_nothing_hides() -> None:
    for one, other in ((TIME, TIME), (HALVES, HALVES), (X, X), (STR, STR)):
        path = "GET /{{{0}{1}}}"
        kind = ":float" if one is HALVES else ""
        pair = [route(path.format("a", kind), a=one), route(path.format("b", kind), b=other)]
        assert [diagnostic.rule.code for diagnostic in found(pair, "specific")] == ["CDT240"]


def test_many_segments_are_walked_without_recursion() -> None:
    deep = "/a" * 3000
    table = [route(f"GET {deep}/x"), route(f"GET {deep}/{{k}}", k=X)]
    assert dead(table, "specific") == [1]
    assert dead(table) == [1]


@pytest.mark.parametrize("left_out", range(4))
def test_a_rest_is_nothing_one_segment_or_many(left_out: int) -> None:
    """All four together take what a rest takes; without one of them something is left over."""
    rivals = [
        route("GET /f/"),
        route("GET /f/{x}", x=STR),
        route("GET /f//*p", p=STR),
        route("GET /f/{x}/*p", x=STR, p=STR),
    ]
    general = route("GET /f/*p", p=STR)
    assert dead([*rivals, general], "specific") == [4]
    assert dead([*rivals, general]) == [4]
    del rivals[left_out]
    assert dead([*rivals, general], "specific") == []
    assert dead([*rivals, general]) == []


@pytest.mark.parametrize(
    "type_",
    [
        Constrained(STR, (("max_length", 2), ("min_length", 3))),
        Constrained(INT, (("ge", 1000), ("le", -1000))),
        Constrained(FLOAT, (("gt", 1.5), ("le", 1.5))),
        Constrained(INT, (("ge", 61), ("lt", 120), ("multiple_of", 60))),
    ],
)
def test_no_value_at_all(type_: Constrained) -> None:
    table = [route("GET /{a}/{b}", a=STR, b=type_), route("GET /z/*rest", rest=STR)]
    assert dead(table, "specific") == dead(table) == [0]
