"""Every handler parameter gets its place (rules 1 to 6 of "Handlers" in the language).

In: routes with settled paths. Out: ``Route.bindings``, in the handler's parameter order. A parameter that can
have no place is reported and left out.

``def f(id: int, item: Item, notify: bool = False)`` on ``PUT /items/{id}``   →   path, body, query
"""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Fix, Label
from conduitc.ir.nodes import App, Binding, Constant, Dynamic, Function, Parameter, Route
from conduitc.ir.types import (
    ANY,
    ArrayOf,
    Constrained,
    DictOf,
    External,
    LiteralOf,
    Ref,
    Scalar,
    Type,
    UnionOf,
    Unknown,
    strip_optional,
    text,
    walk,
)
from conduitc.passes import bind_rules as rules
from conduitc.passes import sockets
from conduitc.passes.paths import says_more
from conduitc.span import Span
from conduitc.suggest import closest, did_you_mean, same

REQUEST = External("conduit.Request")
SOCKET = External("conduit.WebSocket")
_CONNECTIONS = {"conduit.Request": REQUEST, "conduit.HTTPRequest": REQUEST, "conduit.WebSocket": SOCKET}
#: Places that an ``Annotated`` marker can name, and those that it names in vain so far.
_MARKED = {"Query": "query", "Header": "header", "Cookie": "cookie", "Body": "body"}
#: What the grammar of query, header, cookie and path values can say.
_READABLE = {"bool", "int", "float", "str", "uuid", "date", "time", "datetime", "timedelta", "decimal"}

_BUILTIN = ("bool", "dict", "float", "int", "list", "set", "str")


class Scope(Struct, frozen=True):
    """What the rules look at beside the parameter itself."""

    route: Route
    function: Function
    path: dict[str, Dynamic]
    enums: frozenset[str]
    names: tuple[str, ...]

    @property
    def takes_request(self) -> bool:
        return any(_connection(parameter) is not None for parameter in self.function.parameters)


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    functions = {function.id: function for function in app.functions}
    enums = frozenset(schema.id for schema in app.schemas if schema.kind == "enum")
    names = (*_BUILTIN, *(schema.name for schema in app.schemas))
    found: list[Diagnostic] = []
    routes = []
    for route in app.routes:
        path = {one.name: one for one in route.path.segments if isinstance(one, Dynamic)}
        scope = Scope(route, functions[route.handler], path, enums, names)
        bindings = tuple(_bound(scope, found))
        found.extend(_together(scope, bindings))
        found.extend(_answer(scope))
        routes.append(replace(route, bindings=bindings))
    return replace(app, routes=tuple(routes)), tuple(found)


def _bound(scope: Scope, found: list[Diagnostic]) -> Iterator[Binding]:
    for parameter in scope.function.parameters:
        place = place_of(scope, parameter)
        if isinstance(place, Diagnostic):
            found.append(place)
        else:
            yield place


def place_of(scope: Scope, parameter: Parameter) -> Binding | Diagnostic:
    """The binding of one parameter, or why it can have none; the rules in the language's order."""
    if parameter.kind in {"varargs", "varkw", "positional_only"}:
        return _no_keyword(parameter)
    if parameter.name in scope.path:  # 1
        return _from_path(scope, parameter)
    if parameter.marker is not None:  # 2
        return _marked(scope, parameter)
    given = _connection(parameter)
    if given is not None:  # 2, 3
        if (given == SOCKET) is not scope.route.websocket:
            return sockets.wrong_connection(parameter, scope.route)
        return _binding(parameter, "request", given)
    if parameter.type is None:
        return _unannotated(scope, parameter)
    if holds_body(parameter.type, scope.enums):  # 4
        return _from_body(scope, parameter, parameter.type)
    if readable(parameter.type, scope.enums):  # 5
        return _binding(parameter, "query", parameter.type)
    return _unreadable(scope, parameter, "the query string", parameter.type)  # 6


def holds_body(type_: Type, enums: frozenset[str]) -> bool:
    """Does a type contain a dataclass, Struct, TypedDict or dict?"""
    if type(type_) is Scalar:
        return False
    return any(
        isinstance(one, DictOf) or (isinstance(one, Ref) and one.id not in enums) for one in walk(type_)
    )


def readable(type_: Type, enums: frozenset[str], *, lists: bool = True) -> bool:
    """Can text say it: a scalar, enum, Literal, an optional or (where ``lists``) a collection of them?"""
    bare = strip_optional(type_)[0]
    match bare:
        case Scalar(kind=kind):
            return kind in _READABLE
        case Ref(id=id_):
            return id_ in enums
        case LiteralOf():
            return True
        case Constrained(base=base):
            return readable(base, enums, lists=lists)
        case ArrayOf(item=item):
            return lists and readable(item, enums, lists=False)
        case UnionOf(items=items):
            return all(readable(item, enums, lists=False) for item in items)
    return False


