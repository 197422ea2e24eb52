"""The questions over streamable HTTP: in an app, and standing alone; behind the guards of introspection."""

import asyncio
import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conduitc.driver import build
from tests.cli.servers import environment, until
from tests.http.running import running
from tests.introspect.tools.test_answers import example
from tests.introspect.tools.test_pipes import CALLS
from tests.mcp.official import REVISIONS, run

TOKEN = "tests-may-know-it"
PATH = "/introspect/v1/mcp"
APP = """\
import os

from conduit import Conduit, Introspection

app = Conduit(
    title="Users",
    introspection=Introspection(enabled=True, token=os.environ["ASKED"], rate_limit="40/minute"),
)


@app.get("/users/{id:int}")
def get_user(id: int) -> dict[str, int]:
    return {"id": id}


@app.get("/users/me", name="me")
def me() -> dict[str, int]:
    return {}
"""


class Place:
    """Where a server is, and the lines of its audit so far."""

    def __init__(self, address: tuple[str, int], audit: Path) -> None:
        self.address = address
        self.audit = audit

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.audit.read_text("utf-8").splitlines()]

    def post(self, body: bytes, method: str = "POST", **headers: str) -> tuple[int, Any]:
        """Status, and the body where it is JSON."""
        connection = http.client.HTTPConnection(*self.address, timeout=30)
        sent = {
            "accept": "application/json, text/event-stream",
            "content-type": "application/json",
            **headers,
        }
        try:
            connection.request(method, PATH, body, sent)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            connection.close()

    def call(self, name: str, /, token: str = TOKEN, **arguments: Any) -> tuple[int, Any]:
        params = {"name": name, "arguments": arguments}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        return self.post(json.dumps(message).encode(), authorization=f"Bearer {token}")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    (folder / "app.py").write_text(APP)
    build(folder / "app.py", folder / "dist", kind="python")
    return folder / "dist"


@contextmanager
def app(dist: Path, folder: Path) -> Iterator[Place]:
    audit = folder / "audit.log"
    env = {"ASKED": TOKEN, "CONDUIT_INTROSPECTION_AUDIT": str(audit)}
    with running(dist, folder / "server.log", env=env) as server:
        yield Place((server.address[0], server.address[1]), audit)


@contextmanager
def alone(target: Path, folder: Path) -> Iterator[Place]:
    """``conduitc introspect TARGET serve``."""
    audit, log = folder / "audit.log", folder / "alone.log"
    words = [sys.executable, "-m", "conduitc", "introspect", str(target), "serve", "--port", "0"]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [*words, "--audit", str(audit), "--rate", "10000/second"],
            stdout=sink,
            stderr=subprocess.STDOUT,
            env={**environment(), "CONDUIT_INTROSPECTION_TOKEN": TOKEN},
        )
    try:
        found = until(lambda: re.search(r"http://([\d.]+):(\d+)/", log.read_text()), log.read_text)
        yield Place((found[1], int(found[2])), audit)
    finally:
        process.terminate()
        process.wait(30)


def test_an_app_answers_who_has_a_token(dist: Path, tmp_path: Path) -> None:
    with app(dist, tmp_path) as server:
        status, found = server.call("who_handles", url="/users/7")
        assert status == 200
        answer = found["result"]["structuredContent"]
        assert answer["handler"]["id"] == "function:app.get_user" and answer["span"]["line"] == 11
        assert json.loads(found["result"]["content"][0]["text"]) == answer
        wrong = server.call("find", query="get_usr")[1]["result"]
        assert wrong["isError"] and "did you mean get_user" in wrong["content"][0]["text"]
        assert server.call("find")[1]["result"]["content"][0]["text"] == "find needs 'query'"
        assert server.call("find", token="guessed", query="x")[0] == 401
        assert server.post(b"{}")[0] == 401
        assert server.post(b"{", authorization=f"Bearer {TOKEN}")[0] == 400
        for method in ("GET", "DELETE"):
            assert server.post(b"", method, authorization=f"Bearer {TOKEN}")[0] == 405
        assert server.post(b"x" * 70_000, authorization=f"Bearer {TOKEN}")[0] == 413
        elsewhere = {"authorization": f"Bearer {TOKEN}", "origin": "http://evil.example"}
        assert server.post(b"{}", **elsewhere)[0] == 403
    lines = [(one["way"], one["query"], one["outcome"]) for one in server.lines()]
    assert lines == [
        ("mcp", "who_handles", "ok"),
        ("mcp", "find", "unknown"),
        ("mcp", "find", "wrong"),
        ("mcp", "", "wrong token"),
        ("mcp", "", "no token"),
    ]
    assert server.lines()[0]["arguments"] == {"url": "/users/7"} and server.lines()[0]["who"]


