"""Blocks and pipelines: which values are blocks, and what ``a >> b`` and ``parallel(a, b)`` make of them."""

from __future__ import annotations

import ast

from msgspec import Struct

from conduitc.frontend.scope import Call, Frame, Scope
from conduitc.frontend.values import Class, External, Instance, Value, derives

BASES = ("conduit.blocks.Block", "conduit.Block")
#: Full names of the library's blocks → the types they take and give; ``"argument"`` is the class given first,
#: None what is not known from the class alone.
LIBRARY: dict[str, tuple[str | None, str | None]] = {
    "conduit.blocks.HttpGetBlock": ("conduit.blocks.NoOp", "conduit.blocks.HttpOperation"),
    "conduit.blocks.HttpPostBlock": ("argument", "conduit.blocks.HttpOperation"),
    "conduit.blocks.Sqlite3Block": ("argument", "conduit.blocks.SqlOperation"),
    "conduit.blocks.PostgresBlock": ("argument", "conduit.blocks.SqlOperation"),
    "conduit.blocks.FileSystemReadBlock": ("conduit.blocks.NoOp", "conduit.blocks.FileSystemOperation"),
    "conduit.blocks.FileSystemWriteBlock": ("argument", "conduit.blocks.FileSystemOperation"),
    "conduit.blocks.SystemCommandBlock": ("argument", "conduit.blocks.SystemCommandOperation"),
    "conduit.runtime.LMLiteBlock": (None, None),
    "conduit.runtime.VLLMBlock": (None, None),
    "conduit.runtime.OpenAIBlock": (None, None),
}

PIPELINE = External("conduit.blocks.Pipeline")


class Pipe(Struct, eq=False):
    """A composition: ``kind`` is ``sequence`` or ``parallel``; ``parts`` are blocks and pipelines."""

    kind: str
    parts: tuple[Instance, ...]
    scope: Scope
    node: ast.expr


def is_block(value: Value) -> bool:
    """Whether ``value`` is an instance of a block, or a composition of some."""
    match value:
        case Instance(state=Pipe()):
            return True
        case Instance(cls=External(name=name)):
            return name in LIBRARY
        case Instance(cls=Class() as cls):
            return derives(cls, *BASES, *LIBRARY) is not None
    return False


def call(function: Value, call: Call) -> Value | None:
    """``parallel(a, b)``."""
    match function:
        case External(name="conduit.blocks.parallel" | "conduit.parallel"):
            parts = tuple(one for one in call.positional if isinstance(one, Instance) and is_block(one))
            return Instance(PIPELINE, call, {}, Pipe("parallel", parts, call.scope, call.node))
    return None


def compose(left: Value, right: Value, frame: Frame, node: ast.BinOp) -> Value | None:
    """``a >> b``, flat: ``(a >> b) >> c`` has three parts."""
    if not (
        isinstance(left, Instance) and isinstance(right, Instance) and is_block(left) and is_block(right)
    ):
        return None
    parts: list[Instance] = []
    for side in (left, right):
        inner = side.state if isinstance(side.state, Pipe) else None
        parts.extend(inner.parts if inner and inner.kind == "sequence" else (side,))
    return Instance(PIPELINE, None, {}, Pipe("sequence", tuple(parts), frame.scope, node))
