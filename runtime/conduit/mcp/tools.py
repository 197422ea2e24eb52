"""``Tool``: arguments as JSON → a call of the app's function → the members of a result.

Arguments are decoded and validated in one step, by a decoder made at a tool's first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import NODEFAULT, UNSET, DecodeError, Raw, Struct, UnsetType, ValidationError, defstruct
from msgspec.json import Decoder

from conduit.binding import annotation_of, default_of, return_of
from conduit.http.errors import HTTPError
from conduit.mcp.content import MOST, ToolError, failed, members
from conduit.mcp.running import Late, from_outside, noted, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.mcp.context import Context
    from conduit.mcp.mirrored import Mirror

_NONE = Raw(b"{}")


class Argument(Struct, frozen=True):
    """One argument: the parameter it is for, whether that is annotated, and whether it has a default."""

    name: str
    typed: bool
    optional: bool


class Tool:
    """A function that models call.

    ``run(arguments, context)`` is its adapter, to be awaited where ``awaits``; ``structured`` says how its
    answers are structured content (``conduit.mcp.content``); ``seconds`` is what a call may take; ``mirrors``
    are the arguments that stand in headers, too. Where it is ``strict``, other arguments are refused.
    """

    __slots__ = (
        *("_arguments", "_decode", "_handler", "_keep", "awaits", "mirrors", "most", "name", "run"),
        *("seconds", "strict", "structured"),
    )

    def __init__(
        self,
        name: str,
        run: Callable[..., Any],
        *,
        handler: Any,
        arguments: Sequence[tuple[str, bool, bool]],
        awaits: bool = False,
        structured: str = "",
        seconds: float | None = None,
        mirrors: Sequence[Mirror] = (),
        strict: bool = False,
    ) -> None:
        self.name = name
        self.run = run
        self.awaits = awaits
        self.structured = structured
        self.seconds = seconds
        self.mirrors = mirrors
        self.strict = strict
        #: Bytes of a result.
        self.most = MOST
        self._handler = handler
        self._arguments = [Argument(*one) for one in arguments]
        self._decode: Callable[[Raw], Any] | None = None
        self._keep: Callable[[Any], Any] | None = None

    def arguments(self, raw: Raw | UnsetType) -> Any:
        """The arguments, an object whose fields are ``a0``, ``a1`` …

        Raises:
            ToolError: they do not fit; the message says which, and why.
        """
        if self._decode is None:
            self._prepare()
            assert self._decode is not None
        try:
            return self._decode(_NONE if raw is UNSET else raw)
        except (ValidationError, DecodeError, RecursionError) as error:
            raise ToolError(f"The arguments do not fit: {error}") from None

    def _prepare(self) -> None:
        fields: list[Any] = []
        names = {}
        for index, one in enumerate(self._arguments):
            kind = annotation_of(self._handler, one.name) if one.typed else Any
            names[f"a{index}"] = one.name
            fields.append((f"a{index}", kind, self._default(one)))
        made = defstruct("Arguments", fields, rename=names, kw_only=True, forbid_unknown_fields=self.strict)
        self._decode = Decoder(made).decode
        if self.structured:
            from conduit.http.declared import keeper

            self._keep = keeper(return_of(self._handler))

    def _default(self, one: Argument) -> Any:
        """The very object that the function's parameter defaults to."""
        if not one.optional:
            return NODEFAULT
        value = default_of(self._handler, one.name)
        if isinstance(value, (str, int, float, bytes, tuple, frozenset, type(None))):
            return value
        from msgspec import field

        return field(default_factory=lambda: value)

    def begin(self, raw: Raw | UnsetType, context: Context | None) -> Any:
        """What the function gives, to be awaited where it ``awaits``.

        Raises:
            ToolError: the arguments do not fit.
        """
        return self.run(self.arguments(raw), context)

    def told(self, raw: Raw | UnsetType) -> bytes:
        """The members of the result of a call that awaits nothing."""
        try:
            return self.members(self.run(self.arguments(raw), None))
        except BaseException as error:
            if from_outside(error):
                raise
            return self.failed(error)

    def members(self, value: object) -> bytes:
        """The members of the result for what the function gave."""
        return members(value, self.structured, self._keep, self.most)

    def failed(self, error: BaseException) -> bytes:
        """The members of the result for what it raised: the reason where it was meant to be told."""
        if isinstance(error, ToolError):
            return failed(words(error))
        if isinstance(error, HTTPError) and (error.status < 500 or error.status == 503):
            return failed(words(error.detail or error))
        if isinstance(error, Late):
            return failed(f"{self.name} did not answer in time")
        noted(f"the tool {self.name}", error)
        return failed(f"{self.name} failed")
