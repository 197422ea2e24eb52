"""Schemas: dataclasses, Structs, TypedDicts and enums."""

from __future__ import annotations

from conduitc.ir.declared import Computed, Constant, Node
from conduitc.ir.types import Type
from conduitc.span import Span


class Field(Node, frozen=True):
    """A field of a schema; ``name`` on the wire, ``attribute`` in Python."""

    name: str
    attribute: str
    type: Type
    required: bool
    default: Constant | Computed | None
    doc: str | None
    span: Span


class Schema(Node, frozen=True):
    """A dataclass, Struct, TypedDict or enum. ``id`` is ``schema:module.qualname``.

    ``kind``: dataclass, struct, typeddict, enum. For an enum ``members`` are name and value.
    ``tag`` is the value of a tagged Struct. ``decorators`` and ``comments`` are as of functions.
    """

    id: str
    name: str
    module: str
    kind: str
    fields: tuple[Field, ...]
    doc: str | None
    span: Span
    members: tuple[tuple[str, Constant], ...] = ()
    tag: tuple[str, str] | None = None
    bases: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
