"""Tools can be listed and called: names, descriptions, and hand-given schemas that keep to the signature.

In: tools with their functions. Out: the same App.
"""

import re
from collections.abc import Iterator

from conduitc.diagnostics import Diagnostic, Label
from conduitc.ir import mirrors
from conduitc.ir.nodes import WELL_KNOWN, App, Function, Parameter, Schema, Static, Tool
from conduitc.ir.types import (
    ArrayOf,
    Constrained,
    DictOf,
    External,
    LiteralOf,
    Ref,
    Scalar,
    TupleOf,
    Type,
    UnionOf,
    text,
)
from conduitc.passes import tool_rules as rules
from conduitc.passes.json_schema import KINDS, faults, kind_of, kinds
from conduitc.passes.schemas import GIVEN
from conduitc.span import Span
from conduitc.suggest import did_you_mean

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_SCALARS = {
    "bool": {"boolean"}, "int": {"integer"}, "float": {"number", "integer"}, "none": {"null"}, "any": KINDS,
}  # fmt: skip


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    functions = {function.id: function for function in app.functions}
    schemas = {schema.id: schema for schema in app.schemas}
    found = list(_names(app.tools))
    for tool in app.tools:
        if not (tool.description or "").strip():
            found.append(_no_description(tool, functions[tool.function]))
        found.extend(_headers(tool, functions[tool.function], schemas))
        if tool.schema is not None:
            found.extend(_given_schema(tool, functions[tool.function], schemas))
    found.extend(_door(app))
    return app, tuple(found)


def _no_description(tool: Tool, function: Function) -> Diagnostic:
    return rules.NO_DESCRIPTION.at(
        tool.span,
        labels=(Label(function.span, "has no docstring"),),
        help=f"give `{function.name}` a docstring, or pass `description=`",
        name=tool.name,
    )


