"""Passwords and tokens."""

import hashlib
import hmac
import secrets
import time

from notes.settings import TOKEN_LIFETIME
from notes.store import Store, User


def hash_password(password: str) -> str:
    """Salt and hash, as it is kept."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_derived(password, salt)}"


def verify_password(password: str, kept: str) -> bool:
    salt, _, wanted = kept.partition(":")
    return hmac.compare_digest(_derived(password, bytes.fromhex(salt)), wanted)


def issue_token(store: Store, user: User) -> str:
    """A token that says who the caller is, until it is too old."""
    token = secrets.token_urlsafe(24)
    store.tokens[token] = (user.id, time.time() + TOKEN_LIFETIME)
    return token


def user_of_token(store: Store, token: str) -> User | None:
    """Who was given the token; None where nobody was, or it is too old."""
    number, expires = store.tokens.get(token, (0, 0.0))
    return store.users.get(number) if time.time() < expires else None


def _derived(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1).hex()
