"""Bearer tokens and the official client, against real servers: with a token in its pocket, and without one,
when it has to find out where tokens are to be had."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from conduitc import driver, toolchain
from tests.http.running import needs_protocol, running
from tests.mcp.official import mcp, sse_client
from tests.mcp.speaking import message
from tests.mcp.tokens import PROGRAM, jwk, key_set, pem, published, token

credentials = pytest.importorskip("mcp.client.auth.extensions.client_credentials")
over_http = pytest.importorskip("mcp.client.streamable_http").streamable_http_client
web = pytest.importorskip("mcp.shared._httpx_utils").create_mcp_http_client
pytestmark = needs_protocol
TARGETS = ["python", *(["cython"] if toolchain.available() is None else [])]
MOST = "mcp orders:write orders:read"


def built(folder: Path, target: str, options: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "app.py").write_text(PROGRAM.replace("enable_mcp(\n", f"enable_mcp(\n    {options}\n", 1))
    driver.build(folder / "app.py", folder / "dist", kind=target)  # type: ignore[arg-type]
    return folder / "dist"


@asynccontextmanager
async def client(address: str, given: str, transport: str = "http", mode: str = "auto") -> Any:
    """The official client, which sends a token with every request."""
    headers = {"authorization": f"Bearer {given}"}
    if transport == "sse":
        async with mcp.Client(sse_client(address, headers), mode="legacy") as one:
            yield one
        return
    async with web(headers) as own, mcp.Client(over_http(address, http_client=own), mode=mode) as one:
        yield one


async def _what_tokens_are_good_for(address: str, transport: str, mode: str) -> None:
    async with client(address, token(scope=MOST), transport, mode) as one:
        assert [tool.name for tool in (await one.list_tools()).tools] == ["add", "order", "sure", "who"]
        who = await one.call_tool("who", {})
        assert who.structured_content == {"result": ["ada", "mcp", "orders:read", "orders:write"]}
        assert (await one.call_tool("order", {"id": 1})).content[0].text == "1 is ordered"
        assert (await one.read_resource("shop://orders/3")).contents[0].text == "order 3"
    async with client(address, token(sub="grace"), transport, mode) as one:
        assert [tool.name for tool in (await one.list_tools()).tools] == ["add", "sure", "who"]
        assert (await one.call_tool("who", {})).structured_content == {"result": ["grace", "mcp"]}
        assert (await one.list_resource_templates()).resource_templates == []


def address_of(server: Any) -> str:
    return f"http://{server.address[0]}:{server.address[1]}/mcp"


@pytest.mark.parametrize("target", TARGETS)
def test_with_a_token(target: str, tmp_path: Path) -> None:
    dist = built(tmp_path / "shop", target)
    with published(key_set()) as keys:
        options = ["--single"] if target == "cython" else []
        with running(dist, tmp_path / "log", *options, env={"KEYS": keys.address}) as server:
            for mode in ("auto", "legacy"):
                asyncio.run(asyncio.wait_for(_what_tokens_are_good_for(address_of(server), "http", mode), 60))
    assert keys.fetched >= 1


def test_with_a_token_over_the_old_pair(tmp_path: Path) -> None:
    dist = built(tmp_path / "shop", "python", 'transport="sse",')
    with running(dist, tmp_path / "log", env={"KEYS": pem()}) as server:
        asyncio.run(asyncio.wait_for(_what_tokens_are_good_for(address_of(server), "sse", ""), 60))
        _the_pair_is_of_who_opened_it(server.address)


def _posted(address: Any, place: str, told: Any, given: str | None, **more: str) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection(*address, timeout=30)
    headers = {"content-type": "application/json", "accept": "application/json, text/event-stream", **more}
    headers |= {"authorization": f"Bearer {given}"} if given else {}
    connection.request("POST", place, json.dumps(told), headers)
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def _the_pair_is_of_who_opened_it(address: Any) -> None:
    stream = http.client.HTTPConnection(*address, timeout=30)
    stream.request("GET", "/mcp", headers={"authorization": f"Bearer {token()}"})
    answer = stream.getresponse()
    assert answer.status == 200
    place = [answer.readline().decode() for _ in range(3)][1].removeprefix("data: ").strip()
    told = message("tools/call", name="order", arguments={"id": 1})
    assert _posted(address, place, told, None)[0] == 401
    assert _posted(address, place, told, token(sub="grace", scope=MOST))[0] == 404
    refused = _posted(address, place, told, token())
    assert refused[0] == 403 and 'scope="mcp orders:write"' in refused[1]["www-authenticate"]
    assert _posted(address, place, told, token(scope=MOST))[0] == 202
    assert b"1 is ordered" in [answer.readline() for _ in range(2)][1]
    stream.close()


def test_a_session_is_of_who_began_it(tmp_path: Path) -> None:
    dist = built(tmp_path / "shop", "python", "sessions=True,")
    hello = message("initialize", _meta=None, protocolVersion="2025-11-25", capabilities={})
    listing = message("tools/list", 2, _meta=None)
    with running(dist, tmp_path / "log", env={"KEYS": pem()}) as server:
        status, headers, _ = _posted(server.address, "/mcp", hello, token())
        session = {"mcp-session-id": headers["mcp-session-id"]}
        assert status == 200
        assert _posted(server.address, "/mcp", listing, token(), **session)[0] == 200
        assert _posted(server.address, "/mcp", listing, token(scope=MOST), **session)[0] == 200
        assert _posted(server.address, "/mcp", listing, token(sub="grace"), **session)[0] == 404
        assert _posted(server.address, "/mcp", listing, None, **session)[0] == 401
        asyncio.run(asyncio.wait_for(_what_tokens_are_good_for(address_of(server), "http", "legacy"), 60))


class Given:
    """Keeps a client's tokens."""

    def __init__(self) -> None:
        self.tokens: Any = None

    async def get_tokens(self) -> Any:
        return self.tokens

    async def set_tokens(self, tokens: Any) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> None:
        return None

    async def set_client_info(self, info: Any) -> None:
        pass


