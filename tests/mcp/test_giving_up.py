"""What the official client hears of a call, and gives up: over each way, in each revision that can."""

import json
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.servers import until
from tests.http.running import needs_protocol, running
from tests.mcp.callers import WAITING, build, give_up, hear, over, says
from tests.mcp.conformance import serving
from tests.mcp.official import REVISIONS, WAYS, reachable, run, tells
from tests.mcp.speaking import headers, message

Place = Callable[[], Any]
tools = pytest.mark.parametrize("tool", ["waits", "waits_on_a_thread"])


@pytest.fixture(
    scope="module", params=[pytest.param(one, marks=[] if one == "stdio" else needs_protocol) for one in WAYS]
)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Place]]:
    dist = build(tmp_path_factory.mktemp("waiting"), over(request.param, WAITING))
    with reachable(dist, request.param) as found:
        yield request.param, found


@pytest.mark.parametrize("revision", REVISIONS)
def test_progress_is_heard(place: tuple[str, Place], revision: str) -> None:
    run(place[1](), revision, hear)


@tools
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_call_is_given_up(place: tuple[str, Place], revision: str, tool: str, tmp_path: Path) -> None:
    way, make = place
    if revision not in tells(way):
        pytest.skip("without a session nobody knows whose call is meant")
    run(make(), revision, partial(give_up, tool=tool, note=tmp_path / "note"))


@pytest.fixture(
    scope="module",
    params=[*(pytest.param(way, marks=needs_protocol) for way in ("protocol", "single")), "plain uvicorn"],
)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("waiting")
    dist = build(folder, WAITING)
    if request.param == "plain uvicorn":
        with serving(dist, request.param) as found:
            parts = urlsplit(found)
            yield parts.hostname, parts.port
        return
    with running(dist, folder / "log", *(["--single"] if request.param == "single" else [])) as server:
        yield server.address


@tools
@pytest.mark.parametrize("streamed", [True, False])
def test_a_client_that_is_cut_off(address: Any, tmp_path: Path, tool: str, streamed: bool) -> None:
    """What it asked came in a body: the end of the connection is noticed all the same."""
    note = tmp_path / "note"
    meta = {"progressToken": 1} if streamed else {}
    told = message("tools/call", name=tool, arguments={"note": str(note)}, _meta=meta)
    body = json.dumps(told).encode()
    fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers(told).items())
    with socket.create_connection(address) as client:
        head = f"POST /mcp HTTP/1.1\r\n{fields}content-type: application/json\r\n"
        client.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        until(lambda: says(note, "begun"))
        if streamed:
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 200")
    until(lambda: says(note, "given up"))
