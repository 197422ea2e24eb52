"""Routes that depend on something, fallbacks, routes that are not bound: who counts as a rival."""

import pytest
from msgspec.structs import replace

from conduitc.ir.nodes import Guard
from conduitc.ir.types import LiteralOf
from conduitc.passes import conflicts, unreachable
from tests.conflicts.cases import dead, found, guarded, mount
from tests.passes import build
from tests.passes.build import STR, route

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
