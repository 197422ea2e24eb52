"""Clients that misbehave: each gets its right answer, and the next request works, for them and for others."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mcp.patient import PING, builds, works
from tests.mcp.served import DOORS
from tests.mcp.speakers import Http, Pair, Pipes, Speaker, call, speaking
from tests.mcp.speaking import message

TRANSPORTS = ("http", "legacy", "sse", "stdio")
DOOR = [*DOORS][-1]

DEEP = b"[" * 10_000 + b"]" * 10_000
#: What is sent; the code that answers it, and the id.
MALFORMED: list[tuple[bytes, int, Any]] = [
    (b"{", -32700, None),
    (b"nul", -32700, None),
    (b'{"a": NaN}', -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":-Infinity}}', -32700, None),
    (b"'a'", -32700, None),
    (b"{}{}", -32700, None),
    (b"\xff\xfe", -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"\xc3"}', -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"\xed\xa0\x80"}', -32700, None),
    (b"\xef\xbb\xbf" + PING % b"1", -32700, None),
    (PING % b"1" + b"\x00", -32700, None),
    (b"\x00" + PING % b"1", -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"pi\x00ng"}', -32700, None),
    (DEEP, -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"arguments":%b}}' % DEEP, -32700, None),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"unknown":%b}}' % DEEP, -32700, None),
    (b'{"jsonrpc":"2.0","id":"x","result":%b}' % DEEP, -32700, None),
    (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, -32700, None),
    (PING % b"1e400", -32700, None),
    (b"[]", -32600, None),
    (b"[%b]" % (PING % b"1"), -32600, None),
    (b"[%b,%b]" % (PING % b"1", PING % b"2"), -32600, None),
    (b"1", -32600, None),
    (b'"ping"', -32600, None),
    (b"null", -32600, None),
    (b"{}", -32600, None),
    (PING % b"1.5", -32600, None),
    (PING % b"true", -32600, None),
    (PING % b"null", -32600, None),
    (PING % b"{}", -32600, None),
    (PING % b"[1]", -32600, None),
    (b'{"jsonrpc":"2.0","id":9,"method":7}', -32600, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":null}', -32600, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":["ping"]}', -32600, 9),
    (b'{"jsonrpc":"1.0","id":9,"method":"ping"}', -32600, 9),
    (b'{"jsonrpc":2.0,"id":9,"method":"ping"}', -32600, 9),
    (b'{"id":9,"method":"ping"}', -32600, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":"ping","params":[1]}', -32602, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":"ping","params":"x"}', -32602, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":"ping","params":null}', -32602, 9),
    (b'{"jsonrpc":"2.0","id":9,"method":"ping","params":{"_meta":7}}', -32602, 9),
]
#: What nobody answers.
SILENT = [
    b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"nobody asked"}}',
    b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}',
    b'{"jsonrpc":"2.0","method":"notifications/cancelled"}',
    b'{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":2}}',
    b'{"jsonrpc":"2.0","method":"notifications/nobody/knows"}',
    b'{"jsonrpc":"2.0","method":"tools/call","params":{"name":"add","arguments":{"a":1}}}',
    b'{"jsonrpc":"2.0","method":"ping"}',
    b'{"jsonrpc":"2.0","id":"nobody asked","result":{}}',
    b'{"jsonrpc":"2.0","id":77,"error":{"code":-1,"message":"no"}}',
    b'{"jsonrpc":"2.0","id":"both","result":{},"error":{"code":-1,"message":"no"}}',
]


@pytest.fixture(scope="module")
def dists(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return builds(tmp_path_factory.mktemp("patient"))


@pytest.fixture(scope="module", params=TRANSPORTS)
def spoken(request: pytest.FixtureRequest, dists: dict[str, Path]) -> Iterator[Speaker]:
    with speaking(request.param, dists[request.param.replace("legacy", "http")], DOOR) as (speaker, process):
        yield speaker
        assert process.poll() is None


def answer(speaker: Speaker, raw: bytes) -> tuple[int, Any]:
    """The code and the id of the error that answers it."""
    if isinstance(speaker, Http):
        status, said = speaker.raw(raw)
        assert status == 400
        found = said[-1]
    else:
        send(speaker, raw)
        found = speaker.read()
    assert isinstance(found["error"]["message"], str)
    return found["error"]["code"], found["id"]


def send(speaker: Speaker, raw: bytes) -> None:
    if isinstance(speaker, Pipes):
        speaker.write(raw + b"\n")
    elif isinstance(speaker, Pair):
        assert speaker.post(raw) == 202
    else:
        assert speaker.raw(raw) == (202, [])


@pytest.mark.parametrize(("raw", "code", "id_"), MALFORMED, ids=[repr(one[0][:60]) for one in MALFORMED])
def test_what_is_no_message(spoken: Speaker, raw: bytes, code: int, id_: Any) -> None:
    if spoken.modern and isinstance(spoken, Http) and code == -32602:
        pytest.skip("its headers are looked at first")
    if isinstance(spoken, Http) and not spoken.modern and code == -32602:
        found = spoken.raw(raw)[1][-1]
        assert (found["error"]["code"], found["id"]) == (code, id_)
    else:
        assert answer(spoken, raw) == (code, id_)
    assert works(spoken)


@pytest.mark.parametrize("raw", SILENT)
def test_what_is_not_answered(spoken: Speaker, raw: bytes) -> None:
    send(spoken, raw)
    assert works(spoken)


def test_odd_messages_that_are_good(spoken: Speaker) -> None:
    if isinstance(spoken, Http) and spoken.modern:
        pytest.skip("ping is of the other era")
    for id_ in (b"0", b"-1", b"9007199254740993", b"18446744073709551616", b'""', b'"\\u0000\\ud83d\\ude00"'):
        raw = b' \r\t {"id":%b, "method":"ping", "jsonrpc":"2.0", "more":[{}]} \r' % id_
        if isinstance(spoken, Http):
            status, (found,) = spoken.raw(raw)
            assert status == 200
        else:
            send(spoken, raw)
            found = spoken.read()
        if spoken.modern:  # it says which version it speaks, or what it lacks
            assert found["id"] == json.loads(id_)
        else:
            assert found == {"jsonrpc": "2.0", "id": json.loads(id_), "result": {}}
    twice = b'{"jsonrpc":"2.0","id":1,"id":2,"method":"nope","method":"ping"}'
    if isinstance(spoken, Http):
        found = spoken.raw(twice)[1][0]
    else:
        send(spoken, twice)
        found = spoken.read()
    assert found["id"] == 2 and "result" in found  # what is said last holds


def test_methods_that_are_not_there(spoken: Speaker) -> None:
    for method in ("nope", "tools/Call", "tools/call ", "", "__init__", "rpc.discover", "é", "x" * 10_000):
        told = message(method, method[:20], **({} if spoken.modern else {"_meta": None}))
        if isinstance(spoken, Http) and spoken.modern and not (method.isascii() and method.strip() == method):
            continue  # no header can say it so
        if method == "" and isinstance(spoken, Http) and spoken.modern:
            continue
        if isinstance(spoken, Http):
            status, (found,) = spoken.raw(json.dumps(told).encode(), told)
            assert status == (404 if spoken.modern else 200)
        else:
            found = spoken.ask(told)
        assert found["error"]["code"] == -32601 and len(found["error"]["message"]) < 200
    assert works(spoken)


def test_a_megabyte_and_more(spoken: Speaker) -> None:
    assert call(spoken, "echo", text="x" * 1_000_000)["result"]["structuredContent"] == {"result": 1_000_000}
    raw = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"' + b"x" * 1_000_000
    assert answer(spoken, raw) == (-32700, None)
    over = b'{"x":"' + b"x" * ((1 << 24) + 10) + b'"}'
    if isinstance(spoken, Pipes):
        assert answer(spoken, over) == (-32600, None)
    elif isinstance(spoken, Pair):
        assert spoken.post(over) == 413
        spoken.beside.close()
    else:
        assert spoken.raw(over) == (413, [])
        spoken.connection.close()
    assert works(spoken)


def test_ids_that_are_under_way(spoken: Speaker) -> None:
    if isinstance(spoken, Http):
        pytest.skip("requests over HTTP know nothing of each other")
    told = message("tools/call", "same", name="waits", arguments={})
    if not spoken.modern:
        del told["params"]["_meta"]
    for _ in range(2):
        send(spoken, json.dumps(told).encode())
    found = spoken.read()
    assert (found["id"], found["error"]["code"]) == ("same", -32600)
    cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "same"}}
    send(spoken, json.dumps(cancelled).encode())
    send(spoken, json.dumps(cancelled).encode())
    assert works(spoken, "same")  # the id is free again, and the call that was given up is not answered


def test_more_calls_than_one_client_may_have(spoken: Speaker) -> None:
    if isinstance(spoken, Http):
        pytest.skip("requests over HTTP know nothing of each other")
    told = message("tools/call", 0, name="waits", arguments={})
    if not spoken.modern:
        del told["params"]["_meta"]
    for id_ in range(1001):
        send(spoken, json.dumps({**told, "id": id_}).encode())
    found = spoken.read()
    assert (found["id"], found["error"]["code"]) == (1000, -32603)
    assert works(spoken)
    for id_ in range(1001):
        params = {"requestId": id_}
        told_ = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}
        send(spoken, json.dumps(told_).encode())
    assert works(spoken)


def test_lines_of_any_kind(dists: dict[str, Path]) -> None:
    ping = PING.replace(b'"id":%b', b'"id":%d')
    with speaking("stdio", dists["stdio"]) as (pipes, _):
        assert isinstance(pipes, Pipes)
        pipes.write(b"\n\r\n \t \n" + ping % 1 + b"\r\n\n" + ping % 2 + b"\n" + ping % 3 + b"\n")
        assert [pipes.read()["id"] for _ in range(3)] == [1, 2, 3]
        for byte in ping % 4 + b"\n":
            pipes.write(bytes([byte]))
        assert pipes.read()["id"] == 4
        pipes.write(b'{"half": ')
        assert pipes.end() == 0
        assert pipes.read()["error"]["code"] == -32700


def test_half_a_line_beside_a_call(dists: dict[str, Path]) -> None:
    with speaking("stdio", dists["stdio"]) as (pipes, _):
        assert isinstance(pipes, Pipes)
        call(pipes, "much", size=1)
        pipes.write(PING % b"5")  # a good message without its line end is one all the same
        assert pipes.end() == 0
        assert pipes.read()["id"] == 5
