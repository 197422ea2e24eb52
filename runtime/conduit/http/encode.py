"""Values → JSON bytes, as msgspec writes them, with two additions.

Subclasses of str, int and float and what numpy makes are written by value (``hook``); sets are written in an
order that does not depend on the hash seed (see ``conduit.http.sets``), while dictionaries keep theirs.
"""

from __future__ import annotations

from typing import Any

from msgspec.json import Encoder

from conduit.http.sets import holds_set, ordered


def hook(value: object) -> object:
    """What msgspec does not know, as something it does.

    Raises:
        TypeError: nothing is known of its type.
    """
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    for base in type(value).__mro__:
        if base.__module__ == "numpy":
            if base.__name__ == "ndarray":
                return value.tolist()  # type: ignore[attr-defined]  # numpy is not imported for this
            if base.__name__ == "generic":
                return _numpy_scalar(value)
    if isinstance(value, float):
        return float.__float__(value)
    raise TypeError(f"a value of type {type_name(value)} cannot be sent as JSON")


def _numpy_scalar(value: Any) -> object:
    plain = value.item()
    if type(plain) is type(value):  # a longdouble stays one
        return float(plain)
    if isinstance(plain, complex):
        raise TypeError(f"a value of type {type_name(value)} cannot be sent as JSON")
    return plain


def type_name(value: object) -> str:
    """A value's type, as logs name it."""
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


#: For values that hold no sets.
encode_plain = Encoder(enc_hook=hook).encode


def encode_json(value: object) -> bytes:
    """``value`` as JSON.

    Raises:
        TypeError: it holds something that cannot be encoded; the message names its type.
    """
    return encode_plain(ordered(value, encode_plain) if holds_set(value) else value)
