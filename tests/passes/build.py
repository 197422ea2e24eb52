"""Hand-made Apps for tests of the passes: ``app(route("GET /users/:id", id=INT))``."""

import itertools
import re

from conduitc.ir.nodes import (
    App,
    Constant,
    Declaration,
    Dynamic,
    Function,
    Parameter,
    PathTemplate,
    Route,
    Schema,
    Static,
)
from conduitc.ir.types import Scalar, Type
from conduitc.span import Span

INT, STR, FLOAT, UUID = Scalar("int"), Scalar("str"), Scalar("float"), Scalar("uuid")
_count = itertools.count(1)


def span(line: int, column: int = 1, width: int = 10) -> Span:
    return Span("app.py", line, column, line, column + width)


def declaration(line: int, key: str, kind: str = "route", **more: object) -> Declaration:
    return Declaration(line, 0, kind, key, line, span(line), **more)  # type: ignore[arg-type]


def template(text: str, line: int) -> PathTemplate:
    segments = []
    column = 12  # that of the first character after the quote and the slash
    for one in text.split("/")[1:]:
        match = re.fullmatch(r"\{(\w+)(?::(\w+))?\}|:(\w+)|\*(\w+)", one)
        if match is None:
            segments.append(Static(one))
        else:
            name = match[1] or match[3] or match[4]
            place = span(line, column, len(one))
            segments.append(Dynamic(name, "path" if match[4] else match[2], place, one))
        column += len(one) + 1
    return PathTemplate(text, tuple(segments), span(line, 10, len(text) + 2))


def parameter(name: str, type_: Type | None, line: int, **more: object) -> Parameter:
    fields = {"kind": "positional", "default": None, "span": span(line + 1, 30)} | more
    return Parameter(name=name, type=type_, **fields)  # type: ignore[arg-type]


def route(
    text: str, /, *extra: Parameter, conditional: bool = False, **parameters: Type | None
) -> tuple[Route, Function]:
    """``METHODS /path`` and the handler's parameters, each on lines of its own."""
    line = next(_count) * 10
    methods, _, path = text.partition(" ")
    name = f"handler{line}"
    all_ = tuple(parameter(key, type_, line) for key, type_ in parameters.items()) + extra
    function = Function(
        f"function:app.{name}", name, name, "app", span(line), line, False, False, None, all_, None, None
    )
    one = Route(
        f"route:app.{name}#{text}",
        tuple(methods.split(",")),
        template(path, line),
        function.id,
        declaration(line, text, conditional=conditional),
        span(line),
    )
    return one, function


def app(
    *routes: tuple[Route, Function],
    schemas: tuple[Schema, ...] = (),
    functions: tuple[Function, ...] = (),
    **more: object,
) -> App:
    of_routes = {function.id: function for _, function in routes}
    return App(
        "app",
        "app",
        "app.py",
        "conduit",
        "specific",
        span(1),
        declaration(1, "app", "app"),
        routes=tuple(one for one, _ in routes),
        functions=(*of_routes.values(), *functions),
        schemas=schemas,
        **more,  # type: ignore[arg-type]
    )


def enum(name: str, *values: object) -> Schema:
    members = tuple((f"M{i}", Constant(value, repr(value))) for i, value in enumerate(values))
    return Schema(f"schema:app.{name}", name, "app", "enum", (), None, span(2), members)


def dataclass(name: str) -> Schema:
    return Schema(f"schema:app.{name}", name, "app", "dataclass", (), None, span(2))
