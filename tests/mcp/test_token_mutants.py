"""Tokens, headers and key sets that are nearly right: whatever comes is taken or refused, and nothing else
happens. In full with ``CONDUIT_SOAK=1``."""

import os
import random
import time
from typing import Any

from conduit.auth import BearerJWT, Token
from conduit.auth.gate import Gate
from conduit.auth.keys import of_set
from conduit.http.errors import HTTPError

from tests.mcp.tokens import AUDIENCE, ISSUER, by_hand, claims, jwk, key_set, token

NUMBER = 100_000 if os.environ.get("CONDUIT_SOAK") == "1" else 1500
ODD: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        2**63,
        10**400,
        1.5,
        float("inf"),
        float("nan"),
        "",
        "x",
        "mcp",
        "é",
        "\x00",
    ),
    *(
        [],
        {},
        [None],
        ["mcp"],
        {"a": 1},
        [[]],
        "9" * 5000,
        [AUDIENCE],
        AUDIENCE,
        ISSUER,
        "RS256",
        "none",
        "at+jwt",
    ),
]
HEADER = ["alg", "typ", "kid", "crit", "b64", "cty", "jku", "jwk", "x5c", "x5u", "zip", "enc", "p2c"]
CLAIMS = ["iss", "aud", "sub", "exp", "nbf", "iat", "scope", "scp", "jti", "client_id"]


def signed(chance: random.Random) -> str:
    """A token with odd claims that a trusted key signed, or one with odd headers that it did not."""
    said, header = claims(), {"alg": "RS256", "typ": "at+jwt", "kid": "RS256-0"}
    for name in chance.sample(CLAIMS, chance.randint(0, 2)):
        said[name] = chance.choice(ODD)
    if chance.random() < 0.5:
        for name in chance.sample(HEADER, chance.randint(1, 2)):
            header[name] = chance.choice(ODD)
    return by_hand(header, said)


def garbled(chance: random.Random, good: str) -> bytes:
    """A header with some bytes changed, left out, doubled or put in."""
    data = bytearray(b"Bearer " + good.encode())
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.choice([1, 1, 50])]
            case 2:
                data[at:at] = bytes(chance.choices(b'.= ,"\\-_AZaz09\x00\xff', k=chance.choice([1, 1, 20])))
            case _:
                data[at:at] = data[at : at + chance.choice([1, 10, 400])]
        data = data or bytearray(b"B")
    return bytes(data)


def outcome(gate: Gate, given: bytes) -> int:
    try:
        found = gate.token({"headers": [(b"authorization", given)], "query_string": b""})
    except HTTPError as error:
        return error.status
    assert isinstance(found, Token) and isinstance(found.subject, str) and "mcp" in found.scopes
    assert found.expires is not None and found.expires > time.time() and AUDIENCE in found.audience
    return 200


def test_tokens() -> None:
    chance = random.Random(5)
    gate = Gate(BearerJWT(key_set(jwk()), issuer=ISSUER, audience=AUDIENCE, scopes=["mcp"]))
    good, seen = token(), set()
    for number in range(NUMBER):
        if number % 2:
            given = garbled(chance, good)
            status = outcome(gate, given)
            text = given.strip(b" ").split(b" ")[-1].decode("latin-1")
            assert status != 200 or text.rstrip("=") == good, given
        else:
            status = outcome(gate, b"Bearer " + signed(chance).encode())
        seen.add(status)
    assert seen == {200, 400, 401, 403}
    assert outcome(gate, b"Bearer " + good.encode()) == 200


def test_key_sets() -> None:
    chance = random.Random(6)
    kinds = [jwk("RS256"), jwk("ES256"), jwk("EdDSA")]
    names = sorted({name for one in kinds for name in one} | {"alg", "key_ops", "d", "k"})
    usable = 0
    for _ in range(NUMBER // 5):
        one = dict(chance.choice(kinds))
        for name in chance.sample(names, chance.randint(0, 2)):
            one[name] = chance.choice([*ODD, "AQAB", "P-384", "EC", "oct", "enc", ["sign"]])
        listed = chance.choice([[one], [one], [one, None], [[one]], one, None, [one] * 100])
        found = of_set({"keys": listed})
        usable += len(found) > 0
        assert all(one.algorithms and not {"none", "HS256"} & set(one.algorithms) for one in found)
    assert usable
