"""Bytes → JSON-RPC messages, and back (JSON-RPC 2.0; MCP's basic protocol).

In: the bytes of one message. Out: a ``Message``, decoded in one go with all params that any method knows, or
``Malformed``, which says what to answer. Answers are put together as text: most of their parts are known when
the app starts.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, DecodeError, Raw, Struct, UnsetType, ValidationError
from msgspec.json import Decoder, decode, encode

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
NO_METHOD = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
HEADER_MISMATCH = -32020
NO_CAPABILITY = -32021
BAD_VERSION = -32022

Id = int | str
_PREFIX = "io.modelcontextprotocol/"


class Meta(
    Struct,
    gc=False,  # what is decoded holds no cycles
    rename={
        "version": _PREFIX + "protocolVersion",
        "capabilities": _PREFIX + "clientCapabilities",
        "client": _PREFIX + "clientInfo",
        "level": _PREFIX + "logLevel",
        "progress": "progressToken",
    },
):
    """``_meta`` of a request."""

    version: str | UnsetType = UNSET
    capabilities: dict[str, Any] | UnsetType = UNSET
    client: dict[str, Any] | UnsetType = UNSET
    level: str | UnsetType = UNSET
    progress: Id | UnsetType = UNSET


class Reference(Struct):
    """What is completed: a prompt by its name, or a resource by its URI."""

    type: str
    name: str | UnsetType = UNSET
    uri: str | UnsetType = UNSET


class Typed(Struct):
    """An argument, and what was typed of it."""

    name: str
    value: str


class Wishes(Struct, rename={"uris": "resourceSubscriptions"}):
    """What a client wants to hear of."""

    uris: list[str] | UnsetType = UNSET


class Known(Struct):
    """Other arguments that are known already."""

    arguments: dict[str, str] = {}


class Params(
    Struct,
    gc=False,
    rename={
        "meta": "_meta",
        "version": "protocolVersion",
        "client": "clientInfo",
        "request": "requestId",
        "answers": "inputResponses",
        "state": "requestState",
    },
):
    """What any method may be given; which of it a method needs, it says itself."""

    meta: Meta | UnsetType = UNSET
    name: str | UnsetType = UNSET
    arguments: Raw | UnsetType = UNSET
    uri: str | UnsetType = UNSET
    ref: Reference | UnsetType = UNSET
    argument: Typed | UnsetType = UNSET
    context: Known | UnsetType = UNSET
    cursor: str | UnsetType | None = UNSET
    level: str | UnsetType = UNSET
    version: str | UnsetType = UNSET
    request: Id | UnsetType = UNSET
    capabilities: dict[str, Any] | UnsetType = UNSET
    client: Any = UNSET
    notifications: Wishes | UnsetType = UNSET
    answers: dict[str, Any] | UnsetType = UNSET
    state: str | UnsetType = UNSET


class Message(Struct, gc=False):
    """A request (it has ``id`` and ``method``), a notification (no ``id``), or a client's answer."""

    jsonrpc: Literal["2.0"]
    method: str | UnsetType = UNSET
    id: Id | UnsetType = UNSET
    params: Params | UnsetType = UNSET
    result: Raw | UnsetType = UNSET
    error: Raw | UnsetType = UNSET

    @property
    def meta(self) -> Meta | None:
        """The request's, where it has one."""
        params = self.params
        return None if params is UNSET or params.meta is UNSET else params.meta


class Malformed(Exception):
    """What came is no message: ``id`` (None where it is not known), the code and a sentence."""

    def __init__(self, id: Id | None, code: int, message: str) -> None:
        super().__init__(message)
        self.id = id
        self.code = code
        self.message = message


class Refused(Exception):
    """A request that is answered by an error."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def told(self, id_: Id | None) -> bytes:
        """The answer."""
        return error(id_, self.code, self.message, self.data)


_decode = Decoder(Message).decode


def read(raw: bytes) -> Message:
    """The message.

    Raises:
        Malformed: it is none.
    """
    try:
        if not raw.isascii():
            raw.decode()
        return _decode(raw)
    except ValidationError as error:
        raise _explained(raw, str(error)) from None
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(None, PARSE_ERROR, f"This is not JSON: {_reason(error)}") from None


def _explained(raw: bytes, why: str) -> Malformed:
    """What decodes is no message; the id is told back where there is one."""
    try:
        whole = decode(raw)
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Malformed(None, PARSE_ERROR, f"This is not JSON: {_reason(error)}")
    if isinstance(whole, list):
        return Malformed(None, INVALID_REQUEST, "Batches are not taken here: send one message at a time.")
    id_ = whole.get("id") if isinstance(whole, dict) else None
    known = id_ if type(id_) in (int, str) else None
    within = "$.params" in why and known is not None and isinstance(whole.get("method"), str)
    return Malformed(known, INVALID_PARAMS if within else INVALID_REQUEST, why)


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def result(id: Id, members: bytes) -> bytes:
    """The answer whose result is an object of ``members``."""
    return b'{"jsonrpc":"2.0","id":%b,"result":{%b}}' % (encode(id), members)


def error(id: Id | None, code: int, message: str, data: object = None) -> bytes:
    """The answer that tells what was wrong."""
    told: dict[str, object] = {"code": code, "message": message}
    if data is not None:
        told["data"] = data
    return encode({"jsonrpc": "2.0", "id": id, "error": told})


def notification(method: str, params: dict[str, Any]) -> bytes:
    """A message that nobody answers."""
    return encode({"jsonrpc": "2.0", "method": method, "params": params})
