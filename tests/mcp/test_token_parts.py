"""What bearer tokens are verified with: settings and keys that are refused, keys that are fetched, what is
remembered."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from conduit.auth import Bearer, BearerJWT, Token, fetched
from conduit.auth.gate import MOST_KNOWN, Gate
from conduit.http.errors import HTTPError
from conduit.mcp.catalogue import Catalogue
from conduit.mcp.guard import guarded
from conduit.mcp.http import Door
from conduit.mcp.protected import document, place

from tests.mcp.tokens import AUDIENCE, ISSUER, jwk, jwt, key_set, pem, private, published, token

SETTINGS = {"issuer": ISSUER, "audience": AUDIENCE}


def scope(*given: str) -> dict[str, Any]:
    headers = [(b"host", b"localhost"), *((b"authorization", f"Bearer {one}".encode()) for one in given)]
    return {"headers": headers, "query_string": b""}


@pytest.mark.parametrize(
    "settings",
    [
        {"issuer": ""},
        {"audience": ()},
        {"audience": [""]},
        {"audience": [1]},
        {"scopes": ["two words", 'a"b']},
        {"scopes": ["a\nb"]},
        {"scopes": ["é"]},
        {"algorithm": "none"},
        {"algorithm": "HS1"},
        {"keys": "http://auth.example/jwks.json"},
        {"keys": "https://auth.example/jwks.json", "algorithm": "HS256"},
    ],
)
def test_settings_that_cannot_be(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        BearerJWT(**{"keys": pem(), **SETTINGS, **settings})


def weak() -> str:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = rsa.generate_private_key(65537, 1024).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def secret_pem() -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = private("RS256")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


BAD_KEYS: dict[str, Callable[[], dict[str, Any]]] = {
    "nothing": lambda: {"keys": ""},
    "an empty set": lambda: {"keys": {"keys": []}},
    "a set of secrets": lambda: {"keys": {"keys": [{"kty": "oct", "k": "AAAA"}]}},
    "a set of odd things": lambda: {"keys": {"keys": [1, {"kty": "RSA"}, {"kty": "EC", "crv": "P-1"}]}},
    "for encryption": lambda: {"keys": jwk(use="enc")},
    "for signing only": lambda: {"keys": jwk(key_ops=["sign"])},
    "of another algorithm": lambda: {"keys": pem(), "algorithm": "ES256"},
    "set of another algorithm": lambda: {"keys": jwk(alg="ES256")},
    "a short key": lambda: {"keys": weak()},
    "a private key": lambda: {"keys": secret_pem()},
    "a broken text": lambda: {"keys": pem().replace("MII", "AAA")},
    "a short secret": lambda: {"keys": "s" * 31, "algorithm": "HS256"},
    "a secret without its algorithm": lambda: {"keys": "s" * 64},
    "a public key as secret": lambda: {"keys": pem(), "algorithm": "HS256"},
    "one of several": lambda: {"keys": [pem(), "no key"]},
}


@pytest.mark.parametrize("name", BAD_KEYS)
def test_keys_that_are_none(name: str) -> None:
    given = BAD_KEYS[name]()
    auth = BearerJWT(**{**SETTINGS, **given})
    with pytest.raises(ValueError) as caught:
        auth.prepare()
    assert not given["keys"] or str(given["keys"]) not in str(caught.value)


@pytest.mark.parametrize(("algorithm", "length"), [("HS256", 32), ("HS384", 48), ("HS512", 64)])
def test_a_secret(algorithm: str, length: int) -> None:
    auth = BearerJWT("s" * length, **SETTINGS, algorithm=algorithm)
    given = jwt.encode(jwt.decode(token(), options={"verify_signature": False}), "s" * length, algorithm)
    found = Gate(auth).token(scope(given))
    assert isinstance(found, Token) and (found.subject, found.scopes) == ("ada", {"mcp"})
    with pytest.raises(HTTPError):
        Gate(auth).token(scope(token()))


def test_several_texts_and_scopes_of_several_kinds() -> None:
    gate = Gate(BearerJWT([pem(), pem("ES256"), pem("EdDSA")], **SETTINGS))
    kinds = ({"scope": "a b"}, {"scope": None, "scp": ["a", "b"]}, {"scope": None, "scp": "a b"})
    for algorithm, more in zip(("RS256", "ES256", "EdDSA"), kinds, strict=True):
        found = gate.token(scope(token(algorithm, **more)))
        assert isinstance(found, Token) and found.scopes == {"a", "b"} and found.claims["iss"] == ISSUER
        assert "sub" not in repr(found) and found.audience == (AUDIENCE,)


def test_verified_once_until_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    auth, now = BearerJWT(pem(), **SETTINGS), time.time()
    checked: list[str] = []
    check = auth.check
    monkeypatch.setattr(auth, "check", lambda text: checked.append(text) or check(text))
    gate, given = Gate(auth), token(exp=int(now) + 100)
    assert gate.token(scope(given)) is gate.token(scope(given)) and len(checked) == 1
    assert gate.token({**scope(), "headers": [(b"authorization", b"bearer " + given.encode())]})
    assert len(checked) == 2  # other bytes
    monkeypatch.setattr("time.time", lambda: now + 99)
    gate.token(scope(given))
    assert len(checked) == 2
    monkeypatch.setattr("time.time", lambda: now + 101)
    with pytest.raises(HTTPError) as caught:
        gate.token(scope(given))
    assert caught.value.status == 401 and len(checked) == 3
    long = token(exp=int(now) + 10_000, iat=None)
    gate.token(scope(long))
    monkeypatch.setattr("time.time", lambda: now + 101 + auth.remember)
    gate.token(scope(long))
    assert len(checked) == 5


def test_what_is_remembered_is_bounded() -> None:
    gate = Gate(Bearer(Token))

    async def main() -> None:
        for number in range(MOST_KNOWN + 20):
            found = gate.token(scope(f"t{number}"))
            assert not isinstance(found, Token) and (await found).subject == f"t{number}"
        assert len(gate._known) == MOST_KNOWN
        assert isinstance(gate.token(scope(f"t{MOST_KNOWN + 19}")), Token)
        forgotten = gate.token(scope("t0"))
        assert not isinstance(forgotten, Token) and (await forgotten).subject == "t0"

    asyncio.run(main())


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(fetched, "monotonic", lambda: self.now)


async def verified(gate: Gate, given: str) -> int:
    """200, or the status of the refusal."""
    try:
        found = gate.token(scope(given))
        return 200 if isinstance(found, Token) or await found else 0
    except HTTPError as error:
        return error.status


def test_keys_that_change(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)

    async def main() -> None:
        with published(key_set(jwk())) as keys:
            gate = Gate(BearerJWT(keys.address, **SETTINGS))
            together = await asyncio.gather(*(verified(gate, token(jti=str(n))) for n in range(20)))
            assert together == [200] * 20 and keys.fetched == 1  # all of them wait for one
            keys.body = key_set(jwk(), jwk(number=1))
            assert await verified(gate, token(number=1)) == 401 and keys.fetched == 1  # too soon
            clock.now += fetched.DISTANCE_SECONDS
            assert await verified(gate, token(number=1)) == 200 and keys.fetched == 2
            unknown = await asyncio.gather(*(verified(gate, token(number=2, jti=str(n))) for n in range(20)))
            assert unknown == [401] * 20 and keys.fetched == 2
            keys.body = key_set(jwk(number=1))  # the first is withdrawn
            assert await verified(gate, token(jti="a")) == 200 and keys.fetched == 2
            clock.now += fetched.FRESH_SECONDS + 1
            assert await verified(gate, token(jti="b")) == 401 and keys.fetched == 3
            assert await verified(gate, token(number=1, jti="c")) == 200

    asyncio.run(main())


def test_keys_that_do_not_come(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock(monkeypatch)

    async def main() -> None:
        with published(key_set(jwk())) as keys:
            gate = Gate(BearerJWT(f"{keys.address}?key=hidden", **SETTINGS))
            good = keys.body
            large = b'{"keys":[' + b" " * fetched.MOST_BYTES + b"]}"
            for body, status in ((good, 500), (good, 302), (b"no", 200), ([], 200), ({}, 200), (large, 200)):
                keys.body, keys.status, before = body, status, keys.fetched
                assert await verified(gate, token()) == 503 and keys.fetched == before + 1
                assert await verified(gate, token()) == 503 and keys.fetched == before + 1  # too soon
                clock.now += fetched.RETRY_SECONDS
            keys.body, keys.status = good, 200
            assert await verified(gate, token()) == 200
            keys.status = 500
            clock.now += fetched.FRESH_SECONDS + 1
            assert await verified(gate, token(jti="a")) == 200  # by the keys that are there
            clock.now += fetched.LIFE_SECONDS
            assert await verified(gate, token(jti="b")) == 503
        clock.now += fetched.RETRY_SECONDS
        assert await verified(gate, token(jti="c")) == 503  # nobody there

    with caplog.at_level(logging.WARNING, "conduit"):
        asyncio.run(main())
    assert "the answer is 302" in caplog.text and "too large" in caplog.text and "hidden" not in caplog.text


def test_one_algorithm_and_no_other() -> None:
    pss = token("PS256", key=private("RS256"), headers={"kid": "RS256-0"})

    async def main() -> None:
        with published(key_set(jwk())) as keys:
            for given in (keys.address, key_set(jwk()), pem()):
                both = Gate(BearerJWT(given, **SETTINGS))
                assert [await verified(both, one) for one in (token(), pss)] == [200, 200]
                narrow = Gate(BearerJWT(given, **SETTINGS, algorithm="PS256"))
                assert [await verified(narrow, one) for one in (token(), pss)] == [401, 200]

    asyncio.run(main())


def test_who_does_not_wait_takes_it_from_nobody() -> None:
    async def main() -> None:
        with published(key_set(jwk())) as keys:
            gate = Gate(BearerJWT(keys.address, **SETTINGS))
            first = asyncio.ensure_future(verified(gate, token(jti="a")))
            second = asyncio.ensure_future(verified(gate, token(jti="b")))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            first.cancel()
            assert await second == 200 and keys.fetched == 1

    asyncio.run(main())


@pytest.mark.parametrize(
    ("resource", "where"),
    [
        ("https://shop.example/mcp", "https://shop.example/.well-known/oauth-protected-resource/mcp"),
        ("https://shop.example", "https://shop.example/.well-known/oauth-protected-resource"),
        ("https://shop.example/", "https://shop.example/.well-known/oauth-protected-resource"),
        (
            "https://shop.example:8443/a/b/",
            "https://shop.example:8443/.well-known/oauth-protected-resource/a/b/",
        ),
        ("http://127.0.0.1:8000/mcp", "http://127.0.0.1:8000/.well-known/oauth-protected-resource/mcp"),
    ],
)
def test_where_the_description_is(resource: str, where: str) -> None:
    assert place(BearerJWT(pem(), issuer=ISSUER, audience=resource).policy) == where


@pytest.mark.parametrize(
    ("resource", "issuer"),
    [
        ("shop", ISSUER),
        ("http://shop.example/mcp", ISSUER),
        ("https://shop.example/mcp#a", ISSUER),
        ("https://shop.example/mcp?a=1", ISSUER),
        ('https://shop.example/"mcp', ISSUER),
        ("https://shop.example/\r\nx: y", ISSUER),
        ("https://[shop/mcp", ISSUER),
        (AUDIENCE, "auth"),
        (AUDIENCE, "http://auth.example"),
    ],
)
def test_what_cannot_be_described(resource: str, issuer: str) -> None:
    catalogue = Catalogue(b"{}")
    with pytest.raises(ValueError):
        guarded(Door(catalogue), catalogue, BearerJWT(pem(), issuer=issuer, audience=resource), 1)


def test_tokens_without_an_issuer_are_not_described() -> None:
    catalogue = Catalogue(b"{}")
    auth = Bearer(lambda text: None)
    door, *about = guarded(Door(catalogue), catalogue, auth, 1)
    assert door is not None and about == [None, None] and document(auth.policy, catalogue) is None
    with pytest.raises(TypeError, match="BearerJWT or a Bearer"):
        guarded(Door(catalogue), catalogue, "secret", 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Bearer("secret")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="subject"):
        Token("")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in ("jwt", "conduit.auth.keys", "conduit.auth.verifying"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "jwt", None)
    monkeypatch.delattr("conduit.auth.keys", raising=False)
    monkeypatch.delattr("conduit.auth.verifying", raising=False)
    with pytest.raises(ImportError, match=r"conduitc\[auth\]"):
        BearerJWT(pem(), **SETTINGS).prepare()
