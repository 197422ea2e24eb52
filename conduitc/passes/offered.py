"""What passes over all that an app offers by MCP have in common."""

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from conduitc.ir.nodes import App, Completion, Offer, Prompt, Resource, Tool

O = TypeVar("O", Tool, Resource, Prompt, Completion)


def replace_offers(app: App, change: Callable[[Offer], Offer]) -> App:
    """``app`` with each offer changed; ``change`` gives what it takes."""
    return replace(
        app,
        tools=tuple(map(change, app.tools)),
        resources=tuple(map(change, app.resources)),
        prompts=tuple(map(change, app.prompts)),
        completions=tuple(map(change, app.completions)),
    )
