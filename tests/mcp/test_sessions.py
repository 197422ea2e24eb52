"""Sessions of legacy clients over HTTP: how they begin and end, what they know, what they are told."""

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.http.running import needs_protocol
from tests.http.serving import until
from tests.mcp.callers import build
from tests.mcp.legacy import SESSIONS, Answer, Legacy, asked, called, noted, served
from tests.mcp.programs import SHOP
from tests.mcp.speaking import modern

Address = tuple[str, int]
LOGGED = noted("notifications/message", level="error", data="waiting")
WAYS = [pytest.param("protocol", marks=needs_protocol), "uvicorn"]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("sessions"), SESSIONS)


@pytest.fixture(scope="module", params=WAYS)
def address(request: pytest.FixtureRequest, dist: Path) -> Iterator[Address]:
    with served(dist, request.param, dist.parent / f"{request.param}.log") as found:
        yield found


def updated(uri: str) -> dict[str, Any]:
    return noted("notifications/resources/updated", uri=uri)


def waited(answer: Answer) -> bool:
    """Whether a call of ``waits`` was waited for."""
    return bool(answer.events()[-1]["result"]["content"][0]["text"] == "waited")


def since(client: Legacy, before: str) -> list[str]:
    """What tools have noted since then."""
    found: list[str] = json.loads(client.get("/notes"))
    return found[len(json.loads(before)) :]


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_a_session_begins_and_ends(address: Address, version: str) -> None:
    client = Legacy(address, version)
    assert client.session is not None and re.fullmatch(r"[!-~]{22,}", client.session)
    assert client.greeting["protocolVersion"] == version
    assert client.greeting["capabilities"]["resources"] == {"subscribe": True}
    assert client.ask("ping") == {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert client.post(called("add", 2, a=1)).json()["result"]["structuredContent"] == {"result": 3}
    client.session, known = None, client.session
    for told in (
        asked("ping"),
        called("add", a=1),
        noted("notifications/initialized"),
        {"id": "x", "result": {}},
    ):
        answer = client.post({"jsonrpc": "2.0", **told})
        assert (answer.status, answer.json()["error"]["code"]) == (400, -32600)
    assert client.listen().status == 400 and client.end() == 400
    client.session = known
    assert client.end() == 204
    for answer in (
        client.post(asked("ping")),
        client.post(noted("notifications/initialized")),
        client.listen(),
    ):
        assert answer.status == 404 and "initialize" in answer.json()["error"]["message"]
    assert client.end() == 404


def test_ids_are_not_to_be_guessed(address: Address) -> None:
    found = {Legacy(address).session for _ in range(50)}
    assert len(found) == 50 and None not in found
    assert len({len(one or "") for one in found}) == 1
    columns = zip(*(one or "" for one in found), strict=True)
    assert all(len(set(column)) > 10 for column in columns)


def test_modern_requests_need_none(address: Address) -> None:
    _, _, pairs, body = modern("tools/call", name="add", arguments={"a": 1})
    client = Legacy(address, begin=False)
    for session in ("", "made-up", Legacy(address).session or ""):
        mirrored = [pair for pair in pairs if pair[0].startswith("M")]
        connection = client.request("POST", body, mcp_session_id=session, pairs=mirrored)
        answer = Answer(connection)
        assert answer.status == 200 and answer.json()["result"]["structuredContent"] == {"result": 3}
        assert "mcp-session-id" not in answer.headers


def test_other_methods(address: Address) -> None:
    client = Legacy(address)
    assert client.listen(accept="application/json").status == 406
    assert client.listen(mcp_protocol_version="2026-07-28").status == 405
    answer = Answer(client.request("HEAD"))
    assert answer.status == 405 and answer.headers["allow"] == "DELETE, GET, POST"
    assert client.post(asked("ping"), mcp_protocol_version="2020-01-01").status == 400
    assert client.post("{").json()["error"]["code"] == -32700
    assert client.post([asked("ping")]).json()["error"]["code"] == -32600


def test_what_changed_is_told(address: Address) -> None:
    client, other = Legacy(address), Legacy(address)
    assert client.ask("resources/subscribe", uri="shop://about") == {"jsonrpc": "2.0", "id": 1, "result": {}}
    client.ask("resources/subscribe", uri="shop://several")
    stream, deaf = client.listen(), other.listen()
    assert stream.status == 200 and stream.headers["content-type"] == "text/event-stream"
    client.get("/changed/elsewhere")
    client.get("/changed/about")
    assert stream.event() == updated("shop://about")
    client.get("/changed-on-a-thread")
    assert stream.event() == updated("shop://about")
    client.ask("resources/unsubscribe", uri="shop://about")
    client.get("/changed/about")
    client.get("/changed/several")
    assert stream.event() == updated("shop://several")
    assert (client.end(), other.end()) == (204, 204)
    assert stream.event() is None and deaf.events() == []


def test_what_changed_while_nobody_listened(address: Address) -> None:
    client = Legacy(address)
    for name in ("about", "several"):
        client.ask("resources/subscribe", uri=f"shop://{name}")
        client.get(f"/changed/{name}")
    client.get("/changed/about")
    client.ask("resources/unsubscribe", uri="shop://several")
    stream = client.listen()
    assert stream.event() == updated("shop://about")
    client.end()
    assert stream.events() == []


def test_a_second_stream_takes_the_place_of_the_first(address: Address) -> None:
    client = Legacy(address)
    client.ask("resources/subscribe", uri="shop://about")
    first, second = client.listen(), client.listen()
    assert first.events() == []
    client.get("/changed/about")
    assert second.event() == updated("shop://about")
    second.leave()
    until(lambda: client.listen().status == 200)
    client.end()


def test_levels_of_log_messages(address: Address) -> None:
    client, other = Legacy(address), Legacy(address)
    assert client.ask("logging/setLevel", level="error")["result"] == {}
    for wrong in ({"level": "loud"}, {}):
        assert client.ask("logging/setLevel", **wrong)["error"]["code"] == -32602
    said = client.post(called("says", 3, steps=1)).events()
    assert [one["params"]["level"] for one in said[:-1]] == ["error", "error"]
    said = other.post(called("says", 3, steps=1)).events()
    assert len(said) == 6


@pytest.mark.parametrize("level", ["error", None])
def test_what_is_logged_when_nobody_reads_the_answer(address: Address, level: str | None) -> None:
    """It comes on the session's stream, where the client set a level."""
    client = Legacy(address)
    before = client.get("/notes")
    if level is not None:
        client.ask("logging/setLevel", level=level)
    stream = client.listen()
    waiting = client.post(called("waits"))
    assert waiting.event() == LOGGED
    waiting.leave()
    if level is not None:
        assert [stream.event(), stream.event()] == [LOGGED, LOGGED]
    client.post(noted("notifications/cancelled", requestId=1))
    until(lambda: since(client, before) == ["begun", "given up"])
    assert client.end() == 204
    assert all(one == LOGGED and level for one in stream.events())


def test_a_call_is_given_up(address: Address) -> None:
    client = Legacy(address)
    before = client.get("/notes")
    waiting = client.post(called("waits", 7))
    assert waiting.event() == LOGGED
    again = client.post(called("waits", 7))
    assert (again.status, again.json()["error"]["code"]) == (400, -32600)
    assert client.post(noted("notifications/cancelled", requestId="7")).status == 202
    assert client.post(noted("notifications/cancelled", requestId=7)).status == 202
    assert all("method" in one for one in waiting.events())
    until(lambda: since(client, before) == ["begun", "given up"])
    assert waited(client.post(called("waits", 7, turns=1)))


def test_the_end_of_a_session_is_that_of_its_calls(address: Address) -> None:
    client = Legacy(address)
    before = client.get("/notes")
    waiting = client.post(called("waits"))
    waiting.event()
    assert client.end() == 204
    assert all("method" in one for one in waiting.events())
    until(lambda: since(client, before) == ["begun", "given up"])


def test_a_call_goes_on_where_its_client_is_cut_off(address: Address) -> None:
    client = Legacy(address)
    before = client.get("/notes")
    waiting = client.post(called("waits", 5, turns=10))
    waiting.event()
    waiting.leave()
    until(lambda: since(client, before) == ["begun", "done"])
    assert waited(client.post(called("waits", 5, turns=1)))


def test_questions(address: Address) -> None:
    client, plain = Legacy(address, "2025-11-25", "elicitation"), Legacy(address)
    failed = plain.post(called("orders")).json()["result"]
    assert failed["isError"] and "elicitation" in failed["content"][0]["text"]
    asking = client.post(called("orders"))
    for content in ({"name": "hat"}, {}):
        question = asking.event()
        assert question is not None and question["method"] == "elicitation/create"
        said = {"action": "accept", "content": content}
        assert client.post({"jsonrpc": "2.0", "id": question["id"], "result": said}).status == 202
    (answer,) = asking.events()
    assert answer["result"]["structuredContent"] == {"name": "hat", "price": 2.0, "tags": ["accept"]}


@pytest.mark.parametrize("how", ["exit", "cancel"])
def test_a_tool_that_ends_oddly(address: Address, how: str) -> None:
    client = Legacy(address)
    failed = client.post(called("quits", how=how)).json()["result"]
    assert failed["isError"] and failed["content"][0]["text"] == "quits failed"
    assert client.ask("ping")["result"] == {}


def test_a_tool_that_does_not_heed_its_end(address: Address) -> None:
    client = Legacy(address)
    before = client.get("/notes")
    waiting = client.request("POST", json.dumps(called("heedless", 3)))
    until(lambda: since(client, before) == ["begun"])
    assert client.post(noted("notifications/cancelled", requestId=3)).status == 202
    answer = Answer(waiting)
    assert answer.status == 200 and answer.read() == b""
    assert client.end() == 204


def test_wishes_have_bounds(address: Address) -> None:
    client = Legacy(address)
    assert client.ask("resources/subscribe")["error"]["code"] == -32602
    assert client.ask("resources/subscribe", uri="x" * 3000)["error"]["code"] == -32602
    connection = http.client.HTTPConnection(*address, timeout=60)
    headers = {"mcp-session-id": client.session or "", "content-type": "application/json"}
    for number in range(1001):
        connection.request(
            "POST", "/mcp", json.dumps(asked("resources/subscribe", uri=f"x:{number}")), headers
        )
        last = json.loads(connection.getresponse().read())
        assert ("result" in last) == (number < 1000)
    assert client.ask("resources/subscribe", uri="x:0")["result"] == {}


def test_without_sessions(tmp_path: Path) -> None:
    """Nothing is kept, so nothing is promised: who subscribes is not refused, but could know better."""
    dist = build(tmp_path / "plain", SHOP["app.py"])
    with served(dist, "uvicorn", tmp_path / "log") as address:
        client = Legacy(address, begin=False)
        answer = client.post(asked("initialize", protocolVersion="2025-11-25"))
        assert "mcp-session-id" not in answer.headers
        assert answer.json()["result"]["capabilities"]["resources"] == {}
        assert client.ask("resources/subscribe", uri="shop://about")["result"] == {}
        assert (client.listen().status, client.end()) == (405, 405)
    wiring = (dist / "_conduit/wiring.py").read_text()
    assert "add(Door(offered, ('shop.example',)).entry(" in wiring


@needs_protocol
@pytest.mark.parametrize(("workers", "text", "told"), [("2", SESSIONS, True), ("2", SHOP["app.py"], False)])
def test_several_workers(tmp_path: Path, workers: str, text: str, told: bool) -> None:
    dist = build(tmp_path / "app", text)
    with served(dist, "protocol", tmp_path / "log", "--workers", workers):
        log = tmp_path / "log"
        said = "this app keeps sessions of MCP, each in one worker"
        if told:
            until(lambda: said in log.read_text())
        assert (said in log.read_text()) is told