def test_models_have_an_allowance_and_a_switch(dist: Path, tmp_path: Path) -> None:
    with app(dist, tmp_path) as server:
        seen = [server.call("unresolved")[0] for _ in range(45)]
        assert seen[0] == 200 and seen[-1] == 429 and set(seen) == {200, 429}
    (dist / "introspect.off").touch()
    try:
        with app(dist, tmp_path) as server:
            assert server.call("unresolved")[0] == 403
    finally:
        (dist / "introspect.off").unlink()


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_official_client_over_http(tmp_path: Path, revision: str) -> None:
    """Of a server that stands alone; what one asks is what the audit says."""
    import httpx
    from mcp.client.streamable_http import streamable_http_client

    path = tmp_path / "metadata.json"
    path.write_bytes(example("fastapi_notes/notes/main.py").store.metadata)

    async def asks(client: Any) -> None:
        for name, arguments in CALLS.items():
            found = await client.call_tool(name, arguments)
            assert not found.is_error and "confidence" in found.structured_content

    with alone(path, tmp_path) as server:
        address = f"http://{server.address[0]}:{server.address[1]}{PATH}"
        client = httpx.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"}, timeout=60)
        run(streamable_http_client(address, http_client=client), revision, asks)
        assert [one["query"] for one in server.lines() if one["query"]] == list(CALLS)
        path.write_bytes(example("shop/app.py").store.metadata)
        assert server.call("overview")[1]["result"]["structuredContent"]["app"]["title"] == "Shop"


def test_what_takes_too_long_is_refused_for_a_while(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The breaker knows tools by their names; the model is told when to ask again."""
    from conduit.introspect import Codebase
    from conduit.introspect.serving import guards
    from conduit.introspect.serving.door import Door
    from conduit.introspect.serving.models import Models
    from conduit.introspect.serving.opening import guards_of
    from conduit.introspect.serving.source import of_file
    from conduit.introspection import Introspection

    (tmp_path / "metadata.json").write_bytes(example("shop/app.py").store.metadata)
    settings = Introspection(enabled=True, token=TOKEN, audit=str(tmp_path / "audit.log"))
    door = Door(guards_of(settings, of_file(str(tmp_path)), str(tmp_path)))
    door.guards.source.load()
    assert isinstance(door.guards.source.codebase, Codebase)
    models = Models(door)
    monkeypatch.setattr(guards, "BOUND", -1.0)
    params = {"name": "unresolved", "arguments": {}}
    raw = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()
    headers = [(b"authorization", f"Bearer {TOKEN}".encode())]

    def ask() -> Any:
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers}
        answer: Any = models.serve(scope, (), raw)
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(answer.deliver(scope, None, send))  # for it comes from a thread
        return json.loads(sent[1]["body"])["result"]

    assert not any(ask().get("isError") for _ in range(5))
    refused = ask()
    assert refused["isError"] and re.search(r"ask again in \d+ s", refused["content"][0]["text"])
    lines = [json.loads(one) for one in (tmp_path / "audit.log").read_text().splitlines()]
    assert [one["outcome"] for one in lines] == ["ok"] * 5 + ["paused"]
