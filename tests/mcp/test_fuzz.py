"""Malformed messages by the thousand: no 500, no hang, no death, only answers of the protocol, and the next
good call works.

A sample for each transport; with ``CONDUIT_SOAK=1`` 10,000 for each transport, target and way to serve.
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mcp.garbage import garbage
from tests.mcp.served import DOORS, TARGETS, build
from tests.mcp.speakers import Http, Pair, Pipes, Speaker, call, speaking

SOAK = os.environ.get("CONDUIT_SOAK") == "1"
COUNT = 10_000 if SOAK else 300
CODES = {-32700, -32600, -32601, -32602, -32603, -32020, -32021, -32022}
#: How many come before it is looked whether a good call works.
TOGETHER = 25

PROGRAM = '''from conduit import Conduit

app = Conduit(title="Fuzzed")
app.enable_mcp(TRANSPORT)


@app.tool()
def add(a: int, b: int = 2) -> int:
    """Add."""
    return a + b


@app.tool(schema={"type": "object", "properties": {"value": {}}, "required": ["value"]})
async def echo(value, ctx: Context):
    """Give it back."""
    ctx.info(value)
    return value


@app.resource("thing://items/{id}")
def item(id: int) -> str:
    """An item."""
    return str(id)


@app.prompt()
def review(code: str, level: int = 1) -> str:
    """Ask for a review."""
    return code * level


@app.completion("review", "code")
def codes(value: str) -> list[str]:
    return [value + "1"]
'''.replace("import Conduit\n", "import Conduit, Context\n")

TRANSPORTS = ("http", "legacy", "sse", "stdio")
SAMPLE = [
    ("http", "httptools", "python"),
    ("legacy", [*DOORS][-1], "python"),
    ("sse", [*DOORS][-1], "python"),
    ("stdio", "", "python"),
]
EVERY = [
    (transport, door, target)
    for target in TARGETS
    for transport in TRANSPORTS
    for door in ([one for one in DOORS if one != "h11"] if transport != "stdio" else [""])
]


@pytest.fixture(scope="module")
def dists(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    folder = tmp_path_factory.mktemp("fuzzed")
    wanted = {(one.replace("legacy", "http"), target) for one, _, target in (EVERY if SOAK else SAMPLE)}
    return {
        key: build(folder / "-".join(key), PROGRAM.replace("TRANSPORT", f'transport="{key[0]}"'), key[1])
        for key in wanted
    }


@pytest.mark.parametrize("way", EVERY if SOAK else SAMPLE, ids="-".join)
def test_no_message_does_harm(dists: Any, way: tuple[str, str, str]) -> None:
    transport, door, target = way
    dist = dists[transport.replace("legacy", "http"), target]
    with speaking(transport, dist, door) as (speaker, process):
        messages = [*garbage(20261121, COUNT, speaker.modern)]
        for turn in range(0, COUNT, TOGETHER):
            several = messages[turn : turn + TOGETHER]
            for raw, answer in answers(speaker, several, f"call {turn}"):
                assert is_answer(answer), (raw[:300], answer)
            assert process.poll() is None
        if isinstance(speaker, Pipes):
            assert speaker.end() == 0


def answers(speaker: Speaker, several: Iterable[bytes], id_: str) -> Iterator[tuple[bytes, Any]]:
    """What came for messages, each with one of those that it may be for; then a good call is answered."""
    if isinstance(speaker, Http):
        for raw in several:
            status, said = speaker.raw(raw, _decoded(raw))
            assert status < 500 and (said or status in (202, 400, 403, 404, 413)), (raw[:300], status)
            yield from ((raw, one) for one in said)
        found = call(speaker, "add", id_, a=1)
    else:
        for raw in several:
            if isinstance(speaker, Pair):
                assert speaker.post(raw) in (202, 413), raw[:300]
            else:
                speaker.write(raw + b"\n")
        found, others = _up_to(speaker, id_)
        yield from ((b"", one) for one in others)
    assert found["result"]["structuredContent"] == {"result": 3}


def _up_to(speaker: Pair | Pipes, id_: str) -> tuple[dict[str, Any], list[Any]]:
    """The answer to a good call, and all that came before."""
    others: list[Any] = []

    class Listening:
        modern = speaker.modern

        def ask(self, told: dict[str, Any]) -> dict[str, Any]:
            text = json.dumps(told).encode()
            if isinstance(speaker, Pair):
                assert speaker.post(text) == 202
            else:
                speaker.write(text + b"\n")
            while True:
                found = speaker.read()
                if isinstance(found, dict) and found.get("id") == id_ and "method" not in found:
                    return found
                others.append(found)

    return call(Listening(), "add", id_, a=1), others  # type: ignore[arg-type]


def _decoded(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def is_answer(found: Any) -> bool:
    """Whether it is JSON-RPC, be it an answer, several, or a notification."""
    if isinstance(found, list):
        return bool(found) and all(map(is_answer, found))
    if not isinstance(found, dict) or found.get("jsonrpc") != "2.0":
        return False
    if "method" in found:
        return "id" not in found and isinstance(found["method"], str)
    if "error" in found:
        error = found["error"]
        known = error["code"] in CODES and isinstance(error["message"], str) and error["message"]
        return bool(known) and "result" not in found and "id" in found
    return isinstance(found["result"], dict) and type(found["id"]) in (int, str)
