"""An issuer of tokens with real keys, its key set on a socket, and a program that asks for its tokens."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.mcp.speaking import message, post
from tests.service.ways import Answer, Request

jwt = pytest.importorskip("jwt", reason="PyJWT is not installed")
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: E402
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm  # noqa: E402

ISSUER = "https://auth.example"
AUDIENCE = "https://shop.example/mcp"
ABOUT = "https://shop.example/.well-known/oauth-protected-resource/mcp"
#: Algorithm → how its key is made, and how it is written down.
KINDS: dict[str, tuple[Any, Any]] = {
    "RS256": (lambda: rsa.generate_private_key(65537, 2048), RSAAlgorithm),
    "ES256": (lambda: ec.generate_private_key(ec.SECP256R1()), ECAlgorithm),
    "EdDSA": (ed25519.Ed25519PrivateKey.generate, OKPAlgorithm),
}

PROGRAM = '''import os

from conduit import BearerJWT, Conduit, Context
from conduit.mcp import Said

app = Conduit(title="Shop")
app.enable_mcp(
    auth=BearerJWT(
        os.environ.get("KEYS", "KEYS_PLACE"),
        issuer=os.environ.get("ISSUER", "https://auth.example"),
        audience=[os.environ.get("AUDIENCE", "https://shop.example/mcp"), "shop"],
        scopes=["mcp"],
    ),
)


@app.tool()
def add(a: int, b: int = 2) -> int:
    """Add two numbers."""
    return a + b


@app.tool(scopes=["orders:write"])
def order(id: int) -> str:
    """Order an item."""
    return f"{id} is ordered"


@app.tool()
async def who(ctx: Context) -> list[str]:
    """Says who calls."""
    return [str(ctx.subject), *sorted(ctx.token.scopes if ctx.token else ())]


@app.tool()
async def sure(ctx: Context) -> str:
    """Asks."""
    answer = await ctx.elicit("Sure?", {"type": "object", "properties": {}})
    return f"{ctx.subject} {answer.action}"


@app.resource("shop://orders/{id}", scopes=["orders:read"])
def one(id: int) -> str:
    return f"order {id}"


@app.resource("shop://about")
def about() -> str:
    return "A shop."


@app.prompt(scopes=["orders:read"])
def complain(id: str) -> list:
    """Ask for a letter."""
    return [Said("user", f"Complain about order {id}.")]


@app.completion("complain", "id")
def ids(value: str) -> list[str]:
    return [value + "1"]
'''


@cache
def _made(algorithm: str, number: int) -> Any:
    return KINDS[algorithm][0]()


def private(algorithm: str, number: int = 0) -> Any:
    """A key; another for each number."""
    return _made(algorithm, number)


def pem(algorithm: str = "RS256", number: int = 0) -> str:
    """Its public part."""
    public = private(algorithm, number).public_key()
    return str(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def jwk(algorithm: str = "RS256", number: int = 0, **more: Any) -> dict[str, Any]:
    """Its public part, for a key set."""
    made = json.loads(KINDS[algorithm][1].to_jwk(private(algorithm, number).public_key()))
    return {**made, "kid": f"{algorithm}-{number}", "use": "sig", **more}


def key_set(*several: Mapping[str, Any]) -> dict[str, Any]:
    return {"keys": [*(several or (jwk(),))]}


def claims(**more: Any) -> dict[str, Any]:
    """What a good token says; None takes a claim out."""
    now = int(time.time())
    usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "iat": now, "exp": now + 600, "scope": "mcp"}
    return {name: value for name, value in {**usual, **more}.items() if value is not None}


def token(
    algorithm: str = "RS256",
    number: int = 0,
    headers: Mapping[str, Any] | None = None,
    key: Any = None,
    **more: Any,
) -> str:
    """A token that is signed; ``more`` are its claims."""
    told = {"typ": "at+jwt", "kid": f"{algorithm}-{number}", **(headers or {})}
    key = key if key is not None else private(algorithm, number)
    return str(jwt.encode(claims(**more), key, algorithm, headers=told))


def by_hand(header: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
    """A token that a trusted key signed, whatever libraries would say to its header."""
    parts = (base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (header, payload))
    unsigned = b".".join(parts)
    mac = RSAAlgorithm(RSAAlgorithm.SHA256).sign(unsigned, private("RS256"))
    return f"{unsigned.decode()}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def program(keys: object) -> dict[str, str]:
    """The program, with these keys in its source."""
    return {"app.py": PROGRAM.replace('os.environ.get("KEYS", "KEYS_PLACE")', repr(keys))}


def bearing(given: str | None, method: str = "tools/list", **params: Any) -> Request:
    """A legacy request with a token, or without."""
    told = post(message(method, _meta=None, **params))
    return [*told[:2], [*told[2], *([["authorization", f"Bearer {given}"]] if given else [])], told[3]]


def calling(given: str | None, name: str, **arguments: Any) -> Request:
    return bearing(given, "tools/call", name=name, arguments=arguments)


def challenge(answer: Answer) -> dict[str, str]:
    """What a refusal says in WWW-Authenticate; its body is a problem document."""
    [told] = [value for name, value in answer[1] if name == "www-authenticate"]
    assert ["content-type", "application/problem+json"] in answer[1]
    assert json.loads(answer[2])["status"] == answer[0]
    scheme, _, rest = told.partition(" ")
    assert scheme == "Bearer" and told.isascii() and told.isprintable()
    pairs = (part.partition("=") for part in rest.split(", "))
    return {name: value.strip('"') for name, _, value in pairs if name}


class Keys:
    """Where an issuer's key set is: what stands there may change, and whoever fetches it is counted."""

    def __init__(self, body: object) -> None:
        self.body = body
        self.status = 200
        self.fetched = 0
        self.address = ""

    def written(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@contextmanager
def published(body: object) -> Iterator[Keys]:
    """A key set on a socket of the loopback."""
    keys = Keys(body)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys.fetched += 1
            data = keys.written()
            self.send_response(keys.status)
            if keys.status == 302:
                self.send_header("location", f"{keys.address}/elsewhere")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    keys.address = f"http://127.0.0.1:{server.server_port}/jwks.json"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield keys
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
