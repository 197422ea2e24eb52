"""HTTP as apps see it: requests, answers, errors. ``Protocol`` is what ``uvicorn --http`` takes."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "Protocol":
        from conduit.server.door import protocol

        return protocol
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
