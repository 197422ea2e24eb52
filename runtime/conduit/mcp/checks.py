"""What a request over HTTP must be before anything runs: from whom it may come, its parts in agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import UNSET

from conduit.http.errors import HTTPError
from conduit.mcp.dispatch import LEGACY, MODERN, checked_meta, checked_version
from conduit.mcp.messages import HEADER_MISMATCH, Refused
from conduit.mcp.mirrored import ENCODED, check, mirrored

if TYPE_CHECKING:
    from collections.abc import Collection

    from conduit.http.entry import Scope
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.messages import Message

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
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

    def says(self, name: bytes, text: str) -> bool:
        """Whether a header is given once and says just this; what it says in another way, ``once`` tells."""
        same = text.isascii() and self._known.get(name) == text.encode()
        return same and len(self._known) == len(self._pairs)

    def once(self, name: bytes) -> str | None:
        """As ``get``.

        Raises:
            Refused: it is given more than once: who looks at the first sees something else.
        """
        if len(self._known) != len(self._pairs) and sum(one == name for one, _ in self._pairs) > 1:
            raise Refused(HEADER_MISMATCH, f"The header {name.decode()} is given more than once.")
        return self.get(name)


def check_source(scope: Scope, headers: Headers, hosts: Collection[str]) -> None:
    """Refuse what another site's page may have sent: by a name that it gave this machine (DNS rebinding), or
    from its own origin. ``hosts`` are names that are ours, beside the loopback's.

    Raises:
        HTTPError: 403.
    """
    host = _name_of(headers.get(b"host") or "")
    if host not in LOOPBACK and host not in hosts:
        server = scope.get("server")
        if hosts or (server is not None and str(server[0]) in LOOPBACK):
            raise HTTPError(403, "this server does not go by that name")
    origin = headers.get(b"origin")
    if origin is not None:
        try:
            name = urlsplit(origin).hostname or ""
        except ValueError:
            name = ""
        if name not in LOOPBACK and name not in hosts:
            raise HTTPError(403, "requests from that origin are not answered")


def _name_of(host: str) -> str:
    """A Host field without its port."""
    name, _, port = host.partition(":")
    if name in LOOPBACK and (port.isdigit() or not port):  # as most say it
        return name
    try:
        return (urlsplit(f"//{host}").hostname or "") if host else ""
    except ValueError:
        return ""


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
