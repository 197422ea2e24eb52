"""Every parameter of a tool, resource, prompt or completion gets its place.

In: offers with their functions. Out: ``bindings``, in the function's parameter order: an ``argument`` that
the client gives as JSON, a ``text`` that it gives as text, or the call's ``context``. A parameter that can
have no place is reported and left out. ``Header()`` of a tool's parameter makes it an argument that is sent
as a header, too.

``def f(city: str, ctx: Context, days: int = 3)`` as a tool   →   argument, context, argument
"""

from collections.abc import Iterator

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Label
from conduitc.ir.mirrors import header_of
from conduitc.ir.nodes import App, Binding, Completion, Function, Offer, Parameter, Prompt, Resource, Tool
from conduitc.ir.types import ANY, External, Scalar, Type, text
from conduitc.passes import argument_rules as rules
from conduitc.passes.bind import readable
from conduitc.passes.offered import replace_offers
from conduitc.passes.uris import variables
from conduitc.suggest import did_you_mean

_CONTEXT = frozenset({"conduit.Context", "conduit.mcp.Context"})
_REQUESTS = frozenset({"conduit.Request", "conduit.HTTPRequest", "conduit.WebSocket"})
_WHAT = {Tool: "tool", Resource: "resource", Prompt: "prompt", Completion: "completion"}


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    functions = {function.id: function for function in app.functions}
    enums = frozenset(schema.id for schema in app.schemas if schema.kind == "enum")
    found: list[Diagnostic] = []

    def bound(offer: Offer) -> Offer:
        function = functions[offer.function]
        bindings = tuple(_bound(offer, function, enums, found))
        found.extend(_together(offer, function))
        return replace(offer, bindings=bindings)

    return replace_offers(app, bound), tuple(found)


def _bound(
    offer: Offer, function: Function, enums: frozenset[str], found: list[Diagnostic]
) -> Iterator[Binding]:
    for parameter in function.parameters:
        why = _refused(offer, parameter, enums)
        if why is not None:
            found.append(_no_place(offer, function, parameter, *why))
            continue
        type_ = parameter.type
        if isinstance(type_, External) and type_.name in _CONTEXT:
            yield _binding(parameter, "context", type_)
        elif isinstance(offer, Tool | Completion):
            yield _binding(parameter, "argument", type_ or ANY)
        else:
            yield _binding(parameter, "text", type_ or Scalar("str"))


def _binding(parameter: Parameter, source: str, type_: Type) -> Binding:
    return Binding(
        parameter=parameter.name,
        source=source,
        key=parameter.name,
        type=type_,
        required=parameter.default is None,
        default=parameter.default,
        keyword=parameter.kind == "keyword_only",
        span=parameter.span,
    )


def _refused(offer: Offer, parameter: Parameter, enums: frozenset[str]) -> tuple[str, str] | None:
    """Why a parameter can have no place, and what to write instead."""
    type_ = parameter.type
    if parameter.kind in {"varargs", "varkw"}:
        return "collects whatever is left", "name each argument"
    if parameter.kind == "positional_only":
        return "is positional-only", "take the `/` out of the signature: arguments are named"
    if parameter.marker is not None and not (isinstance(offer, Tool) and header_of(parameter)):
        place = parameter.marker.lower()
        return f"is read from a request's {place}", "take it as a plain argument"
    if isinstance(type_, External) and type_.name in _CONTEXT:
        return None
    if (isinstance(type_, External) and type_.name in _REQUESTS) or (
        type_ is None and parameter.name == "request"
    ):
        why = "is the HTTP request, of which there is none over stdio"
        return why, "take arguments, and `Context` for what belongs to the call"
    if isinstance(offer, Resource) and parameter.name not in variables(offer.uri):
        meant = did_you_mean(parameter.name, variables(offer.uri))
        return f"is not in the URI `{offer.uri}`", meant or f"put `{{{parameter.name}}}` into the URI"
    if isinstance(offer, Resource | Prompt) and type_ is not None and not readable(type_, enums, lists=False):
        return f"is `{text(type_)}`, which text cannot say", "take a scalar, an enum, a date or a UUID"
    return None


def _no_place(offer: Offer, function: Function, parameter: Parameter, why: str, help_: str) -> Diagnostic:
    star = {"varargs": "*", "varkw": "**"}.get(parameter.kind, "")
    what = _WHAT[type(offer)]
    return rules.NO_ARGUMENT.at(
        parameter.span,
        labels=(Label(offer.span, f"makes `{function.name}` a {what}"),),
        help=help_,
        what=what,
        name=getattr(offer, "name", function.name),
        parameter=star + parameter.name,
        why=why,
    )


def _together(offer: Offer, function: Function) -> Iterator[Diagnostic]:
    """Variables of a URI that nobody reads."""
    if not isinstance(offer, Resource):
        return
    named = {parameter.name for parameter in function.parameters}
    for name in variables(offer.uri):
        if name not in named:
            yield rules.UNREAD.at(
                offer.span,
                labels=(Label(function.span, "does not take it"),),
                help=f"add `{name}` to `{function.name}`",
                name=name,
                handler=function.name,
            )
