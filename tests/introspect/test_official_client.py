"""The official MCP client asks about a Conduit app and a FastAPI app, and gets the right places."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.servers import environment
from tests.mcp.official import REVISIONS, mcp, run

EXAMPLES = Path(__file__).parents[2] / "examples"
HELLO = EXAMPLES / "hello/app.py"
NOTES = EXAMPLES / "fastapi_notes/notes/main.py"
revisions = pytest.mark.parametrize("revision", REVISIONS)


def over_pipes(source: Path) -> Any:
    """Has the client start a server of its own, on a source file."""
    arguments = ["-m", "conduitc", "introspect", str(source), "mcp"]
    return mcp.StdioServerParameters(command=sys.executable, args=arguments, env=environment())


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
