"""One message → its answer: which era it speaks, and which method answers.

Modern messages (2026-07-28) carry their version in ``_meta`` and are complete in themselves; legacy ones
(2024-11-05 to 2025-11-25) follow an ``initialize``, and need no session either. An answer is ready at once, or
a call that is still to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from msgspec.json import encode

from conduit.mcp import messages
from conduit.mcp.context import Context
from conduit.mcp.messages import INVALID_PARAMS, NO_METHOD

if TYPE_CHECKING:
    from collections.abc import Callable

    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.context import Emit
    from conduit.mcp.messages import Id, Message
    from conduit.mcp.tools import Tool

MODERN = "2026-07-28"
#: The newest first.
LEGACY = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
#: How long clients may keep a list: a build does not change, but another may take its place.
_TTL = b'"ttlMs":60000,"cacheScope":"public"'


class Refused(Exception):
    """A request that is answered by an error."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def told(self, id_: Id | None) -> bytes:
        """The answer."""
        return messages.error(id_, self.code, self.message, self.data)


class Call:
    """A call that awaits. ``run(emit)`` gives the answer; ``emit`` sends notifications of the call."""

    def __init__(self, tool: Tool, message: Message, closing: bytes, level: str | None) -> None:
        self.tool = tool
        self.message = message
        self.closing = closing
        self.level = level
        self.context: Context | None = None

    async def run(self, emit: Emit | None) -> bytes:
        """The answer to the request."""
        params: Any = self.message.params
        self.context = Context(self.message, emit, self.level)
        made = await self.tool.call(params.arguments, self.context)
        return messages.result(self.message.id, made + self.closing)  # type: ignore[arg-type]


class Dispatch:
    """Answers what is asked of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        #: What ends every modern result.
        self._closing = (
            b',"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":%b}' % catalogue.info
        )
        about = b"" if catalogue.instructions is None else b',"instructions":' + catalogue.instructions
        tools = b'"tools":[%b]' % catalogue.listed
        discovered = b'"supportedVersions":%b,"capabilities":%b%b' % (
            encode([MODERN]),
            catalogue.capabilities,
            about,
        )
        nothing = {
            "resources/list": b'"resources":[]',
            "resources/templates/list": b'"resourceTemplates":[]',
            "prompts/list": b'"prompts":[]',
        }
        lists = {"tools/list": tools} if catalogue.tools else {}
        self._modern = {
            name: b"%b,%b%b" % (one, _TTL, self._closing)
            for name, one in {"server/discover": discovered, **lists}.items()
        }
        self._legacy = {"ping": b"", "logging/setLevel": b"", **lists, **nothing}
        self._greeting = b'"capabilities":%b,"serverInfo":%b%b' % (
            catalogue.capabilities,
            catalogue.info,
            about,
        )

    def modern(self, message: Message) -> bytes | Call:
        """The answer to a request that carries its own version.

        Raises:
            Refused: it is wrong, or asks for what is not there.
        """
        method: Any = message.method
        known = self._modern.get(method)
        if known is not None:
            _first_page(message)
            return messages.result(message.id, known)  # type: ignore[arg-type]
        if method == "tools/call" and self.catalogue.tools:
            meta = message.meta
            level = None if meta is None or meta.level is UNSET else meta.level
            return self._call(message, self._closing, level)
        raise Refused(NO_METHOD, f"There is no method {method}.")

    def legacy(self, message: Message, level: str | None = "debug") -> bytes | Call:
        """The answer to a request after ``initialize``, or to that itself.

        Raises:
            Refused: it is wrong, or asks for what is not there.
        """
        method: Any = message.method
        known = self._legacy.get(method)
        if known is not None:
            _first_page(message)
            return messages.result(message.id, known)  # type: ignore[arg-type]
        if method == "tools/call" and self.catalogue.tools:
            return self._call(message, b"", level)
        if method == "initialize":
            return messages.result(
                message.id,  # type: ignore[arg-type]
                b'"protocolVersion":%b,%b' % (encode(negotiated(message)), self._greeting),
            )
        raise Refused(NO_METHOD, f"There is no method {method}.")

    def _call(self, message: Message, closing: bytes, level: str | None) -> bytes | Call:
        params = message.params
        if params is UNSET or params.name is UNSET:
            raise Refused(INVALID_PARAMS, "tools/call needs the `name` of a tool.")
        tool = self.catalogue.tools.get(params.name)
        if tool is None:
            raise Refused(INVALID_PARAMS, f"There is no tool {params.name}.")
        if tool.awaits:
            return Call(tool, message, closing, level)
        made = tool.call_at_once(params.arguments, None)
        return messages.result(message.id, made + closing)  # type: ignore[arg-type]


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
    lacking = [
        name
        for name, one in (("protocolVersion", meta and meta.version), ("clientCapabilities", meta and meta.capabilities))
        if one is None or one is UNSET
    ]
    if meta is None or lacking:
        wanted = " and ".join(f"`io.modelcontextprotocol/{one}`" for one in lacking)
        raise Refused(INVALID_PARAMS, f"`_meta` lacks {wanted}.")
    checked_version(str(meta.version))


def checked_version(version: str) -> None:
    """Refuse a version that is not spoken without a session.

    Raises:
        Refused: it is not.
    """
    if version != MODERN:
        raise Refused(
            messages.BAD_VERSION,
            f"The version {version[:40]} is not spoken here.",
            {"supported": [MODERN], "requested": version},
        )


def _first_page(message: Message) -> None:
    params = message.params
    if params is not UNSET and params.cursor is not UNSET and params.cursor is not None:
        raise Refused(INVALID_PARAMS, "There is no such page: every list is one page.")


Ready = bytes
if TYPE_CHECKING:
    Answering = Callable[[Message], Ready | Call]
