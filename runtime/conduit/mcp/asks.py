"""What a tool may ask of its client while it runs: its user, its model, its roots.

``Elicit``, ``Sample`` and ``Roots`` are questions; ``Elicited``, ``Sampled`` and lists of ``Root`` answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import ValidationError, convert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ACTIONS = ("accept", "decline", "cancel")


class Unfit(Exception):
    """An answer that is none."""


class Elicited:
    """What the user did: ``action`` is accept, decline or cancel; ``content`` the fields of what was filled
    in, or an instance of the class that was asked for."""

    def __init__(self, action: str, content: Any) -> None:
        self.action = action
        self.content = content

    @property
    def accepted(self) -> bool:
        """Whether there is content."""
        return self.action == "accept"


class Sampled:
    """What a model said: ``content`` as the protocol has it, and its ``text``."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.role: str = told.get("role", "assistant")
        self.content: Any = told.get("content")
        self.model: str | None = told.get("model")
        self.stop_reason: str | None = told.get("stopReason")

    @property
    def text(self) -> str:
        """All that is text in it."""
        several = self.content if isinstance(self.content, list) else [self.content]
        return "".join(one.get("text", "") for one in several if isinstance(one, dict))


class Root:
    """A folder or place that the client works in."""

    def __init__(self, uri: str, name: str | None = None) -> None:
        self.uri = uri
        self.name = name


class Question:
    """``method`` and ``params()`` are what is sent, ``needs`` the client's capability."""

    method = ""
    needs: tuple[str, ...] = ()

    def params(self) -> dict[str, Any]:
        raise NotImplementedError

    def answer(self, told: Any) -> Any:
        """What the client's result means.

        Raises:
            Unfit: it is no answer to this.
        """
        raise NotImplementedError


class Elicit(Question):
    """A form for the user. ``schema`` is a JSON Schema of flat fields, or a class with such fields."""

    method = "elicitation/create"
    needs = ("elicitation",)

    def __init__(self, message: str, schema: Any) -> None:
        self.message = message
        self.schema = schema

    def params(self) -> dict[str, Any]:
        return {"mode": "form", "message": self.message, "requestedSchema": self._as_schema()}

    def _as_schema(self) -> dict[str, Any]:
        if isinstance(self.schema, dict):
            return self.schema
        from msgspec.json import schema_components

        _, found = schema_components([self.schema])
        made = dict(found[self.schema.__name__])
        return {key: made[key] for key in ("type", "properties", "required") if key in made}

    def answer(self, told: Any) -> Elicited:
        if not isinstance(told, dict) or told.get("action") not in _ACTIONS:
            raise Unfit("an `action` is accept, decline or cancel")
        if told["action"] != "accept":
            return Elicited(told["action"], None)
        content = told.get("content")
        schema = self.schema if isinstance(self.schema, dict) else {}
        if not isinstance(content, dict):
            raise Unfit("what is accepted has `content`")
        lacking = [name for name in schema.get("required", ()) if name not in content]
        if lacking:
            raise Unfit(f"`content` lacks {', '.join(lacking)}")
        if isinstance(self.schema, dict):
            return Elicited("accept", content)
        try:
            return Elicited("accept", convert(content, self.schema))
        except ValidationError as error:
            raise Unfit(str(error)) from None


class Sample(Question):
    """A question for the client's model; ``messages`` is a text, or messages as the protocol has them."""

    method = "sampling/createMessage"
    needs = ("sampling",)

    def __init__(
        self, messages: str | Sequence[dict[str, Any]], *, max_tokens: int = 1000, **options: Any
    ) -> None:
        said = {"role": "user", "content": {"type": "text", "text": messages}}
        self.messages = [said] if isinstance(messages, str) else list(messages)
        self.max_tokens = max_tokens
        self.options = options

    def params(self) -> dict[str, Any]:
        return {"messages": self.messages, "maxTokens": self.max_tokens, **self.options}

    def answer(self, told: Any) -> Sampled:
        if not isinstance(told, dict) or not isinstance(told.get("content"), (dict, list)):
            raise Unfit("a sampled message has `content`")
        return Sampled(told)


class Roots(Question):
    """The places that the client works in."""

    method = "roots/list"
    needs = ("roots",)

    def params(self) -> dict[str, Any]:
        return {}

    def answer(self, told: Any) -> list[Root]:
        listed = told.get("roots") if isinstance(told, dict) else None
        if not isinstance(listed, list) or not all(isinstance(one, dict) and "uri" in one for one in listed):
            raise Unfit("`roots` is a list of objects with a `uri`")
        return [Root(str(one["uri"]), one.get("name")) for one in listed]
