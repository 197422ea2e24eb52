"""What an app offers, as the build knows it: names → tools, and each list as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conduit.mcp.tools import Tool


class Catalogue:
    """``info`` is the server's name and version, an object as JSON; ``tools`` pairs each with its entry of
    ``tools/list``, None where its declaration did not happen."""

    def __init__(
        self,
        info: bytes,
        tools: Sequence[tuple[Tool, bytes] | None],
        *,
        instructions: bytes | None = None,
    ) -> None:
        there = [one for one in tools if one is not None]
        self.info = info
        self.instructions = instructions
        self.tools = {tool.name: tool for tool, _ in there}
        self.listed = b",".join(entry for _, entry in there)

    @property
    def capabilities(self) -> bytes:
        """What the app offers, as JSON."""
        return b'{"logging":{},"tools":{}}' if self.tools else b'{"logging":{}}'
