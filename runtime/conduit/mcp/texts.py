"""Arguments that come as text: of prompts, and of resources' URIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conduit.http.errors import Fault


class Refusal(Exception):
    """What came does not fit; the message says which of it, and why."""


class Values:
    """Text by name, as readers look at it."""

    __slots__ = ("lists",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.lists = {name: [text] for name, text in texts.items()}


def read(readers: Sequence[Any], texts: Mapping[str, str]) -> list[Any]:
    """What each reader makes of its text.

    Raises:
        Refusal: something does not fit.
    """
    faults: list[Fault] = []
    view = Values(texts)
    values = [one(view, faults) for one in readers]
    if faults:
        raise Refusal("; ".join(f"{name}: {why}" for _, name, why in faults))
    return values
