"""Which route a request is for, where its path needs a closer look; and what is answered when there is none.

The rules: less ``root_path``; no ``%`` in ``raw_path``, or none given: on ``path``. Else, if ``raw_path``
decodes to ``path``, it is split at ``/`` and each segment decoded, so ``%2F`` never splits; if not, a
middleware rewrote the path, and ``path`` counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

if TYPE_CHECKING:
    from conduit.http.entry import Finders, Hit, Scope

_MALFORMED = re.compile(rb"%(?![0-9a-fA-F]{2})").search
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*").match


class BadPath(ValueError):
    """The path does not decode; the message says why."""


def segments_of(scope: Scope) -> list[str] | None:
    """The decoded segments where ``raw_path`` holds escapes and counts, else None.

    Raises:
        BadPath: a malformed escape, NUL, or not UTF-8.
    """
    raw = scope.get("raw_path")
    path: str = scope["path"]
    if not raw or b"%" not in raw or unquote_to_bytes(raw).decode(errors="replace") != path:
        return None
    absolute = _ABSOLUTE(raw.decode("latin-1"))
    if absolute is not None:
        raw = raw[absolute.end() :] or b"/"
    if _MALFORMED(raw) is not None:
        raise BadPath("the path holds a malformed escape")
    if b"%00" in raw:
        raise BadPath("the path holds NUL")
    if raw[:1] != b"/":
        return None
    try:
        segments = [unquote_to_bytes(part).decode() for part in raw[1:].split(b"/")]
    except UnicodeDecodeError:
        raise BadPath("the path is not UTF-8") from None
    return _less_root(segments, scope.get("root_path", ""))


def _less_root(segments: list[str], root: str) -> list[str] | None:
    if not root:
        return segments
    mounted = root.strip("/").split("/") if root.strip("/") else []
    if segments[: len(mounted)] == mounted:
        return segments[len(mounted) :] or [""]
    return segments


def path_of(scope: Scope) -> str:
    """``path`` less scheme and authority, less ``root_path``."""
    path: str = scope["path"]
    if path[:1] != "/":
        absolute = _ABSOLUTE(path)
        if absolute is not None:
            path = path[absolute.end() :] or "/"
    root: str = scope.get("root_path", "").rstrip("/")
    if root and path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/"):
        path = path[len(root) :] or "/"
    return path


class Matcher:
    """Finds routes by method and path, and tells which methods would do."""

    def __init__(self, finders: Finders) -> None:
        self.finders = finders
        self.named = [method for method in finders if method != "*"]

    def find(self, scope: Scope, method: str, *, other_slash: bool = False) -> Hit | None:
        """The route for ``method``; with the trailing slash put or taken away if ``other_slash``.

        Raises:
            BadPath: see ``segments_of``.
        """
        pair = self.finders.get(method) or self.finders.get("*")
        if pair is None:
            segments_of(scope)  # what does not decode is no 404
            return None
        segments = segments_of(scope)
        if segments is None:
            path = path_of(scope)
            if not other_slash:
                return pair[0](path)
            return None if path == "/" else pair[0](switched(path))
        if other_slash:
            segments = segments[:-1] if segments[-1] == "" else [*segments, ""]
        return pair[1](segments)

    def allowed(self, scope: Scope) -> list[str]:
        """The methods whose routes match the path, in alphabetical order, OPTIONS among them; or none."""
        found = {method for method in self.named if self.find(scope, method) is not None}
        return sorted({*found, "OPTIONS"}) if found else []


def switched(path: str) -> str:
    """``path`` with the other form of its end."""
    return path[:-1] if path.endswith("/") else path + "/"


def quoted_path(scope: Scope) -> str:
    """The path as it would stand in an address, ``root_path`` in it."""
    raw: bytes | None = scope.get("raw_path")
    path: str = scope["path"]
    if raw and unquote_to_bytes(raw).decode(errors="replace") == path:
        return raw.decode("latin-1")
    return quote(path, safe="/:@!$&'()*+,;=~")


def other_address(scope: Scope) -> str:
    """Where the other form of the path is found, query kept.

    A path that begins with two slashes would name another host: ``/.`` in front keeps it a path.
    """
    path = switched(quoted_path(scope))
    absolute = _ABSOLUTE(path)
    if absolute is not None:
        path = path[absolute.end() :]
    if path.startswith("//"):
        path = "/." + path
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path
