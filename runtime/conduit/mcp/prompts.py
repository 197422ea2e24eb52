"""``Prompt``: texts → a call of the app's function → messages for a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.json import encode

from conduit.http.encode import encode_json
from conduit.mcp import texts
from conduit.mcp.content import MOST, Block, checked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conduit.mcp.context import Context


class Said:
    """A message of a prompt: who says it (``user`` or ``assistant``), and what."""

    def __init__(self, role: str, content: str | Block) -> None:
        if role not in ("user", "assistant"):
            raise ValueError(f"a message is said by user or assistant, not {role!r}")
        self.role = role
        self.content = content

    def wire(self) -> dict[str, Any]:
        """The object that is sent."""
        return {"role": self.role, "content": _content(self.content)}


class Prompt:
    """Messages that a client's user asks for by name."""

    __slots__ = ("_texts", "awaits", "description", "most", "name", "run")

    def __init__(
        self,
        name: str,
        run: Callable[..., Any],
        texts: Sequence[Any],
        *,
        awaits: bool = False,
        description: str | None = None,
    ) -> None:
        self.name = name
        self.run = run
        self.awaits = awaits
        self.description = description
        #: Bytes of a result.
        self.most = MOST
        self._texts = texts

    def begin(self, values: dict[str, str], context: Context | None) -> Any:
        """What the function gives, to be awaited where it ``awaits``.

        Raises:
            texts.Refusal: the arguments do not fit.
        """
        return self.run(texts.read(self._texts, values), context)

    def members(self, value: object) -> bytes:
        """The members of the result for what the function gave."""
        several: Any = value if isinstance(value, (list, tuple)) else [value]
        messages = [one.wire() if isinstance(one, Said) else Said("user", one).wire() for one in several]
        about = b"" if self.description is None else b'"description":%b,' % encode(self.description)
        return checked(about + b'"messages":' + encode(messages), self.most)


def _content(value: object) -> dict[str, Any]:
    if isinstance(value, Block):
        return value.wire()
    return {"type": "text", "text": value if isinstance(value, str) else encode_json(value).decode()}
