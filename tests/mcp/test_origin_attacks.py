"""Requests that another site's page, or whoever sits before it, may send: all refused; and what is ours.

Over sockets, behind uvicorn's own protocols and the compiled one, to a server that listens on the loopback;
and in memory, where the server's address can be chosen.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conduit.http.errors import HTTPError
from conduit.mcp.checks import Headers
from conduit.mcp.sources import check_source

from tests.http.serving import Server
from tests.mcp.served import DOORS, build, serve
from tests.service.ways import ask

PROGRAM = '''from conduit import Conduit

app = Conduit(title="Attacked")
app.enable_mcp(TRANSPORThosts=["shop.example", "Other.Example"])


@app.tool()
def add(a: int, b: int) -> int:
    """Add."""
    return a + b
'''
BODY = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}).encode()
GOOD = b"host: localhost:8000"

#: Names that lead to this machine, or look as if they did.
HOSTS = [
    b"evil.example",
    b"evil.example:8000",
    b"localhost.evil.example",
    b"127.0.0.1.nip.io",
    b"localhost@evil.example",
    b"evil.example@localhost",
    b"user:secret@localhost:8000",
    b"evil.example#localhost",
    b"localhost#evil.example",
    b"localhost/evil.example",
    b"localhost?evil.example",
    b"localhost\\evil.example",
    b"localhost, evil.example",
    b"localhost evil.example",
    b"localhost.",
    b"shop.example.",
    b"notshop.example",
    b"shop.example.evil.example",
    b"localhost:80:80",
    b"localhost:evil",
    b"localhost:-1",
    b"localhost:1234567",
    b"0.0.0.0:8000",
    b"2130706433",
    b"0x7f000001",
    b"0177.0.0.1",
    b"127.1",
    b"127.0.0.2",
    b"::1",
    b"[::1",
    b"[::1]evil.example",
    b"[::1].evil.example",
    b"[::ffff:127.0.0.1]",
    b"[0:0:0:0:0:0:0:1]",
    b"[::1%25lo]",
    b"[::]",
    b"[localhost]",
    b"xn--lcalhost-5fd.example",
    "l\u043ecalhost".encode(),
    "\u24dbocalhost".encode(),
    b"http://localhost",
    b"",
]
ORIGINS = [
    b"http://evil.example",
    b"https://evil.example",
    b"http://localhost.evil.example",
    b"http://localhost@evil.example",
    b"http://evil.example@localhost",
    b"http://user:secret@localhost:8000",
    b"http://evil.example#localhost",
    b"http://localhost#evil.example",
    b"http://localhost/evil.example",
    b"http://localhost?evil.example",
    b"http://localhost\\evil.example",
    b"http://localhost.",
    b"http://shop.example.",
    b"http://0.0.0.0",
    b"http://2130706433",
    b"http://0x7f000001",
    b"http://127.0.0.2",
    b"http://[::ffff:127.0.0.1]",
    b"http://[::1",
    b"http://localhost:80:80",
    b"http://localhost http://evil.example",
    b"http://localhost, http://evil.example",
    b"null",
    b"",
    b"localhost",
    b"//localhost",
    b"file://localhost",
    b"ftp://localhost",
    b"chrome-extension://localhost",
    b"javascript://localhost",
    b"data:text/html,localhost",
    b"http:localhost",
    "http://l\u043ecalhost".encode(),
    b"http://xn--lcalhost-5fd",
]
#: What comes in other lines than these two; the whole head after the request line.
LINES = [
    [b"host: localhost", b"host: evil.example"],
    [b"host: evil.example", b"host: localhost"],
    [b"host: evil.example", b"x-forwarded-host: localhost"],
    [b"host: evil.example", b"forwarded: host=localhost"],
    [b"host: evil.example", b"origin: http://localhost"],
    [GOOD, b"origin: http://localhost", b"origin: http://evil.example"],
    [GOOD, b"origin: http://evil.example", b"origin: http://localhost"],
    [GOOD, b"origin: http://evil.example", b"x-forwarded-host: evil.example"],
]
OURS = [
    [b"host: localhost"],
    [b"host: localhost:8000"],
    [b"host: LOCALHOST:1"],
    [b"Host: 127.0.0.1:65535"],
    [b"host: [::1]"],
    [b"host: [::1]:8000"],
    [b"host: shop.example"],
    [b"host: SHOP.example:443"],
    [b"host: other.example"],
    [GOOD, b"origin: http://localhost:6274"],
    [GOOD, b"origin: https://localhost"],
    [GOOD, b"origin: http://127.0.0.1:8000"],
    [GOOD, b"origin: http://[::1]:8000"],
    [GOOD, b"origin: https://shop.example"],
    [GOOD, b"origin: https://Shop.Example:8443"],
    [GOOD, b"x-forwarded-host: evil.example"],
]


def posted(lines: list[bytes], target: bytes = b"/mcp", version: bytes = b"1.1") -> bytes:
    head = [b"POST %b HTTP/%b" % (target, version), *lines, b"content-type: application/json"]
    head += [b"content-length: %d" % len(BODY), b"connection: close", b"", b""]
    return b"\r\n".join(head) + BODY


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("attacked"), PROGRAM.replace("TRANSPORT", ""))


@pytest.fixture(scope="module", params=DOORS)
def server(request: pytest.FixtureRequest, dist: Path) -> Iterator[Server]:
    with serve(dist, dist.parent, request.param) as found:
        yield found


def status(server: Server, raw: bytes) -> int:
    found: int = server.ask(raw).status
    return found


def refused(server: Server, raw: bytes) -> bool:
    """By us, or by the server itself where it is no good HTTP; who means well is served afterwards."""
    found = status(server, raw)
    assert status(server, posted([GOOD])) == 200
    return found in (403, 400)


@pytest.mark.parametrize("host", HOSTS)
def test_names_that_are_not_ours(server: Server, host: bytes) -> None:
    assert refused(server, posted([b"host: " + host]))


@pytest.mark.parametrize("origin", ORIGINS)
def test_pages_of_others(server: Server, origin: bytes) -> None:
    assert status(server, posted([GOOD, b"origin: " + origin])) == 403
    assert status(server, posted([GOOD])) == 200


@pytest.mark.parametrize("lines", LINES)
def test_several_lines(server: Server, lines: list[bytes]) -> None:
    assert refused(server, posted(lines))


def test_other_ways_to_ask(server: Server) -> None:
    assert refused(server, posted([], version=b"1.0"))  # no Host at all
    assert refused(server, posted([b"host: evil.example"], version=b"1.0"))
    assert refused(server, posted([b"host: evil.example"], target=b"http://localhost/mcp"))
    for method in (b"GET", b"DELETE", b"HEAD"):
        raw = posted([b"host: evil.example"]).replace(b"POST", method, 1)
        assert server.ask(raw, head=method == b"HEAD").status == 403


@pytest.mark.parametrize("lines", OURS)
def test_what_is_ours(server: Server, lines: list[bytes]) -> None:
    assert status(server, posted(lines)) == 200
    assert status(server, posted(lines, version=b"1.0")) == 200


@pytest.mark.parametrize("door", DOORS)
def test_the_old_pair(tmp_path: Path, door: str) -> None:
    """The stream of answers is no more given to others than the way to ask."""
    dist = build(tmp_path, PROGRAM.replace("TRANSPORT", 'transport="sse", '))
    with serve(dist, tmp_path, door) as server:
        for lines in ([b"host: evil.example"], [GOOD, b"origin: null"], *LINES):
            assert refused_pair(server, lines)


def refused_pair(server: Server, lines: list[bytes]) -> bool:
    raw = posted(lines, b"/mcp?session_id=x")
    got = posted(lines).replace(b"POST", b"GET", 1)
    return status(server, raw) in (400, 403) and status(server, got) in (400, 403)


# -- in memory -----------------------------------------------------------------------------------------------


def allowed(lines: list[bytes], address: str | None, *hosts: str) -> bool:
    pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
    scope: dict[str, Any] = {"server": None if address is None else (address, 8000)}
    try:
        check_source(scope, Headers(pairs), frozenset(hosts))
    except HTTPError as error:
        assert error.status == 403
        return False
    return True


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1", "localhost"])
def test_every_address_of_the_loopback(address: str) -> None:
    for host in HOSTS:
        assert not allowed([b"host: " + host], address), host
    for origin in ORIGINS:
        assert not allowed([GOOD, b"origin: " + origin], address), origin
    for lines in LINES:
        assert not allowed(lines, address), lines
    assert not allowed([], address)
    for lines in OURS:
        assert allowed(lines, address, "shop.example", "other.example"), lines


def test_a_server_that_others_reach_goes_by_any_name_unless_told() -> None:
    assert allowed([b"host: shop.example"], "10.0.0.1") and allowed([], "10.0.0.1")
    assert allowed([b"host: any"], None)  # a socket of the file system
    assert not allowed([b"host: any", b"origin: http://any"], "10.0.0.1")
    assert not allowed([b"host: evil.example"], "10.0.0.1", "shop.example")
    assert allowed([b"host: shop.example", b"origin: https://shop.example"], "10.0.0.1", "shop.example")


def test_the_way_through_the_app(dist: Path) -> None:
    """As a server would call it, without one."""
    requests = [["POST", "/mcp", [["host", host]], BODY.decode()] for host in ("localhost", "evil.example")]
    assert [one[0] for one in ask(dist, requests)] == [200, 403]
