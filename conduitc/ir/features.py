"""Tools, blocks, pipelines, models and their endpoints."""

from __future__ import annotations

from conduitc.ir.declared import Constant, Declaration, Node
from conduitc.ir.functions import Obstacle
from conduitc.ir.routes import Binding
from conduitc.ir.types import Type
from conduitc.span import Span


class Tool(Node, frozen=True):
    """``@app.tool``. ``schema`` is the hand-given input schema, ``None`` where it follows the signature.

    *arguments*: ``bindings``, whose sources are ``argument`` and ``context``. *placement*: ``placement`` and
    ``placement_why``, as of routes.
    """

    id: str
    name: str
    description: str | None
    schema: Constant | None
    function: str
    declaration: Declaration
    span: Span
    title: str | None = None
    timeout: float | None = None
    blocking: bool | None = None
    bindings: tuple[Binding, ...] | None = None
    placement: str | None = None
    placement_why: Obstacle | None = None
    scopes: tuple[str, ...] = ()


class Resource(Node, frozen=True):
    """``@app.resource(uri)``; a ``uri`` with ``{name}`` in it is a template, and ``text`` bindings take what
    stands there. ``media_type`` is None where the function's answers decide."""

    id: str
    uri: str
    name: str
    description: str | None
    function: str
    declaration: Declaration
    span: Span
    title: str | None = None
    media_type: str | None = None
    blocking: bool | None = None
    bindings: tuple[Binding, ...] | None = None
    placement: str | None = None
    placement_why: Obstacle | None = None
    scopes: tuple[str, ...] = ()

    @property
    def template(self) -> bool:
        """Whether it stands for many resources."""
        return "{" in self.uri


class Prompt(Node, frozen=True):
    """``@app.prompt()``. Its arguments are text, which ``text`` bindings read."""

    id: str
    name: str
    description: str | None
    function: str
    declaration: Declaration
    span: Span
    title: str | None = None
    blocking: bool | None = None
    bindings: tuple[Binding, ...] | None = None
    placement: str | None = None
    placement_why: Obstacle | None = None
    scopes: tuple[str, ...] = ()


class Completion(Node, frozen=True):
    """``@app.completion(of, argument)``: values for an argument of a prompt (``of`` is its name) or of a
    resource template (its URI)."""

    id: str
    of: str
    argument: str
    function: str
    declaration: Declaration
    span: Span
    blocking: bool | None = None
    bindings: tuple[Binding, ...] | None = None
    placement: str | None = None
    placement_why: Obstacle | None = None


class Auth(Node, frozen=True):
    """What is given as ``auth=``: its class, empty where only running the program tells; what is known of its
    arguments and no secret; and whether the source holds a key with which tokens can be made."""

    kind: str
    facts: tuple[tuple[str, Constant], ...]
    span: Span
    secret: bool = False


class Introspection(Node, frozen=True):
    """Questions about the app are answered by the app. ``enabled`` is None where only the start tells;
    ``asked``: pyproject.toml turns it on where the program says nothing. ``secret``: a token stands in the
    source."""

    enabled: bool | None
    asked: bool
    span: Span
    secret: bool = False


#: Where introspection is offered.
INTROSPECT = "/introspect/v1"
#: What streamable HTTP may ask for at MCP's path.
MCP_METHODS = frozenset({"DELETE", "GET", "POST"})
#: Where what protects a resource is described (RFC 9728, 3).
WELL_KNOWN = "/.well-known/oauth-protected-resource"
Offer = Tool | Resource | Prompt | Completion


class Block(Node, frozen=True):
    """An instance of a block (``kind`` its class's full name) assigned at module level, or a block class.

    ``input`` and ``output`` are its types where known; ``arguments`` the constants it was made with.
    """

    id: str
    name: str
    kind: str
    input: Type | None
    output: Type | None
    arguments: tuple[tuple[str, Constant], ...]
    span: Span


class Pipeline(Node, frozen=True):
    """``a >> b >> c`` or ``parallel(a, b)``: the blocks' ids in order."""

    id: str
    name: str
    kind: str
    blocks: tuple[str, ...]
    span: Span


class MLModel(Node, frozen=True):
    """``register_model(name, NumpyModel(...))`` or a model of an LM block (``engine`` says which)."""

    id: str
    name: str
    engine: str
    file: str | None
    arguments: tuple[tuple[str, Constant], ...]
    declaration: Declaration | None
    span: Span


class Endpoint(Node, frozen=True):
    """``@app.ml_endpoint(path, model)``."""

    id: str
    path: str
    model: str
    function: str
    declaration: Declaration
    span: Span
