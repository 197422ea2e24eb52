"""An App → what it promises to MCP's clients, in the words of its metadata."""

from msgspec import Struct

from conduitc.codegen.metadata.contracts import door, media_type, promised
from conduitc.codegen.metadata.redaction import redact
from conduitc.ir.nodes import App, Completion, Function, Offer, Prompt, Resource, Tool
from conduitc.span import NOWHERE, Span

Json = dict[str, object]


class Offered(Struct, frozen=True):
    """A tool, resource or prompt; ``kind`` and ``name`` (a resource's URI) say which.

    ``takes`` and ``gives`` are JSON Schemas, empty where nothing is promised. ``id`` is the metadata's, which
    stays when the name changes; ``arguments`` are the places of its parameters,
    ``answer`` that of what it returns, ``scopes`` what a token must allow.
    """

    kind: str
    name: str
    id: str
    takes: Json
    gives: Json
    media_type: str | None = None
    span: Span = NOWHERE
    arguments: dict[str, Span] = {}
    answer: Span = NOWHERE
    scopes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """``the tool `search```."""
        return f"the {self.kind} `{self.name}`"


class Contract(Struct, frozen=True):
    """All of it; ``transport`` is None where no client finds the app, ``token`` says whether they need one.
    ``span`` is where that is said."""

    transport: str | None
    path: str
    token: bool
    offered: tuple[Offered, ...]
    span: Span = NOWHERE


def of_app(app: App) -> Contract:
    """What the App promises."""
    found = door(app)
    functions = {function.id: function for function in app.functions}
    return Contract(
        transport=str(found["transport"]) if found else None,
        path=str(found.get("path", "")),
        token="token" in found,
        offered=tuple(
            _offered(app, one, functions.get(one.function))
            for one in app.offers
            if not isinstance(one, Completion)
        ),
        span=next((one.span for one in app.declarations if one.kind == "enable_mcp"), app.span),
    )


def _offered(app: App, offer: Offer, function: Function | None) -> Offered:
    takes, gives = promised(app, offer, function)
    assert isinstance(offer, Tool | Resource | Prompt)
    return Offered(
        kind=offer.id.partition(":")[0],
        name=redact(offer.uri) if isinstance(offer, Resource) else offer.name,
        id=offer.id,
        takes=takes,
        gives=gives,
        media_type=media_type(app, offer, function)[0] if isinstance(offer, Resource) else None,
        span=offer.span,
        arguments={one.name: one.span for one in function.parameters} if function else {},
        scopes=offer.scopes,
        answer=(function and function.returns_span) or offer.span,
    )
