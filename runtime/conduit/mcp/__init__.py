"""MCP at run time: what tools, resources and prompts of an app use. ``Context`` is in ``conduit``, too."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from conduit.mcp.content import Audio, Embedded, Image, Link, ToolError
    from conduit.mcp.context import Context
    from conduit.mcp.prompts import Said

_PLACES = {
    "Context": "context",
    "Audio": "content",
    "Embedded": "content",
    "Image": "content",
    "Link": "content",
    "Said": "prompts",
    "ToolError": "content",
}

__all__ = ["Audio", "Context", "Embedded", "Image", "Link", "Said", "ToolError"]


def __getattr__(name: str) -> object:
    if name in _PLACES:
        return getattr(import_module(f"conduit.mcp.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
