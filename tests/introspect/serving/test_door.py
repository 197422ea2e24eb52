"""The door in one process: who gets an answer, who does not, and what is told of it."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect import depending
from conduit.introspect.errors import QueryError
from conduit.introspect.serving import guards as guarding
from conduit.introspect.serving.breaker import BREAKS, PAUSE
from conduit.introspect.serving.door import Door

from tests.introspect.made import calls, name
from tests.introspect.serving.doors import METADATA, OTHER, TOKEN, Tried, bearer


@pytest.fixture
def tried(tmp_path: Path) -> Tried:
    return Tried(tmp_path)


def first_route(tried: Tried) -> str:
    return str(tried.ask("routes").said["routes"][0]["id"])


# -- answers -------------------------------------------------------------------------------------------------


def test_every_kind_of_question(tried: Tried) -> None:
    route = first_route(tried)
    for path, query in [
        ("", ""),
        ("resources", "kind=route"),
        (f"resources/{route}", ""),
        ("routes", "method=GET"),
        (f"deps/{route}", "depth=2"),
        (f"deps/{route}", "reverse=1"),
        (f"impact/{route}", ""),
        (f"stack/{route}", ""),
        ("who", "method=GET&url=/items/7"),
        ("patterns", ""),
        ("tools", ""),
        ("blocks", ""),
        ("unresolved", "limit=1"),
        ("stats", ""),
    ]:
        found = tried.ask(path, query)
        assert found.status == 200, (path, found.body)
        assert found.headers["content-type"] == "application/json"
        assert int(found.headers["content-length"]) == len(found.body)
        assert isinstance(found.said, dict)


def test_answers_are_those_of_the_code_base(tried: Tried) -> None:
    assert tried.source.codebase is not None
    route = first_route(tried)
    assert tried.ask(f"resources/{route}").said == tried.source.codebase.resource(route)
    assert tried.ask(f"deps/{route}").said == tried.source.codebase.deps(route)
    assert tried.ask("routes", "method=GET").said == tried.source.codebase.routes("method:GET")


def test_the_overview_links_to_everything(tried: Tried) -> None:
    links = tried.ask("").said["links"]
    assert {"/introspect/v1/resources/{id}", "/introspect/v1/who?method=&url="} <= set(links)
    assert all(links.values())


def test_a_known_answer_is_the_same(tried: Tried) -> None:
    route = first_route(tried)
    first, second = tried.ask(f"deps/{route}"), tried.ask(f"deps/{route}")
    assert (first.body, first.headers) == (second.body, second.headers)
    told = tried.ask("stats").said["serving"]["cache"]
    assert told["hits"] == 1
    assert told["answers"] >= 2


def test_head_has_no_body(tried: Tried) -> None:
    got, head = tried.ask("tools"), tried.ask("tools", head=True)
    assert (head.status, head.body, head.headers) == (200, b"", got.headers)


def test_other_names_are_told_with_candidates(tried: Tried) -> None:
    name = first_route(tried)[:-1] + "x"
    found = tried.ask(f"resources/{name}")
    assert found.status == 404
    assert found.headers["content-type"] == "application/problem+json"
    assert found.said["title"] == "Not Found"
    assert found.said["candidates"]
    assert tried.ask("resorces").said["candidates"] == ["resources"]


@pytest.mark.parametrize(
    ("path", "query"), [("routes", "filter=nonsense:x"), ("who", ""), ("deps/x", "depth=0"), ("tools", "x=1")]
)
def test_what_is_not_understood(tried: Tried, path: str, query: str) -> None:
    found = tried.ask(path, query)
    assert (found.status, found.said["title"]) == (422, "Unprocessable Content")


# -- who asks ------------------------------------------------------------------------------------------------


def test_without_a_token(tried: Tried) -> None:
    found = tried.ask("tools", headers=[])
    assert found.status == 401
    assert found.headers["www-authenticate"] == 'Bearer realm="introspect"', "no error: none was given"


@pytest.mark.parametrize(
    "value",
    ["Bearer wrong", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer ", "Bearer \xff", "Bearer a b"],
)
def test_a_wrong_token(tried: Tried, value: str) -> None:
    found = tried.ask("tools", headers=[(b"authorization", value.encode("latin-1"))])
    assert found.status == 401
    assert 'error="invalid_token"' in found.headers["www-authenticate"]
    assert TOKEN not in found.body.decode()


@pytest.mark.parametrize("value", ["Basic abc", TOKEN, "", "Bearerx", f"BearerX {TOKEN}", f"bear {TOKEN}"])
def test_another_scheme(tried: Tried, value: str) -> None:
    assert tried.ask("tools", headers=[(b"authorization", value.encode())]).status == 401


def test_the_scheme_in_any_case(tried: Tried) -> None:
    for scheme in ("bearer", "BEARER", "Bearer"):
        assert tried.ask("tools", headers=[(b"authorization", f"{scheme} {TOKEN}".encode())]).status == 200


def test_two_tokens_at_once(tried: Tried) -> None:
    found = tried.ask("tools", headers=bearer(TOKEN) + bearer(TOKEN))
    assert found.status == 400
    assert 'error="invalid_request"' in found.headers["www-authenticate"]


def test_each_token_has_its_own_allowance(tmp_path: Path) -> None:
    tried = Tried(tmp_path, rate="2/hour")
    assert [tried.ask("tools").status for _ in range(3)] == [200, 200, 429]
    refused = tried.ask("tools")
    assert 1 <= int(refused.headers["retry-after"]) <= 1800
    assert tried.ask("tools", headers=bearer(OTHER)).status == 200
    assert tried.ask("tools", headers=[]).status == 401, "who has no token does not learn of limits"


# -- off -----------------------------------------------------------------------------------------------------


def test_switched_off_by_the_program(tried: Tried) -> None:
    tried.settings.enabled = False
    assert tried.ask("tools").status == 403
    assert tried.ask("tools", headers=[]).status == 401
    tried.settings.enabled = True
    assert tried.ask("tools").status == 200


def test_switched_off_by_a_file(tried: Tried, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(guarding, "monotonic", lambda: now[0])
    tried.ask("tools")
    tried.off.touch()
    now[0] += 0.1  # it is looked for twenty times a second at most
    found = tried.ask("tools")
    assert (found.status, found.said["detail"]) == (403, "introspection is switched off")
    tried.off.unlink()
    now[0] += 0.1
    assert tried.ask("tools").status == 200


# -- the audit -----------------------------------------------------------------------------------------------


def test_every_access_has_its_line(tried: Tried) -> None:
    tried.ask("resources", "kind=route&limit=3")
    tried.ask("resources", "kind=route&limit=3")
    tried.ask("resources/none")
    tried.ask("nowhere")
    tried.ask("tools", headers=[])
    tried.ask("tools", headers=bearer("wrong"))
    lines = tried.audit()
    assert [(one["query"], one["outcome"]) for one in lines] == [
        ("resources", "ok"),
        ("resources", "ok"),
        ("resource", "unknown"),
        ("", "nowhere"),
        ("", "no token"),
        ("", "wrong token"),
    ]
    assert lines[0]["arguments"] == lines[1]["arguments"] == {"limit": 3, "filter": "kind:route"}
    assert lines[4]["arguments"] == {"path": "/introspect/v1/tools", "client": "192.0.2.7"}
    assert lines[0]["who"] == lines[2]["who"] != lines[5]["who"] is None
    assert all(one["way"] == "http" for one in lines)
    text = tried.log.read_text()
    assert TOKEN not in text
    assert 'wrong"' not in text.replace("wrong token", "")


def test_the_audit_tells_callers_apart(tried: Tried) -> None:
    tried.ask("tools")
    tried.ask("tools", headers=bearer(OTHER))
    assert len({one["who"] for one in tried.audit()}) == 2


def test_long_texts_are_cut_in_the_audit(tried: Tried) -> None:
    tried.ask("resources/" + "x" * 3000)
    tried.ask("y" * 9000)
    assert max(map(len, tried.log.read_text().splitlines())) < 600


def test_without_an_audit_nothing_is_answered(tried: Tried) -> None:
    tried.ask("tools")

    def full(rest: bytes) -> None:
        raise OSError(28, "No space left on device")

    tried.guards._audit.put = full  # type: ignore[method-assign]
    for headers in (None, []):
        found = tried.ask("tools", headers=headers)
        assert found.status == 503
        assert "audit" in found.said["detail"]


# -- what takes too long, or too much ------------------------------------------------------------------------


def replace(tried: Tried, answer: Any) -> None:
    assert tried.source.codebase is not None
    tried.source.codebase.answer = answer  # type: ignore[method-assign]


def test_a_partial_answer_is_an_answer(tried: Tried) -> None:
    replace(tried, lambda query, **given: {"complete": False, "reason": "there is more beyond depth 2"})
    for _ in range(2 * BREAKS):
        found = tried.ask("deps/x")
        assert (found.status, found.said["complete"]) == (200, False)
    assert {one["outcome"] for one in tried.audit()} == {"partial"}
    assert tried.ask("stats").said["serving"]["cache"]["hits"] == 0, "it is not kept"


def test_a_kind_that_stops_at_its_bound_is_refused(
    tried: Tried, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = {"complete": False, "reason": "time is up: this is what was found until then"}
    replace(tried, lambda query, **given: late if query == "impact" else {"fine": True})
    now = [1000.0]
    monkeypatch.setattr(guarding, "monotonic", lambda: now[0])
    tried.ask("tools")
    with caplog.at_level(logging.WARNING):
        assert [tried.ask(f"impact/{n}").status for n in range(BREAKS)] == [200] * BREAKS
    refused = tried.ask("impact/x")
    assert (refused.status, refused.headers["retry-after"]) == (503, str(int(PAUSE)))
    assert tried.ask("tools").status == 200, "the others go on"
    assert tried.audit()[-2]["outcome"] == "paused"
    assert len(caplog.records) == 1
    now[0] += PAUSE + 1
    assert tried.ask("impact/x").status == 200


def test_cycles_and_hubs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring of 2,000 functions that all call a hub, which calls them all: whole answers while there is time,
    and what was found until then where there is none."""
    size = 2000
    graph = [[0, number % (size - 1) + 1] for number in range(size)]
    graph[0] = list(range(1, size))
    monkeypatch.setattr(depending, "SECONDS", 60.0)
    tried = Tried(tmp_path, metadata=calls(graph).store.metadata, rate="1000000/second")
    monkeypatch.setattr(Door, "large", lambda door: False)
    monkeypatch.setattr(guarding, "thread_time", lambda: 1000.0)  # however slow the machine is
    whole = tried.ask(f"impact/{name(5)}").said
    assert (whole["complete"], whole["total"], len(whole["cycles"])) == (True, size - 1, 1)
    near = tried.ask(f"deps/{name(0)}", "depth=1").said
    assert (near["complete"], near["total"]) == (True, size - 1)
    monkeypatch.setattr(depending, "SECONDS", 0.0)
    for number in range(BREAKS):
        found = tried.ask(f"impact/{name(number + 10)}")
        assert (found.status, found.said["complete"]) == (200, False)
        assert found.said["reason"].startswith("time is up")
    assert tried.ask(f"impact/{name(1)}").status == 503
    assert tried.ask(f"deps/{name(7)}", "limit=1").status == 200


