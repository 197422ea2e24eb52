"""Several messages in one array, in 2025-03-26 and nowhere else: over HTTP, with sessions or without, over
pipes."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conduit.mcp.batches import MOST, Batch
from conduit.mcp.messages import Malformed

from tests.http.running import needs_protocol
from tests.http.serving import until
from tests.mcp.callers import build
from tests.mcp.legacy import SESSIONS, Legacy, asked, called, noted, served
from tests.mcp.programs import SHOP
from tests.mcp.speaking import PREFIX, VERSION, post
from tests.mcp.test_stdio import serving
from tests.service.ways import WAYS, answers

KNOWN = "2025-03-26"
PING = {"jsonrpc": "2.0", "id": 1, "result": {}}
TOLD = [noted("notifications/initialized"), {"jsonrpc": "2.0", "id": "x", "result": {}}]


def codes(several: list[dict[str, Any]]) -> list[Any]:
    """The ids of answers, and the codes of errors among them."""
    return [(one["id"], one["error"]["code"]) if "error" in one else one["id"] for one in several]


def mixed() -> list[Any]:
    """A good one after each bad one."""
    modern = asked("ping", 7, _meta={f"{PREFIX}protocolVersion": VERSION, f"{PREFIX}clientCapabilities": {}})
    return [
        called("add", 1, a=1),
        *TOLD,
        *(
            17,
            None,
            [asked("ping", 2)],
            {},
            {"jsonrpc": "2.0"},
            {"jsonrpc": "1.0", "id": 3, "method": "ping"},
        ),
        asked("nope", "four"),
        asked("initialize", 5, protocolVersion=KNOWN),
        {"jsonrpc": "2.0", "id": 6, "method": "tools/call", "params": {"name": 1}},
        modern,
        asked("tools/call", 8, name="nope"),
        asked("ping", 9),
    ]


BAD = [
    *((None, -32600) for _ in range(5)),
    (3, -32600),
    ("four", -32601),
    (5, -32600),
    (6, -32602),
    (7, -32600),
]


@pytest.mark.parametrize("way", WAYS)
def test_over_http_without_sessions(way: str, tmp_path: Path) -> None:
    slow = [called("orders", 1), called("add", 2, a=1), called("says", 3, steps=1), called("hangs", 4)]
    quiet = [called("hangs", 1), asked("ping", 2), called("hangs", 3)]
    given = [
        *(
            [
                mixed(),
                TOLD,
                [],
                [asked("ping", n) for n in range(MOST + 1)],
                [asked("ping", n) for n in range(MOST)],
            ]
        ),
        *(quiet, slow[1:], "[1", "[1,]", '[{"jsonrpc":"2.0","id":1,"method":"ping"}] 1'),
    ]
    found = answers(way, SHOP, [*map(post, given), post(mixed(), MCP_Protocol_Version=KNOWN)], tmp_path)
    for answer in (found[0], found[-1]):
        assert answer[0] == 200 and codes(json.loads(answer[2])) == [1, *BAD, (8, -32602), 9]
    assert found[1][0] == 202 and found[1][2] == ""
    for answer in found[2:4]:
        assert answer[0] == 400 and codes([json.loads(answer[2])]) == [(None, -32600)]
    assert codes(json.loads(found[4][2])) == [*range(MOST)]
    assert codes(json.loads(found[5][2])) == [1, 2, 3]
    assert ["content-type", "text/event-stream"] in [list(pair) for pair in found[6][1]]
    said = [json.loads(line[6:]) for line in found[6][2].splitlines() if line.startswith("data: ")]
    assert sorted(one["id"] for one in said if "id" in one) == [2, 3, 4]
    assert sum("method" in one for one in said) == 5
    for answer in found[7:10]:
        assert answer[0] == 400 and codes([json.loads(answer[2])]) == [(None, -32700)]


@pytest.mark.parametrize("version", ["2024-11-05", "2025-06-18", "2025-11-25", VERSION, "2020-01-01"])
def test_other_versions_over_http(version: str, tmp_path: Path) -> None:
    (found,) = answers("python", SHOP, [post([asked("ping")], MCP_Protocol_Version=version)], tmp_path)
    assert found[0] == 400 and codes([json.loads(found[2])]) == [(None, -32600)]


@pytest.fixture(scope="module", params=[pytest.param("protocol", marks=needs_protocol), "uvicorn"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, int]]:
    folder = tmp_path_factory.mktemp("batches")
    with served(build(folder, SESSIONS), request.param, folder / "log") as found:
        yield found


def test_over_http_with_sessions(address: tuple[str, int]) -> None:
    client = Legacy(address, KNOWN, "elicitation")
    assert codes(client.post(mixed()).json()) == [1, *BAD, (8, -32602), 9]
    assert client.post(TOLD).status == 202
    other = Legacy(address, "2025-06-18")
    for more in ({}, {"mcp_protocol_version": KNOWN}):  # the session's version decides
        assert codes([other.post([asked("ping")], **more).json()]) == [(None, -32600)]
    client.session = None
    assert client.post([asked("ping")]).status == 400
    client.session = "made-up"
    assert client.post([asked("ping")]).status == 404


def test_calls_that_take_time(address: tuple[str, int]) -> None:
    client = Legacy(address, KNOWN, "elicitation")
    before = client.get("/notes")
    several = client.post(
        [called("waits", 1), called("orders", 2), called("add", 3, a=1), called("waits", 1)]
    )
    question = next(one for one in iter(several.event, None) if one["method"] == "elicitation/create")
    declined = {"jsonrpc": "2.0", "id": question["id"], "result": {"action": "decline"}}
    assert client.post([declined, noted("notifications/cancelled", requestId=1)]).status == 202
    said = [one for one in several.events() if "id" in one]
    assert sorted(map(str, codes(said))) == ["(1, -32600)", "2", "3"]
    until(lambda: json.loads(client.get("/notes"))[len(json.loads(before)) :] == ["begun", "given up"])


def test_over_pipes(tmp_path: Path) -> None:
    dist = build(tmp_path, SESSIONS)
    with serving(dist) as server:
        server.send([asked("ping")])
        assert server.read()["error"]["code"] == -32600
        for version in ("2025-11-25", "2025-06-18", "2024-11-05"):
            server.send(asked("initialize", protocolVersion=version), [asked("ping")])
            assert server.read()["result"]["protocolVersion"] == version
            assert codes([server.read()]) == [(None, -32600)]
        server.send(
            asked("initialize", protocolVersion=KNOWN), mixed(), TOLD, [], [asked("ping")] * (MOST + 1)
        )
        assert server.read()["result"]["protocolVersion"] == KNOWN
        found: Any = server.read()
        assert codes(found) == [1, *BAD, (8, -32602), 9]
        assert codes([server.read(), server.read()]) == [(None, -32600)] * 2
        server.send([called("waits", 1), called("hangs", 2), asked("ping", 3)])
        assert server.read()["method"] == "notifications/message"
        server.send([asked("ping", 4), noted("notifications/cancelled", requestId=1), called("waits", 2)])
        lists = []
        while len(lists) < 2:
            told: Any = server.read()
            if isinstance(told, list):
                lists.append(codes(told))
        assert lists == [[4, (2, -32600)], [2, 3]]
        server.send([called("waits", 1)], [noted("notifications/cancelled", requestId=1)], asked("ping", 5))
        while (told := server.read()).get("id") != 5:
            assert "method" in told


def test_texts_of_elements_are_not_touched() -> None:
    """Whatever stands between brackets is found where it stands, by whatever JSON is like."""
    read: list[Any] = []
    odd = ' {"jsonrpc":"2.0","method":"a\\u005d\\"],[","params":{"cursor":"\\ud83d\\ude00é ]"}}'
    Batch(f"\n[{odd}\t,\r\n{odd} ] \n".encode(), read.append)
    assert [one.method for one in read] == ['a]"],['] * 2
    assert [one.params.cursor for one in read] == ["😀é ]"] * 2


@pytest.mark.parametrize(
    "raw",
    [
        b"[",
        b"[]",
        b"[ ]",
        b"[1",
        b"[1,",
        b"[1 1]",
        b"[1]]",
        b"[1]x",
        b"[,]",
        b"[nul]",
        b"[\xff]",
        b"[" * 100_000,
    ],
)
def test_what_is_no_array(raw: bytes) -> None:
    with pytest.raises(Malformed):
        Batch(raw, lambda message: None)


def test_a_long_array_of_nothing_costs_little() -> None:
    import tracemalloc

    raw = b"[" + b"1," * 8_000_000 + b"1]"
    tracemalloc.start()
    with pytest.raises(Malformed, match="at most"):
        Batch(raw, lambda message: None)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < len(raw) * 2


def test_changed_bytes_never_surprise() -> None:
    chance = random.Random(5)
    whole = json.dumps([asked("ping", 1), called("add", "é", a=1.5e3), noted("x"), [{}], None]).encode()
    for _ in range(3000):
        made = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(made))
            made[at : at + chance.randrange(2)] = bytes(
                chance.choices(b'[]{},:"\\ 1e\xc3\x00', k=chance.randrange(3))
            )
        try:
            batch = Batch(bytes(made), lambda message: b"null")
        except Malformed as error:
            assert error.code in (-32700, -32600)
        else:
            ready = batch.ready()
            assert ready is not None and len(json.loads(ready)) == len(batch.answers)
