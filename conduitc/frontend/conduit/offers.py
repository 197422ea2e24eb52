"""Records of resources, prompts and completions → their nodes."""

from __future__ import annotations

from typing import Any

from conduitc.frontend.conduit.assemble import Numbering
from conduitc.frontend.conduit.handlers import Handlers
from conduitc.frontend.conduit.records import Record
from conduitc.frontend.docs import docstring
from conduitc.frontend.values import Function
from conduitc.ir.nodes import Completion, Prompt, Resource


class Offers:
    """Makes the nodes of what one app offers beside tools."""

    def __init__(self, numbering: Numbering, handlers: Handlers) -> None:
        self.numbering = numbering
        self.handlers = handlers

    def resource(self, record: Record) -> Resource | None:
        """``@app.resource(uri, ...)``; name and description follow the function unless given."""
        common = self._common(record, "resource")
        if common is None:
            return None
        options = _options(record)
        media_type, scopes = _text(options, "media_type"), scopes_of(options)
        return Resource(**common, uri=options["uri"], media_type=media_type, scopes=scopes)

    def prompt(self, record: Record) -> Prompt | None:
        """``@app.prompt(...)``; name and description follow the function unless given."""
        common = self._common(record, "prompt")
        return None if common is None else Prompt(**common, scopes=scopes_of(_options(record)))

    def completion(self, record: Record) -> Completion | None:
        """``@app.completion(of, argument)``."""
        common = self._common(record, "completion")
        if common is None:
            return None
        for name in ("name", "title", "description"):
            del common[name]
        options = _options(record)
        return Completion(**common, of=options["of"], argument=options["argument"])

    def _common(self, record: Record, kind: str) -> dict[str, Any] | None:
        function = self.handlers.id_of(record, record.value, f"a {kind}")
        if function is None or not isinstance(record.value, Function):
            return None
        options = _options(record)
        blocking = options.get("blocking")
        return {
            "id": f"{kind}:{function.partition(':')[2]}",
            "name": _text(options, "name") or record.value.name,
            "title": _text(options, "title"),
            "description": _text(options, "description") or docstring(record.value.node),
            "function": function,
            "declaration": self.numbering.of(record),
            "span": record.span,
            "blocking": blocking if isinstance(blocking, bool) else None,
        }


def _options(record: Record) -> dict[str, Any]:
    return record.details if isinstance(record.details, dict) else {}


def scopes_of(options: dict[str, Any]) -> tuple[str, ...]:
    """What a token must be good for; those that could be read."""
    given = options.get("scopes")
    return given if isinstance(given, tuple) else ()


def _text(options: dict[str, Any], name: str) -> str | None:
    value = options.get(name)
    return value if isinstance(value, str) else None
