"""What a request over HTTP must be before anything runs: its headers and its body in agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from conduit.mcp.dispatch import LEGACY, MODERN, checked_meta, checked_version
from conduit.mcp.messages import HEADER_MISMATCH, Refused
from conduit.mcp.mirrored import ENCODED, check, mirrored

if TYPE_CHECKING:
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.messages import Message

#: Methods whose subject stands in Mcp-Name, too.
_NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}


class Headers:
    """A request's headers."""

    def __init__(self, pairs: list[tuple[bytes, bytes]]) -> None:
        self._known = dict(pairs)
        self._pairs = pairs

    def get(self, name: bytes) -> str | None:
        """The value of a header; of one that is given again, the last."""
        value = self._known.get(name)
        return None if value is None else value.decode("latin-1").strip(" \t")

    def raw(self, name: bytes) -> bytes | None:
        """As ``get``, as it came."""
        return self._known.get(name)

    def twice(self, name: bytes) -> bool:
        """Whether it is given more than once."""
        return len(self._known) != len(self._pairs) and sum(one == name for one, _ in self._pairs) > 1

    def says(self, name: bytes, text: str) -> bool:
        """Whether a header is given once and says just this; what it says in another way, ``once`` tells."""
        same = text.isascii() and self._known.get(name) == text.encode()
        return same and len(self._known) == len(self._pairs)

    def once(self, name: bytes) -> str | None:
        """As ``get``.

        Raises:
            Refused: it is given more than once: who looks at the first sees something else.
        """
        if self.twice(name):
            raise Refused(HEADER_MISMATCH, f"The header {name.decode()} is given more than once.")
        return self.get(name)


def is_modern(message: Message, headers: Headers) -> bool:
    """Whether a request says which version it speaks, by itself."""
    meta = message.meta
    if meta is not None and meta.version is not UNSET:
        return True
    if message.method == "initialize":
        return False
    version = headers.get(b"mcp-protocol-version")
    return version is not None and version not in LEGACY and version >= MODERN


def check_modern(message: Any, headers: Headers, catalogue: Catalogue) -> None:
    """Refuse a modern request that lacks what each carries, or whose headers do not say what its body does.

    Raises:
        Refused: so it is.
    """
    meta = message.meta
    if meta is None or meta.version is UNSET or meta.capabilities is UNSET:
        checked_meta(message)
    params, method = message.params, message.method
    if not headers.says(b"mcp-protocol-version", meta.version):
        _same("MCP-Protocol-Version", headers.once(b"mcp-protocol-version"), meta.version)
    if not headers.says(b"mcp-method", method):
        _same("Mcp-Method", headers.once(b"mcp-method"), method)
    named = _NAMED.get(method)
    if named is not None:
        value = getattr(params, named)
        if value is UNSET or value.startswith(ENCODED) or not headers.says(b"mcp-name", value):
            _same("Mcp-Name", mirrored(headers.once(b"mcp-name")), None if value is UNSET else value)
        tool = catalogue.tools.get(value) if method == "tools/call" else None
        if tool is not None and tool.mirrors:
            check(tool.mirrors, params.arguments, headers.once)
    checked_version(meta.version)


def _same(header: str, given: str | None, meant: object) -> None:
    if given is None:
        raise Refused(HEADER_MISMATCH, f"The header {header} is missing, or cannot be read.")
    if given != meant:
        raise Refused(HEADER_MISMATCH, f"The header {header} does not say what the body does.")
