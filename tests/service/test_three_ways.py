"""The programs of the documentation, run in every way: what each route answers, and that all ways agree."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.programs import HELLO, MIXED, SHOP
from tests.service.ways import WAYS, Request, answers, request

Case = tuple[Request, int, Any]

JSON_TYPE = ["content-type", "application/json"]
PROBLEM = ["content-type", "application/problem+json"]


def problem(status: int, title: str, detail: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"type": "about:blank", "title": title, "status": status}
    return {**found, **({"detail": detail} if detail is not None else {}), **more}


HELLO_CASES: list[Case] = [
    (request("GET", "/"), 200, {"message": "Hello, World!"}),
    (request("GET", "/users/7"), 200, {"user_id": "7"}),
    (request("GET", "/users/a%2Fb"), 200, {"user_id": "a/b"}),
    (request("GET", "/users/%C3%A9"), 200, {"user_id": "é"}),
    (request("HEAD", "/"), 200, None),
    (request("OPTIONS", "/"), 204, None),
    (request("GET", "/users/"), 404, dict),
    (request("GET", "/nowhere"), 404, dict),
    (request("POST", "/"), 405, dict),
    (request("GET", "/users/%zz"), 400, dict),
    (request("GET", "/users/%ff"), 400, dict),
]

SHOP_CASES: list[Case] = [
    *HELLO_CASES,
    (request("POST", "/items", '{"name": "pen", "price": 1}'), 200,
     {"name": "pen", "price": 1.0, "tags": []}),
    (request("POST", "/items?notify=true", '{"name":"a","price":2.5,"tags":["x"],"more":1}'), 200,
     {"name": "a", "price": 2.5, "tags": ["x"]}),
    (request("POST", "/items", '{"name": "pen"}'), 422, dict),
    (request("POST", "/items?notify=maybe", '{"name": 1}'), 422, dict),
    (request("POST", "/items", "{"), 400, dict),
    (request("POST", "/items", ""), 422, dict),
    (request("POST", "/items", "a=1", content_type="application/x-www-form-urlencoded"), 415, dict),
    (request("GET", "/items"), 405, dict),
    (request("OPTIONS", "/items"), 204, None),
]  # fmt: skip

UUID = "12345678-1234-5678-1234-567812345678"

MIXED_CASES: list[Case] = [
    (request("GET", "/int/42"), 200, {"n": 42}),
    (request("GET", "/int/-7"), 200, {"n": -7}),
    (request("GET", "/int/007"), 404, dict),
    (request("GET", "/int/1e3"), 404, dict),
    (request("GET", "/int/1234567890123456789"), 404, dict),
    (request("GET", "/float/1.5"), 200, 1.5),
    (request("GET", "/float/nan"), 404, dict),
    (request("GET", f"/uuid/{UUID}"), 200, {"u": UUID, "kind": "UUID"}),
    (request("GET", "/uuid/nope"), 404, dict),
    (request("GET", "/colour/red"), 200, "red"),
    (request("GET", "/colour/blue"), 404, dict),
    (request("GET", "/colour/blue/shade"), 200, "blue"),
    (request("GET", "/small/5"), 200, 5),
    (request("GET", "/small/10"), 404, dict),
    (request("GET", "/day/2026-01-31"), 200, "2026-01-31"),
    (request("GET", "/day/2026-02-31"), 404, dict),
    (request("GET", "/files/a/b%20c"), 200, {"rest": "a/b c"}),
    (request("GET", "/files/"), 200, {"rest": ""}),
    (request("GET", "/search?q=a+b&tag=x&tag=y&page=2&exact=1&kind=b&ids=3&ids=1"), 200,
     {"q": "a b", "page": 2, "exact": True, "tag": ["x", "y"], "kind": "b", "ids": [1, 3]}),
    (request("GET", "/search?q="), 200,
     {"q": "", "page": 1, "exact": False, "tag": [], "kind": None, "ids": []}),
    (request("GET", "/search"), 422, dict),
    (request("GET", "/search?q=a&q=b"), 422, dict),
    (request("GET", "/search?q=a&page=0&exact=x&kind=c&ids=z"), 422, dict),
    (request("GET", "/types?d=2026-01-02&t=2026-01-02T03:04:05Z&m=2.50&c=green&f=1e2"), 200,
     ["2026-01-02", "2026-01-02T03:04:05Z", "2.50", "green", 100.0]),
    (request("GET", "/types"), 200, [None, None, "1.50", "red", 0.5]),
    (request("POST", "/points", '[{"type":"point","x":1},{"type":"point","x":2,"y":3}]'), 200,
     [{"type": "point", "x": 1, "y": 0}, {"type": "point", "x": 2, "y": 3}]),
    (request("POST", "/points", '[{"type":"point","x":"no"}]'), 422, dict),
    (request("POST", "/shape", '{"type":"circle","radius":2}'), 200,
     {"kind": "Circle", "shape": {"type": "circle", "radius": 2.0}}),
    (request("PATCH", "/people/3", '{"name":"Z"}'), 200, {"id": 3, "name": "Z"}),
    (request("POST", "/maybe"), 200, {"got": False}),
    (request("POST", "/maybe", '{"name":"x"}'), 200, {"got": True}),
    (request("POST", "/raw", '{"b":1,"a":[null]}'), 200, {"b": 1, "a": [None]}),
    (request("GET", "/public"), 200, {"name": "ann"}),
    (request("GET", "/publics"), 200, [{"name": "ann"}, {"name": "bob"}]),
    (request("GET", "/status"), 201, {"made": True}),
    (request("PUT", "/created?q=1"), 201, {"method": "PUT", "path": "/created", "q": "1"}),
    (request("DELETE", "/nothing"), 204, None),
    (request("GET", "/text"), 200, "plain"),
    (request("GET", "/html"), 200, "<p>hi</p>"),
    (request("GET", "/bytes"), 200, "\x00\x01"),
    (request("GET", "/response"), 418, "teapot"),
    (request("GET", "/json"), 202, {"a": 1}),
    (request("GET", "/redirect"), 307, None),
    (request("GET", "/stream"), 200, "one,two"),
    (request("HEAD", "/stream"), 200, None),
    (request("GET", "/error"), 404, problem(404, "Not Found", "no such user")),
    (request("GET", "/crash"), 500, dict),
    (request("GET", "/blocking"), 200, "slept"),
    (request("GET", "/nan"), 200, [None, None, 1.5]),
    (request("GET", "/sets"), 200, {"tags": ["a", "b", "c"], "z": 1, "a": 2}),
    (request("GET", "/stop"), 409, {"stopped": "now"}),
    (request("GET", "/request", user_agent="t", cookie="a=1; b=2"), 200,
     {"client": "127.0.0.1", "ua": "t", "cookies": {"a": "1", "b": "2"}}),
    (request("POST", "/echo", "abc"), 200, "abc"),
    (request("GET", "/log"), 200, ["started"]),
    (request("GET", "/api/v1"), 200, "v1"),
    (request("GET", "/api/v1/"), 200, "v1/"),
    (request("GET", "/api/v1/guarded"), 403, dict),
    (request("GET", "/api/v1/guarded", x_key="k"), 200, "inside"),
    (request("GET", "/api/v1/me/x"), 200, "me x"),
    (request("GET", "/api/v1/me/posts"), 200, "me"),
    (request("POST", "/multi"), 200, "POST"),
    (request("GET", "/multi/"), 308, None),
    (request("OPTIONS", "/own-options"), 200, "mine"),
    (request("HEAD", "/own-head"), 200, None),
    (request("GET", "/own-head"), 200, "body"),
    (request("OPTIONS", "/own-head"), 204, None),
    (request("GET", "/%00"), 400, dict),
]  # fmt: skip

PROGRAMS = {"hello": (HELLO, HELLO_CASES), "shop": (SHOP, SHOP_CASES), "mixed": (MIXED, MIXED_CASES)}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], list[Any]]:
    """What a program answers in one way; each is run once."""
    known: dict[tuple[str, str], list[Any]] = {}

    def answered(program: str, way: str) -> list[Any]:
        if (program, way) not in known:
            source, cases = PROGRAMS[program]
            folder: Path = tmp_path_factory.mktemp(f"{program}-{way}")
            known[program, way] = answers(way, {"app.py": source}, [case[0] for case in cases], folder)
        return known[program, way]

    return answered


def shown(answer: list[Any]) -> Any:
    """An answer's body as what it says."""
    _, headers, body = answer
    kind = dict(headers).get("content-type", "")
    if not body:
        return None
    return json.loads(body.encode("latin-1")) if "json" in kind else body


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_route_answers_as_the_language_says(run: Any, program: str, way: str) -> None:
    wrong = []
    for (asked, status, expected), answer in zip(PROGRAMS[program][1], run(program, way), strict=True):
        body = shown(answer)
        fits = isinstance(body, dict) if expected is dict else body == expected
        if answer[0] != status or not fits:
            wrong.append((asked[:2], status, expected, answer))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("way", WAYS[1:])
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_way_answers_the_same_bytes(run: Any, program: str, way: str) -> None:
    for case, reference, answer in zip(
        PROGRAMS[program][1], run(program, WAYS[0]), run(program, way), strict=True
    ):
        assert answer == reference, case[0]


