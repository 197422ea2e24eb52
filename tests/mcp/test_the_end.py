"""A server that ends does not wait for clients who only listen; a call under way is answered first."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.http.running import needs_protocol, running
from tests.mcp.callers import build
from tests.mcp.legacy import SESSIONS, Answer, Legacy, called
from tests.mcp.speaking import headers, message
from tests.mcp.test_sse import Stream
from tests.mcp.test_sse import asked as by_the_pair

pytestmark = [
    needs_protocol,
    pytest.mark.parametrize("options", [[], ["--single"]], ids=["uvicorn", "single"]),
]
#: What it would wait at most.
DRAIN = 50


def ends(server: Any) -> None:
    """In order, and with nothing cut off when all the time was over."""
    server.terminate()
    assert server.wait() == 0
    assert "Traceback" not in server.output() and "not answered" not in server.output()


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("ends"), SESSIONS)


def test_streams_of_http(dist: Path, tmp_path: Path, options: list[str]) -> None:
    with running(dist, tmp_path / "log", *options, "--drain-seconds", str(DRAIN)) as server:
        client = Legacy(server.address)
        stream = client.listen()
        waiting = client.post(called("waits", turns=10))
        waiting.event()
        told = message(
            "subscriptions/listen", id="mine", notifications={"resourceSubscriptions": ["shop://about"]}
        )
        mirrored = {name.lower(): value for name, value in headers(told).items() if name != "host"}
        modern = Answer(client.request("POST", json.dumps(told), **mirrored))
        acknowledged = modern.event()
        assert acknowledged is not None and acknowledged["method"].endswith("acknowledged")
        ends(server)
        assert stream.events() == []
        (last,) = modern.events()
        assert (last["id"], last["result"]["resultType"]) == ("mine", "complete")
        assert waiting.events()[-1]["result"]["content"][0]["text"] == "waited"


def test_the_old_pair(tmp_path: Path, options: list[str]) -> None:
    dist = build(tmp_path / "pair", SESSIONS.replace("sessions=True", 'transport="sse"'))
    with running(dist, tmp_path / "log", *options, "--drain-seconds", str(DRAIN)) as server:
        idle, stream = Stream(server.address), Stream(server.address)
        stream.post(by_the_pair("initialize", 1, protocolVersion="2024-11-05"))
        stream.post(by_the_pair("tools/call", 2, name="waits", arguments={"turns": 10}))
        assert stream.read()["id"] == 1 and "method" in stream.read()
        ends(server)
        assert idle.answer.read() == b""
        while (told := stream.read()).get("id") != 2:
            assert "method" in told
        assert told["result"]["content"][0]["text"] == "waited"
