"""One message → its answer: which era it speaks, and which method answers.

Modern messages (2026-07-28) carry their version in ``_meta`` and are complete in themselves; legacy ones
(2024-11-05 to 2025-11-25) follow an ``initialize``, and need no session either. An answer is ready at once,
or a call that is still to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from msgspec.json import encode

from conduit.mcp import messages
from conduit.mcp.calls import Call, call_of
from conduit.mcp.messages import BAD_VERSION, INVALID_PARAMS, NO_METHOD, Params, Refused

if TYPE_CHECKING:
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.listening import Listening
    from conduit.mcp.messages import Message

MODERN = "2026-07-28"
#: The newest first.
LEGACY = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
#: How long clients may keep a list: a build does not change, but another may take its place.
_LISTED = b',"ttlMs":60000,"cacheScope":"public"'
#: What a resource's function gave may be another thing the next time, and for another caller.
_READ = b',"ttlMs":0,"cacheScope":"private"'
_NOTHING = Params()
#: The only version in which several messages may come as one array.
BATCHES = "2025-03-26"


class Dispatch:
    """Answers what is asked of one catalogue; where ``granted`` is given, those who have these scopes.
    ``tells``: a legacy client can be told of changed resources."""

    def __init__(
        self, catalogue: Catalogue, granted: frozenset[str] | None = None, tells: bool = True
    ) -> None:
        self.catalogue = catalogue
        #: What ends every modern result, and one that asks for more.
        about_us = b',"_meta":{"io.modelcontextprotocol/serverInfo":%b}' % catalogue.info
        self._closing = b',"resultType":"complete"' + about_us
        self._needing = b',"resultType":"input_required"' + about_us
        about = b"" if catalogue.instructions is None else b',"instructions":' + catalogue.instructions
        lists = catalogue.lists(granted)
        listed = _LISTED if granted is None else _LISTED.replace(b"public", b"private")
        discovered = b'"supportedVersions":%b,"capabilities":%b%b' % (
            encode([MODERN]),
            catalogue.capabilities(),
            about,
        )
        self._modern = {
            name: b"%b%b%b" % (one, listed, self._closing)
            for name, one in {"server/discover": discovered, **lists}.items()
        }
        self._legacy = {"ping": b"", "logging/setLevel": b"", **lists}
        if catalogue.resources or catalogue.templates:
            self._legacy |= {"resources/subscribe": b"", "resources/unsubscribe": b""}
        self._greeting = b'"capabilities":%b,"serverInfo":%b%b' % (
            catalogue.capabilities(tells),
            catalogue.info,
            about,
        )

    def modern(self, message: Message) -> bytes | Call | Listening:
        """The answer to a request that carries its own version.

        Raises:
            Refused: it is wrong, or asks for what is not there.
        """
        known = self._modern.get(message.method)  # type: ignore[arg-type]
        if known is not None:
            return _listed(message, known)
        if message.method == "subscriptions/listen":
            from conduit.mcp.listening import Listening

            return Listening(self.catalogue, message)
        closing = _READ + self._closing if message.method == "resources/read" else self._closing
        made = self._called(message, closing, None, self._needing)
        if isinstance(made, Call):
            meta = message.meta
            made.level = None if meta is None or meta.level is UNSET else meta.level
        return made

    def legacy(self, message: Message, level: str | None = "debug") -> bytes | Call:
        """The answer to a request after ``initialize``, or to that itself.

        Raises:
            Refused: it is wrong, or asks for what is not there.
        """
        known = self._legacy.get(message.method)  # type: ignore[arg-type]
        if known is not None:
            return _listed(message, known)
        if message.method == "initialize":
            version = encode(negotiated(message))
            made = b'"protocolVersion":%b,%b' % (version, self._greeting)
            return messages.result(message.id, made)  # type: ignore[arg-type]
        return self._called(message, b"", level)

    def _called(
        self, message: Message, closing: bytes, level: str | None, needing: bytes = b""
    ) -> bytes | Call:
        method: Any = message.method
        params = _NOTHING if message.params is UNSET else message.params
        if method == "tools/call":
            tool = self.catalogue.tools.get(params.name)  # type: ignore[arg-type]
            if tool is not None and not tool.awaits:  # as most: no `Call` has to be kept
                return messages.result(message.id, tool.told(params.arguments) + closing)  # type: ignore[arg-type]
        call = call_of(self.catalogue, method, params)
        if call is None:
            raise Refused(NO_METHOD, f"There is no method {method[:80]}.")
        if isinstance(call, bytes):
            return messages.result(message.id, call + closing)  # type: ignore[arg-type]
        call.message, call.closing, call.level, call.needing = message, closing, level, needing
        return call if call.offer.awaits else call.at_once()


def negotiated(message: Message) -> str:
    """The version that ``initialize`` is answered with: the one asked for, or the newest known."""
    params = message.params
    asked = None if params is UNSET else params.version
    return asked if isinstance(asked, str) and asked in LEGACY else LEGACY[0]


def checked_meta(message: Message) -> None:
    """Refuse a modern request without what each must carry, or in a version that is not spoken.

    Raises:
        Refused: so it is.
    """
    meta = message.meta
    lacking = []
    if meta is None or meta.version is UNSET:
        lacking.append("`io.modelcontextprotocol/protocolVersion`")
    if meta is None or meta.capabilities is UNSET:
        lacking.append("`io.modelcontextprotocol/clientCapabilities`")
    if lacking:
        raise Refused(INVALID_PARAMS, f"`_meta` lacks {' and '.join(lacking)}.")
    assert meta is not None
    checked_version(str(meta.version))


def checked_version(version: str) -> None:
    """Refuse a version that is not spoken without a session.

    Raises:
        Refused: it is not.
    """
    if version != MODERN:
        told = {"supported": [MODERN], "requested": version}
        raise Refused(BAD_VERSION, f"The version {version[:40]} is not spoken here.", told)


def _listed(message: Message, members: bytes) -> bytes:
    params = message.params
    if params is not UNSET and params.cursor is not UNSET and params.cursor is not None:
        raise Refused(INVALID_PARAMS, "There is no such page: every list is one page.")
    return messages.result(message.id, members)  # type: ignore[arg-type]
