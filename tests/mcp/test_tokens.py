"""Bearer tokens over HTTP: who may call what, in every way to run a program."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mcp.speaking import modern, result, said
from tests.mcp.tokens import (
    ABOUT,
    AUDIENCE,
    ISSUER,
    KINDS,
    PROGRAM,
    bearing,
    calling,
    challenge,
    jwk,
    key_set,
    pem,
    program,
    published,
    token,
)
from tests.service.ways import WAYS, answers, ask, made, request

Shop = Callable[..., list[Any]]
WELL_KNOWN = "/.well-known/oauth-protected-resource"


@pytest.fixture(scope="module", params=WAYS)
def shop(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Answers of the program, run in one of the ways; the address of its keys is told by the environment."""
    folder = made(request.param, {"app.py": PROGRAM}, tmp_path_factory.mktemp("shop"))

    def asked(keys: str, *requests: Any) -> list[Any]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KEYS", keys)
            return ask(folder, requests)

    return asked


def with_token(asked: Any, given: str) -> Any:
    return [*asked[:2], [*asked[2], ["authorization", f"Bearer {given}"]], asked[3]]


def test_who_may_call_what(shop: Shop) -> None:
    most = token(scope="mcp orders:write orders:read")
    refused, *found = shop(
        pem(),
        *[
            bearing(None),
            bearing(token()),
            bearing(most),
            calling(most, "order", id=1),
            calling(most, "who"),
            bearing(most, "resources/read", uri="shop://orders/1"),
            bearing(token(), "resources/read", uri="shop://about"),
            bearing(token(), "resources/templates/list"),
            bearing(token(), "prompts/list"),
            bearing(most, "prompts/list"),
            bearing(token(), "initialize", protocolVersion="2025-11-25", capabilities={}),
        ],
    )
    assert refused[0] == 401 and challenge(refused) == {"scope": "mcp", "resource_metadata": ABOUT}
    assert [one[0] for one in found] == [200] * len(found)
    less, more, ordered, called, read, about, templates, prompts, all_prompts, hello = map(result, found)
    assert [one["name"] for one in less["tools"]] == ["add", "sure", "who"]
    assert [one["name"] for one in more["tools"]] == ["add", "order", "sure", "who"]
    assert ordered["content"][0]["text"] == "1 is ordered"
    assert called["structuredContent"] == {"result": ["ada", "mcp", "orders:read", "orders:write"]}
    assert read["contents"][0]["text"] == "order 1" and about["contents"][0]["text"] == "A shop."
    assert templates["resourceTemplates"] == [] and prompts["prompts"] == []
    assert [one["name"] for one in all_prompts["prompts"]] == ["complain"]
    assert set(hello["capabilities"]) == {"tools", "resources", "prompts", "completions", "logging"}


def test_where_tokens_are_to_be_had(shop: Shop) -> None:
    paths = (WELL_KNOWN, f"{WELL_KNOWN}/mcp", f"{WELL_KNOWN}/other")
    asked = [request("GET", path) for path in paths] + [request("HEAD", WELL_KNOWN)]
    asked += [request("POST", WELL_KNOWN, "{}"), request("HEAD", "/mcp"), request("GET", "/mcp")]
    root, below, other, head, posted, *closed = shop(pem(), *asked)
    assert root == below and root[0] == 200 and ["content-type", "application/json"] in root[1]
    assert json.loads(root[2]) == {
        "resource": AUDIENCE,
        "authorization_servers": [ISSUER],
        "scopes_supported": ["mcp", "orders:write", "orders:read"],
        "bearer_methods_supported": ["header"],
    }
    assert (other[0], head[0], head[2], posted[0]) == (404, 200, "", 405)
    assert [one[0] for one in closed] == [401, 401]


def test_modern_lists_are_private(shop: Shop) -> None:
    lists = ("server/discover", "tools/list", "resources/list", "prompts/list")
    asked = [with_token(modern(name), token()) for name in lists]
    asked.append(with_token(modern("tools/call", name="add", arguments={"a": 1}), token()))
    asked.append(with_token(modern("tools/call", name="order", arguments={"id": 1}), token()))
    wishes = {"resourceSubscriptions": ["shop://about", "shop://orders/1"]}
    asked.append(with_token(modern("subscriptions/listen", notifications=wishes), token()))
    *found, called, refused, unheard = shop(pem(), *asked)
    assert [result(one)["cacheScope"] for one in found] == ["private"] * len(lists)
    assert result(called)["structuredContent"] == {"result": 3}
    assert refused[0] == 403 and challenge(refused)["error"] == "insufficient_scope"
    assert unheard[0] == 403 and challenge(unheard)["scope"] == "mcp orders:read"


OPEN = """from conduit import Conduit, Context

app = Conduit()
app.enable_mcp()


@app.tool()
async def who(ctx: Context) -> str:
    '''Says who calls.'''
    return f"{ctx.subject} {ctx.token}"
"""