def by_target(run: Any, program: str) -> dict[tuple[str, str], list[Any]]:
    return {
        (case[0][0], case[0][1]): answer
        for case, answer in zip(PROGRAMS[program][1], run(program, "python"), strict=True)
    }


def test_headers_come_in_a_fixed_order(run: Any) -> None:
    found = by_target(run, "shop")
    assert found["GET", "/"][1] == [JSON_TYPE, ["content-length", "27"]]
    assert found["HEAD", "/"][1] == [JSON_TYPE, ["content-length", "27"]]
    assert found["OPTIONS", "/items"][1] == [["allow", "OPTIONS, POST"]]
    status, headers, _ = found["GET", "/items"]
    assert status == 405 and headers[0] == PROBLEM and ["allow", "OPTIONS, POST"] in headers


def test_problem_documents_name_every_fault(run: Any) -> None:
    found = by_target(run, "shop")
    faults = shown(found["POST", "/items?notify=maybe"])["errors"]
    assert [(fault["in"], fault["path"]) for fault in faults] == [("body", "$.name"), ("query", "notify")]


def test_generated_options_lists_head_where_get_is(run: Any) -> None:
    found = by_target(run, "mixed")
    assert found["OPTIONS", "/own-head"][1] == [["allow", "GET, HEAD, OPTIONS"]]


def test_a_refused_crash_reveals_nothing(run: Any) -> None:
    body = by_target(run, "mixed")["GET", "/crash"][2]
    assert "Zero" not in body and "app.py" not in body
