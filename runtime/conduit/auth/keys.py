"""Keys, as they are given → what signatures are verified with.

What a key is good for follows from its kind, and never from what a token says of itself: a public key of RSA
verifies signatures of RSA, and is no secret for an HMAC. A secret is one only where its algorithm is named.
This is the one room, with ``verifying``, that knows PyJWT and cryptography.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt import PyJWK
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
#: An HMAC's secret is at least as long as what it gives (RFC 7518, 3.2).
_SECRETS = {"HS256": 32, "HS384": 48, "HS512": 64}
#: Bits of an RSA key.
_LEAST_BITS = 2048
#: Keys of one set; what comes after them is not read.
MOST = 64


class Key(Struct, frozen=True):
    """What verifies signatures of these algorithms; ``id`` is the name by which tokens ask for it."""

    id: str | None
    algorithms: tuple[str, ...]
    key: Any


def read(given: object, algorithm: str | None) -> tuple[Key, ...]:
    """The keys of a JWK or a set of them, of PEM texts, or the secret of ``algorithm``.

    Raises:
        ValueError: they are none; the message never repeats them.
    """
    if algorithm in _SECRETS:
        return (_secret(given, algorithm),)
    if isinstance(given, dict):
        found = of_set(given if "keys" in given else {"keys": [given]}, algorithm)
    else:
        texts = given if isinstance(given, list | tuple) else (given,)
        found = _good_for((Key(None, _algorithms(key), key) for key in map(_of_pem, texts)), algorithm)
    if not found:
        wanted = "" if algorithm is None else f" for {algorithm}"
        raise ValueError(f"keys= holds no public key{wanted} that can be used")
    return found


def of_set(document: Mapping[str, Any], algorithm: str | None = None) -> tuple[Key, ...]:
    """The keys of a JSON Web Key Set (RFC 7517) that verify signatures; others are left out."""
    listed = document.get("keys")
    return _good_for(_usable(listed[:MOST]), algorithm) if isinstance(listed, list) else ()


def _good_for(keys: Iterable[Key], algorithm: str | None) -> tuple[Key, ...]:
    """Those that may be used with this algorithm, and with no other."""
    if algorithm is None:
        return tuple(keys)
    return tuple(Key(one.id, (algorithm,), one.key) for one in keys if algorithm in one.algorithms)


def _usable(listed: Sequence[Any]) -> Iterator[Key]:
    for one in listed:
        # no secret is ever taken from a set: whoever publishes one has published it
        if not isinstance(one, dict) or one.get("kty") not in ("RSA", "EC", "OKP"):
            continue
        uses = one.get("key_ops", ["verify"])
        if one.get("use", "sig") != "sig" or not isinstance(uses, list) or "verify" not in uses:
            continue
        public = {name: value for name, value in one.items() if name != "alg"}
        try:
            key = PyJWK(public).key
        except Exception:  # malformed in whatever way: an issuer's odd key must not take the others with it
            continue
        key = key.public_key() if hasattr(key, "public_key") else key
        algorithms = _algorithms(key)
        if "alg" in one:
            algorithms = tuple(name for name in algorithms if name == one["alg"])
        if algorithms:
            id_ = one.get("kid")
            yield Key(id_ if isinstance(id_, str) else None, algorithms, key)


def _algorithms(key: object) -> tuple[str, ...]:
    """What signatures a key can verify; none where it is too weak, or of another kind."""
    if isinstance(key, RSAPublicKey):
        return _RSA if key.key_size >= _LEAST_BITS else ()
    if isinstance(key, EllipticCurvePublicKey):
        known = _CURVES.get(key.curve.name)
        return () if known is None else (known,)
    return ("EdDSA",) if isinstance(key, Ed25519PublicKey) else ()


def _of_pem(text: object) -> object:
    data = text.encode() if isinstance(text, str) else text
    if not isinstance(data, bytes) or b"-----BEGIN PUBLIC KEY-----" not in data:
        raise ValueError("keys= is the address of a key set, a key set, or PEM texts of public keys")
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("keys= holds a PEM text that is no public key") from None
    if not _algorithms(key):
        raise ValueError("keys= holds a key that is too weak, or of a kind that is not used for tokens")
    return key


def _secret(given: object, algorithm: str) -> Key:
    data = given.encode() if isinstance(given, str) else given
    least = _SECRETS[algorithm]
    if not isinstance(data, bytes) or len(data) < least or b"-----BEGIN" in data:
        raise ValueError(f"the secret for {algorithm} is at least {least} random bytes, and no PEM text")
    return Key(None, (algorithm,), data)
