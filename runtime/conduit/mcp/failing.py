"""What a resource's, prompt's or completion's function raised → the error that answers the request."""

from __future__ import annotations

from conduit.http.errors import HTTPError
from conduit.mcp.content import ToolError
from conduit.mcp.messages import INTERNAL_ERROR, INVALID_PARAMS, Refused
from conduit.mcp.texts import Refusal


def refused(what: str, error: Exception, data: object = None) -> Refused:
    """The reason, where it was meant to be told; ``what`` names what failed."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, Refusal):
        return Refused(INVALID_PARAMS, f"The arguments do not fit: {error}")
    if isinstance(error, ToolError):
        return Refused(INTERNAL_ERROR, str(error), data)
    if isinstance(error, HTTPError) and error.status < 500:
        return Refused(INVALID_PARAMS, str(error.detail or error), data)
    import logging  # not before it is needed: a server over pipes starts without it

    logging.getLogger("conduit").error("unhandled exception in %s", what, exc_info=error)
    return Refused(INTERNAL_ERROR, f"{what} failed")
