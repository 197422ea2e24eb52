"""Attacks on sessions: all are refused, and the session that was meant goes on as before."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.http.running import needs_protocol
from tests.mcp.callers import build
from tests.mcp.legacy import SESSIONS, Legacy, asked, called, noted, served

WAYS = [pytest.param("protocol", marks=needs_protocol), "uvicorn"]
Address = tuple[str, int]
#: The same program for those who have a token: any two words, the first of which names them.
GUARDED = SESSIONS.replace(
    "app.enable_mcp(",
    """

def verify(text):
    return Token(text.split("-")[0], ()) if "-" in text else None


app.enable_mcp(
    auth=Bearer(verify),
    """,
).replace("from conduit.mcp import", "from conduit.auth import Bearer, Token\nfrom conduit.mcp import")


@pytest.fixture(scope="module", params=WAYS)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    folder = tmp_path_factory.mktemp("attacked")
    with served(build(folder, SESSIONS), request.param, folder / "log") as found:
        yield found


@pytest.fixture
def victim(address: Address) -> Iterator[Legacy]:
    """A client whose session works before and after."""
    client = Legacy(address, "2025-11-25", "elicitation")
    yield client
    assert client.ask("ping")["result"] == {}


def attacker(victim: Legacy, **headers: str) -> Legacy:
    """Another client, with a session of its own."""
    return Legacy(victim.address, "2025-11-25", "elicitation", **headers)


def tries(client: Legacy, session: str | None = None, **more: Any) -> set[int]:
    """The statuses of all that can be done with a session."""
    if session is not None:
        more["mcp_session_id"] = session
    posts = [asked("ping"), called("add", a=1), noted("notifications/initialized"), [asked("ping")]]
    found = {client.post(told, **more).status for told in posts}
    return found | {client.listen(**more).status, client.end(**more)}


def test_guessed_ids(victim: Legacy) -> None:
    known = victim.session or ""
    guesses = [known[:-1], known + "A", known.swapcase(), known[::-1], "1", "session", "0" * 32, "*", "null"]
    thief = Legacy(victim.address, begin=False)
    assert {status for one in guesses for status in tries(thief, one)} == {404}


def test_the_id_of_a_session_that_has_ended(victim: Legacy) -> None:
    ended = attacker(victim)
    assert ended.end() == 204
    assert tries(ended) == {404}


def test_an_id_of_the_clients_choice_is_never_adopted(victim: Legacy) -> None:
    """Fixation: who plants an id would know the session of whoever takes it."""
    thief = Legacy(victim.address, begin=False)
    for planted in ("planted-by-an-attacker", victim.session or ""):
        answer = thief.post(asked("initialize", protocolVersion="2025-11-25"), mcp_session_id=planted)
        given = answer.headers["mcp-session-id"]
        assert answer.status == 200 and given not in (planted, victim.session)
    assert tries(thief, "planted-by-an-attacker") == {404}


@pytest.mark.parametrize("name", ["session_id", "sessionId", "Mcp-Session-Id", "mcp-session-id"])
def test_an_id_in_the_query(victim: Legacy, name: str) -> None:
    """It would stand in logs, and in what other pages see."""
    thief = Legacy(victim.address, begin=False)
    assert tries(thief, place=f"/mcp?{name}={victim.session}") == {400}


def test_two_ids(victim: Legacy) -> None:
    """A proxy may look at the first, we at the last."""
    thief = attacker(victim)
    both = (thief.session or "", victim.session or "")
    for first, second in (both, both[::-1], (both[0], both[0])):
        assert tries(thief, first, pairs=[("mcp-session-id", second)]) == {400}
    assert tries(thief, ", ".join(both)) == {404}
    assert tries(thief, " ".join(both)) == {404}


def test_ids_that_are_none(victim: Legacy) -> None:
    """Control characters, other alphabets, and too long ones: no error of ours, and no session."""
    known = victim.session or ""
    thief = Legacy(victim.address, begin=False)
    for one in ("\x7f", f"{known}\t{known}", f"{known}\xe9", f"{known}%00", "x" * 6000, "../../etc/passwd"):
        assert tries(thief, one) <= {400, 404}, one
    for one in (f"{known}\x00", f"\x01{known}", f"{known}\x1b[0m"):
        assert not {200, 202, 204, 500} & set(map(_status, _raw(thief, one)))


def _raw(client: Legacy, session: str) -> Iterator[bytes]:
    """The first lines of the answers to an id that no client would send."""
    import socket

    for method, body in (("POST", json.dumps(asked("ping"))), ("DELETE", ""), ("GET", "")):
        head = (
            f"{method} /mcp HTTP/1.1\r\nhost: localhost\r\nmcp-session-id: {session}\r\nconnection: close\r\n"
        )
        with socket.create_connection(client.address, 30) as made:
            made.sendall(f"{head}content-length: {len(body)}\r\n\r\n{body}".encode("latin-1"))
            yield made.makefile("rb").readline()


def _status(line: bytes) -> int:
    """0 where the connection was just closed."""
    return int(line.split()[1]) if line else 0


def test_a_modern_request_does_not_go_by_a_session(victim: Legacy) -> None:
    """What it says of one is nothing to us: it neither uses nor touches it."""
    thief = Legacy(victim.address, begin=False)
    modern = {"mcp_protocol_version": "2026-07-28", "mcp_session_id": victim.session or ""}
    told = {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}
    told["_meta"] |= {"io.modelcontextprotocol/clientCapabilities": {}}  # type: ignore[dict-item]
    answer = thief.post(asked("tools/list", **told), mcp_method="tools/list", **modern)
    assert answer.status == 200 and "mcp-session-id" not in answer.headers
    answer = thief.post(
        asked("resources/subscribe", uri="x:y", **told), mcp_method="resources/subscribe", **modern
    )
    assert (answer.status, answer.json()["error"]["code"]) == (404, -32601)
    assert (thief.listen(**modern).status, thief.end(**modern)) == (405, 405)


def test_another_s_question_is_not_settled(victim: Legacy) -> None:
    thief = attacker(victim)
    asking = victim.post(called("orders"))
    question = asking.event()
    assert question is not None
    said = {
        "jsonrpc": "2.0",
        "id": question["id"],
        "result": {"action": "accept", "content": {"name": "forged"}},
    }
    assert thief.post(said).status == 202
    assert Legacy(victim.address, begin=False).post(said).status == 400
    thief.version = "2026-07-28"
    assert thief.post(said, mcp_protocol_version="2026-07-28", mcp_session_id="").status == 202
    said["result"] = {"action": "decline"}
    assert victim.post(said).status == 202
    assert asking.events()[-1]["result"]["content"][0]["text"] == "nothing is ordered"


def test_another_s_call_is_not_cancelled(victim: Legacy) -> None:
    thief = attacker(victim)
    waiting = victim.post(called("waits", 7, turns=25))
    waiting.event()
    for client in (thief, Legacy(victim.address, begin=False)):
        client.post(noted("notifications/cancelled", requestId=7))
    thief.end()
    assert waiting.events()[-1]["result"]["content"][0]["text"] == "waited"


def test_another_s_stream_is_not_heard(victim: Legacy) -> None:
    thief = attacker(victim)
    victim.ask("resources/subscribe", uri="shop://about")
    mine, theirs = victim.listen(), thief.listen()
    assert Legacy(victim.address, begin=False).listen().status == 400
    assert thief.listen(place=f"/mcp?session_id={victim.session}").status == 200  # its own, once more
    victim.get("/changed/about")
    assert mine.event() == noted("notifications/resources/updated", uri="shop://about")
    thief.end()
    assert theirs.events() == []


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "file://"]
)
def test_a_session_that_another_site_s_page_would_use(victim: Legacy, origin: str) -> None:
    """Even where it knows the id."""
    for headers in ({"origin": origin}, {"host": "evil.example"}):
        if "host" in headers:
            assert _of_host(victim, headers["host"]) == 403
        else:
            assert tries(victim, **headers) == {403}


def _of_host(client: Legacy, host: str) -> int:
    import http.client

    connection = http.client.HTTPConnection(*client.address, timeout=30)
    connection.request("DELETE", "/mcp", headers={"host": host, "mcp-session-id": client.session or ""})
    return connection.getresponse().status


def test_another_subject(tmp_path: Path) -> None:
    """A session belongs to whom its first token named; who has stolen the id needs that one's token, too."""
    with served(build(tmp_path / "guarded", GUARDED), "uvicorn", tmp_path / "log") as address:
        victim = Legacy(address, authorization="Bearer ada-1")
        waiting = victim.post(called("waits", 7, turns=25))
        waiting.event()
        thief = Legacy(address, authorization="Bearer eve-1")
        assert tries(thief, victim.session) == {404}
        thief.post(noted("notifications/cancelled", requestId=7), mcp_session_id=victim.session or "")
        assert tries(Legacy(address, begin=False), victim.session) == {401}
        assert tries(Legacy(address, begin=False, authorization="Bearer none"), victim.session) == {401}
        assert waiting.events()[-1]["result"]["content"][0]["text"] == "waited"
        victim.headers["authorization"] = "Bearer ada-2"  # the next token of the same one
        assert victim.ask("ping")["result"] == {} and victim.end() == 204


def test_a_flood_of_beginnings(victim: Legacy) -> None:
    """More than are kept; sessions that are in use stay, those that were never used go."""
    import http.client

    victim.ask("resources/subscribe", uri="shop://about")
    stream = victim.listen()
    idle = attacker(victim)
    connection = http.client.HTTPConnection(*victim.address, timeout=60)
    body = json.dumps(asked("initialize", protocolVersion="2025-11-25", capabilities={"x" * 1000: {}}))
    first = None
    for _number in range(10_050):
        connection.request("POST", "/mcp", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        first = first or answer.headers["mcp-session-id"]
    assert Legacy(victim.address, begin=False).post(asked("ping"), mcp_session_id=first or "").status == 404
    assert idle.ask("ping")["result"] == {}
    victim.get("/changed/about")
    assert stream.event() == noted("notifications/resources/updated", uri="shop://about")


def test_ids_are_told_to_nobody(victim: Legacy) -> None:
    """Neither another client nor an error learns of a session's id."""
    thief = attacker(victim)
    told = [thief.post(called("orders")).event()]
    answers = [
        thief.post(asked("tools/list")),
        thief.post(asked("ping"), mcp_session_id="x"),
        thief.post("["),
    ]
    text = json.dumps(told) + "".join(one.read().decode() + str(one.headers) for one in answers)
    assert (victim.session or "") not in text and (thief.session or "") not in text
