"""Mounts, and the order of declaration."""

import pytest

from conduitc.ir.types import Constrained, LiteralOf, Scalar
from tests.conflicts.cases import One, dead, found, mount
from tests.passes.build import FLOAT, INT, STR, UUID, route

PLACES = ("/a", "/api/v1", "/users", "/x.y", "/ü")


@pytest.mark.parametrize("place", PLACES)
def test_two_mounts_at_one_place_conflict(place: str) -> None:
    (one,) = found([mount(place), mount(place)], "specific")
    assert one.rule.code == "CDT240"
    assert one.label is not None
    assert one.label.startswith("the app mounted here answers")
    assert one.fix is None
    assert dead([mount(place), mount(place)]) == [1]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_declared_below_a_mount(place: str) -> None:
    """Most specific first, it is reached; the first declared first, it is not."""
    below = [
        route(f"GET {place}/x"),
        route(f"POST {place}/{{n}}", n=INT),
        route(f"* {place}/*rest", rest=STR),
    ]
    assert dead([mount(place), *below[:2]], "specific") == []
    assert dead([mount(place), *below]) == [1, 2, 3]
    assert dead([*below[:2], mount(place)]) == []
    assert dead([below[2], mount(place)]) == [1]
    assert [one.rule.code for one in found([below[2], mount(place)], "specific")] == ["CDT240"]


@pytest.mark.parametrize("place", PLACES)
def test_mounts_below_each_other_and_beside(place: str) -> None:
    assert dead([mount(place), mount(f"{place}/inner")]) == [1]
    assert dead([mount(f"{place}/inner"), mount(place)]) == []
    assert dead([mount(place), mount(f"{place}/inner")], "specific") == []
    assert dead([mount(place), route(f"GET {place}"), mount(f"{place}2")]) == []
    assert dead([mount(""), mount(place), route("GET /")]) == [1, 2]


AT_LEAST_5 = Constrained(INT, (("ge", 5),))
GENERAL = (
    (route("GET /u/{id}", id=STR), route("GET /u/me")),
    (route("GET /u/{id}", id=STR), route("GET /u/{n}", n=INT)),
    (route("GET /u/{id}", id=STR), route("GET /u/{other}", other=STR)),
    (route("GET /u/{id}", id=FLOAT), route("GET /u/7")),
    (route("GET /u/{id}", id=FLOAT), route("GET /u/{n}", n=Constrained(INT, (("le", 10**16), ("ge", 0))))),
    (route("GET /u/{id}", id=UUID), route("GET /u/00000000-0000-4000-8000-000000000000")),
    (route("GET /u/*rest", rest=STR), route("GET /u/{a}/{b}", a=STR, b=INT)),
    (route("GET /u/*rest", rest=STR), route("GET /u/")),
    (route("* /u/{id}", id=STR), route("GET,POST /u/{n}", n=INT)),
    (route("GET,POST /u/{id}", id=STR), route("GET /u/x")),
    (route("GET /u/{d}", d=Scalar("date")), route("GET /u/2024-02-29")),
    (route("GET /u/{d}", d=Scalar("date")), route("GET /u/{e}", e=Scalar("date"))),
    (route("GET /u/{t}", t=Scalar("time")), route("GET /u/{v}", v=Scalar("time"))),
    (route("GET /u/{w}", w=Constrained(STR, (("min_length", 2),))), route("GET /u/xy")),
    (route("GET /u/{w}", w=Constrained(STR, (("min_length", 2),))), route("GET /u/{d}", d=Scalar("date"))),
    (route("GET /u/{w}", w=STR), route("GET /u/{d}", d=Constrained(STR, (("pattern", "^x"),)))),
    (route("GET /u/{k}", k=LiteralOf(("a", "b"))), route("GET /u/{j}", j=LiteralOf(("b", "a")))),
    (
        route("GET /u/{n}", n=Constrained(INT, (("ge", 5),))),
        route("GET /u/{m}", m=Constrained(INT, (("gt", 4),))),
    ),
)


@pytest.mark.parametrize("pair", GENERAL, ids=lambda pair: pair[1][0].declaration.key)
def test_a_general_route_before(pair: tuple[One, One]) -> None:
    assert dead([*pair]) == [1]


PARTLY = (
    (route("GET /u/{n}", n=INT), route("GET /u/{x}", x=FLOAT)),
    (route("GET /u/{id}", id=STR), route("POST /u/me")),
    (route("GET /u/{id}", id=STR), route("GET,POST /u/me")),
    (route("GET /u/{id}", id=STR), route("GET /u/")),
    (route("GET /u/{id}", id=STR), route("GET /u/{id}/", id=STR)),
    (route("GET /u/{id}", id=STR), route("* /u/me")),
    (route("GET /u/*rest", rest=STR), route("GET /u")),
    (route("GET /u/x"), route("HEAD /u/x")),
    (route("GET /u/{n}", n=Constrained(INT, (("ge", 0),))), route("GET /u/-0x")),
    (
        route("GET /u/{n}", n=Constrained(INT, (("ge", 1),))),
        route("GET /u/{m}", m=Constrained(INT, (("ge", 0),))),
    ),
    (route("GET /u/{t}", t=Scalar("time")), route("GET /u/{d}", d=Scalar("datetime"))),
    (route("GET /u/{k}", k=LiteralOf(("x",))), route("GET /u/{v}", v=STR)),
    (route("GET /u/x"), route("GET /u/{v}", v=STR)),
    (route("GET /u/{k}", k=LiteralOf(("x", "y", "xx"))), route("GET /u/*rest", rest=STR)),
    (route("GET /u/2000-01-31"), route("GET /u/{d}", d=Scalar("date"))),
    (route("GET /u/00000000-0000-4000-8000-000000000000"), route("GET /u/{d}", d=UUID)),
    (route("GET /u/{w}", w=Constrained(STR, (("pattern", "."),))), route("GET /u/{v}", v=STR)),
)


@pytest.mark.parametrize("pair", PARTLY, ids=lambda pair: pair[1][0].declaration.key)
def test_a_route_before_that_leaves_something(pair: tuple[One, One]) -> None:
    assert dead([*pair]) == []


def test_several_before_that_take_all_between_them() -> None:
    low, high = (Constrained(INT, ((name, 0),)) for name in ("lt", "ge"))
    table = [route("GET /{a}/x", a=low), route("GET /{b}/x", b=high), route("GET /{c}/x", c=INT)]
    assert dead(table) == [2]
    (one,) = found(table, "declaration")
    assert one.message.startswith("GET `/{c:int}/x` is never reached: `/{a:int}/x` and `/{b:int}/x` take")
    assert one.help == "declare it before them"
    assert [label.text.endswith("takes it first") for label in one.labels] == [True, True]
