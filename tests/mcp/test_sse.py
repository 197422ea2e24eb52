"""The old pair of a GET that stays open and POSTs beside it, by hand."""

import http.client
import json
from pathlib import Path
from typing import Any

import pytest

from tests.http.running import needs_protocol, running
from tests.mcp.programs import SHOP
from tests.mcp.test_stdio import built

PAIR = {"app.py": SHOP["app.py"].replace("app.enable_mcp(", 'app.enable_mcp(transport="sse", ')}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("pair"), PAIR)


class Stream:
    """A GET that stays open, and POSTs to the address it names."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.connection = http.client.HTTPConnection(*address, timeout=30)
        self.connection.request("GET", "/mcp")
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200 and self.answer.headers["content-type"] == "text/event-stream"
        name, self.place = self.event()
        assert name == "endpoint" and self.place.startswith("/mcp?session_id=")

    def event(self) -> tuple[str, str]:
        lines = []
        while line := self.answer.readline().decode().rstrip("\n"):
            lines.append(line.partition(": ")[2])
        return lines[0], lines[1]

    def post(self, told: Any, place: str | None = None) -> int:
        connection = http.client.HTTPConnection(*self.address, timeout=30)
        connection.request(
            "POST", place or self.place, json.dumps(told), {"content-type": "application/json"}
        )
        status = connection.getresponse().status
        connection.close()
        return status

    def read(self) -> dict[str, Any]:
        name, data = self.event()
        assert name == "message"
        found: dict[str, Any] = json.loads(data)
        return found


def asked(method: str, id: int, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}


@needs_protocol
def test_a_conversation(dist: Path, tmp_path: Path) -> None:
    with running(dist, tmp_path / "log") as server:
        stream = Stream(server.address)
        more = {"capabilities": {"elicitation": {}}, "clientInfo": {"name": "me", "version": "1"}}
        assert stream.post(asked("initialize", 1, protocolVersion="2024-11-05", **more)) == 202
        assert stream.read()["result"]["protocolVersion"] == "2024-11-05"
        stream.post(asked("tools/call", 2, name="add", arguments={"a": 1}))
        assert stream.read()["result"]["structuredContent"] == {"result": 3}
        stream.post(asked("tools/call", 3, name="orders", arguments={}))
        question = stream.read()
        assert question["method"] == "elicitation/create"
        stream.post({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "decline"}})
        assert stream.read()["result"]["isError"]
        stream.post(asked("resources/subscribe", 4, uri="shop://about"))
        assert stream.read()["result"] == {}
        connection = http.client.HTTPConnection(*server.address, timeout=30)
        connection.request("GET", "/change")
        assert connection.getresponse().status == 200
        heard = {
            "jsonrpc": "2.0",
            "method": "notifications/resources/updated",
            "params": {"uri": "shop://about"},
        }
        assert stream.read() == heard
        assert stream.post([asked("ping", 5)]) == 202 and stream.read()["error"]["code"] == -32600
        assert stream.post(asked("ping", 6), "/mcp?session_id=guessed") == 404
        assert stream.post(asked("ping", 7), "/mcp") == 404
        stream.post(asked("ping", 8))
        assert stream.read() == {"jsonrpc": "2.0", "id": 8, "result": {}}
        stream.connection.close()
