"""What ``who_handles`` says besides the route: why the others do not answer, and what is not certain."""

from typing import Any

import pytest
from conduit.introspect import Codebase

from tests.introspect.made import ABOUT, codebase, document


def table(*routes: str, **about: object) -> Codebase:
    """Routes written ``METHODS /path``; ``?`` at the end: it is conditional, ``@``: it is mounted."""
    listed = []
    for number, route in enumerate(routes):
        methods, path = route.rstrip("?@").split(" ")
        facts: dict[str, Any] = {
            "methods": methods.split(","),
            "pattern": path,
            "handler": f"function:a.f{number}",
            "conditional": "?" in route,
            "mount": "@" in route,
            "order": number + 1,
        }
        told = {name: {"value": value, "provenance": "literal"} for name, value in facts.items() if value}
        listed.append({"id": f"route:a.f{number}#{route}", "kind": "route", "name": route, "facts": told})
    made = document(listed, [])
    return codebase({**made, "app": {**ABOUT, **about}})


def whys(made: Codebase, method: str, url: str) -> dict[str, str]:
    return {one["pattern"]: one["why"] for one in made.who_handles(method, url)["losers"]}


def test_more_specific() -> None:
    made = table("GET /a/me", "GET /a/{n:int}", "GET /a/{s}", "GET /{rest:path}", "GET /b/{x}")
    assert whys(made, "GET", "/a/me") == {
        "/a/{n:int}": "'me' is no int (`n`)",
        "/a/{s}": "`me` is more specific than `{s}`",
        "/{rest:path}": "`a` is more specific than `{rest:path}`",
    }
    assert whys(made, "GET", "/a/7")["/a/{s}"] == "`{n:int}` is more specific than `{s}`"
    assert whys(made, "GET", "/a/") == {
        "/a/{n:int}": "an empty segment is no int (`n`)",
        "/a/{s}": "an empty segment is no str (`s`)",
    }
    assert made.who_handles("GET", "/a/me")["why"] == "it comes before 2 more that would take it"
    assert made.who_handles("GET", "/b/x")["why"] == "it comes before 1 more that would take it"


def test_methods() -> None:
    made = table("GET /x", "HEAD /x", "* /x", "POST /x")
    assert made.who_handles("HEAD", "/x")["route"]["methods"] == ["HEAD"]
    reasons = {one["methods"][0]: one["why"] for one in made.who_handles("HEAD", "/x")["losers"]}
    assert reasons == {
        "GET": "GET gives way to HEAD itself",
        "*": "any method gives way to HEAD itself",
        "POST": "takes POST, not HEAD",
    }
    assert made.who_handles("LINK", "/x")["route"]["methods"] == ["*"]


def test_conditions() -> None:
    made = table("GET /x?", "GET /{y}?", "GET /{z:path}", "GET /w/v?")
    answer = made.who_handles("GET", "/x")
    assert not answer["certain"] and answer["route"]["pattern"] == "/x"
    assert answer["why"] == (
        "GET /x?: declared under a condition that is known at run time only; "
        "GET /{y}?: declared under a condition that is known at run time only"
    )
    assert made.who_handles("GET", "/x/y")["certain"]
    alone = table("GET /w/v?").who_handles("GET", "/w/v")
    assert not alone["certain"]
    assert alone["why"].endswith("where none of these answers, it is as if there were no route")
    assert made.who_handles("POST", "/x")["certain"]
    assert made.who_handles("POST", "/x")["status"] == 405
    tied = table("GET /x?", "GET /x?")
    assert tied.who_handles("GET", "/x")["route"]["handler"] == "function:a.f0"
    (loser,) = tied.who_handles("GET", "/x")["losers"]
    assert loser["why"] == "declared later, and only one of the two may be on"


def test_connections_compete_with_nothing_else() -> None:
    made = table("* /{rest:path}", "WEBSOCKET /live/{room}", redirect_slashes=True)
    assert made.who_handles("WEBSOCKET", "/live/a")["outcome"] == "websocket"
    assert made.who_handles("WEBSOCKET", "/else")["outcome"] == "not_found"
    assert made.who_handles("WEBSOCKET", "/live/a/")["outcome"] == "not_found"
    assert made.who_handles("GET", "/live/a")["route"]["methods"] == ["*"]
    assert table("WEBSOCKET /live").who_handles("GET", "/live")["status"] == 404


def test_a_mount_decides_itself() -> None:
    answer = table("* /legacy/{rest:path}@").who_handles("GET", "/legacy/x")
    assert (answer["outcome"], answer["status"]) == ("mount", None)
    assert answer["why"] == "an app of its own is mounted here, and decides"


@pytest.mark.parametrize(
    ("dialect", "status"), [("conduit", 308), ("flask", 308), ("starlette", 307), ("fastapi", 307)]
)
def test_redirects(dialect: str, status: int) -> None:
    order = {"conduit": "specific", "flask": "weight"}.get(dialect, "declaration")
    made = table("GET /x/", "GET /y", "POST /z", redirect_slashes=True, dialect=dialect, precedence=order)
    for path in ("/x", "/y/") if dialect != "flask" else ("/x",):
        answer = made.who_handles("GET", path)
        assert (answer["outcome"], answer["status"]) == ("redirect", status)
    other = "redirect" if status == 307 else "not_found"  # Starlette does not ask for the method
    assert made.who_handles("GET", "/z/")["outcome"] == other
    assert table("GET /x/").who_handles("GET", "/x")["outcome"] == "not_found"


def test_the_first_declared_wins_where_that_is_the_rule() -> None:
    made = table("GET /{x}", "GET,HEAD /me", "POST /{x}", precedence="declaration", dialect="starlette")
    answer = made.who_handles("GET", "/me")
    assert answer["route"]["pattern"] == "/{x}"
    assert whys(made, "GET", "/me")["/me"] == "declared later"
    assert made.who_handles("HEAD", "/me")["route"]["pattern"] == "/me"
    assert made.who_handles("PUT", "/me")["allow"] == ["GET"]
    assert made.who_handles("OPTIONS", "/me")["status"] == 405


def test_weights() -> None:
    made = table(
        "GET,OPTIONS /{x}", "GET,OPTIONS /me", "PUT,OPTIONS /{x}", precedence="weight", dialect="flask"
    )
    assert made.who_handles("GET", "/me")["route"]["pattern"] == "/me"
    assert made.who_handles("DELETE", "/me")["allow"] == ["GET", "OPTIONS", "PUT"]
    assert made.who_handles("HEAD", "/me")["status"] == 405


def test_losers_have_a_bound() -> None:
    made = table(*(f"M{number} /x" for number in range(40)))
    assert len(made.who_handles("GET", "/x")["losers"]) == 25
