"""A route's constant answer → status, media type and body, made at build time.

The table of answers is the language's; the runtime's is the same for values that are not known before.
"""

import msgspec

from conduitc.ir.nodes import Function, Route
from conduitc.ir.types import External

_MEDIA = {"conduit.HTML": "text/html; charset=utf-8", "conduit.Text": "text/plain; charset=utf-8"}


def folded_answer(route: Route, function: Function) -> tuple[int, str | None, bytes]:
    """Status, media type (None: no content) and body of a folded route."""
    assert route.folded is not None
    value: object = route.folded.value
    status = route.options.status or 200
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], int):
        value, status = value
    if value is None:
        return (204 if status == 200 else status), None, b""
    if isinstance(value, bytes):
        return status, "application/octet-stream", value
    if isinstance(value, str) and isinstance(function.returns, External):
        media = _MEDIA.get(function.returns.name)
        if media is not None:
            return status, media, value.encode()
    return status, "application/json", msgspec.json.encode(value)
