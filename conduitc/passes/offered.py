"""What passes over all that an app offers by MCP have in common."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from conduitc.ir.nodes import App, Offer


def replace_offers(app: App, change: Callable[[Offer], Offer]) -> App:
    """``app`` with each offer changed; ``change`` gives the kind that it takes."""
    kinds = ("tools", "resources", "prompts", "completions")
    changed: dict[str, Any] = {kind: tuple(map(change, getattr(app, kind))) for kind in kinds}
    return replace(app, **changed)
