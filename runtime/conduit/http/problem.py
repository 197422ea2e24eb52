"""Problem documents (RFC 9457): the body of every error that the compiler's own code answers."""

from __future__ import annotations

from conduit.http.errors import Invalid
from conduit.http.response import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from conduit.http.errors import HTTPError

MEDIA_TYPE = "application/problem+json"

#: Titles of the statuses made here; names that newer versions of HTTP gave them.
_TITLES = {
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def title_of(status: int) -> str:
    """The standard's name of a status."""
    known = _TITLES.get(status)
    if known is not None:
        return known
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def problem(status: int, detail: str | None = None, errors: list[dict[str, str]] | None = None) -> Response:
    """The document, as a response. ``detail`` and ``errors`` are left out where there is nothing to say."""
    from msgspec.json import encode

    document: dict[str, object] = {"type": "about:blank", "title": title_of(status), "status": status}
    if detail is not None:
        document["detail"] = detail
    if errors:
        document["errors"] = errors
    return Response(encode(document), status, media_type=MEDIA_TYPE)


def from_error(error: HTTPError) -> Response:
    """What an ``HTTPError`` is answered with."""
    errors = None
    if isinstance(error, Invalid):
        errors = [{"in": where, "path": path, "message": text} for where, path, text in error.faults]
    response = problem(error.status, error.detail, errors)
    if error.headers:
        response.headers.update(error.headers)
    return response
