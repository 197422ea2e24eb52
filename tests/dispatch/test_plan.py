"""Lowering: which tables there are, who wins, and what no recursion may break."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from conduitc.codegen.plan import lower, patterns
from conduitc.codegen.tables import pack
from conduitc.ir.dispatch import Pattern
from conduitc.ir.nodes import Dynamic, Static
from conduitc.span import NOWHERE
from tests.dispatch.reference import Case, Part, find
from tests.dispatch.tables import lowered, python_finders
from tests.passes import build


def case(route: str) -> Case:
    """``GET,HEAD /users/int/:path``: a segment after a colon is a converter."""
    methods, path = route.split(" ")
    parts = [Part(text[1:]) if text[:1] == ":" else Part("static", text) for text in path.split("/")[1:]]
    return Case(tuple(methods.split(",")), tuple(parts))


def winner(path: str, *routes: str, method: str = "GET") -> str | None:
    """The route that the Python target finds, and the reference finds too."""
    table = [case(route) for route in routes]
    hit = python_finders(lowered(table), table)[method][0](path)
    if path[:1] in ("", "/"):
        assert (hit and (hit[0], hit[1:])) == find(table, method, path.split("/")[1:])
    return hit and routes[hit[0]]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users/me", "GET /users/me"),
        ("/users/7", "GET /users/:int"),
        ("/users/x", "GET /users/:str"),
        ("/users/x/y", "GET /:path"),
        ("/users/", "GET /:path"),
        ("/users/me/posts", "GET /users/:str/posts"),
        ("/users/7/posts", "GET /users/:str/posts"),
        ("/files/", "GET /files/:path"),
        ("/files/a/b", "GET /files/:path"),
        ("/files", "GET /:path"),
        ("/", "GET /:path"),
        ("", None),
        ("users/me", None),
        ("*", None),
    ],
)
def test_specific_first_whatever_the_order(path: str, expected: str | None) -> None:
    routes = ("/:path", "/files/:path", "/users/:str", "/users/:str/posts", "/users/:int", "/users/me")
    assert winner(path, *(f"GET {route}" for route in routes)) == expected
    assert winner(path, *(f"GET {route}" for route in reversed(routes))) == expected


def test_int_and_float_are_one_kind() -> None:
    """The first difference is in the second segment, though the converters of the first differ."""
    assert winner("/1/b", "GET /:int/:str", "GET /:float/b") == "GET /:float/b"
    assert winner("/1/c", "GET /:int/:str", "GET /:float/b") == "GET /:int/:str"


def test_ties_between_methods() -> None:
    assert winner("/a", "* /a", "GET /a") == "GET /a"
    assert winner("/a", "* /a", "GET /a", method="*") == "* /a"
    assert winner("/a", "GET /a", "HEAD /a", method="HEAD") == "HEAD /a"
    assert winner("/a", "* /a", "GET /a", method="HEAD") == "GET /a"
    assert winner("/7", "* /7", "GET /:int") == "* /7"
    assert winner("/7", "* /:float", "GET /:int") == "GET /:int"
    assert winner("/7.5", "* /:float", "GET /:int") == "* /:float"


def test_methods_with_the_same_routes_share_a_table() -> None:
    plan = lowered([case("GET /a"), case("POST /b"), case("* /c")])
    assert [table.methods for table in plan.tables] == [("*",), ("GET", "HEAD"), ("POST",)]
    assert [sorted(table.routes()) for table in plan.tables] == [[2], [0, 2], [1, 2]]


def test_a_path_without_segments() -> None:
    assert winner("", "GET /", "POST ", "GET ") == "GET "


def test_what_trailing_finds_is_not_walked_for() -> None:
    assert not lowered([case("GET /a/:int"), case("GET /a/:str"), case("GET /b/c/:uuid")]).tables[0].deep
    assert lowered([case("GET /a/:int"), case("GET /:str/b")]).tables[0].deep
    assert lowered([case("GET /a/:path")]).tables[0].deep


def test_an_escaped_slash_is_no_way_to_a_parameter() -> None:
    """The static segment ``a/b`` is not the two segments of ``/a/b/5``."""
    table = [Case(("GET",), (Part("static", "a/b"), Part("int")))]
    plan = lowered(table)
    assert plan.tables[0].trailing == ()
    find_path, find_segments = python_finders(plan, table)["GET"]
    assert find_path("/a/b/5") is None
    assert find_segments(["a/b", "5"]) == (0, 5)


def test_patterns_leave_fallbacks_out() -> None:
    routes = [build.route("GET /a")[0], build.route("GET,PUT /b/{x}", x=None)[0]]
    fallback = replace(build.route("GET /none")[0], fallback=True)
    first, second = patterns([routes[0], fallback, routes[1]])
    assert (first.index, first.methods, first.segments) == (0, ("GET",), (Static("a"),))
    assert (second.index, second.methods, len(second.segments)) == (2, ("GET", "PUT"), 2)


def test_very_long_routes(walker: Callable[..., Any] | None) -> None:
    """Neither lowering nor matching may recurse; 3,000 parameters are 3,000 frames of the native walker."""
    table = [case("GET " + "/a/:int" * 3000), case("GET " + "/a/:str" * 3000 + "/b")]
    plan = lowered(table)
    finds = [python_finders(plan, table)["GET"][0]]
    if walker:
        finds.append(walker(pack(plan.tables[0]).to_bytes(), [0, 1], [None, None]).find)
    for find_path in finds:
        assert find_path("/a/5" * 3000) == (0, *[5] * 3000)
        assert find_path("/a/5" * 2999 + "/a/x") is None
        assert find_path("/a/5" * 3000 + "/b") == (1, *["5"] * 3000)


def test_a_path_parameter_before_the_end_is_refused() -> None:
    tail = Dynamic("rest", "path", NOWHERE)
    with pytest.raises(ValueError, match=r"^a path parameter must be last: "):
        lower([Pattern(0, ("GET",), (tail, tail))])


def test_an_unsettled_converter_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^converter not settled: "):
        lower([Pattern(0, ("GET",), (Dynamic("id", None, NOWHERE),))])


def test_connections_have_a_table_of_their_own() -> None:
    plan = lowered([case("* /:path"), case("WEBSOCKET /a/:str"), case("GET /a/:str")])
    assert {table.methods: table.routes() for table in plan.tables} == {
        ("*",): {0},
        ("GET", "HEAD"): {0, 2},
        ("WEBSOCKET",): {1},
    }


def test_summary() -> None:
    assert lowered([]).summary() == ["no routes"]
    plan = lowered([case("GET /a"), case("GET /b"), case("GET /a/:int"), case("POST /a/:int/b/:str")])
    assert plan.summary() == [
        "method buckets: GET+HEAD 3, POST 1",
        "perfect-hash slots used: 6 of 6",
        "trie nodes: 8",
        "mean comparisons a lookup: 2.8; a linear scan: 1.8",
    ]
