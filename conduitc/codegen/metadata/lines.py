"""A node and what else goes into its resource → the resource, or the line that it was before in this process.

A node is known by being the same object: nodes that are equal may still be spelled otherwise (``1`` and
``True`` are equal). The frontend hands out the same object where it knows that nothing changed.
"""

from collections.abc import Callable

import msgspec
from msgspec import Struct

from conduitc.codegen.schema_json import Json
from conduitc.ir.declared import Node
from conduitc.kept import Kept

_encoder = msgspec.json.Encoder(order="sorted")


class Line(Struct, frozen=True):
    """A resource as it is written."""

    id: str
    text: bytes


class _Known(Struct, frozen=True):
    """What a line was made of. As long as this is kept, no other object has the identity of its node."""

    node: Node
    given: tuple[str | None, ...]
    line: Line


def line_of(
    kept: Kept | None, node: Node, given: tuple[str | None, ...], make: Callable[[], Json]
) -> Json | Line:
    """What ``make`` makes of ``node`` and ``given``."""
    if kept is None:
        return make()
    known: _Known | None = kept.recall("line", id(node))
    if known is not None and known.node is node and known.given == given:
        return known.line
    made = make()
    line = Line(str(made["id"]), encoded(made))
    kept.remember("line", id(node), _Known(node, given, line))
    return line


def encoded(one: Json) -> bytes:
    return _encoder.encode(one)


def id_of(one: Json | Line) -> str:
    return one.id if isinstance(one, Line) else str(one["id"])


def renamed(one: Json | Line, id_: str) -> Json:
    """The same under another id."""
    found: Json = msgspec.json.decode(one.text) if isinstance(one, Line) else one
    return {**found, "id": id_}