@contextmanager
def giving_tokens() -> Iterator[tuple[str, list[str]]]:
    """An authorization server that gives anybody what is asked for: its address, and what that was."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self, body: Any, status: int = 200) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            if self.path == "/jwks.json":
                self.answer(key_set(jwk()))
            elif self.path == "/.well-known/oauth-authorization-server":
                made = {"issuer": address, "token_endpoint": f"{address}/token"}
                grants = {
                    "grant_types_supported": ["client_credentials"],
                    "response_types_supported": ["code"],
                }
                self.answer({**made, **grants, "authorization_endpoint": f"{address}/authorize"})
            else:
                self.answer({}, 404)

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            asked.append(sent.get("scope", [""])[0])
            made = token(iss=address, aud=sent["resource"][0], sub="robot", scope=asked[-1])
            self.answer({"access_token": made, "token_type": "Bearer", "scope": asked[-1], "expires_in": 600})

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield address, asked
    finally:
        server.shutdown()
        server.server_close()


async def _found_by_itself(address: str, issuer: str) -> None:
    auth = credentials.ClientCredentialsOAuthProvider(address, Given(), "robot", "secret", issuer=issuer)
    async with web(auth=auth) as own, mcp.Client(over_http(address, http_client=own)) as one:
        assert (await one.call_tool("who", {})).structured_content == {"result": ["robot", "mcp"]}
        ordered = await one.call_tool("order", {"id": 1})  # refused at first: the client asks for more
        assert ordered.content[0].text == "1 is ordered"


def test_a_client_finds_out_where_tokens_are_to_be_had(tmp_path: Path) -> None:
    """From the refusal to the description, to the issuer, to a token; then to one that is good for more."""
    dist = built(tmp_path / "shop", "python")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/mcp"
    with giving_tokens() as (issuer, asked):
        env = {"KEYS": f"{issuer}/jwks.json", "ISSUER": issuer, "AUDIENCE": address}
        with running(dist, tmp_path / "log", "--port", str(port), env=env):
            asyncio.run(asyncio.wait_for(_found_by_itself(address, issuer), 60))
    assert asked[0] == "mcp" and set(asked[1].split()) == {"mcp", "orders:write"}
