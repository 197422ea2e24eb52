"""Cases that no program can be written for yet: mounts, and the order of declaration."""

import pytest
from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic
from conduitc.ir.nodes import App, Function, Guard, Route
from conduitc.ir.types import Constrained, LiteralOf, Scalar
from conduitc.passes import bind, conflicts, paths, unreachable
from tests.passes import build
from tests.passes.build import FLOAT, INT, STR, UUID, route

One = tuple[Route, Function]

PLACES = ("/a", "/api/v1", "/users", "/x.y", "/ü")


def mount(path: str) -> One:
    """An app of its own below ``path``; the handler is none that the program has."""
    made, function = route(f"* {path}/{{rest:path}}", rest=None)
    return replace(made, mount=True, handler="function:nowhere"), function


def guarded(one: One, *guards: Guard) -> One:
    declaration = replace(one[0].declaration, conditional=True, guards=guards)
    return replace(one[0], declaration=declaration), one[1]


def app_of(table: list[One], precedence: str) -> App:
    """The App of a table; what is bound is bound as if a mount had a handler."""
    app = replace(build.app(*table), precedence=precedence)
    app = replace(app, routes=tuple(replace(one, handler=function.id) for one, function in table))
    for tool in (paths, bind):
        app, _ = tool.run(app)
    pairs = zip(app.routes, table, strict=True)
    return replace(app, routes=tuple(replace(one, handler=before.handler) for one, (before, _) in pairs))


def found(table: list[One], precedence: str) -> list[Diagnostic]:
    app = app_of(table, precedence)
    return [one for tool in (conflicts, unreachable) for one in tool.run(app)[1]]


def dead(table: list[One], precedence: str = "declaration") -> list[int]:
    """The rows that are never reached; nothing else is reported."""
    where = {one.path.span: number for number, (one, _) in enumerate(table)}
    diagnostics = found(table, precedence)
    assert {one.rule.code for one in diagnostics} <= {"CDT242"}
    return [where[one.span] for one in diagnostics]


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


IF = [Guard(1, arm, 2) for arm in (0, 1)]
NESTED = Guard(2, 0, 2)
TRY = [Guard(3, 0, 0, step) for step in (0, 1)]
HANDLER = Guard(3, 1, 0)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ((), (), True),
        ((), (IF[0],), True),
        ((IF[0],), (IF[0],), True),
        ((IF[0],), (IF[1],), False),
        ((IF[0],), (IF[0], NESTED), True),
        ((IF[1],), (IF[0], NESTED), False),
        ((IF[0], NESTED), (IF[0],), True),
        ((IF[0],), (Guard(9, 0, 2),), False),
        ((TRY[0],), (TRY[1],), True),
        ((TRY[1],), (TRY[0],), True),
        ((TRY[0],), (HANDLER,), False),
    ],
)
def test_routes_that_depend_on_something(
    one: tuple[Guard, ...], other: tuple[Guard, ...], meet: bool
) -> None:
    pair = [guarded(route("GET /a"), *guards) if guards else route("GET /a") for guards in (one, other)]
    assert bool(found(pair, "specific")) == meet


def test_nothing_is_known_of_a_condition_without_guards() -> None:
    assert found([guarded(route("GET /a")), guarded(route("GET /a"))], "specific") == []
    assert len(found([guarded(route("GET /a")), route("GET /a")], "specific")) == 1


K = LiteralOf(("a",))


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ((), [(IF[0],), (IF[1],)], True),
        ((), [(IF[0],)], False),
        ((), [(IF[0], NESTED), (IF[0], Guard(2, 1, 2)), (IF[1],)], True),
        ((), [(IF[0], NESTED), (IF[1],)], False),
        ((), [(Guard(1, 0, 3),), (Guard(1, 1, 3),)], False),
        ((IF[0],), [(IF[0],)], True),
        ((IF[1],), [(IF[0],)], False),
        ((IF[0], NESTED), [(IF[0],)], True),
        ((TRY[1],), [(TRY[0],)], True),
        ((TRY[0],), [(TRY[1],)], False),
        ((), [(TRY[0],), (HANDLER,)], False),
        ((TRY[0],), [(TRY[0], IF[0]), (IF[1],)], True),
    ],
)
def test_never_reached_whatever_happens(
    mine: tuple[Guard, ...], theirs: list[tuple[Guard, ...]], expected: bool
) -> None:
    general = guarded(route("GET /{k}", k=K), *mine) if mine else route("GET /{k}", k=K)
    table = [*(guarded(route("GET /a"), *guards) for guards in theirs), general]
    assert len(theirs) in {*dead(table, "declaration")} or not expected
    diagnostics = [one for one in found(table, "specific") if one.rule.code == "CDT242"]
    assert bool(diagnostics) == expected


