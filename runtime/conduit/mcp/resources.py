"""``Resource``: a URI → a call of the app's function → the contents that it gave."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from msgspec.json import encode

from conduit.http.encode import encode_json
from conduit.mcp import texts
from conduit.mcp.content import MOST, Embedded, checked, contents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.mcp.context import Context

_VARIABLE = re.compile(r"\{(\+?)([A-Za-z_][A-Za-z0-9_]*)\}")


class Resource:
    """What stands behind a URI, or behind all that a template stands for."""

    __slots__ = ("_match", "_names", "_texts", "awaits", "media_type", "most", "run", "uri")

    def __init__(
        self,
        uri: str,
        run: Callable[..., Any],
        texts: Sequence[Any],
        *,
        awaits: bool = False,
        media_type: str | None = None,
    ) -> None:
        self.uri = uri
        self.run = run
        self.awaits = awaits
        self.media_type = media_type
        #: Bytes of a result.
        self.most = MOST
        self._texts = texts
        self._names = [name for _, name in _VARIABLE.findall(uri)]
        self._match: Callable[[str], re.Match[str] | None] | None = None

    @property
    def template(self) -> bool:
        """Whether it stands for many."""
        return bool(self._names)

    def match(self, uri: str) -> dict[str, str] | None:
        """What the template's variables are in ``uri``; None where it is another's."""
        if self._match is None:
            parts = _VARIABLE.split(self.uri)
            pattern = "".join(
                re.escape(part) if index % 3 == 0 else "" if index % 3 == 2 else "(.+)" if part else "([^/]+)"
                for index, part in enumerate(parts)
            )
            self._match = re.compile(pattern).fullmatch
        found = self._match(uri)
        return None if found is None else dict(zip(self._names, map(unquote, found.groups()), strict=True))

    def begin(self, values: dict[str, str], context: Context | None) -> Any:
        """What the function gives, to be awaited where it ``awaits``.

        Raises:
            texts.Refusal: the values do not fit.
        """
        return self.run(texts.read(self._texts, values), context)

    def members(self, uri: str, value: object) -> bytes:
        """The members of the result for what the function gave."""
        return checked(b'"contents":' + encode(self._contents(uri, value)), self.most)

    def _contents(self, uri: str, value: Any) -> list[dict[str, Any]]:
        if isinstance(value, list) and any(isinstance(one, Embedded) for one in value):
            return [one for each in value for one in self._contents(uri, each)]
        if isinstance(value, Embedded):
            return [contents(value.uri, value.content, value.media_type)]
        if isinstance(value, str):
            return [contents(uri, value, self.media_type or "text/plain")]
        if isinstance(value, (bytes, bytearray, memoryview)):
            return [contents(uri, bytes(value), self.media_type or "application/octet-stream")]
        return [contents(uri, encode_json(value).decode(), self.media_type or "application/json")]
