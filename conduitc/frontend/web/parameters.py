"""A function's parameters as a framework reads them: type and constraints, where the value comes from, what
it depends on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from conduitc.frontend.annotations import Reader
from conduitc.frontend.constants import constant, evaluate
from conduitc.frontend.scope import Call, Frame
from conduitc.frontend.values import Const, Function, Instance, TypeForm, Value
from conduitc.frontend.web.names import name_of
from conduitc.ir import types as t
from conduitc.ir.nodes import Computed, Constant, Parameter

_ANNOTATED = ("typing.Annotated", "typing_extensions.Annotated")
_PLACES = frozenset(["Query", "Path", "Body", "Header", "Cookie", "Form", "File"])
_DEPENDS = frozenset(["Depends", "Security"])
#: Keywords that narrow a type, as metadata names them.
_CONSTRAINTS = {
    "ge": "ge", "gt": "gt", "le": "le", "lt": "lt", "multiple_of": "multiple_of", "min_length": "min_length",
    "max_length": "max_length", "pattern": "pattern", "regex": "pattern", "min_items": "min_length",
    "max_items": "max_length",
}  # fmt: skip


class Taken(Struct, eq=False):
    """One parameter: its IR, and the value that ``Depends`` names, where it does (itself, if nothing)."""

    parameter: Parameter
    depends: Value | None = None
    keyword: bool = False


class Said(Struct, eq=False):
    """What ``Query(...)``, ``Field(...)`` and ``Depends(...)`` say around a type."""

    marker: str | None = None
    name: str | None = None
    doc: str | None = None
    constraints: dict[str, t.Literal] = {}
    default: Constant | Computed | None = None
    depends: Value | None = None
    base: Value | None = None


def parameters(function: Function) -> list[Taken]:
    """Every parameter; a method's own object is left out."""
    node = function.node
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    missing = len(plain) - len(arguments.defaults)
    defaults = [None] * missing + list(arguments.defaults)
    kinds = ["positional_only"] * len(arguments.posonlyargs) + ["positional"] * len(arguments.args)
    found = [_taken(function, *one) for one in zip(plain, defaults, kinds, strict=True)]
    if arguments.vararg is not None:
        found.append(_taken(function, arguments.vararg, None, "varargs"))
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(_taken(function, one, default, "keyword_only"))
    if arguments.kwarg is not None:
        found.append(_taken(function, arguments.kwarg, None, "varkw"))
    method = function.home is not None and plain and plain[0].arg in ("self", "cls")
    return found[1:] if method else found


def _taken(function: Function, argument: ast.arg, default: ast.expr | None, kind: str) -> Taken:
    scope = function.scope
    home = (function.home,) if function.home is not None else ()
    reader = Reader(scope, home, function.node.lineno)
    type_, said = (
        annotated(reader, argument.annotation) if argument.annotation is not None else (None, Said())
    )
    frame = Frame(scope, {}, enclosing=function.closure, returned=[])
    if default is not None:
        _of_default(frame, default, said)
    if type_ is not None and said.constraints:
        type_ = t.Constrained(type_, tuple(sorted(said.constraints.items())))
    span = scope.span(argument)
    parameter = Parameter(argument.arg, kind, type_, said.default, span, said.marker, said.name)
    depends = said.depends
    if said.marker == "Depends" and depends is None:
        depends = said.base
    return Taken(parameter, depends, kind == "keyword_only")


def annotated(reader: Reader, node: ast.expr) -> tuple[t.Type, Said]:
    """The type of an annotation, and what stands around it; aliases are looked through."""
    said = Said(constraints={})
    for _ in range(10):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value.strip(), mode="eval").body
            except (SyntaxError, ValueError, RecursionError):
                break
            continue
        if isinstance(node, ast.Name | ast.Attribute):
            form = reader.value(node)
            if isinstance(form, TypeForm) and form.base is not None and name_of(form.base) in _ANNOTATED:
                reader, node = Reader(form.scope), form.node
                continue
        elif (extras := _extras(reader, node)) is not None:
            node, rest = extras
            for extra in rest:
                noted(evaluate(Frame(reader.scope, {}), extra), said, reader.scope.source.snippet(extra))
            continue
        break
    said.base = reader.value(node)
    return reader.type(node), said


def _extras(reader: Reader, node: ast.expr) -> tuple[ast.expr, list[ast.expr]] | None:
    """What ``Annotated[...]`` holds; None for anything else."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple) or not node.slice.elts:
        return None
    if name_of(reader.value(node.value)) not in _ANNOTATED:
        return None
    return node.slice.elts[0], node.slice.elts[1:]


def _of_default(frame: Frame, node: ast.expr, said: Said) -> None:
    text = frame.scope.source.snippet(node)
    value = evaluate(frame, node)
    if not noted(value, said, text):
        said.default = constant(value, text) or Computed(text)


def noted(value: Value, said: Said, text: str) -> bool:
    """Take over what one call around a type says; False where it is none that is known."""
    if not isinstance(value, Instance) or value.call is None:
        return False
    full, call = name_of(value.cls), value.call
    head, _, last = full.rpartition(".")
    if head.startswith("fastapi") and last in _DEPENDS:
        said.marker, said.depends = "Depends", call.argument("dependency", 0)
        return True
    if head.startswith("fastapi") and last in _PLACES:
        said.marker = last
    elif head.startswith("annotated_types"):
        said.constraints.update(_positional(last, call))
        return True
    elif full not in ("pydantic.Field", "pydantic.fields.Field", "sqlmodel.Field"):
        return False
    said.constraints.update(_constraints(call))
    said.name = _word(call, "alias") or _word(call, "validation_alias") or said.name
    said.doc = _word(call, "description") or said.doc
    said.default = _default(call, text) or said.default
    return True


def _constraints(call: Call) -> Iterator[tuple[str, t.Literal]]:
    for key, value in call.keywords.items():
        if key in _CONSTRAINTS and isinstance(value, Const) and isinstance(value.value, str | int | float):
            yield _CONSTRAINTS[key], value.value


def _positional(name: str, call: Call) -> Iterator[tuple[str, t.Literal]]:
    """``Ge(1)`` of annotated_types."""
    key = {
        "Ge": "ge",
        "Gt": "gt",
        "Le": "le",
        "Lt": "lt",
        "MinLen": "min_length",
        "MaxLen": "max_length",
    }.get(name)
    value = call.argument("", 0)
    if key is not None and isinstance(value, Const) and isinstance(value.value, int | float):
        yield key, value.value


def _word(call: Call, name: str) -> str | None:
    value = call.argument(name)
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def _default(call: Call, text: str) -> Constant | Computed | None:
    """``Query(5)``, ``Field(default_factory=list)``; nothing where it is ``...`` or not given."""
    if "default_factory" in call.keywords:
        return Computed(text)
    value = call.argument("default", 0)
    if value is None or (isinstance(value, Const) and value.value is ...):
        return None
    return constant(value, call.scope.source.snippet(call.node_of("default", 0))) or Computed(text)
