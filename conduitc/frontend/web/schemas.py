"""Pydantic and SQLAlchemy classes → the fields of their schemas."""

from __future__ import annotations

import ast

from conduitc.frontend.annotations import Reader
from conduitc.frontend.constants import constant
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Class, Const, External, Instance, Value, ancestry, settled
from conduitc.frontend.web.names import name_of
from conduitc.frontend.web.parameters import annotated, noted
from conduitc.ir import types as t
from conduitc.ir.nodes import Computed, Constant, Field

_MODELS = (
    "pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic.RootModel", "sqlmodel.SQLModel",
    "pydantic_settings.BaseSettings", "pydantic.generics.GenericModel", "pydantic.v1.BaseModel",
)  # fmt: skip
_TABLES = (
    "sqlalchemy.orm.DeclarativeBase", "sqlalchemy.orm.declarative_base", "flask_sqlalchemy.SQLAlchemy",
    "sqlalchemy.ext.declarative.declarative_base",
)  # fmt: skip
_COLUMNS = ("Column", "mapped_column")
_MAPPED = ("sqlalchemy.orm.Mapped", "sqlalchemy.orm.base.Mapped")
#: SQLAlchemy's types, by name.
_SQL = {
    "Integer": "int", "BigInteger": "int", "SmallInteger": "int", "Float": "float", "Numeric": "decimal",
    "Boolean": "bool", "String": "str", "Text": "str", "Unicode": "str", "UnicodeText": "str", "Date": "date",
    "DateTime": "datetime", "Time": "time", "Interval": "timedelta", "LargeBinary": "bytes", "JSON": "any",
    "Uuid": "uuid", "UUID": "uuid", "Double": "float",
}  # fmt: skip


class Foreign:
    """Tells ``frontend.schemas`` of kinds that are not its own."""

    def kind(self, cls: Class) -> str | None:
        """``model`` or ``table``; None for any other class."""
        above = ancestry(cls)
        names = [
            name_of(one) or name_of(settled(one.cls)) if isinstance(one, Instance) else name_of(one)
            for one in above
        ]
        if any(name in _MODELS for name in names):
            return "model"
        if "__tablename__" in cls.names or "__table__" in cls.names:
            return "table"
        return None

    def fields(self, cls: Class, kind: str) -> list[Field]:
        """The fields that a class itself declares."""
        return _of_table(cls) if kind == "table" else _of_model(cls)


def _of_model(cls: Class) -> list[Field]:
    reader = Reader(cls.scope, (cls,))
    found = []
    for statement in cls.node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        name = statement.target.id
        if name == "model_config" or name.startswith("_") or "ClassVar" in ast.unparse(statement.annotation):
            continue
        type_, said = annotated(reader, statement.annotation)
        default: Constant | Computed | None = said.default
        if statement.value is not None:
            text = cls.scope.source.snippet(statement.value)
            value = settled(cls.names.get(name) or Const(None))
            computed = constant(value, text) or Computed(text)
            default = said.default if noted(value, said, text) else computed
        if said.constraints:
            type_ = t.Constrained(type_, tuple(sorted(said.constraints.items())))
        span = cls.scope.span(statement)
        found.append(Field(said.name or name, name, type_, default is None, default, said.doc, span))
    return found


def _of_table(cls: Class) -> list[Field]:
    found = []
    reader = Reader(cls.scope, (cls,))
    for statement in cls.node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                type_: t.Type | None = _mapped(reader, annotation)
            case ast.Assign(targets=[ast.Name(id=name)]):
                type_ = None
            case _:
                continue
        column = _column(settled(cls.names.get(name) or Const(None)))
        if column is None and (type_ is None or name.startswith("_")):
            continue
        if type_ is None:
            type_ = _sql_type(column)
        default, nullable = _default(column)
        if nullable and column is not None and not t.strip_optional(type_)[1]:
            type_ = t.UnionOf((type_, t.NONE))
        required = default is None and not t.strip_optional(type_)[1]
        found.append(Field(name, name, type_, required, default, None, cls.scope.span(statement)))
    return found


def _mapped(reader: Reader, node: ast.expr) -> t.Type:
    """``Mapped[T]`` is T."""
    if isinstance(node, ast.Subscript) and name_of(reader.value(node.value)) in _MAPPED:
        return reader.type(node.slice)
    return reader.type(node)


def _column(value: Value) -> Call | None:
    match value:
        case Instance(cls=External(name=name), call=Call() as call) if name.rpartition(".")[2] in _COLUMNS:
            return call
    return None


def _sql_type(column: Call | None) -> t.Type:
    for one in column.positional if column is not None else ():
        value = settled(one)
        name = name_of(value.cls) if isinstance(value, Instance) else name_of(value)
        if (kind := _SQL.get(name.rpartition(".")[2])) is not None:
            return t.Scalar(kind)
    return t.ANY


def _default(column: Call | None) -> tuple[Constant | Computed | None, bool]:
    """The default, and whether the column may be empty."""
    if column is None:
        return None, False
    key, empty = column.argument("primary_key"), column.argument("nullable")
    is_key = isinstance(key, Const) and key.value is True
    nullable = isinstance(empty, Const) and empty.value is True
    given = column.argument("default")
    if given is None and "server_default" not in column.keywords and not is_key:
        return None, nullable
    text = column.scope.source.snippet(column.node_of("default"))
    return constant(given, text) or Computed(text), nullable
