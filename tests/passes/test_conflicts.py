"""Conflicts and unreachable routes: the plain cases. Made-up tables are in ``tests/conflicts``."""

import pytest

from conduitc import passes
from conduitc.diagnostics import Diagnostic
from conduitc.ir.nodes import App
from conduitc.ir.types import Constrained, LiteralOf, Ref, Scalar
from tests.passes import build
from tests.passes.build import FLOAT, INT, STR, UUID, app, enum, route


def found(one: App, *codes: str) -> list[Diagnostic]:
    return [d for d in passes.run(one)[1] if d.rule.code in codes]


def conflicts(*routes: object, **more: object) -> list[str]:
    return [d.message for d in found(app(*routes, **more), "CDT240")]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "witness"),
    [
        (route("GET /a"), route("GET /a"), "/a"),
        (route("GET /"), route("GET /"), "/"),
        (route("GET /u/{a}", a=STR), route("GET /u/{b}", b=STR), "/u/x"),
        (route("GET /u/{a}", a=INT), route("GET /u/{b}", b=FLOAT), "/u/1"),
        (route("GET /u/{a}", a=FLOAT), route("GET /u/{b}", b=FLOAT), "/u/1.5"),
        (route("GET,POST /u/{a}", a=STR), route("POST /u/{b}", b=STR), "/u/x"),
        (route("* /u"), route("* /u"), "/u"),
        (route("GET /f/*a", a=STR), route("GET /f/*b", b=STR), "/f/x"),
        (route("GET /a b/{x}", x=STR), route("GET /a b/{y}", y=STR), "/a%20b/x"),
        (
            route("GET /u/{a}", a=LiteralOf(("a", "b"))),
            route("GET /u/{b}", b=LiteralOf(("b", "c"))),
            "/u/b",
        ),
        (route("GET /u/{a}", a=LiteralOf(("a", "b"))), route("GET /u/{b}", b=STR), "/u/a"),
        (
            route("GET /u/{a}", a=Constrained(INT, (("ge", 10),))),
            route("GET /u/{b}", b=Constrained(INT, (("le", 10),))),
            "/u/10",
        ),
    ],
)
def test_conflict_names_a_path_of_both(one: object, other: object, witness: str) -> None:
    (message,) = conflicts(one, other)
    assert message.endswith(f"both take `{witness}`")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (route("GET /a"), route("POST /a")),
        (route("GET /a"), route("HEAD /a")),
        (route("GET /a"), route("* /a")),
        (route("GET /a"), route("GET /a/")),
        (route("GET /u/me"), route("GET /u/{b}", b=STR)),
        (route("GET /u/{a}", a=INT), route("GET /u/{b}", b=STR)),
        (route("GET /u/{a}", a=INT), route("GET /u/{b}", b=UUID)),
        (route("GET /u/{a}", a=STR), route("GET /u/*b", b=STR)),
        (route("GET /u/{a}/x", a=STR), route("GET /u/{b}/y", b=STR)),
        (route("GET /u/{a}", a=LiteralOf(("a",))), route("GET /u/{b}", b=LiteralOf(("b",)))),
        (
            route("GET /u/{a}", a=Constrained(INT, (("ge", 10),))),
            route("GET /u/{b}", b=Constrained(INT, (("lt", 10),))),
        ),
        (route("GET /u", conditional=True), route("GET /u", conditional=True)),
    ],
)
def test_no_conflict(one: object, other: object) -> None:
    assert conflicts(one, other) == []


def test_both_places_and_a_fix() -> None:
    first, second = route("GET /users/{id}", id=INT), route("GET /users/{number:int}", number=None)
    (diagnostic,) = found(app(first, second), "CDT240")
    assert diagnostic.span == second[0].path.span
    assert diagnostic.labels[0].span == first[0].path.span
    assert diagnostic.fix is not None
    assert diagnostic.fix.replacement == '"/users/by-number/{number:int}"'


