"""What a resource's, prompt's or completion's function raised → the error that answers the request."""

from __future__ import annotations

from conduit.http.errors import HTTPError
from conduit.mcp.content import ToolError
from conduit.mcp.messages import INTERNAL_ERROR, INVALID_PARAMS, Refused
from conduit.mcp.running import noted, words
from conduit.mcp.texts import Refusal


def refused(what: str, error: BaseException, data: object = None) -> Refused:
    """The reason, where it was meant to be told; ``what`` names what failed."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, Refusal):
        return Refused(INVALID_PARAMS, f"The arguments do not fit: {error}")
    if isinstance(error, ToolError):
        return Refused(INTERNAL_ERROR, words(error), data)
    if isinstance(error, HTTPError) and error.status < 500:
        return Refused(INVALID_PARAMS, words(error.detail or error), data)
    noted(what, error)
    return Refused(INTERNAL_ERROR, f"{what} failed")