def test_a_kind_that_takes_too_long_is_refused(tried: Tried, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(guarding, "thread_time", lambda: now[0])

    def slow(query: str, **given: Any) -> dict[str, Any]:
        now[0] += 0.11
        if given["name"] == "fails":
            raise QueryError("unknown", "no such thing")
        return {}

    replace(tried, slow)
    assert [tried.ask("deps/fails").status for _ in range(3)] == [404] * 3
    assert [tried.ask(f"deps/{n}").status for n in range(2)] == [200, 200]
    assert tried.ask("deps/0").status == 503, "also what is known: the kind is refused"
    assert tried.audit()[-1]["outcome"] == "paused"


def test_what_fails_is_an_answer_of_ours(tried: Tried, caplog: pytest.LogCaptureFixture) -> None:
    def broken(query: str, **given: Any) -> dict[str, Any]:
        raise ZeroDivisionError

    replace(tried, broken)
    found = tried.ask("tools")
    assert (found.status, found.headers["content-type"]) == (500, "application/problem+json")
    assert tried.audit()[-1]["outcome"] == "failed"
    assert "ZeroDivisionError" in caplog.text


def test_above_its_memory_it_evicts(tmp_path: Path) -> None:
    tried = Tried(tmp_path, memory=1)
    limit = tried.guards.answers.limit
    assert limit == (1 << 20) // 4
    for number in range(500):
        assert tried.ask("routes", f"limit={number}").status == 200
    told = tried.ask("stats").said["serving"]
    assert told["cache"]["bytes"] <= limit
    assert told["cache"]["evicted"] > 0
    assert 0 < told["memory"]["metadata"] < told["memory"]["limit"] == 1 << 20


def test_above_that_it_turns_itself_off(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tried = Tried(tmp_path, memory=len(METADATA) / 2 / (1 << 20))
    statuses = [tried.ask("tools").status for _ in range(5)]
    assert statuses[-1] == 503
    assert tried.source.codebase is None, "it holds nothing any more"
    assert [
        record.getMessage() for record in caplog.records if "turned itself off" in record.getMessage()
    ] == [caplog.records[-1].getMessage()], "one line"
    assert tried.ask("tools", headers=[]).status == 401
    assert tried.audit()[-2]["outcome"] == "out of memory"


def test_figures(tried: Tried) -> None:
    tried.ask("tools")
    tried.ask("tools")
    tried.ask("nowhere")
    tried.ask("tools", headers=[])
    said = tried.ask("stats").said
    assert said["queries"]["tools"]["calls"] == 1, "asked once, and known then"
    told = said["serving"]
    assert told["refused"] == {"no token": 1, "nowhere": 1}
    assert told["cache"]["hits"] == 1
    assert json.dumps(told)
