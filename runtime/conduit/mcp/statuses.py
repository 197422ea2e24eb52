"""HTTP statuses of errors (2026-07-28, Streamable HTTP)."""

from conduit.mcp.messages import (
    BAD_VERSION,
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    NO_CAPABILITY,
    NO_METHOD,
    PARSE_ERROR,
)

_BAD = frozenset((PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS, HEADER_MISMATCH, NO_CAPABILITY, BAD_VERSION))


def status_of(code: int, modern: bool) -> int:
    """What a request that ends in an error is answered with; a legacy client takes 404 for the end of its
    session, and what came as a request it knows of for an answer."""
    if code in (PARSE_ERROR, INVALID_REQUEST):
        return 400
    if not modern:
        return 200
    return 404 if code == NO_METHOD else 400 if code in _BAD else 200
