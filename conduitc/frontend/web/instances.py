"""What an object of a project class holds before its methods are looked at: class attributes, fields."""

from __future__ import annotations

import ast

from conduitc.frontend.constants import assumed
from conduitc.frontend.scope import Call
from conduitc.frontend.values import (
    Class,
    Function,
    Instance,
    Later,
    Unknown,
    Value,
    ancestry,
    derives,
    member,
    settled,
)
from conduitc.frontend.web.environment import is_settings
from conduitc.frontend.web.names import name_of

_FIELDS = ("dataclasses.field", "pydantic.Field", "pydantic.fields.Field", "attrs.field", "attr.ib")
_MODELS = ("pydantic.BaseModel", "pydantic.main.BaseModel", "typing.NamedTuple")


def filled(cls: Class, call: Call | None) -> dict[str, Value]:
    """The attributes of a new object, by what its classes say and, where they have fields, what is given."""
    names: dict[str, Value] = {}
    classes = [one for one in reversed(ancestry(cls)) if isinstance(one, Class)]
    settings = is_settings(cls)
    for one in classes:
        for name, value in one.names.items():
            if not isinstance(value, Function | Class):
                plain = _default(value)
                names[name] = assumed(plain) if settings else plain
    if call is None or isinstance(member(cls, "__init__"), Function):
        return names
    if not (_has_fields(cls) or settings or derives(cls, *_MODELS)):
        return names
    fields = list(dict.fromkeys(name for one in classes for name in _annotated(one)))
    given = {**dict(zip(fields, call.positional, strict=False)), **call.keywords}
    for name in fields:
        if name in given:
            names[name] = given[name]
        elif call.open or name not in names:
            names[name] = Unknown(f"what is given for {name} is not known", call.span)
    return names


def _default(value: Value) -> Value:
    """What ``field(default=…)`` stands for; any other value is itself."""
    match value:
        case Instance(cls=made, call=Call() as call) if name_of(made) in _FIELDS:
            if (default := call.argument("default", 0)) is not None:
                return default
            return Later(lambda: _from_factory(call))
    return value


def _from_factory(call: Call) -> Value:
    """What ``default_factory=`` gives, where that is the project's own."""
    factory = call.argument("default_factory")
    empty = Call(call.node, call.scope, [], {}, call.conditional, guards=call.guards)
    made = None
    if isinstance(factory, Class | Function):
        made = call.scope.project.dialect.call(factory, empty)
    return made or Unknown("its default is computed", call.span)


def _has_fields(cls: Class) -> bool:
    """Whether it is a dataclass or the like: its decorator says so."""
    for one in ancestry(cls):
        for decorator in one.decorators if isinstance(one, Class) else ():
            decorator = settled(decorator)
            made = decorator.cls if isinstance(decorator, Instance) else decorator
            if name_of(made) in ("dataclasses.dataclass", "pydantic.dataclasses.dataclass", "attrs.define"):
                return True
    return False


def _annotated(cls: Class) -> list[str]:
    return [
        one.target.id
        for one in cls.node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    ]