def _connection(parameter: Parameter) -> External | None:
    """``Request`` or ``WebSocket``, where that is what a parameter is."""
    if parameter.type is None:
        return REQUEST if parameter.name == "request" and parameter.marker is None else None
    return _CONNECTIONS.get(parameter.type.name) if isinstance(parameter.type, External) else None


def _binding(parameter: Parameter, source: str, type_: Type) -> Binding:
    optional = source == "body" and strip_optional(type_)[1]
    settled = source in {"path", "request"}
    return Binding(
        parameter=parameter.name,
        source=source,
        key=_key(parameter, source),
        type=type_,
        required=settled or (parameter.default is None and not optional),
        default=None if settled else parameter.default,
        keyword=parameter.kind == "keyword_only",
        span=parameter.span,
    )


def _key(parameter: Parameter, source: str) -> str:
    if parameter.marker_name is not None:
        return parameter.marker_name.lower() if source == "header" else parameter.marker_name
    return parameter.name.replace("_", "-").lower() if source == "header" else parameter.name


def _from_path(scope: Scope, parameter: Parameter) -> Binding | Diagnostic:
    converter = scope.path[parameter.name].converter or "str"
    type_ = parameter.type or Scalar("str" if converter == "path" else converter)
    if type_ != ANY and not readable(type_, scope.enums, lists=False):
        return _unreadable(scope, parameter, "the path", type_)
    return replace(_binding(parameter, "path", type_), refined=says_more(converter, type_))


def _marked(scope: Scope, parameter: Parameter) -> Binding | Diagnostic:
    source = _MARKED.get(parameter.marker or "")
    if source is None:
        return rules.UNSERVED_PLACE.at(
            parameter.span, label="not served yet", place=parameter.marker, parameter=parameter.name
        )
    type_ = parameter.type or Scalar("str")
    if source == "body":
        return _body(scope, parameter, type_)
    if not readable(type_, scope.enums):
        return _unreadable(scope, parameter, {"query": "the query string"}.get(source, f"a {source}"), type_)
    return _binding(parameter, source, type_)


def _from_body(scope: Scope, parameter: Parameter, type_: Type) -> Binding | Diagnostic:
    bare = next((method for method in ("GET", "HEAD") if method in scope.route.methods), None)
    if bare is None:
        return _body(scope, parameter, type_)
    return rules.BODY_ON_GET.at(
        parameter.span,
        label=f"`{text(type_)}` would be the JSON body",
        labels=(Label(scope.route.span, f"a {bare} route"),),
        help="answer POST instead, take the values from the query, or say that you mean it: "
        f"`{_written(parameter, f'Annotated[{text(type_)}, Body()]')}`",
        parameter=parameter.name,
        method=bare,
    )


def _body(scope: Scope, parameter: Parameter, type_: Type) -> Binding | Diagnostic:
    if scope.route.websocket:
        return sockets.no_body(parameter, scope.route)
    return _binding(parameter, "body", type_)


def _written(parameter: Parameter, annotation: str) -> str:
    """A parameter as it could stand; its default stays where it is."""
    return f"{parameter.name}: {annotation}"


def _no_keyword(parameter: Parameter) -> Diagnostic:
    star = {"varargs": "*", "varkw": "**"}.get(parameter.kind, "")
    return rules.NO_PLACE.at(
        parameter.span,
        label="cannot be filled from a request",
        help="name each parameter; what the path, the query or the body does not name is in `request`"
        if star
        else "take the `/` out of the signature: handlers are called with named values",
        parameter=star + parameter.name,
        why="collects whatever is left" if star else "is positional-only",
    )


def _unannotated(scope: Scope, parameter: Parameter) -> Diagnostic:
    free = [name for name in scope.path if all(name != p.name for p in scope.function.parameters)]
    meant = closest(parameter.name, free)
    labels: tuple[Label, ...] = ()
    if meant:
        help_ = f"did you mean `{meant}`?"
        labels = (Label(scope.path[meant].span, "a path parameter that nobody reads"),)
        # safe: nothing else can fill it, and the handler's body goes by its own name
        fix = _renamed_in_path(scope, meant, parameter.name, safe=True)
    elif scope.route.websocket and parameter.name in sockets.USUAL:
        help_ = "annotate it, and import `WebSocket` from `conduit`"
        fix = Fix("take the WebSocket", parameter.span, _written(parameter, "WebSocket"))
    elif closest(parameter.name, ["request"]):
        help_, fix = f"if the request is meant: `request`, or `{parameter.name}: Request`", None
    else:
        help_ = (
            f"annotate it (`{parameter.name}: str` reads the query), "
            f"or put `{{{parameter.name}}}` into the path"
        )
        fix = Fix("read it from the query", parameter.span, _written(parameter, _guess(parameter)))
    return rules.NO_PLACE.at(
        parameter.span,
        label="no annotation",
        labels=labels,
        help=help_,
        fix=fix,
        parameter=parameter.name,
        why=f"is not in the path `{scope.route.path.text}` and has no annotation",
    )