def _names(tools: tuple[Tool, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Tool] = {}
    for tool in tools:
        if not _NAME.fullmatch(tool.name):
            why = "is longer than 128 characters" if len(tool.name) > 128 else "has other characters in it"
            yield rules.BAD_NAME.at(
                tool.span,
                help=f"letters, digits, `_`, `-` and `.` are allowed: `{_named(tool.name)}`",
                name=tool.name[:80],
                why=why,
            )
        other = first.setdefault(tool.name, tool)
        if other is not tool and not (tool.declaration.conditional and other.declaration.conditional):
            yield rules.DUPLICATE.at(
                tool.span,
                label="again here",
                labels=(Label(other.span, "first here"),),
                help="give one of them another `name=`",
                name=tool.name,
            )


def _named(name: str) -> str:
    """The nearest name that is one."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", name).strip("_")[:128] or "tool"


def _door(app: App) -> Iterator[Diagnostic]:
    enabled = next((one for one in app.declarations if one.kind == "enable_mcp"), None)
    if enabled is not None and not app.offers:
        yield rules.MCP_WITHOUT_TOOL.at(
            enabled.span, help="declare a tool with `@app.tool()`, or leave this out"
        )
    if app.doors:
        yield from _taken(app)
    if enabled is None and app.offers:
        first = app.offers[0]
        name = getattr(first, "name", first.id)
        yield rules.TOOL_WITHOUT_MCP.at(first.span, help="add `app.enable_mcp()`", name=name)


def _taken(app: App) -> Iterator[Diagnostic]:
    """Routes that stand where MCP does."""
    doors = {path: methods for methods, path in app.doors}
    enabled = next(one for one in app.declarations if one.kind == "enable_mcp")
    for route in app.routes:
        path = route.path.text
        static = all(isinstance(segment, Static) for segment in route.path.segments)
        methods = doors.get(path, frozenset()) & set(route.methods)
        if static and methods and not route.fallback:
            yield rules.PATH_TAKEN.at(
                route.span,
                labels=(Label(enabled.span, "MCP stands there"),),
                help="give the route another path"
                if path.startswith(WELL_KNOWN)
                else "give one of them another path: `app.enable_mcp(path=...)`",
                path=path,
                method=sorted(methods)[0],
            )


def _headers(tool: Tool, function: Function, schemas: dict[str, Schema]) -> Iterator[Diagnostic]:
    """Arguments that stand in headers, too: can they, and does a hand-given schema agree?"""
    marked = {one.name: (one, name) for one in function.parameters if (name := mirrors.header_of(one))}
    if tool.schema is not None:
        said = {path[0]: name for name, path in mirrors.mirrors(tool.schema.value) if len(path) == 1}
        for parameter, name in marked.values():
            if said.get(parameter.name) != f"mcp-param-{name.lower()}":
                why = f"`{parameter.name}` stands in a header here, and the schema does not say so"
                help_ = f'give `{parameter.name}` an `"x-mcp-header": "{name}"` there'
                yield _contradiction(tool, parameter.span, why, help=help_)
        return
    derived = {
        one.name: {"type": _only(kinds_of(one.type, schemas) if one.type else KINDS), mirrors.KEY: name}
        for one, name in marked.values()
    }
    for where, why in mirrors.faults({"properties": derived}):
        span = marked[where][0].span
        help_ = "let it be a `str`, an `int` or a `bool`; it may have a default of that type"
        yield rules.BAD_MIRROR.at(span, name=tool.name, where=where, why=why, help=help_)


def _only(kinds: frozenset[str]) -> str:
    """The one kind; empty where there are several."""
    return next(iter(kinds)) if len(kinds) == 1 else ""


# -- hand-given schemas --------------------------------------------------------------------------------------


def _given_schema(tool: Tool, function: Function, schemas: dict[str, Schema]) -> Iterator[Diagnostic]:
    assert tool.schema is not None
    given = tool.schema.value
    wrong = list(faults(given))
    if not wrong and isinstance(given, dict) and given.get("type") != "object":
        wrong = [("$.type", '"object": a tool takes its arguments by name')]
    for where, wanted in wrong:
        help_ = _json_type(given, where)
        yield rules.BAD_SCHEMA.at(tool.span, help=help_, name=tool.name, where=where, wanted=wanted)
    for where, why in mirrors.faults(given):
        yield rules.BAD_MIRROR.at(tool.span, name=tool.name, where=where, why=why)
    if wrong or not isinstance(given, dict):
        return
    parameters = {
        one.name: one
        for one in function.parameters
        if not (isinstance(one.type, External) and one.type.name in GIVEN)
    }
    looser: list[tuple[str, Span]] = []
    properties = given.get("properties", {})
    for name, one in properties.items():
        if name not in parameters:
            open_ = any(parameter.kind == "varkw" for parameter in function.parameters)
            if not open_:
                yield _contradiction(
                    tool, function.span, f"it offers `{name}`, which `{function.name}` does not take",
                    help=did_you_mean(name, parameters),
                )  # fmt: skip
            continue
        yield from _argument(tool, parameters[name], one, schemas, looser)
    yield from _required(tool, given, properties, parameters, looser)
    if looser:
        yield rules.LOOSER.at(
            tool.span,
            label="; ".join(why for why, _ in looser),
            help="say in the schema what the signature says, or leave `schema=` out",
            labels=tuple(
                Label(span, "the signature decides") for span in dict.fromkeys(s for _, s in looser)
            ),
            name=tool.name,
        )


#: Python's names of JSON's types.
_JSON_TYPES = {
    "str": "string", "int": "integer", "float": "number", "bool": "boolean", "dict": "object",
    "list": "array", "none": "null",
}  # fmt: skip


def _json_type(schema: object, where: str) -> str | None:
    """What a wrong ``type`` was meant to be."""
    for key in where.split(".")[1:]:
        schema = schema.get(key) if isinstance(schema, dict) else None
    if not isinstance(schema, str):
        return None
    meant = _JSON_TYPES.get(schema.lower())
    return f"did you mean `{meant}`?" if meant else did_you_mean(schema, KINDS)


def _required(
    tool: Tool,
    given: dict[str, object],
    properties: dict[str, object],
    parameters: dict[str, Parameter],
    looser: list[tuple[str, Span]],
) -> Iterator[Diagnostic]:
    listed = given.get("required", [])
    assert isinstance(listed, list)
    for parameter in parameters.values():
        if parameter.default is not None or parameter.kind in {"varargs", "varkw"}:
            continue
        if parameter.name not in properties:
            yield _contradiction(
                tool, parameter.span, f"`{parameter.name}` has no default, and the schema does not offer it"
            )
        elif parameter.name not in listed:
            looser.append((f"`{parameter.name}` is not in `required`", parameter.span))
    for name in listed:
        if name not in parameters and name not in properties:
            yield _contradiction(
                tool, tool.span, f"it requires `{name}`, which it does not offer",
                help=did_you_mean(str(name), parameters),
            )  # fmt: skip


def _argument(
    tool: Tool,
    parameter: Parameter,
    schema: object,
    schemas: dict[str, Schema],
    looser: list[tuple[str, Span]],
) -> Iterator[Diagnostic]:
    if parameter.type is None:
        return
    offered, taken = kinds(schema), kinds_of(parameter.type, schemas)
    if not offered & taken:
        yield _contradiction(
            tool,
            parameter.span,
            f"`{parameter.name}` is {_either(offered)} there, `{text(parameter.type)}` here",
        )
        return
    values, taken_values = _values(schema), values_of(parameter.type, schemas)
    if values is not None and taken_values is not None and not any(one in taken_values for one in values):
        yield _contradiction(
            tool,
            parameter.span,
            f"no value that it lists for `{parameter.name}` is one of `{text(parameter.type)}`",
        )
    elif not offered <= taken:
        looser.append((f"`{parameter.name}` may be {_either(offered - taken)} there", parameter.span))
    elif taken_values is not None and (values is None or not all(one in taken_values for one in values)):
        looser.append((f"`{parameter.name}` may have other values there", parameter.span))


def _contradiction(tool: Tool, span: Span, why: str, help: str | None = None) -> Diagnostic:
    labels = (Label(span, "the signature says otherwise"),) if span != tool.span else ()
    help = help or "without `schema=` the schema follows the signature"
    return rules.CONTRADICTS.at(tool.span, labels=labels, help=help, name=tool.name, why=why)


def _either(some: frozenset[str]) -> str:
    return " or ".join(sorted(some)) if some != KINDS else "anything"


def _values(schema: object) -> list[object] | None:
    if not isinstance(schema, dict):
        return None
    if "const" in schema:
        return [schema["const"]]
    listed = schema.get("enum")
    return listed if isinstance(listed, list) else None


def kinds_of(type_: Type, schemas: dict[str, Schema]) -> frozenset[str]:
    """The JSON kinds that a type is read from; all where that is not known."""
    match type_:
        case Scalar(kind=kind):
            return frozenset(_SCALARS.get(kind, {"string"}))
        case ArrayOf() | TupleOf():
            return frozenset({"array"})
        case DictOf():
            return frozenset({"object"})
        case Constrained(base=base):
            return kinds_of(base, schemas)
        case UnionOf(items=items):
            return frozenset().union(*(kinds_of(item, schemas) for item in items))
        case Ref(id=id_) if id_ in schemas and schemas[id_].kind != "enum":
            return frozenset({"object"})
    values = values_of(type_, schemas)
    return frozenset(map(kind_of, values)) if values else KINDS


def values_of(type_: Type, schemas: dict[str, Schema]) -> list[object] | None:
    """The values of a ``Literal`` or an enum."""
    match type_:
        case LiteralOf(values=values):
            return list(values)
        case Ref(id=id_) if id_ in schemas and schemas[id_].kind == "enum":
            return [member.value for _, member in schemas[id_].members]
    return None
