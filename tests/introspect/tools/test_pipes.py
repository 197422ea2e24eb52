"""``conduitc introspect TARGET mcp``: raw messages over the pipes of a process, and the official client."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect.tools.catalogue import INSTRUCTIONS
from conduit.introspect.tools.questions import ANSWER, QUESTIONS
from conduit.introspect.tools.tokens import MOST, tokens

from tests.cli.servers import environment
from tests.introspect.tools.asking import asked, started
from tests.introspect.tools.test_answers import EXAMPLES, NAMES, example
from tests.mcp.official import REVISIONS, mcp, run

APP = """\
from conduit import Conduit

app = Conduit(title="Users")


@app.get("/users/{id:int}")
def get_user(id: int) -> dict[str, int]:
    return {"id": id}
"""
MORE = APP + '\n\n@app.get("/users/me")\ndef me() -> dict[str, int]:\n    return {}\n'
#: One call of each.
CALLS: dict[str, dict[str, Any]] = {
    "overview": {},
    "find": {"query": "kind:route tag:notes"},
    "who_handles": {"url": "/api/v1/notes/7"},
    "effective_stack": {"route": "GET /api/v1/notes/{note_id}"},
    "deps_and_impact": {"name": "schema.User"},
    "how_do_i": {"question": "how do I add an authenticated endpoint"},
    "patterns": {"category": "auth"},
    "unresolved": {},
}


@pytest.fixture(scope="module")
def metadata(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The metadata.json of the FastAPI example."""
    path = tmp_path_factory.mktemp("notes") / "metadata.json"
    path.write_bytes(example("fastapi_notes/notes/main.py").store.metadata)
    return path


def test_every_tool_is_listed_and_answers(metadata: Path) -> None:
    with asked(metadata) as server:
        greeting = server.greet()
        assert greeting["instructions"] == INSTRUCTIONS and "tools" in greeting["capabilities"]
        listed = server.request("tools/list")["result"]["tools"]
        assert [one["name"] for one in listed] == NAMES and len(listed) <= 8
        for one in listed:
            assert one["annotations"]["readOnlyHint"] is True and one["outputSchema"] == ANSWER
            assert one["annotations"]["destructiveHint"] is False and one["title"]
            assert "Example: {" in one["description"] and tokens(one["description"]) < 150
            assert one["inputSchema"]["additionalProperties"] is False
            assert all(about["description"] for about in one["inputSchema"]["properties"].values())
        for name, arguments in CALLS.items():
            answer = server.answer(name, **arguments)
            assert set(ANSWER["required"]) <= answer.keys()
            assert tokens(json.dumps(answer, ensure_ascii=False, separators=(",", ":"))) <= MOST


def test_a_modern_client_needs_no_greeting(metadata: Path) -> None:
    prefix = "io.modelcontextprotocol/"
    meta = {f"{prefix}protocolVersion": "2026-07-28", f"{prefix}clientCapabilities": {}}
    with asked(metadata) as server:
        call = server.request("tools/call", name="find", arguments={"query": "kind:route"}, _meta=meta)[
            "result"
        ]
        assert call["resultType"] == "complete" and call["structuredContent"]["resources"]


def test_what_is_wrong_is_told_to_the_model(metadata: Path) -> None:
    with asked(metadata) as server:
        server.greet()
        for name, arguments, said in (
            ("find", {"query": "schema.Usr"}, "did you mean schema.User"),
            ("find", {"qery": "x"}, "unknown field `qery`"),
            ("find", [], "Expected `object`"),
            ("find", {}, "find needs 'query'"),
            ("who_handles", {"url": None}, "who_handles needs 'url'"),
            ("patterns", {"category": "x"}, "there are auth, error"),
        ):
            found = server.request("tools/call", name=name, arguments=arguments)["result"]
            assert found["isError"] is True and said in found["content"][0]["text"]
        assert "error" in server.request("tools/call", name="rm", arguments={})
        assert "error" in server.raw(b"{")
        assert server.raw(b'{"jsonrpc":"2.0","id":1,"method":"nonsense"}')["error"]["code"] == -32601
        assert server.answer("unresolved")["total"] == 0  # and it goes on