def _renamed_in_path(scope: Scope, old: str, new: str, *, safe: bool) -> Fix | None:
    """Gives a path parameter the name that the handler uses, if it stands in the route's own path: others
    share a prefix."""
    segment, own = scope.path[old], scope.route.path.span
    inside = (own.line, own.column) <= (segment.span.line, segment.span.column) and segment.span < Span(
        own.file, own.end_line, own.end_column, 0, 0
    )
    if not segment.written or not inside or segment.span.file != own.file:
        return None
    written = segment.written[0] + new + segment.written[1 + len(old) :]
    return Fix(f"call it `{new}` in the path, too", segment.span, written, safe=safe)


def _guess(parameter: Parameter) -> str:
    value = parameter.default.value if isinstance(parameter.default, Constant) else None
    return type(value).__name__ if isinstance(value, bool | int | float) else "str"


def _unreadable(scope: Scope, parameter: Parameter, place: str, type_: Type) -> Diagnostic:
    if isinstance(type_, Unknown):
        return rules.UNKNOWN_TYPE.at(
            parameter.span,
            label=type_.reason,
            help=did_you_mean(type_.text, scope.names),
            parameter=parameter.name,
            annotation=type_.text,
        )
    return rules.UNREADABLE.at(
        parameter.span,
        label=f"`{text(type_)}`",
        help="take a scalar, an enum, a date, a UUID, or a list of those"
        + ("" if place == "the path" else "; a dataclass is read from the JSON body"),
        parameter=parameter.name,
        annotation=text(type_),
        place=place,
    )


def _together(scope: Scope, bindings: tuple[Binding, ...]) -> Iterator[Diagnostic]:
    """What only all the parameters together can get wrong."""
    bodies = [binding for binding in bindings if binding.source == "body"]
    for extra in bodies[1:]:
        yield rules.TWO_BODIES.at(
            extra.span,
            label="the second",
            labels=(Label(bodies[0].span, "the first"),),
            help="put both into one dataclass, or read one of them elsewhere",
            handler=scope.function.name,
            first=bodies[0].parameter,
            second=extra.parameter,
        )
    named = {parameter.name for parameter in scope.function.parameters}
    free = [name for name in scope.path if name not in named]
    if free and not scope.takes_request:
        meant = {closest(one.name, free) for one in scope.function.parameters if one.type is None}
        yield from (_unread(scope, name) for name in free if name not in meant)


def _answer(scope: Scope) -> Iterator[Diagnostic]:
    """A return type that cannot be found cannot filter."""
    function = scope.function
    if function.returns is None or scope.route.options.response is not None or scope.route.websocket:
        return
    unknown = next((one for one in walk(function.returns) if isinstance(one, Unknown)), None)
    if unknown is not None:
        yield rules.UNKNOWN_ANSWER.at(
            function.returns_span or function.span,
            label=unknown.reason,
            help="import it outside of `if TYPE_CHECKING:`"
            if unknown.reason.endswith("TYPE_CHECKING")
            else "name a builtin, a standard type, or a class of the project",
            annotation=unknown.text,
            handler=function.name,
        )


def _unread(scope: Scope, name: str) -> Diagnostic:
    free = [p for p in scope.function.parameters if p.name not in scope.path]
    meant = closest(name, [p.name for p in free])
    near = next((p for p in free if p.name == meant), None)
    if near is not None:
        # safe where the two names differ in case and underscores only
        fix = _renamed_in_path(scope, name, near.name, safe=same(name, near.name))
    else:
        fix = _added(scope, name)
    return rules.UNREAD.at(
        scope.path[name].span,
        label="nobody reads it",
        labels=(Label(near.span, "did you mean this one?"),) if near else (),
        help=None if near else f"add `{name}` to `{scope.function.name}`",
        fix=fix,
        name=name,
        handler=scope.function.name,
    )


def _added(scope: Scope, name: str) -> Fix | None:
    """One parameter more before the first one; not safe, for the function may be called from elsewhere."""
    first = next(iter(scope.function.parameters), None)
    if first is None or first.kind not in {"positional", "keyword_only"}:
        return None
    place = replace(first.span, end_line=first.span.line, end_column=first.span.column)
    return Fix(f"take `{name}`", place, f"{name}, ")