def test_without_auth_nothing_is_there(tmp_path: Path) -> None:
    asked = [calling(None, "who"), calling(token(), "who"), request("GET", WELL_KNOWN)]
    called, given, about = answers("python", {"app.py": OPEN}, asked, tmp_path)
    assert (
        result(called)["structuredContent"] == result(given)["structuredContent"] == {"result": "None None"}
    )
    assert about[0] == 404
    dist = tmp_path / "python"
    assert "guarded" not in (dist / "_conduit/wiring.py").read_text()
    assert not (dist / "conduit/auth").exists() and "jwt" not in (dist / "requirements.txt").read_text()


@pytest.mark.parametrize("algorithm", KINDS)
def test_keys_of_every_kind(algorithm: str, tmp_path: Path) -> None:
    given = token(algorithm)
    for number, keys in enumerate((key_set(jwk(algorithm)), jwk(algorithm), pem(algorithm))):
        found, other = answers(
            "uncompiled",
            program(keys),
            [calling(given, "add", a=1), calling(token(algorithm, 1, {"kid": f"{algorithm}-0"}), "add", a=1)],
            tmp_path / str(number),
        )
        assert result(found)["structuredContent"] == {"result": 3} and other[0] == 401


def test_keys_that_are_fetched(shop: Shop) -> None:
    with published(key_set(jwk("ES256"), jwk("RS256"))) as keys:
        asked = [calling(token(one), "add", a=1) for one in ("RS256", "ES256", "RS256", "EdDSA")]
        *found, unknown = shop(keys.address, *asked)
        assert [result(one)["structuredContent"] for one in found] == [{"result": 3}] * 3
        assert unknown[0] == 401 and keys.fetched == 1
        keys.status = 500
        down = shop(keys.address, *asked, with_token(request("HEAD", "/mcp"), token()))
        assert [one[0] for one in down] == [503] * 4 + [401]
        assert ["retry-after", "5"] in down[0][1] and json.loads(down[0][2])["status"] == 503
        assert keys.fetched == 2


OPAQUE = '''import asyncio

from conduit import Conduit, Context
from conduit.auth import Bearer, Token

app = Conduit()
asked = []


{kind} verify(text: str):
    asked.append(text)
    if text == "broken":
        raise OSError("the database is away")
    if text == "odd":
        return "ada"
    if text == "late":
        return Token("ada", ["mcp"], expires=1)
    if text == "elsewhere":
        return Token("ada", ["mcp"], audience="https://bank.example/mcp")
    if text in ("good", "plain"):
        return Token("ada", "mcp orders", "https://shop.example/mcp", claims={{"asked": len(asked)}})
    return None


app.enable_mcp(
    auth=Bearer(
        verify,
        audience="https://shop.example/mcp",
        issuer="https://auth.example",
        scopes=["mcp"],
        remember={remember},
    )
)


@app.tool()
async def who(ctx: Context) -> int:
    """Says how often somebody was asked."""
    return ctx.token.claims["asked"]
'''


@pytest.mark.parametrize(("way", "kind"), [("uncompiled", "def"), ("python", "async def")])
def test_tokens_that_say_nothing(way: str, kind: str, tmp_path: Path) -> None:
    given = ("good", "good", "plain", "unknown", "late", "elsewhere", "broken", "odd", "good")
    files = {"app.py": OPAQUE.format(kind=kind, remember=60)}
    found = answers(way, files, [calling(one, "who") for one in given], tmp_path)
    assert [one[0] for one in found] == [200, 200, 200, 401, 401, 401, 500, 500, 200]
    counts = [result(found[place])["structuredContent"]["result"] for place in (0, 1, 2, 8)]
    assert counts == [1, 1, 2, 1]
    whys = [challenge(one)["error_description"] for one in found[3:6]]
    assert whys == [
        "the token is not known",
        "the token has expired",
        "the token was made for another audience",
    ]
    assert "database" not in found[6][2]


def test_tokens_that_are_not_remembered(tmp_path: Path) -> None:
    files = {"app.py": OPAQUE.format(kind="def", remember=0)}
    found = answers("uncompiled", files, [calling("good", "who")] * 3, tmp_path)
    assert [result(one)["structuredContent"]["result"] for one in found] == [1, 2, 3]


def test_a_state_is_good_for_who_got_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grace = token(sub="grace")
    first = modern("tools/call", name="sure", arguments={})
    monkeypatch.setenv("CONDUIT_SECRET", "the same in every process")
    files = program(key_set())
    [asked] = answers("uncompiled", files, [with_token(first, token())], tmp_path)
    state = result(asked)["requestState"]
    given = {"elicit": {"action": "accept", "content": {}}}
    again = modern("tools/call", name="sure", arguments={}, requestState=state, inputResponses=given)
    good, stolen = answers(
        "uncompiled", files, [with_token(again, token()), with_token(again, grace)], tmp_path
    )
    assert result(good)["content"][0]["text"] == "ada accept"
    assert said(stolen)[0]["error"]["code"] == -32602