def test_who_takes_its_paths_whatever_happens() -> None:
    """Named are those of every arm."""
    table = [guarded(route("GET /a"), IF[0]), guarded(route("GET /a"), IF[1]), route("GET /{k}", k=K)]
    (one,) = [one for one in found(table, "specific") if one.rule.code == "CDT242"]
    assert [label.span for label in one.labels] == [table[0][0].path.span, table[1][0].path.span]


def test_tests_that_do_not_matter_are_not_thought_through() -> None:
    """Of the routes under many tests, those that take its paths are asked first."""
    others = [guarded(route(f"GET /o{number}"), Guard(50 + number, 0, 2)) for number in range(9)]
    arms = [guarded(route("GET /a"), arm) for arm in IF]
    assert dead([*others, *arms, route("GET /{k}", k=K)], "specific") == [11]
    assert dead([*others, *arms, route("GET /{k}", k=K)]) == [11]


def test_groups_under_one_test() -> None:
    """What is conditional only by an include is on with all that this include leads to."""
    include = replace(build.declaration(500, "", "include"), conditional=True, guards=(IF[0],))
    pair = [
        (replace(one, includes=(include,), declaration=replace(one.declaration, conditional=True)), function)
        for one, function in (route("GET /a"), route("GET /a"))
    ]
    assert [one.rule.code for one in found(pair, "specific")] == ["CDT240"]


def test_head() -> None:
    """Most specific first, HEAD is answered by GET's routes; by declaration, methods count as they stand."""
    table = [route("GET /c/red"), route("HEAD /c/{c}", c=LiteralOf(("red",)))]
    assert dead(table, "specific") == [1]
    assert dead(table) == []
    assert dead([route("PUT /c/red"), table[1]], "specific") == []


def test_fallbacks_are_no_rivals() -> None:
    fallback, function = route("GET /a")
    fallback = replace(fallback, fallback=True)
    table = [(fallback, function), route("GET /a"), route("GET /{k}", k=K)]
    assert dead(table, "specific") == [2]
    assert dead(table) == [2]
    assert dead([(fallback, function), table[2]], "specific") == []
    assert [
        one.rule.code for one in found([(fallback, function), table[1], route("GET /a")], "specific")
    ] == ["CDT240"]


def test_routes_that_are_not_bound() -> None:
    """A pass stands what the one before it reported: no bindings, no converter."""
    app = build.app(route("GET /{a}"), route("GET /{b:str}"), route("GET /c/*rest"), route("GET /c/*more"))
    assert len(conflicts.run(app)[1]) == 2
    assert unreachable.run(app)[1] == ()
    (one, other) = unreachable.run(replace(app, precedence="declaration"))[1]
    assert one.help == other.help == "declare it before that one"
    assert one.label == f"`{app.functions[1].name}` never runs"


def test_a_mount_that_is_never_reached() -> None:
    (one,) = found([route("* /*rest", rest=STR), mount("/a")], "declaration")
    assert (
        one.message
        == "any method on `/a/{rest:path}` is never reached: `/{rest:path}` takes every path of it"
    )
    assert one.label == "the app mounted here never answers"
    (one,) = found([mount("/a"), route("GET /a/b")], "declaration")
    assert one.labels[0].text == "the app mounted here takes it first"


def test_too_many_tests_are_not_thought_through() -> None:
    """Seven tests in one another are: no alarm, though in truth the route is dead."""
    table = []
    around: tuple[Guard, ...] = ()
    for test in range(7):
        table.append(guarded(route("GET /a"), *around, Guard(test, 0, 2)))
        around = (*around, Guard(test, 1, 2))
    table.append(guarded(route("GET /a"), *around))
    assert dead([*table, route("GET /{k}", k=K)], "specific") == []
    assert dead([*table[:6], guarded(route("GET /a"), *around[:6]), route("GET /{k}", k=K)], "specific") == [
        7
    ]


def test_an_include_that_may_not_happen() -> None:
    """A group included for certain, and again under a test, with the same prefix."""
    certain, function = route("GET /a")
    include = replace(build.declaration(500, "", "include"), conditional=True, guards=(IF[0],))
    again = replace(certain, includes=(include,), path=replace(certain.path, span=build.span(501)))
    assert len(found([(certain, function), (again, function)], "specific")) == 1
    other = replace(again, includes=(replace(include, guards=(IF[1],)),))
    assert found([(again, function), (other, function)], "specific") == []


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
