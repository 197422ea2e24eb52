"""What a tool returns → the members of its result, as JSON.

Text is content; anything else with a known type is structured content, and its text beside it. ``Image``,
``Audio``, ``Embedded`` and ``Link`` are content blocks, alone or in a list with text.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from msgspec.json import encode

from conduit.http.encode import encode_json

if TYPE_CHECKING:
    from collections.abc import Callable

#: Bytes of one result, unless the app says otherwise; more is an error.
MOST = 1 << 24


class ToolError(Exception):
    """Raised by a tool: the call failed, and the model is told why."""


class Block:
    """A part of a result: ``wire()`` is the object that is sent."""

    def wire(self) -> dict[str, Any]:
        raise NotImplementedError


class Image(Block):
    """A picture: its bytes and media type."""

    kind = "image"

    def __init__(self, data: bytes, media_type: str = "image/png") -> None:
        self.data = data
        self.media_type = media_type

    def wire(self) -> dict[str, Any]:
        return {"type": self.kind, "data": b64encode(self.data).decode(), "mimeType": self.media_type}


class Audio(Image):
    """Sound: its bytes and media type."""

    kind = "audio"

    def __init__(self, data: bytes, media_type: str = "audio/wav") -> None:
        super().__init__(data, media_type)


class Embedded(Block):
    """The content of a resource, text or bytes, under its URI."""

    def __init__(self, uri: str, content: str | bytes, media_type: str | None = None) -> None:
        self.uri = uri
        self.content = content
        self.media_type = media_type

    def wire(self) -> dict[str, Any]:
        return {"type": "resource", "resource": contents(self.uri, self.content, self.media_type)}


class Link(Block):
    """A resource that the client may read."""

    def __init__(self, uri: str, name: str, *, description: str | None = None, media_type: str | None = None):
        self.told = {"uri": uri, "name": name, "description": description, "mimeType": media_type}

    def wire(self) -> dict[str, Any]:
        return {"type": "resource_link", **{key: one for key, one in self.told.items() if one is not None}}


def contents(uri: str, content: str | bytes, media_type: str | None) -> dict[str, Any]:
    """A resource's content as the protocol has it."""
    kind = {} if media_type is None else {"mimeType": media_type}
    if isinstance(content, str):
        return {"uri": uri, **kind, "text": content}
    return {"uri": uri, **kind, "blob": b64encode(content).decode()}


def members(value: object, structured: str, keep: Callable[[Any], Any] | None, most: int = MOST) -> bytes:
    """``content``, and ``structuredContent`` where the tool has an output schema.

    ``structured`` is ``object`` (the value itself is one), ``wrapped`` (it stands under ``result``) or empty.

    Raises:
        ToolError: it is too large.
        TypeError: it cannot be encoded.
    """
    if keep is not None:
        value = keep(value)
    if not structured and _is_content(value):
        return checked(b'"content":' + encode(_blocks(value)), most)
    told = encode_json(value)
    text = told if isinstance(value, str) else encode(told.decode())
    if not structured:
        return checked(b'"content":[{"type":"text","text":%b}]' % text, most)
    whole = told if structured == "object" else b'{"result":%b}' % told
    return checked(b'"content":[{"type":"text","text":%b}],"structuredContent":%b' % (text, whole), most)


def failed(why: str) -> bytes:
    """The members of a result that tells of a failure."""
    return b'"content":[{"type":"text","text":%b}],"isError":true' % encode(why)


def checked(made: bytes, most: int) -> bytes:
    """The members of a result.

    Raises:
        ToolError: there are more than ``most`` bytes.
    """
    if len(made) > most:
        raise ToolError(f"The result has {len(made)} bytes, of which at most {most} are sent.")
    return made


def _is_content(value: object) -> bool:
    if value is None or isinstance(value, Block):
        return True
    return isinstance(value, (list, tuple)) and any(isinstance(one, Block) for one in value)


def _blocks(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    several = value if isinstance(value, (list, tuple)) else [value]
    return [one.wire() if isinstance(one, Block) else _text(one) for one in several]


def _text(value: object) -> dict[str, Any]:
    return {"type": "text", "text": value if isinstance(value, str) else encode_json(value).decode()}