def test_the_audit_has_a_line_for_each_question(metadata: Path, tmp_path: Path) -> None:
    log = tmp_path / "audit.log"
    with asked(metadata, "--audit", str(log)) as server:
        server.greet()
        server.request("tools/list")
        server.call("who_handles", url="/health")
        server.call("find", query="Usr")
        server.call("find", query=["x"] * 10_000)
        server.call("find")
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [(one["way"], one["query"], one["outcome"]) for one in lines] == [
        ("mcp", "who_handles", "ok"),
        ("mcp", "find", "no answer"),
        ("mcp", "find", "refused"),
        ("mcp", "find", "refused"),
    ]
    assert lines[0]["arguments"] == {"url": "/health"} and lines[0]["target"] == str(metadata)
    assert all(len(json.dumps(one)) < 1000 for one in lines)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_without_an_audit_nothing_is_answered(metadata: Path) -> None:
    with asked(metadata, "--audit", "/dev/full") as server:
        server.greet()
        found = server.call("overview")
        assert found["isError"] and "the audit cannot be written" in found["content"][0]["text"]


def test_another_metadata_is_read_for_the_next_question(metadata: Path, tmp_path: Path) -> None:
    path = tmp_path / "metadata.json"
    path.write_bytes(metadata.read_bytes())
    with asked(path) as server:
        server.greet()
        assert server.answer("overview")["app"]["title"] == "Notes"
        other = tmp_path / "other"
        other.write_bytes(example("shop/app.py").store.metadata)
        other.replace(path)
        assert server.answer("overview")["app"]["title"] == "Shop"
        path.unlink()
        assert "cannot be read" in server.call("overview")["content"][0]["text"]
        path.write_text("{")
        assert server.call("overview")["isError"]
        path.write_bytes(metadata.read_bytes())
        assert server.answer("overview")["app"]["title"] == "Notes"


def test_a_source_is_analysed_again_when_it_changed(tmp_path: Path) -> None:
    source = tmp_path / "app.py"
    source.write_text(APP)
    with asked(source) as server:
        server.greet()
        assert server.answer("who_handles", url="/users/me")["outcome"] == "not_found"
        source.write_text(MORE)
        assert server.answer("who_handles", url="/users/me")["handler"]["id"] == "function:app.me"
        source.write_text("def")
        told = server.call("who_handles", url="/users/me")["content"][0]["text"]
        assert told.startswith("cannot be analysed now: app.py:1 ")
        source.write_text(APP)
        assert server.answer("who_handles", url="/users/7")["values"] == {"id": "7"}


def test_what_people_decide_about_conventions_is_heeded(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "fastapi_notes", tmp_path / "notes")
    with asked(tmp_path / "notes/notes/main.py") as server:
        server.greet()
        first = server.answer("patterns", category="auth")["patterns"][0]
        entry = f'[pattern."{first["id"].removeprefix("pattern:")}"]'
        decided = f'version = 1\n\n{entry}\ndecision = "accepted"\nname = "who is there"\n'
        (tmp_path / "notes/conduit-patterns.toml").write_text(decided)
        found = server.answer("patterns", category="auth")["patterns"][0]
        assert found["name"] == "who is there" and found["state"] == "curated", found


def test_what_cannot_be_asked_ends_with_two(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    for target, options, said in (
        ("nowhere.json", (), "no such file"),
        ("broken.json", (), "not JSON"),
        ("broken.json", ("--format", "json"), "mcp takes no --format"),
        ("broken.json", ("more",), "takes no further word"),
    ):
        server = started(tmp_path / target, *options)
        assert server.end() == 2 and said in server.error, (target, server.error)
    (tmp_path / "app.py").write_text(APP)
    server = started(tmp_path / "app.py", "--audit", str(tmp_path))
    assert server.end() == 2 and "cannot be written" in server.error


def test_what_takes_long_to_import_is_not() -> None:
    """Nor the compiler, where there is a build."""
    code = (
        "import sys; before = {*sys.modules}; import conduitc.cli.introspect_mcp\n"
        "print(*sorted({*sys.modules} - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"typer", "dataclasses", "asyncio", "logging", "jinja2", "libcst", "starlette"}
    assert not {
        name for name in loaded if name.startswith(("conduitc.frontend", "conduitc.ir", "conduitc.codegen"))
    }


async def asks_all(client: Any) -> None:
    """The official client checks what it gets against the output schemas."""
    listed = (await client.list_tools()).tools
    assert [one.name for one in listed] == list(QUESTIONS)
    assert all(one.annotations.read_only_hint for one in listed)
    for name, arguments in CALLS.items():
        found = await client.call_tool(name, arguments)
        assert not found.is_error and found.structured_content["complete"] in (True, False)
    wrong = await client.call_tool("find", {"query": "schema.Usr"})
    assert wrong.is_error and "did you mean" in wrong.content[0].text


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_official_client(metadata: Path, revision: str) -> None:
    arguments = ["-m", "conduitc", "introspect", str(metadata), "mcp"]
    place = mcp.StdioServerParameters(command=sys.executable, args=arguments, env=environment())
    run(place, revision, asks_all)
