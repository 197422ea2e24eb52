"""Project classes → ``ir.nodes.Schema``: dataclasses, Structs, TypedDicts and enums, with their fields."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Protocol

from conduitc.frontend.annotations import Reader
from conduitc.frontend.constants import constant
from conduitc.frontend.docs import docstring
from conduitc.frontend.values import (
    Class,
    Const,
    External,
    Instance,
    Mapping,
    ancestry,
)
from conduitc.ir import types as t
from conduitc.ir.nodes import Computed, Constant, Field, Schema

_ENUMS = ("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag")
_TYPED_DICTS = ("typing.TypedDict", "typing_extensions.TypedDict")
_FIELD_MAKERS = ("dataclasses.field", "msgspec.field")


def _camel(name: str, pascal: bool = False) -> str:
    bare = name.lstrip("_")
    first, *rest = bare.split("_")
    head = first.title() if pascal else first
    return name[: len(name) - len(bare)] + head + "".join(part.title() for part in rest)


#: Structs' ``rename=`` by name.
_RENAMES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "camel": _camel,
    "pascal": lambda name: _camel(name, pascal=True),
    "kebab": lambda name: name.strip("_").replace("_", "-"),
}


class Kinds(Protocol):
    """Classes that are schemas by the meaning of another library."""

    def kind(self, cls: Class) -> str | None:
        """Which kind; None for any other class."""

    def fields(self, cls: Class, kind: str) -> list[Field]:
        """The fields that a class itself declares."""


class Schemas:
    """The schemas of a project, each made when it is first asked for. ``classes`` are those of them that were
    named, by id; ``foreign`` knows further kinds."""

    def __init__(self, foreign: Kinds | None = None) -> None:
        self.classes: dict[str, Class] = {}
        self._foreign = foreign
        self._kinds: dict[int, str | None] = {}
        self._made: dict[int, Schema] = {}

    def reference(self, cls: Class) -> t.Type:
        """What an annotation that names ``cls`` means."""
        if self.kind(cls) is None:
            return t.External(cls.full_name)
        return t.Ref(self.id(cls))

    def id(self, cls: Class) -> str:
        id_ = cls.scope.project.identify("schema", cls.scope.name, cls.qualname, cls.node)
        self.classes[id_] = cls
        return id_

    def kind(self, cls: Class) -> str | None:
        """dataclass, struct, typeddict or enum; None for any other class."""
        key = id(cls)
        if key not in self._kinds:
            self._kinds[key] = _kind(cls) or (self._foreign.kind(cls) if self._foreign else None)
        return self._kinds[key]

    def of(self, cls: Class) -> Schema:
        """The schema of a class that has one."""
        made = self._made.get(id(cls))
        if made is None:
            made = _schema(cls, self.kind(cls) or "", self.id(cls), self._foreign)
            self._made[id(cls)] = made
        return made


def _kind(cls: Class) -> str | None:
    above = ancestry(cls)
    names = [one.name for one in above if isinstance(one, External)]
    if any(name in _ENUMS for name in names):
        return "enum"
    if "msgspec.Struct" in names:
        return "struct"
    if any(name in _TYPED_DICTS for name in names):
        return "typeddict"
    if any(isinstance(one, Class) and _is_dataclass(one) for one in above):
        return "dataclass"
    return None


def _is_dataclass(cls: Class) -> bool:
    for decorator in cls.decorators:
        found = decorator.cls if isinstance(decorator, Instance) else decorator
        if isinstance(found, External) and found.name == "dataclasses.dataclass":
            return True
    return False


def _schema(cls: Class, kind: str, id_: str, foreign: Kinds | None) -> Schema:
    bases = tuple(
        base.full_name if isinstance(base, Class) else base.name
        for base in ancestry(cls)[1:]
        if isinstance(base, Class | External)
    )
    span = cls.scope.span(cls.node)
    doc = docstring(cls.node)
    if kind == "enum":
        members = tuple(
            (name, Constant(value.value, repr(value.value), value.enum))
            for name, value in cls.names.items()
            if isinstance(value, Const) and value.enum
        )
        return Schema(id_, cls.name, cls.scope.name, kind, (), doc, span, members, bases=bases)
    rename = _rename(cls) if kind == "struct" else None
    fields: dict[str, Field] = {}
    for owner in reversed([one for one in ancestry(cls) if isinstance(one, Class)]):
        if kind == "dataclass" and not _is_dataclass(owner):
            continue
        own = foreign is not None and foreign.kind(owner) == kind
        for field in foreign.fields(owner, kind) if foreign and own else _fields(owner, kind):
            if rename is not None and field.name == field.attribute:
                field = Field(
                    rename(field.attribute), field.attribute, field.type, field.required, field.default,
                    field.doc, field.span,
                )  # fmt: skip
            fields[field.attribute] = field
    tag = _tag(cls) if kind == "struct" else None
    return Schema(id_, cls.name, cls.scope.name, kind, tuple(fields.values()), doc, span, (), tag, bases)


def _fields(cls: Class, kind: str) -> list[Field]:
    reader = Reader(cls.scope, (cls,), cls.node.lineno)
    total = kind != "typeddict" or _keyword(cls, "total") is not False
    found: list[Field] = []
    body = cls.node.body
    for position, statement in enumerate(body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        reading = reader.read(statement.annotation)
        if "ClassVar" in reading.wrappers:
            continue
        name = statement.target.id
        doc = reading.doc
        following = body[position + 1] if position + 1 < len(body) else None
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            words = following.value.value
            doc = doc or (" ".join(words.split()) if isinstance(words, str) else None)
        wire, default, required = name, None, True
        if statement.value is not None:
            wire, default, required = _default(cls, name, statement.value)
        elif kind == "typeddict":
            required = ("Required" in reading.wrappers) or (total and "NotRequired" not in reading.wrappers)
        span = cls.scope.source.span(statement)
        found.append(Field(wire, name, reading.type, required, default, doc, span))
    return found


def _default(cls: Class, name: str, node: ast.expr) -> tuple[str, Constant | Computed | None, bool]:
    """Wire name, default and requiredness that the right-hand side of a field gives."""
    text = cls.scope.source.snippet(node)
    value = cls.names.get(name)
    match value:
        case Instance(cls=External(name=maker), call=call) if maker in _FIELD_MAKERS and call is not None:
            wire = call.keywords.get("name")
            spelled = wire.value if isinstance(wire, Const) and isinstance(wire.value, str) else name
            if "default" in call.keywords:
                words = cls.scope.source.snippet(call.node_of("default"))
                return spelled, constant(call.keywords["default"], words) or Computed(words), False
            if "default_factory" in call.keywords:
                return spelled, Computed(cls.scope.source.snippet(call.node_of("default_factory"))), False
            return spelled, None, True
    return name, constant(value, text) or Computed(text), False


def _keyword(cls: Class, name: str) -> object:
    """A keyword of the class statement; ``...`` where it is not given."""
    value = cls.keywords.get(name, ...)
    return value.value if isinstance(value, Const) else value


def _inherited(cls: Class, name: str) -> object:
    for one in ancestry(cls):
        if isinstance(one, Class) and (found := _keyword(one, name)) is not ...:
            return found
    return ...


def _rename(cls: Class) -> Callable[[str], str] | None:
    given = _inherited(cls, "rename")
    if isinstance(given, str):
        return _RENAMES.get(given)
    if isinstance(given, Mapping):
        pairs = {key: value.value for key, value in given.items.items() if isinstance(value, Const)}
        return lambda name: str(pairs.get(name, name))
    return None


def _tag(cls: Class) -> tuple[str, str] | None:
    given, field = _inherited(cls, "tag"), _inherited(cls, "tag_field")
    name = field if isinstance(field, str) else "type"
    if given is True or (given is ... and isinstance(field, str)):
        return name, cls.name
    if isinstance(given, str | int) and not isinstance(given, bool):
        return name, str(given)
    return None
