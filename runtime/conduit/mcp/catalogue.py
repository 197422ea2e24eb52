"""What an app offers, as the build knows it: by name, and each list as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.mcp.content import MOST
from conduit.mcp.hub import Hub

if TYPE_CHECKING:
    from conduit.mcp.completions import Completion
    from conduit.mcp.prompts import Prompt
    from conduit.mcp.resources import Resource
    from conduit.mcp.tools import Tool


class Catalogue:
    """``info`` is the server's name and version, an object as JSON; ``instructions`` a text as JSON;
    ``max_output`` the bytes that one result may have."""

    def __init__(self, info: bytes, *, instructions: bytes | None = None, max_output: int = MOST) -> None:
        self.info = info
        self.instructions = instructions
        self.max_output = max_output
        self.hub = Hub()
        #: Whether clients must come back to this very process.
        self.keeps_sessions = False
        self.tools: dict[str, Tool] = {}
        self.resources: dict[str, Resource] = {}
        self.templates: list[Resource] = []
        self.prompts: dict[str, Prompt] = {}
        self.completions: dict[tuple[str, str], Completion] = {}
        #: What a token must be good for, by kind and name; of what anybody may use there is nothing.
        self.scopes: dict[tuple[str, str], tuple[str, ...]] = {}
        #: The members of each list's result, by method, and the scopes that show them.
        self._listed: dict[str, list[tuple[bytes, frozenset[str]]]] = {}

    def add(self, offer: Tool | Resource | Prompt, entry: bytes, scopes: tuple[str, ...] = ()) -> None:
        """Offer it, to tokens with these ``scopes``; ``entry`` is how lists show it, as JSON."""
        kind = type(offer).__name__
        offer.most = self.max_output
        if scopes:
            self.scopes[kind, getattr(offer, "uri", None) or offer.name] = scopes  # type: ignore[union-attr]
        if kind == "Tool":
            self.tools[offer.name] = offer  # type: ignore[union-attr,assignment]
        elif kind == "Prompt":
            self.prompts[offer.name] = offer  # type: ignore[union-attr,assignment]
        elif offer.template:  # type: ignore[union-attr]
            kind = "Template"
            self.templates.append(offer)  # type: ignore[arg-type]
        else:
            self.resources[offer.uri] = offer  # type: ignore[union-attr,assignment]
        self._listed.setdefault(kind, []).append((entry, frozenset(scopes)))

    def complete(self, completion: Completion) -> None:
        """Offer values for an argument."""
        completion.most = self.max_output
        self.completions[completion.of, completion.argument] = completion

    def lists(self, granted: frozenset[str] | None = None) -> dict[str, bytes]:
        """The members of each list's result, by method; of what is not offered there is none. ``granted`` are
        the scopes of who asks; without them everything is listed."""
        found = {}
        several = (
            ("tools/list", b"tools", "Tool", self.tools),
            ("resources/list", b"resources", "Resource", self.resources or self.templates),
            ("resources/templates/list", b"resourceTemplates", "Template", self.resources or self.templates),
            ("prompts/list", b"prompts", "Prompt", self.prompts),
        )
        for method, name, kind, there in several:
            if there:
                listed = self._listed.get(kind, ())
                shown = (entry for entry, scopes in listed if granted is None or scopes <= granted)
                found[method] = b'"%b":[%b]' % (name, b",".join(shown))
        return found

    def capabilities(self, tells: bool = True) -> bytes:
        """What the app offers, as JSON; ``tells``: clients can be told of changed resources."""
        resources = b'"resources":{"subscribe":true}' if tells else b'"resources":{}'
        there = [b'"logging":{}']
        there += [b'"tools":{}'] if self.tools else []
        there += [resources] if self.resources or self.templates else []
        there += [b'"prompts":{}'] if self.prompts else []
        there += [b'"completions":{}'] if self.prompts or self.templates else []
        return b"{%b}" % b",".join(there)
