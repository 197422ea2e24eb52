"""MCP at run time: what tools, resources and prompts of an app use. ``Context`` is in ``conduit``, too."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from conduit.mcp.asks import Elicit, Roots, Sample
    from conduit.mcp.content import Audio, Embedded, Image, Link, ToolError
    from conduit.mcp.context import Context
    from conduit.mcp.prompts import Said

_PLACES = {
    "Context": "context",
    "Audio": "content",
    "Elicit": "asks",
    "Embedded": "content",
    "Image": "content",
    "Link": "content",
    "Roots": "asks",
    "Said": "prompts",
    "Sample": "asks",
    "ToolError": "content",
}

__all__ = ["Audio", "Context", "Elicit", "Embedded", "Image", "Link", "Roots", "Said", "Sample", "ToolError"]


def __getattr__(name: str) -> object:
    if name in _PLACES:
        return getattr(import_module(f"conduit.mcp.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
