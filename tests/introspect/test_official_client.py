"""The official MCP client asks about a Conduit app and a FastAPI app, and gets the right places."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.servers import environment
from tests.http.running import needs_protocol, running
from tests.http.serving import Server
from tests.introspect.serving.programs import TOKEN, VARIABLE
from tests.introspect.serving.test_alone import alone
from tests.mcp.callers import build
from tests.mcp.official import REVISIONS, mcp, run

EXAMPLES = Path(__file__).parents[2] / "examples"
HELLO = EXAMPLES / "hello/app.py"
NOTES = EXAMPLES / "fastapi_notes/notes/main.py"
revisions = pytest.mark.parametrize("revision", REVISIONS)


def over_pipes(source: Path) -> Any:
    """Has the client start a server of its own, on a source file."""
    arguments = ["-m", "conduitc", "introspect", str(source), "mcp"]
    return mcp.StdioServerParameters(command=sys.executable, args=arguments, env=environment())


def over_http(server: Server) -> Any:
    """As a client that was given a token."""
    httpx = pytest.importorskip("httpx2", reason="the official client speaks HTTP with it")
    from mcp.client.streamable_http import streamable_http_client

    host, port = server.address
    headers = {"Authorization": f"Bearer {TOKEN}"}
    client = httpx.AsyncClient(headers=headers, timeout=30)
    return streamable_http_client(f"http://{host}:{port}/introspect/v1/mcp", http_client=client)


def text_at(root: Path, span: dict[str, Any]) -> str:
    """The lines of a span."""
    lines = (root / span["file"]).read_text("utf-8").split("\n")
    return "\n".join(lines[span["line"] - 1 : span["end_line"]])


async def asks_who_handles(client: Any) -> None:
    assert "who_handles" in {one.name for one in (await client.list_tools()).tools}
    found = await client.call_tool("who_handles", {"method": "GET", "url": "/users/7"})
    assert not found.is_error
    answer = found.structured_content
    assert answer["route"]["id"] == "route:app.get_user#GET /users/{id}"
    assert answer["values"] == {"id": "7"}
    assert text_at(HELLO.parent, answer["span"]) == '@app.get("/users/:id")'
    assert text_at(HELLO.parent, answer["handler"]["span"]).startswith("def get_user(request):\n")


async def asks_how_to_authenticate(client: Any) -> None:
    question = {"question": "how do I add an authenticated endpoint"}
    found = await client.call_tool("how_do_i", question)
    assert not found.is_error
    answer = found.structured_content
    shown = text_at(NOTES.parents[1], answer["span"])
    assert "@router." in shown and "user: CurrentUser" in shown
    assert "user: CurrentUser" in answer["example"]["text"]
    first = answer["answers"][0]
    assert first["kind"] == "pattern" and first["id"].startswith("pattern:auth/")
    whole = (await client.call_tool("patterns", {"id": first["id"]})).structured_content
    assert "CurrentUser" in whole["template"]
    assert whole["support"] > 20 and whole["followers"]


@revisions
def test_who_handles_over_pipes(revision: str) -> None:
    run(over_pipes(HELLO), revision, asks_who_handles)


@revisions
def test_how_to_add_an_authenticated_endpoint_over_pipes(revision: str) -> None:
    run(over_pipes(NOTES), revision, asks_how_to_authenticate)


@needs_protocol
def test_who_handles_over_http_in_the_app(tmp_path: Path) -> None:
    text = HELLO.read_text("utf-8")
    text = text.replace("import Conduit", "import Conduit, Introspection")
    text = text.replace('version="1.0.0")', 'version="1.0.0", introspection=Introspection(enabled=True))')
    dist = build(tmp_path, text)
    with running(dist, tmp_path / "server.log", env={VARIABLE: TOKEN}) as server:
        for revision in REVISIONS:
            run(over_http(server), revision, asks_who_handles)


@needs_protocol
def test_how_to_add_an_authenticated_endpoint_over_http(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conduitc", "introspect", str(NOTES), "export", "--format", "json"]
    exported = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment())
    (tmp_path / "metadata.json").write_bytes(exported.stdout)
    with alone(tmp_path) as server:
        for revision in REVISIONS:
            run(over_http(server), revision, asks_how_to_authenticate)
