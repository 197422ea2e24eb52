"""The text of a metadata.json → what that build promised to MCP's clients."""

import msgspec
from msgspec import Struct

from conduitc.contract.offered import Contract, Json, Offered
from conduitc.passes.json_schema import faults
from conduitc.span import NOWHERE, Span

_KINDS = frozenset({"tool", "resource", "prompt"})


class NotAContract(Exception):
    """Why a text says nothing about what was promised."""


class _Door(Struct):
    transport: str
    path: str
    token: bool = False


class _Head(Struct):
    mcp: _Door | None = None


class _Fact(Struct):
    value: object


class _One(Struct):
    id: str
    kind: str
    name: str
    span: Span = NOWHERE
    facts: dict[str, _Fact] = {}

    def fact(self, name: str) -> object:
        found = self.facts.get(name)
        return None if found is None else found.value


class _Metadata(Struct):
    schema: str
    app: _Head
    resources: list[_One]


def of_metadata(text: bytes) -> Contract:
    """What was promised.

    Raises:
        NotAContract: the text is no metadata, or is older than contracts.
    """
    try:
        read = msgspec.json.decode(text, type=_Metadata)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotAContract(f"is no metadata.json of a build: {error}") from None
    if not read.schema.startswith("1."):
        raise NotAContract(f"is metadata of version {read.schema[:20]}, and this conduitc reads 1.x")
    offered = [one for one in read.resources if one.kind in _KINDS]
    if any(one.kind == "tool" and one.fact("input") is None for one in offered):
        raise NotAContract("was made by an earlier conduitc, which did not write down what tools take")
    for one in offered:
        for name in ("input", "output"):
            if wrong := next(faults(one.fact(name) or {}), None):
                raise NotAContract(f"holds no JSON Schema of the {name} of {one.id}: see `{wrong[0]}`")
    if read.app.mcp is None:
        return Contract(None, "", False, ())
    door = read.app.mcp
    return Contract(door.transport, door.path, door.token, tuple(map(_offered, offered)))


def _offered(one: _One) -> Offered:
    uri, media_type, scopes = one.fact("uri"), one.fact("media_type"), one.fact("scopes")
    return Offered(
        kind=one.kind,
        name=str(uri) if one.kind == "resource" else one.name,
        id=one.id,
        takes=_schema(one.fact("input")),
        gives=_schema(one.fact("output")),
        media_type=media_type if isinstance(media_type, str) else None,
        span=one.span,
        scopes=tuple(map(str, scopes)) if isinstance(scopes, list) else (),
    )


def _schema(value: object) -> Json:
    return value if isinstance(value, dict) else {}