def test_each_route_is_reported_once() -> None:
    same = [route("GET,POST /a") for _ in range(5)]
    assert len(conflicts(*same)) == 4


def test_group_included_twice_is_one_report() -> None:
    from msgspec.structs import replace

    routes = []
    for include in (build.span(900), build.span(901)):
        for pair in GROUP:
            routes.append((replace(pair[0], via=(include,)), pair[1]))
    (diagnostic,) = found(app(*routes), "CDT240", "CDT241")
    assert diagnostic.rule.code == "CDT241"
    assert (diagnostic.span, diagnostic.labels[0].span) == (build.span(901), build.span(900))
    assert "2 routes" in diagnostic.message


GROUP = [route("GET /g/{id}", id=INT), route("GET /g/all")]


# -- unreachable ---------------------------------------------------------------------------------------------


def hidden(*routes: object, **more: object) -> list[str]:
    return [d.message for d in found(app(*routes, **more), "CDT242")]  # type: ignore[arg-type]


COLOR = enum("Color", "red", "green")


@pytest.mark.parametrize(
    "table",
    [
        [route("GET /c/red"), route("GET /c/green"), route("GET /c/{c}", c=Ref(COLOR.id))],
        [route("GET /c/{c}/{n}", c=LiteralOf(("a",)), n=INT), route("GET /c/a/{n}", n=STR)],
        [route("GET /n/{n}", n=LiteralOf(("1", "2"))), route("GET /n/{n}", n=INT)],
        [
            route("GET /n/{n}", n=Constrained(INT, (("ge", 1), ("le", 2)))),
            route("GET /n/1"),
            route("GET /n/2"),
        ],
        [route("GET /c/{c}", c=LiteralOf(("red",))), route("* /c/red")],
        [route("GET /f/{p:path}", p=LiteralOf(("a/b",))), route("GET /f/a/b"), route("GET /f/{x}", x=STR)],
        [route("GET /f/{p:path}", p=LiteralOf(("a",))), route("GET /f/a")],
        [route("GET /nul\0")],
        [
            route("GET /f/*p", p=STR),
            route("GET /f/"),
            route("GET /f/{x}", x=STR),
            route("GET /f//*p", p=STR),
            route("GET /f/{x}/*p", x=STR, p=STR),
        ],
        [route("GET /x/{n}", n=Constrained(INT, (("ge", 2), ("le", 1))))],
    ],
)
def test_never_reached(table: list[object]) -> None:
    assert len(hidden(*table, schemas=(COLOR,))) == 1


@pytest.mark.parametrize(
    "table",
    [
        [route("GET /c/red"), route("GET /c/{c}", c=Ref(COLOR.id))],
        [route("GET /c/red"), route("POST /c/green"), route("GET /c/{c}", c=Ref(COLOR.id))],
        [route("GET /c/red"), route("GET /c/green"), route("GET,PUT /c/{c}", c=Ref(COLOR.id))],
        [route("GET /b/true"), route("GET /b/false"), route("GET /b/{b}", b=Scalar("bool"))],
        [route("GET /f/*p", p=STR), route("GET /f/"), route("GET /f/{x}", x=STR)],
        [route("GET /c/red", conditional=True), route("GET /c/{c}", c=LiteralOf(("red",)))],
        [route("HEAD /c/{c}", c=LiteralOf(("red",))), route("GET /c/{d}", d=LiteralOf(("red",)))],
        # the slash may be escaped: /f/a%2Fb
        [route("GET /f/{p:path}", p=LiteralOf(("a/b",))), route("GET /f/a/b")],
        [
            route("GET /*rest", rest=STR),
            route("GET /"),
            route("GET /{a}", a=STR),
            route("GET /{a}/{b}", a=STR, b=STR),
        ],
    ],
)
def test_reached(table: list[object]) -> None:
    assert hidden(*table, schemas=(COLOR,)) == []
