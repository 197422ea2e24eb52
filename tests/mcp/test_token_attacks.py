"""Tokens that somebody made up, changed, stole or sent in a wrong place: each is refused.

All are sent to one process, with a good token before and after them.
"""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.mcp.speaking import result
from tests.mcp.tokens import (
    ABOUT,
    AUDIENCE,
    bearing,
    by_hand,
    calling,
    challenge,
    claims,
    jwk,
    jwt,
    key_set,
    pem,
    private,
    program,
    token,
)
from tests.service.ways import WAYS, Answer, Request, answers

#: A secret that a careless issuer published; nobody takes it for one.
SHARED = b"0123456789abcdef0123456789abcdef"
OCTETS = {"kty": "oct", "k": base64.urlsafe_b64encode(SHARED).rstrip(b"=").decode(), "kid": "shared"}
SET = key_set(jwk("RS256"), jwk("ES256"), jwk("RS256", 2, use="enc"), OCTETS)
EVIL = 7


def raw(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand."""
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def hmac_of(secret: bytes, **headers: Any) -> str:
    """A token signed with HS256, whatever the secret is: libraries refuse to sign with a public key."""
    import hashlib
    import hmac

    unsigned = raw({"alg": "HS256", "typ": "at+jwt", **headers}, claims()).rstrip(".")
    mac = hmac.digest(secret, unsigned.encode(), hashlib.sha256)
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def changed(place: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    """A good token whose header (0) or payload (1) says something else."""
    parts = token().split(".")
    said = json.loads(base64.urlsafe_b64decode(parts[place] + "=="))
    parts[place] = base64.urlsafe_b64encode(json.dumps(change(said)).encode()).rstrip(b"=").decode()
    return ".".join(parts)


def flipped() -> str:
    """A good token with another signature."""
    head, _, signature = token().rpartition(".")
    return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def evil(**headers: Any) -> str:
    """A token of somebody else's key."""
    return token(number=EVIL, headers={"kid": "RS256-0", **headers})


def sent(*fields: str, target: str = "/mcp") -> Request:
    """A request with these Authorization headers."""
    told = bearing(None, "tools/call", name="add", arguments={"a": 1})
    return [told[0], target, [*told[2], *(["authorization", one] for one in fields)], told[3]]


#: When the tests were found; they may run much later.
NOW, DAY = int(time.time()), 86_400
HEADER = {"alg": "RS256", "typ": "at+jwt", "kid": "RS256-0"}
INVALID: dict[str, Callable[[], str]] = {
    "alg none": lambda: raw({"alg": "none", "typ": "at+jwt"}, claims()),
    "alg None": lambda: raw({"alg": "None", "typ": "at+jwt", "kid": "RS256-0"}, claims(), b"x"),
    "alg empty": lambda: raw({"alg": "", "typ": "at+jwt"}, claims(), b"x"),
    "alg missing": lambda: raw({"typ": "at+jwt"}, claims(), b"x"),
    "alg none with the good signature": lambda: changed(0, lambda said: {**said, "alg": "none"}),
    "HS256 with the public key": lambda: hmac_of(pem().encode(), kid="RS256-0"),
    "HS256 with the public key, no kid": lambda: hmac_of(pem().strip().encode()),
    "HS256 with a published secret": lambda: hmac_of(SHARED, kid="shared"),
    "alg of another key": lambda: token("ES256", headers={"kid": "RS256-0"}),
    "key for encryption": lambda: token("RS256", 2),
    "expired": lambda: token(exp=NOW - 1, iat=NOW - 600),
    "never expires": lambda: token(exp=None),
    "expires in text": lambda: token(exp=str(NOW + 600)),
    "expires at infinity": lambda: token(exp=float("inf")),
    "not yet valid": lambda: token(nbf=NOW + DAY, exp=NOW + 2 * DAY),
    "made in the future": lambda: token(iat=NOW + DAY, exp=NOW + 2 * DAY),
    "wrong audience": lambda: token(aud="https://shop.example/"),
    "longer audience": lambda: token(aud=f"{AUDIENCE}/"),
    "no audience": lambda: token(aud=None),
    "empty audience": lambda: token(aud=[]),
    "audience of odd things": lambda: token(aud=[AUDIENCE, 1]),
    "token of another app": lambda: token(aud=["https://bank.example/mcp", "bank"]),
    "wrong issuer": lambda: token(iss="https://auth.example.evil.example"),
    "issuer with a slash": lambda: token(iss="https://auth.example/"),
    "no issuer": lambda: token(iss=None),
    "no subject": lambda: token(sub=None),
    "empty subject": lambda: token(sub=""),
    "odd scopes": lambda: token(scope={"mcp": True}),
    "tampered payload": lambda: changed(1, lambda said: {**said, "scope": "mcp orders:write"}),
    "tampered subject": lambda: changed(1, lambda said: {**said, "sub": "root"}),
    "tampered signature": flipped,
    "no signature": lambda: token().rpartition(".")[0] + ".",
    "unknown kid": lambda: token(number=EVIL),
    "known kid, unknown key": evil,
    "no kid, unknown key": lambda: raw({**jwt.get_unverified_header(evil()), "kid": None}, claims(), b"x"),
    "jku": lambda: evil(jku="https://evil.example/jwks.json"),
    "x5u": lambda: evil(x5u="https://evil.example/cert.pem"),
    "jwk": lambda: evil(jwk=jwk(number=EVIL)),
    "x5c": lambda: evil(x5c=["MIIB"]),
    "kid as a path": lambda: evil(kid="../../../../dev/null"),
    "kid as a list": lambda: raw({"alg": "RS256", "kid": ["RS256-0"]}, claims(), b"x"),
    "crit": lambda: token(headers={"crit": ["exp2"], "exp2": 1}),
    "crit that the library knows": lambda: raw({"alg": "RS256", "crit": ["b64"], "b64": False}, {}, b"x"),
    "crit of nothing new": lambda: by_hand({**HEADER, "crit": ["b64"], "b64": True}, claims()),
    "b64 as it always is": lambda: by_hand({**HEADER, "b64": True}, claims()),
    "b64": lambda: changed(0, lambda said: {**said, "b64": False}),
    "type of a logout token": lambda: token(headers={"typ": "logout+jwt"}),
    "type that is none": lambda: raw({"alg": "RS256", "typ": 1}, claims(), b"x"),
    "oversized": lambda: token(filling="x" * 9000),
    "deeply nested": lambda: f"{base64.urlsafe_b64encode(b'[' * 5000).decode().rstrip('=')}.e30.AA",
    "no token at all": lambda: "abc",
    "five parts, as of an encrypted one": lambda: ".".join(["e30"] * 5),
}
#: What is sent, the status, and the error that the client is told.
MISPLACED: dict[str, tuple[Callable[[], Request], int, str | None]] = {
    "nothing": (sent, 401, None),
    "another scheme": (lambda: sent("Basic YWRhOmFkYQ=="), 401, None),
    "a longer scheme": (lambda: sent(f"BearerX {token()}"), 401, None),
    "in the query": (lambda: sent(target=f"/mcp?access_token={token()}"), 401, None),
    "in the query, too": (
        lambda: sent(f"Bearer {token()}", target=f"/mcp?access_token={token()}"),
        400,
        "invalid_request",
    ),
    "twice": (lambda: sent(f"Bearer {token()}", f"Bearer {token()}"), 400, "invalid_request"),
    "twice, one of them bad": (lambda: sent("Bearer x", f"Bearer {token()}"), 400, "invalid_request"),
    "two in one header": (lambda: sent(f"Bearer {token()}, Bearer {token()}"), 400, "invalid_request"),
    "no token": (lambda: sent("Bearer "), 400, "invalid_request"),
    "no blank": (lambda: sent("Bearer"), 400, "invalid_request"),
    "odd characters": (lambda: sent(f'Bearer {token()}"'), 400, "invalid_request"),
    "letters of another alphabet": (lambda: sent("Bearer é.é.é"), 400, "invalid_request"),
    "no scope for anything": (lambda: calling(token(scope=None), "add", a=1), 403, "insufficient_scope"),
    "a scope like it": (lambda: calling(token(scope="mcpx xmcp MCP"), "add", a=1), 403, "insufficient_scope"),
    "a tool beyond the token": (lambda: calling(token(), "order", id=1), 403, "insufficient_scope"),
    "a resource beyond the token": (
        lambda: bearing(token(), "resources/read", uri="shop://orders/1"),
        403,
        "insufficient_scope",
    ),
    "a resource beyond the token, to hear of": (
        lambda: bearing(token(), "resources/subscribe", uri="shop://orders/1"),
        403,
        "insufficient_scope",
    ),
    "a prompt beyond the token": (
        lambda: bearing(token(), "prompts/get", name="complain", arguments={"id": "1"}),
        403,
        "insufficient_scope",
    ),
    "values for a prompt beyond the token": (
        lambda: bearing(
            token(),
            "completion/complete",
            ref={"type": "ref/prompt", "name": "complain"},
            argument={"name": "id", "value": "1"},
        ),
        403,
        "insufficient_scope",
    ),
}


@pytest.fixture(scope="module", params=WAYS)
def refused(request: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """What each is answered with."""
    private("RS256", EVIL)
    several = {name: calling(make(), "add", a=1) for name, make in INVALID.items()}
    several |= {name: make() for name, (make, _, _) in MISPLACED.items()}
    good = calling(token(), "add", a=1)
    again = calling(token(aud=["shop", "other"], headers={"typ": "JWT"}), "add", a=1)
    asked = [good, *several.values(), good, again]
    first, *found, last, other = answers(
        request.param, program(SET), asked, tmp_path_factory.mktemp("attacks")
    )
    for one in (first, last, other):
        assert one[0] == 200 and result(one)["structuredContent"] == {"result": 3}
    return dict(zip(several, found, strict=True))


@pytest.mark.parametrize("name", INVALID)
def test_is_no_good_token(name: str, refused: dict[str, Answer]) -> None:
    answer = refused[name]
    told = challenge(answer)
    assert (answer[0], told["error"]) == (401, "invalid_token"), answer
    assert (told["resource_metadata"], told["scope"]) == (ABOUT, "mcp") and told["error_description"]


@pytest.mark.parametrize("name", MISPLACED)
def test_is_no_good_request(name: str, refused: dict[str, Answer]) -> None:
    _, status, error = MISPLACED[name]
    answer = refused[name]
    told = challenge(answer)
    assert (answer[0], told.get("error")) == (status, error), answer
    assert told["resource_metadata"] == ABOUT and told["scope"].split()[0] == "mcp"


def test_what_a_token_would_need_is_said(refused: dict[str, Answer]) -> None:
    assert challenge(refused["a tool beyond the token"])["scope"] == "mcp orders:write"
    assert challenge(refused["a resource beyond the token"])["scope"] == "mcp orders:read"
    assert challenge(refused["no scope for anything"])["scope"] == "mcp"


def test_nothing_of_a_token_is_repeated(refused: dict[str, Answer]) -> None:
    for name, make in INVALID.items():
        header, _, rest = make().partition(".")
        said = json.dumps(refused[name])
        assert (len(header) < 8 or header not in said) and (len(rest) < 8 or rest not in said)
