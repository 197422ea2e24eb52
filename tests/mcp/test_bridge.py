"""The bridge that the official suite reaches pipes by: the official client passes through it unharmed."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mcp.bridge import SESSION, bridged
from tests.mcp.callers import WAITING, build, give_up, hear
from tests.mcp.official import REVISIONS, run
from tests.mcp.speaking import headers, message

VERSION = REVISIONS[-1]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with bridged(build(tmp_path_factory.mktemp("waiting"), WAITING)) as found:
        yield found


def posted(address: str, told: Any, **more: str) -> http.client.HTTPResponse:
    """The answer to a message, or to any text."""
    connection = http.client.HTTPConnection(address.removeprefix("http://").removesuffix("/mcp"), timeout=60)
    fields = headers(told) if isinstance(told, dict) and "_meta" in told.get("params", {}) else {}
    body = told if isinstance(told, str) else json.dumps(told)
    connection.request(
        "POST", "/mcp", body, {name.replace("_", "-"): one for name, one in {**fields, **more}.items()}
    )
    return connection.getresponse()


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_client_lists_calls_hears_and_gives_up(address: str, revision: str, tmp_path: Path) -> None:
    async def talk(client: Any) -> None:
        await hear(client)
        await give_up(client, "waits", tmp_path / "note")

    run(address, revision, talk)


def test_ids_that_are_taken_and_ids_that_are_none(address: str, tmp_path: Path) -> None:
    waits = {"name": "waits", "arguments": {"note": str(tmp_path / "note")}, "_meta": {"progressToken": "t"}}
    open_one = posted(address, message("tools/call", 7, **waits))
    assert open_one.headers["content-type"] == "text/event-stream"
    beside = posted(address, message("tools/list", 7))
    assert (beside.status, json.loads(beside.read())["id"]) == (200, 7)
    refused = posted(address, "{")
    assert (refused.status, json.loads(refused.read())["error"]["code"]) == (400, -32700)
    unknown = posted(address, message("initialize", 1))
    assert (unknown.status, json.loads(unknown.read())["error"]["code"]) == (404, -32601)
    assert open_one.readline() == b"event: message\n" and b'"progress":0' in open_one.readline()
    open_one.close()


def test_sessions(address: str) -> None:
    hello = posted(address, message("initialize", 1, _meta=None, protocolVersion="2025-06-18"))
    session = hello.headers[SESSION]
    assert json.loads(hello.read())["result"]["protocolVersion"] == "2025-06-18"
    assert posted(address, message("ping", 2, _meta=None), **{SESSION: session}).status == 200
    assert posted(address, message("ping", 2, _meta=None), **{SESSION: "guessed"}).status == 404
