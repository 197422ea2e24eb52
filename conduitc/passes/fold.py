"""Answers that are known at build time.

In: bound and placed routes. Out: ``Route.folded`` where the handler always returns the same constant, takes
nothing from the request, and nothing stands between it and the client. An answer that holds a secret is left
to the handler: folded, it would stand in the generated code.

``def index(request): return {"message": "Hello"}``   →   folded ``{"message": "Hello"}``
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Label, Rule
from conduitc.ir.nodes import App, Binding, Constant, Function, Route
from conduitc.ir.secrets import held
from conduitc.ir.types import ArrayOf, DictOf, External, Scalar, Type, UnionOf

#: Statuses whose answers have no body, whatever a handler returns.
_BODILESS = (204, 205, 304)
_TEXTUAL = (External("conduit.Text"), External("conduit.HTML"))


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    functions = {function.id: function for function in app.functions}
    routes: list[Route] = []
    found: list[Diagnostic] = []
    for route in app.routes:
        constant = _constant(app, route, functions.get(route.handler))
        if constant is not None:
            taken = list(_takes(route, functions[route.handler]))
            if not taken:
                route = replace(route, folded=constant)
            else:
                found.extend(_nearly(functions[route.handler], taken))
        routes.append(route)
    return replace(app, routes=tuple(routes)), tuple(found)


def _constant(app: App, route: Route, function: Function | None) -> Constant | None:
    """What the route always answers, as far as its handler and its surroundings go."""
    if function is None or function.opaque is not None or function.is_generator:
        return None
    if (
        app.middleware
        or route.middleware
        or route.placement != "inline"
        or route.options.response is not None
    ):
        return None
    constant = function.effects.constant
    if constant is None or route.options.status in _BODILESS or held(constant.value):
        return None
    return constant if _answerable(constant, function.returns) else None


def _takes(route: Route, function: Function) -> Iterator[Binding]:
    """The bindings that make the answer depend on the request; a request that is not looked at does not."""
    for binding in route.bindings or ():
        if binding.source != "request" or binding.parameter not in function.effects.unused_parameters:
            yield binding


def _answerable(constant: Constant, declared: Type | None) -> bool:
    """Is the answer to the constant the same whoever makes it?"""
    value = constant.value
    if declared is None:
        if isinstance(value, tuple):
            if len(value) != 2 or type(value[1]) is not int or not 200 <= value[1] <= 599:
                return False
            if value[1] in _BODILESS:
                return False
            value = value[0]
        return not isinstance(value, tuple) and _encodes(value)
    if constant.enum is not None:
        return False
    if declared in _TEXTUAL:
        return isinstance(value, str) and _encodes(value)
    return _is_exactly(value, declared) and _encodes(value)


def _is_exactly(value: object, declared: Type) -> bool:
    """Is ``value`` of the declared type, so that filtering by it changes nothing?"""
    match declared:
        case Scalar(kind="none"):
            return value is None
        case Scalar(kind="any"):
            return not isinstance(value, tuple)
        case Scalar(kind=kind):
            return type(value).__name__ == kind
        case ArrayOf(kind="list", item=item):
            return isinstance(value, list) and all(_is_exactly(one, item) for one in value)
        case DictOf(bare=True):
            return isinstance(value, dict)
        case DictOf(key=key, value=inner):
            return isinstance(value, dict) and all(
                _is_exactly(name, key) and _is_exactly(one, inner) for name, one in value.items()
            )
        case UnionOf(items=items):
            return any(_is_exactly(value, one) for one in items)
    return False


def _encodes(value: object) -> bool:
    try:
        msgspec.json.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return False
    return True


def _nearly(function: Function, taken: list[Binding]) -> Iterator[Diagnostic]:
    """A hint where only parameters that the body never reads keep the answer from being constant."""
    if all(binding.source in ("query", "header", "cookie") for binding in taken):
        names = ", ".join(f"`{binding.parameter}`" for binding in taken)
        labels = tuple(Label(binding.span, "read and checked, then not used") for binding in taken)
        yield COULD_BE_CONSTANT.at(function.span, labels=labels, name=function.qualname, parameters=names)


COULD_BE_CONSTANT = Rule(
    code="CDT330",
    slug="could-be-constant",
    severity="info",
    message="`{name}` always answers the same: without {parameters} its answer could be made at build time",
    docs="""A handler that returns a constant and takes nothing from the request is answered from bytes made
at build time. Here only parameters that its body never reads stand in the way; they are still decoded,
validated and listed in the OpenAPI document.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/version")
def version(verbose: bool = False):
    return {"version": "1.2.0"}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/version")
def version():
    return {"version": "1.2.0"}
""",
)
