"""``Completion``: what a user has typed of an argument → values that may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.json import encode

from conduit.mcp.content import MOST as MOST_BYTES
from conduit.mcp.content import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.mcp.context import Context

#: Values of one answer (the protocol allows no more).
MOST = 100
NONE = b'"completion":{"values":[],"total":0,"hasMore":false}'


class _Given:
    """The arguments of a completion's function: what was typed, and the other arguments known so far."""

    __slots__ = ("a0", "a1")

    def __init__(self, value: str, known: dict[str, str]) -> None:
        self.a0 = value
        self.a1 = known


class Completion:
    """Completes ``argument`` of a prompt (``of`` is its name) or of a resource template (its URI)."""

    __slots__ = ("argument", "awaits", "most", "of", "run")

    def __init__(self, of: str, argument: str, run: Callable[..., Any], *, awaits: bool = False) -> None:
        self.of = of
        self.argument = argument
        self.run = run
        self.awaits = awaits
        #: Bytes of a result.
        self.most = MOST_BYTES

    def begin(self, value: str, known: dict[str, str], context: Context | None) -> Any:
        """What the function gives, to be awaited where it ``awaits``."""
        return self.run(_Given(value, known), context)

    def members(self, values: Sequence[str]) -> bytes:
        """The members of the result."""
        listed = [str(one) for one in values]
        found = {"values": listed[:MOST], "total": len(listed), "hasMore": len(listed) > MOST}
        return checked(b'"completion":' + encode(found), self.most)
