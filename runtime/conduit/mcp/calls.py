"""What a request asks to be run: a tool, a resource's function, a prompt's or a completion's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET, DecodeError, ValidationError
from msgspec.json import Decoder

from conduit.mcp import completions, messages
from conduit.mcp.context import Context
from conduit.mcp.failing import refused
from conduit.mcp.messages import INVALID_PARAMS, Params, Refused
from conduit.mcp.rounds import NeedsInput, Rounds
from conduit.mcp.running import from_outside, within
from conduit.mcp.tools import Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from conduit.auth.token import Token
    from conduit.mcp.catalogue import Catalogue
    from conduit.mcp.context import Emit
    from conduit.mcp.messages import Message
    from conduit.mcp.talk import Talk

_texts = Decoder(dict[str, str]).decode


class Call:
    """A function of the app's, and what it is called with.

    ``begin(context)`` calls it; ``members(value)`` are those of the result. ``closing`` ends a result,
    ``needing`` one that asks for more (empty where questions are asked meanwhile); ``level`` is from which
    severity on the client wants log messages.
    """

    __slots__ = ("begin", "closing", "context", "level", "members", "message", "needing", "offer", "token")

    def __init__(
        self, offer: Any, begin: Callable[[Context | None], Any], members: Callable[[Any], bytes]
    ) -> None:
        self.offer = offer
        self.begin = begin
        self.members = members
        self.message: Message
        self.closing = self.needing = b""
        self.level: str | None = None
        self.context: Context | None = None
        #: What the client showed that it may call this, where it needs a token.
        self.token: Token | None = None

    def at_once(self) -> bytes:
        """The answer of what awaits nothing.

        Raises:
            Refused: the request is answered by an error.
        """
        try:
            made = self.members(self.begin(None))
        except BaseException as error:
            if from_outside(error):
                raise
            return self._failed(error)
        return messages.result(self.message.id, made + self.closing)  # type: ignore[arg-type]

    async def run(self, emit: Emit | None, talk: Talk | None) -> bytes:
        """The answer; ``emit`` sends notifications meanwhile, ``talk`` asks the client.

        Raises:
            Refused: the request is answered by an error.
        """
        seconds = getattr(self.offer, "seconds", None)
        try:
            asking = Rounds(self.message, self.token) if self.needing or talk is None else talk
            self.context = Context(self.message, emit, self.level, asking)
            self.context.token = self.token
            if seconds is None:
                value = await self.begin(self.context)
            else:
                value = await within(seconds, self.begin(self.context))
            made = self.members(value)
        except NeedsInput as need:
            return messages.result(self.message.id, need.members + self.needing)  # type: ignore[arg-type]
        except BaseException as error:
            if from_outside(error):
                raise
            return self._failed(error)
        finally:
            if self.context is not None:
                self.context.end()
        return messages.result(self.message.id, made + self.closing)  # type: ignore[arg-type]

    def broken_off(self, error: BaseException) -> bytes:
        """The answer where the function itself cancelled the task that it ran in."""
        try:
            return self._failed(error)
        except Refused as refusal:
            return refusal.told(self.message.id)  # type: ignore[arg-type]

    def _failed(self, error: BaseException) -> bytes:
        if isinstance(self.offer, Tool) and not isinstance(error, Refused):
            made = self.offer.failed(error)
            return messages.result(self.message.id, made + self.closing)  # type: ignore[arg-type]
        what: str = getattr(self.offer, "uri", None) or getattr(self.offer, "name", None) or "a completion"
        raise refused(what, error) from error


def call_of(catalogue: Catalogue, method: str, params: Params) -> Call | bytes | None:
    """What ``method`` runs; the members of its result where those are known; None where there is no such
    method here.

    Raises:
        Refused: it asks for what is not there.
    """
    match method:
        case "tools/call" if catalogue.tools:
            return _tool(catalogue, params)
        case "resources/read" if catalogue.resources or catalogue.templates:
            return _resource(catalogue, params)
        case "prompts/get" if catalogue.prompts:
            return _prompt(catalogue, params)
        case "completion/complete" if catalogue.prompts or catalogue.templates:
            return _completion(catalogue, params)
    return None


def _tool(catalogue: Catalogue, params: Params) -> Call:
    tool = catalogue.tools.get(_given(params.name, "the `name` of a tool"))
    if tool is None:
        raise Refused(INVALID_PARAMS, f"There is no tool {params.name}.")
    raw = params.arguments
    return Call(tool, lambda context: tool.begin(raw, context), tool.members)


def _resource(catalogue: Catalogue, params: Params) -> Call:
    uri = _given(params.uri, "the `uri` of a resource")
    known = catalogue.resources.get(uri)
    if known is not None:
        resource, values = known, {}
    else:
        for one in catalogue.templates:
            found = one.match(uri)
            if found is not None:
                resource, values = one, found
                break
        else:
            raise Refused(INVALID_PARAMS, f"There is no resource {uri}.", {"uri": uri})
    return Call(
        resource,
        lambda context: resource.begin(values, context),
        lambda value: resource.members(uri, value),
    )


def _prompt(catalogue: Catalogue, params: Params) -> Call:
    prompt = catalogue.prompts.get(_given(params.name, "the `name` of a prompt"))
    if prompt is None:
        raise Refused(INVALID_PARAMS, f"There is no prompt {params.name}.")
    values = _as_texts(params.arguments)
    return Call(prompt, lambda context: prompt.begin(values, context), prompt.members)


def _completion(catalogue: Catalogue, params: Params) -> Call | bytes:
    ref, typed = params.ref, params.argument
    if ref is UNSET or typed is UNSET:
        raise Refused(INVALID_PARAMS, "completion/complete needs `ref` and `argument`.")
    of = ref.name if ref.type == "ref/prompt" else ref.uri if ref.type == "ref/resource" else UNSET
    if of is UNSET:
        raise Refused(
            INVALID_PARAMS, "`ref` is a prompt's name (ref/prompt) or a resource's URI (ref/resource)."
        )
    known_uris = (*catalogue.resources, *(one.uri for one in catalogue.templates))
    if of not in catalogue.prompts and of not in known_uris:
        raise Refused(INVALID_PARAMS, f"There is no {of} to complete.")
    found = catalogue.completions.get((of, typed.name))
    if found is None:
        return completions.NONE
    completion, known = found, {} if params.context is UNSET else params.context.arguments
    return Call(completion, lambda context: completion.begin(typed.value, known, context), completion.members)


def _given(value: Any, what: str) -> str:
    if value is UNSET:
        raise Refused(INVALID_PARAMS, f"This method needs {what}.")
    return str(value)


def _as_texts(raw: Any) -> dict[str, str]:
    try:
        return {} if raw is UNSET else _texts(raw)
    except (ValidationError, DecodeError, RecursionError) as error:
        raise Refused(INVALID_PARAMS, f"The arguments do not fit: {error}") from None
