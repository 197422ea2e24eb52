"""What is refused over HTTP before anything runs, in every way to run a program."""

from pathlib import Path
from typing import Any

import pytest

from tests.mcp.programs import EVERYTHING, SHOP
from tests.mcp.speaking import PREFIX, VERSION, error, meta, modern, post, said
from tests.service.ways import WAYS, answers

pytestmark = pytest.mark.parametrize("way", WAYS)


def shop(way: str, folder: Path, *requests: Any) -> list[Any]:
    return answers(way, SHOP, requests, folder)


def test_headers_say_what_the_body_does(way: str, tmp_path: Path) -> None:
    told = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"_meta": meta(), "name": "add"}}
    good = {"MCP_Protocol_Version": VERSION, "Mcp_Method": "tools/call", "Mcp_Name": "add"}
    wrong = [
        {**good, "Mcp_Method": "tools/list"},
        {**good, "Mcp_Method": "Tools/Call"},
        {**good, "Mcp_Name": "sub"},
        {**good, "Mcp_Name": "=?base64?YWRk=?="},
        {**good, "MCP_Protocol_Version": "2025-11-25"},
        {key: one for key, one in good.items() if key != "Mcp_Name"},
        {key: one for key, one in good.items() if key != "Mcp_Method"},
        {key: one for key, one in good.items() if key != "MCP_Protocol_Version"},
    ]
    right = [{**good, "Mcp_Name": "  add "}, {**good, "Mcp_Name": "=?base64?YWRk?="}]
    found = shop(way, tmp_path, *(post(told, **one) for one in [*wrong, *right]))
    assert [error(answer) for answer in found[:8]] == [(400, -32020)] * 8
    assert [answer[0] for answer in found[8:]] == [200, 200]
    twice = post(told, **good)
    twice[2].append(["mcp-method", "tools/list"])
    assert error(shop(way, tmp_path, twice)[0]) == (400, -32020)


def test_arguments_in_headers(way: str, tmp_path: Path) -> None:
    def routed(given: Any, **headers: str) -> Any:
        told = modern("tools/call", name="test_routed", arguments=given)
        told[2].extend([["mcp-param-region", one] for one in headers.values()])
        return told

    found = answers(
        way,
        {"app.py": EVERYTHING},
        [
            routed({"region": "eu"}, a="eu"),
            routed({"region": "é"}, a="=?base64?w6k=?="),
            routed({"region": "eu"}, a="us"),
            routed({"region": "eu"}),
            routed({}, a="eu"),
            routed({"region": "eu"}, a="=?base64?!!?="),
            routed({"region": "eu"}, a="eu", b="eu"),
        ],
        tmp_path,
    )
    assert [answer[0] for answer in found] == [200, 200, *[400] * 5]
    assert all(error(answer)[1] == -32020 for answer in found[2:])


def test_what_is_no_message(way: str, tmp_path: Path) -> None:
    version = {"MCP_Protocol_Version": VERSION}
    found = shop(
        way,
        tmp_path,
        *(post(text, **version) for text in ("{", "", "nul", '{"a":NaN}', "[" * 100_000, '"\udc80"')),
        *(
            post(text, **version)
            for text in (
                "[]",
                "1",
                "{}",
                '{"jsonrpc":"1.0","id":1,"method":"ping"}',
                '{"jsonrpc":"2.0","id":null}',
            )
        ),
        post('{"jsonrpc":"2.0","id":true,"method":"ping"}', **version),
        post('{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":5}}', **version),
        post({"jsonrpc": "2.0", "id": 5, "method": "tools/list", "params": {}}, **version),
        post({"jsonrpc": "2.0", "id": 6, "method": "tools/list"}, **version),
    )
    codes = [error(answer) for answer in found]
    assert codes == [*[(400, -32700)] * 6, *[(400, -32600)] * 6, *[(400, -32602)] * 3]
    assert [said(answer)[0]["id"] for answer in found[-3:]] == [4, 5, 6]
    newer = meta(**{f"{PREFIX}protocolVersion": "2099-01-01"})
    told = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": newer}}
    (found,) = shop(way, tmp_path, post(told, MCP_Protocol_Version="2099-01-01", Mcp_Method="tools/list"))
    assert error(found) == (400, -32022)
    assert said(found)[0]["error"]["data"] == {"supported": [VERSION], "requested": "2099-01-01"}


@pytest.mark.parametrize("good", [True, False])
def test_sources(way: str, tmp_path: Path, good: bool) -> None:
    told = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    if good:
        several = [
            {"host": "localhost:8000"},
            {"host": "127.0.0.1"},
            {"host": "[::1]:8000"},
            {"host": "SHOP.example:443"},
            {"origin": "http://localhost:3000"},
            {"origin": "https://shop.example"},
        ]
    else:
        several = [
            {"host": "evil.example"},
            {"host": "evil.example:8000"},
            {"host": "localhost.evil.example"},
            {"host": "shop.example.evil"},
            {"host": "127.0.0.1.evil.example"},
            {"host": "[::1"},
            {"origin": "http://evil.example"},
            {"origin": "null"},
            {"origin": "http://localhost.evil.example"},
            {"origin": "http://evil.example#localhost"},
            {"origin": "http://localhost@evil.example"},
            {"origin": "http://[evil"},
            {"origin": "https://shop.example.evil"},
            {"origin": ""},
        ]
    found = shop(way, tmp_path, *(post(told, **one) for one in several))
    assert [answer[0] for answer in found] == [200 if good else 403] * len(several)
