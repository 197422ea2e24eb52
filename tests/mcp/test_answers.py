"""What is answered over HTTP, in every way to run a program: lists, calls, what fails, in both eras."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.mcp.programs import SHOP
from tests.mcp.speaking import PREFIX, VERSION, error, legacy, modern, post, result, said
from tests.service.ways import WAYS, answers, request

pytestmark = pytest.mark.parametrize("way", WAYS)
INFO = {"name": "Shop", "version": "1.2.0"}


def shop(way: str, folder: Path, *requests: Any) -> list[Any]:
    return answers(way, SHOP, requests, folder)


def call(tool: str, **arguments: Any) -> Any:
    return modern("tools/call", name=tool, arguments=arguments)


def text_of(answer: Any) -> str:
    content = result(answer)["content"]
    assert [one["type"] for one in content] == ["text"]
    return str(content[0]["text"])


def test_lists(way: str, tmp_path: Path) -> None:
    names = ["server/discover", "tools/list", "resources/list", "resources/templates/list", "prompts/list"]
    found = shop(way, tmp_path, *map(modern, names), *map(legacy, names[1:]))
    assert [answer[0] for answer in found] == [200] * 9
    discovered, tools, resources, templates, prompts = map(result, found[:5])
    for one in (discovered, tools, resources, templates, prompts):
        assert one["resultType"] == "complete" and one["ttlMs"] > 0 and one["cacheScope"] == "public"
        assert one["_meta"] == {f"{PREFIX}serverInfo": INFO}
    assert discovered["supportedVersions"] == [VERSION] and discovered["instructions"] == "Search first."
    assert set(discovered["capabilities"]) == {"tools", "resources", "prompts", "completions", "logging"}
    listed = {one["name"]: one for one in tools["tools"]}
    assert list(listed) == sorted(listed) and "find.item" in listed and listed["find.item"]["title"] == "Find"
    assert listed["add"]["inputSchema"] == {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer", "default": 2}},
        "required": ["a"],
    }
    assert "ctx" not in json.dumps(listed["says"]["inputSchema"])
    assert [one["uri"] for one in resources["resources"]] == ["shop://about", "shop://several"]
    assert [one["uriTemplate"] for one in templates["resourceTemplates"]] == [
        "shop://files/{+path}",
        "shop://items/{id}",
    ]
    assert [one["name"] for one in prompts["prompts"]] == ["review", "simple"]
    assert prompts["prompts"][0]["arguments"] == [
        {"name": "code", "required": True},
        {"name": "color", "required": False},
        {"name": "level", "required": False},
    ]
    before = [result(answer) for answer in found[5:]]
    assert before == [
        {"tools": tools["tools"]},
        {"resources": resources["resources"]},
        {"resourceTemplates": templates["resourceTemplates"]},
        {"prompts": prompts["prompts"]},
    ]


def test_calls(way: str, tmp_path: Path) -> None:
    found = shop(
        way,
        tmp_path,
        call("add", a=1),
        call("find.item", words="hat", color="blue", limit=4),
        call("public", name="hat"),
        call("plain", value=[1, None]),
        call("text", words="é\n"),
        call("nothing"),
        call("blocks"),
        call("both", words="ways"),
        request("GET", "/both/ways"),
        modern("tools/call", name="nothing"),
    )
    assert result(found[0]) == {
        "content": [{"type": "text", "text": "3"}],
        "structuredContent": {"result": 3},
        "resultType": "complete",
        "_meta": {f"{PREFIX}serverInfo": INFO},
    }
    item = {"name": "blue hat", "price": 4.0, "tags": ["x"]}
    assert result(found[1])["structuredContent"] == item and json.loads(text_of(found[1])) == item
    assert result(found[2])["structuredContent"] == {"name": "hat"}
    assert json.loads(text_of(found[3])) == {"value": [1, None], "other": None}
    assert "structuredContent" not in result(found[3])
    assert text_of(found[4]) == "é\n"
    assert result(found[5])["content"] == [{"type": "text", "text": "null"}]
    kinds = [one["type"] for one in result(found[6])["content"]]
    assert kinds == ["text", "image", "resource_link", "text"]
    assert result(found[7])["structuredContent"] == {"result": "both ways"}
    assert json.loads(found[8][2]) == "both ways"
    assert found[9][0] == 200


def test_a_tool_that_fails_says_so_to_the_model(way: str, tmp_path: Path) -> None:
    found = shop(
        way,
        tmp_path,
        call("fails", how="tool"),
        call("fails", how="http"),
        call("fails", how="odd"),
        call("fails", how="else"),
        call("hangs"),
        call("sleeps"),
        call("large", size=1 << 25),
        call("add", a="one"),
        call("add"),
        call("find.item", words="x", limit=10),
        modern("tools/call", name="add", arguments=[1]),
    )
    assert all(answer[0] == 200 and result(answer)["isError"] for answer in found)
    texts = [text_of(answer) for answer in found]
    assert texts[:4] == ["no such thing", "not here", "fails failed", "fails failed"]
    assert "in time" in texts[4] and "in time" in texts[5] and "bytes" in texts[6]
    assert "$.a" in texts[7] and "`a`" in texts[8] and "$.limit" in texts[9]
    assert not any("Traceback" in one or "app.py" in one for one in texts)


def test_what_is_not_there(way: str, tmp_path: Path) -> None:
    found = shop(
        way,
        tmp_path,
        call("nope"),
        modern("tools/call"),
        modern("nope/nope"),
        modern("initialize"),
        modern("ping"),
        modern("resources/read", uri="shop://nope"),
        modern("resources/read", uri="shop://items/100"),
        modern("resources/read", uri="shop://items/one"),
        modern("prompts/get", name="nope"),
        modern("prompts/get", name="review"),
        modern("prompts/get", name="review", arguments={"code": 1}),
        modern("tools/list", cursor="page 2"),
        modern("completion/complete"),
        modern(
            "completion/complete",
            ref={"type": "ref/prompt", "name": "no"},
            argument={"name": "a", "value": ""},
        ),
        modern("subscriptions/listen"),
    )
    assert [error(answer) for answer in found] == [
        (400, -32602),
        (400, -32020),
        *[(404, -32601)] * 3,
        *[(400, -32602)] * 10,
    ]
    assert said(found[5])[0]["error"]["data"] == {"uri": "shop://nope"}
    before = shop(way, tmp_path, legacy("nope"), legacy("server/discover"), legacy("tools/call", name="nope"))
    assert [error(answer) for answer in before] == [(200, -32601), (200, -32601), (200, -32602)]


def test_resources_prompts_completions(way: str, tmp_path: Path) -> None:
    def read(uri: str) -> Any:
        return modern("resources/read", uri=uri)

    def complete(ref: dict[str, str], name: str, value: str, **known: str) -> Any:
        more = {"context": {"arguments": known}} if known else {}
        return modern("completion/complete", ref=ref, argument={"name": name, "value": value}, **more)

    prompt, template = {"type": "ref/prompt", "name": "review"}, "shop://items/{id}"
    found = shop(
        way,
        tmp_path,
        read("shop://about"),
        read("shop://items/7"),
        read("shop://files/a/b%20c"),
        read("shop://several"),
        modern("prompts/get", name="review", arguments={"code": "x", "color": "blue", "level": "2"}),
        modern("prompts/get", name="simple"),
        complete(prompt, "code", "p", level="3"),
        complete({"type": "ref/resource", "uri": template}, "id", "4"),
        complete(prompt, "color", "r"),
    )
    assert [answer[0] for answer in found] == [200] * 9
    about = {"uri": "shop://about", "mimeType": "text/plain", "text": "A shop."}
    assert result(found[0])["contents"] == [about] and result(found[0])["cacheScope"] == "private"
    (item,) = result(found[1])["contents"]
    assert item["mimeType"] == "application/json" and json.loads(item["text"])["name"] == "item 7"
    (file,) = result(found[2])["contents"]
    assert file == {"uri": "shop://files/a/b%20c", "mimeType": "application/octet-stream", "blob": "YS9iIGM="}
    assert [one["uri"] for one in result(found[3])["contents"]] == ["shop://a", "shop://b"]
    got = result(found[4])
    assert got["description"] == "Ask for a review." and [one["role"] for one in got["messages"]] == [
        "user",
        "assistant",
    ]
    assert got["messages"][0]["content"] == {"type": "text", "text": "blue 2: x"}
    assert result(found[5])["messages"][0]["content"]["text"] == "Ask."
    completion = result(found[6])["completion"]
    assert completion["values"][0] == "p03" and len(completion["values"]) == 100
    assert completion["total"] == 150 and completion["hasMore"]
    assert result(found[7])["completion"]["values"] == ["41"]
    assert result(found[8])["completion"] == {"values": [], "total": 0, "hasMore": False}


def test_a_tool_that_speaks_is_a_stream(way: str, tmp_path: Path) -> None:
    asked = {"progressToken": "p", f"{PREFIX}logLevel": "info", f"{PREFIX}clientInfo": {"name": "me"}}
    found = shop(
        way,
        tmp_path,
        modern("tools/call", id="a", name="says", arguments={"steps": 1}, _meta=asked),
        modern("tools/call", name="says", arguments={"steps": 1}),
        modern("tools/call", name="says_on_a_thread", _meta={"progressToken": 7}),
        legacy("tools/call", name="says", arguments={"steps": 1}),
    )
    spoken = said(found[0])
    assert dict(map(tuple, found[0][1]))["x-accel-buffering"] == "no"
    assert [one.get("method", "") for one in spoken] == [
        "notifications/progress",
        *["notifications/message"] * 4,
        "",
    ]
    assert spoken[0]["params"] == {"progressToken": "p", "progress": 0, "total": 1, "message": "step 0"}
    assert spoken[1]["params"] == {"level": "error", "data": {"step": 0}, "logger": "shop"}
    assert spoken[-1]["id"] == "a" and spoken[-1]["result"]["structuredContent"] == {"result": "me a"}
    assert len(said(found[1])) == 1  # it asked for nothing
    assert [one.get("method", "") for one in said(found[2])] == ["notifications/progress", ""]
    assert len(said(found[3])) == 6  # of before: all messages


def test_questions_go_round(way: str, tmp_path: Path) -> None:
    """A fresh process answers each round: nothing is kept but the sealed state."""
    import os

    os.environ["CONDUIT_SECRET"] = "secret"
    try:
        first = result(shop(way, tmp_path, call("orders"))[0])
        assert first["resultType"] == "input_required" and set(first["inputRequests"]) == {"what"}
        asked = first["inputRequests"]["what"]
        assert asked["method"] == "elicitation/create" and asked["params"]["message"] == "What?"
        assert asked["params"]["requestedSchema"]["required"] == ["name"]
        told = {"what": {"action": "accept", "content": {"name": "hat"}}}

        def again(state: str, told: Any, **arguments: Any) -> Any:
            return modern(
                "tools/call", name="orders", arguments=arguments, inputResponses=told, requestState=state
            )

        second = result(shop(way, tmp_path, again(first["requestState"], told))[0])
        assert set(second["inputRequests"]) == {"sure"}
        state, sure = second["requestState"], {"sure": {"action": "accept", "content": {}}}
        found = shop(
            way,
            tmp_path,
            again(state, sure),
            again(state, {"sure": {"action": "decline"}}),
            again(state, {"other": 1}),
            again(state + "A", sure),
            again("!", sure),
            again("", sure),
            again(state, sure, more=1),
            again(state, {"sure": 7}),
            again(first["requestState"], {"what": {"action": "accept", "content": {"name": 1}}}),
            again(first["requestState"], {"what": {"action": "cancel"}}),
        )
    finally:
        del os.environ["CONDUIT_SECRET"]
    assert result(found[0])["structuredContent"] == {"name": "hat", "price": 2.0, "tags": ["accept"]}
    assert result(found[1])["structuredContent"]["tags"] == ["decline"]
    assert result(found[2])["resultType"] == "input_required"
    assert [error(answer) for answer in found[3:9]] == [(400, -32602)] * 6
    assert result(found[9])["isError"]


def test_a_client_that_cannot_be_asked(way: str, tmp_path: Path) -> None:
    bare = {f"{PREFIX}clientCapabilities": {}}
    (found,) = shop(way, tmp_path, modern("tools/call", name="orders", _meta=bare))
    assert error(found) == (400, -32021)
    assert said(found)[0]["error"]["data"] == {"requiredCapabilities": {"elicitation": {}}}


def test_the_legacy_handshake(way: str, tmp_path: Path) -> None:
    def initialize(version: str) -> Any:
        more = {"capabilities": {}, "clientInfo": {"name": "me", "version": "1"}}
        return post(
            {
                "jsonrpc": "2.0",
                "id": 0,
                "method": "initialize",
                "params": {"protocolVersion": version, **more},
            }
        )

    note = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    found = shop(
        way,
        tmp_path,
        *map(initialize, ["2025-11-25", "2024-11-05", "1.0"]),
        post(note, MCP_Protocol_Version="2025-11-25"),
        post(note, MCP_Protocol_Version="2099-01-01"),
        legacy("ping"),
        legacy("resources/subscribe", uri="shop://about"),
        post({"jsonrpc": "2.0", "id": 1, "method": "ping"}, MCP_Protocol_Version="1999-01-01"),
        request("GET", "/mcp", host="localhost"),
        request("DELETE", "/mcp", host="localhost"),
        post({"jsonrpc": "2.0", "id": "nobody asked", "result": {}}),
    )
    versions = [result(answer)["protocolVersion"] for answer in found[:3]]
    assert versions == ["2025-11-25", "2024-11-05", "2025-11-25"]
    assert result(found[0])["serverInfo"] == INFO and result(found[0])["instructions"] == "Search first."
    assert [answer[0] for answer in found[3:]] == [202, 400, 200, 200, 400, 405, 405, 202]
    assert result(found[5]) == {} and result(found[6]) == {}
    assert ["allow", "POST"] in found[8][1]
