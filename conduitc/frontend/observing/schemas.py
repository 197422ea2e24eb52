"""Schemas → subjects: what they derive from, how they are set up, and how their fields are declared."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial

from conduitc.frontend.observing.before import Before
from conduitc.frontend.observing.seen import Seen
from conduitc.frontend.observing.texts import Text, hole, joined, kept, plain, unused
from conduitc.frontend.project import Project
from conduitc.frontend.values import Class
from conduitc.ir.nodes import App
from conduitc.ir.patterns import Subject

#: Keywords of a field that bound its values.
_BOUNDS = frozenset({
    "gt", "ge", "lt", "le", "max_length", "min_length", "pattern", "regex", "multiple_of", "max_digits",
    "decimal_places", "strict", "max_items", "min_items", "nullable", "unique", "union_mode",
})  # fmt: skip
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")
_COMMON_BASES = frozenset({"object", "Protocol", "ABC", "Generic", "str", "int", "Enum"})
#: Assignments that set a class up.
_SETUP = frozenset({"model_config", "__table_args__"})
#: Keywords that any field may have.
_USUAL = frozenset({"default", "default_factory", "primary_key", "server_default"})
_MAKERS = frozenset({"Field", "field", "Column", "mapped_column", "Relationship", "relationship"})


def schemas(project: Project, app: App) -> Iterator[Subject]:
    """All schemas but enums, each followed by its fields."""
    before = Before()
    classes = {one.full_name: one for scope in project.scopes.values() for one in scope.classes}
    for schema in app.schemas:
        cls = classes.get(schema.id.partition(":")[2])
        if cls is not None and schema.kind != "enum":
            yield from before.subjects(cls, schema.id, partial(_observed, cls, schema.id))


def _observed(cls: Class, id_: str) -> Iterator[Subject]:
    yield _schema(cls, id_)
    yield from _fields(cls, id_)


def _schema(cls: Class, id_: str) -> Subject:
    seen, node = Seen(cls.scope.source), cls.node
    head = Text("class ") + hole("schema", cls.name)
    for base in node.bases:
        _base(seen, head, base)
    for keyword in node.keywords:
        if keyword.arg is not None and (value := kept(keyword.value)) is not None:
            seen.add("schema", head + f"(..., {keyword.arg}={value})", keyword.value)
    for decorator in node.decorator_list:
        name = kept(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if name:
            seen.add(
                "schema", Text("@") + plain(name + ("(...)" * isinstance(decorator, ast.Call))), decorator
            )
    for statement in node.body:
        _member(seen, head, statement)
    return seen.subject("schema", id_, node, _groups(cls))


def _base(seen: Seen, head: Text, base: ast.expr) -> None:
    if isinstance(base, ast.Subscript) and (name := kept(base.value)) is not None:
        inner = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
        if name.rpartition(".")[2] not in _COMMON_BASES:
            holes = [
                seen.writer.hole("type" if at == 0 else f"type_{at + 1}", e) for at, e in enumerate(inner)
            ]
            seen.add("schema", head + f"({name}[" + joined(holes) + "], ...)", base)
    elif (name := kept(base)) is not None and name.rpartition(".")[2] not in _COMMON_BASES:
        seen.add("schema", head + f"({name}, ...)", base)


def _member(seen: Seen, head: Text, statement: ast.stmt) -> None:
    """Set-up and methods that are the same in many classes."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in _SETUP:
            made = seen.writer.call(value, exact=True) if isinstance(value, ast.Call) else None
            said = made or seen.writer.exact(value, name.strip("_"))
            seen.add("schema", head + f"(...): {name} = " + said, statement)
        case ast.FunctionDef(name=name, decorator_list=decorators):
            if not name.startswith("__"):
                seen.add("schema", head + f"(...):\n    def {name}(...): ...", statement)
            for one in decorators:
                called = kept(one.func) if isinstance(one, ast.Call) else None
                if called is not None and called.rpartition(".")[2].endswith("validator"):
                    seen.add("validation", plain(f"@{called}(...)"), one)


def _groups(cls: Class) -> tuple[str, ...]:
    file = cls.scope.source.file
    words = _WORDS.findall(cls.name)
    named = f"named …{words[-1]}" if len(words) > 1 else ""
    return f"in {file}", named, named and f"{named} in {file}"


def _fields(cls: Class, id_: str) -> Iterator[Subject]:
    """Fields that are declared in the class itself."""
    file, named, _ = _groups(cls)
    for statement in cls.node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                type_ = kept(statement.annotation) or ""
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as value) if _maker(value):
                type_ = ""
            case _:
                continue
        if name.startswith("_") or name in _SETUP or "ClassVar" in type_:
            continue
        seen = Seen(cls.scope.source)
        if isinstance(value, ast.Call) and _maker(value):
            _made(seen, statement, value)
        typed = f"of type {type_}" if type_ and len(type_) < 30 else ""
        of = f"of schemas {named}" if named else ""
        both = typed and of and f"{typed} {of}"
        yield seen.subject("field", id_, statement, (file, of, typed, typed and f"{typed} {file}", both))


def _maker(call: ast.Call) -> str:
    """What makes a field, where that is known to do so."""
    name = kept(call.func) or ""
    return name if name.rpartition(".")[2] in _MAKERS else ""


def _made(seen: Seen, statement: ast.AnnAssign | ast.Assign, call: ast.Call) -> None:
    """``{field}: {type} = Field(description={description}, ...)``, keyword by keyword."""
    target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
    start = seen.writer.hole("field", target)
    if isinstance(statement, ast.AnnAssign):
        start = start + ": " + seen.writer.hole("type", statement.annotation)
    start = start + f" = {_maker(call)}("
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in _USUAL:
            continue
        category = "validation" if keyword.arg in _BOUNDS else "schema"
        if (value := kept(keyword.value)) is not None:
            seen.add(category, start + f"{keyword.arg}={value}, ...)", statement)
        any_ = seen.writer.hole(unused(keyword.arg, start), keyword.value)
        seen.add(category, start + f"{keyword.arg}=" + any_ + ", ...)", statement)
    if _maker(call).rpartition(".")[2].lower() == "field":
        seen.add("schema", start + "...)", statement)
