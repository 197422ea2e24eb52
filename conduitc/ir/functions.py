"""Functions of the project, and what their bodies are proven to do."""

from __future__ import annotations

from conduitc.ir.declared import Computed, Constant, Node
from conduitc.ir.types import Type
from conduitc.span import Span


class Parameter(Node, frozen=True):
    """A parameter as written. ``kind``: positional_only, positional, keyword_only, varargs, varkw.

    ``marker`` is the place an ``Annotated`` names (``Query``, ``Body``, ``Header``, ``Cookie``, ``Form``,
    ``File``, ``Depends``), ``marker_name`` the name given there.
    """

    name: str
    kind: str
    type: Type | None
    default: Constant | Computed | None
    span: Span
    marker: str | None = None
    marker_name: str | None = None


class Obstacle(Node, frozen=True):
    """Something in a body that keeps it from a promise: what, where, and what to write instead."""

    reason: str
    span: Span
    help: str | None = None


class RequestUse(Node, frozen=True):
    """``request.params["id"]``: attribute ``params``, key ``id``, of parameter ``parameter``.

    ``key`` is None where the attribute is used without a constant key; attribute ``*`` where the request
    itself is passed on. ``named`` is where the attribute's name stands. ``call`` says of what would have to
    be awaited in a plain ``def`` whether it is a statement's whole ``value``, or ``inner`` to an expression.
    """

    parameter: str
    attribute: str
    key: str | None
    span: Span
    named: Span | None = None
    call: str | None = None


class FieldUse(Node, frozen=True):
    """A body ``reads`` or ``writes`` fields of a schema, or ``makes`` an instance with them (or with none).

    ``fields`` are their names on the wire, in order; ``span`` is where it does so first.
    """

    schema: str
    how: str
    fields: tuple[str, ...]
    span: Span


class Effects(Node, frozen=True):
    """What a function's body does, as far as its text proves it.

    ``unproven`` lists everything outside the closed list of 1-language.md (the function alone; ``calls``
    names the project functions it calls, so the placement pass can follow them). ``blocking`` lists calls
    known to block. ``constant`` is the value every call returns, where the body proves one.
    ``returned`` is the exact type of every return, where proven. ``fields`` is what it does to
    values whose schema is known.
    """

    unproven: tuple[Obstacle, ...] = ()
    blocking: tuple[Obstacle, ...] = ()
    calls: tuple[str, ...] = ()
    awaits: bool = False
    request_uses: tuple[RequestUse, ...] = ()
    unused_parameters: tuple[str, ...] = ()
    constant: Constant | None = None
    returned: Type | None = None
    fields: tuple[FieldUse, ...] = ()


class Function(Node, frozen=True):
    """A function of the project. ``id`` is ``function:module.qualname``; ``line`` as in ``Declaration``.

    ``opaque`` names the unknown decorator below the declaration, where there is one: what runs then is not
    this body.
    """

    id: str
    name: str
    qualname: str
    module: str
    span: Span
    line: int
    is_async: bool
    is_generator: bool
    doc: str | None
    parameters: tuple[Parameter, ...]
    returns: Type | None
    returns_span: Span | None
    decorators: tuple[str, ...] = ()
    opaque: str | None = None
    comments: tuple[str, ...] = ()
    effects: Effects = Effects()


class Provider(Node, frozen=True):
    """Something that a framework calls to give a parameter its value (``Depends``). ``id`` is
    ``provider:module.qualname``; ``function`` is empty where it is no function of the project. ``needs`` are
    the ids of the providers that it asks for itself."""

    id: str
    name: str
    function: str
    span: Span
    needs: tuple[str, ...] = ()
