"""Every parameter of a tool gets its place: an argument that the model gives, or the call's context.

In: tools with their functions. Out: ``Tool.bindings``, in the function's parameter order. A parameter that can
have no place is reported and left out.

``def f(city: str, ctx: Context, days: int = 3)``   →   argument, context, argument
"""

from collections.abc import Iterator

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Label
from conduitc.ir.nodes import App, Binding, Function, Parameter, Tool
from conduitc.ir.types import ANY, External, Type
from conduitc.passes.argument_rules import NO_ARGUMENT

_CONTEXT = frozenset({"conduit.Context", "conduit.mcp.Context"})
_REQUESTS = frozenset({"conduit.Request", "conduit.HTTPRequest", "conduit.WebSocket"})


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    functions = {function.id: function for function in app.functions}
    found: list[Diagnostic] = []
    tools = []
    for tool in app.tools:
        bindings = tuple(_bound(tool, functions[tool.function], found))
        tools.append(replace(tool, bindings=bindings))
    return replace(app, tools=tuple(tools)), tuple(found)


def _bound(tool: Tool, function: Function, found: list[Diagnostic]) -> Iterator[Binding]:
    for parameter in function.parameters:
        place = _place(parameter)
        if place is None:
            found.append(_refused(tool, function, parameter))
        else:
            yield place


def _place(parameter: Parameter) -> Binding | None:
    type_ = parameter.type
    if parameter.kind in {"varargs", "varkw", "positional_only"} or parameter.marker is not None:
        return None
    if isinstance(type_, External) and type_.name in _CONTEXT:
        return _binding(parameter, "context", type_)
    if isinstance(type_, External) and type_.name in _REQUESTS:
        return None
    if type_ is None and parameter.name == "request":
        return None
    return _binding(parameter, "argument", type_ or ANY)


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


def _refused(tool: Tool, function: Function, parameter: Parameter) -> Diagnostic:
    star = {"varargs": "*", "varkw": "**"}.get(parameter.kind, "")
    if star:
        why, help_ = "collects whatever is left", "name each argument"
    elif parameter.kind == "positional_only":
        why, help_ = "is positional-only", "take the `/` out of the signature: arguments are named"
    elif parameter.marker is not None:
        why, help_ = f"is read from a request's {parameter.marker.lower()}", "take it as a plain argument"
    else:
        why = "is the HTTP request, which a tool over stdio has none of"
        help_ = "take arguments, and `Context` for what belongs to the call"
    return NO_ARGUMENT.at(
        parameter.span,
        labels=(Label(tool.span, f"makes `{function.name}` a tool"),),
        help=help_,
        name=tool.name,
        parameter=star + parameter.name,
        why=why,
    )
