"""What function bodies may take for granted about names, classes and types of the whole project.

``Facts`` answers for names and members (``Known``: a type where they are values, an abstract value where they
are a function, class or module), and says which types are *plain*: operators, text and truth run nothing
unknown.
"""

from __future__ import annotations

import ast

from msgspec import Struct

from conduitc.frontend.annotations import Reader
from conduitc.frontend.effects.closed_list import FUNCTIONS, VALUES
from conduitc.frontend.effects.closed_methods import METHODS
from conduitc.frontend.effects.local_types import EMPTY, bare, exact, is_plain_external, join, like, loose
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import (
    Class,
    Const,
    External,
    Function,
    Instance,
    Mapping,
    Module,
    Sequence,
    Unknown,
    Value,
    ancestry,
    attribute,
)
from conduitc.ir import types as t
from conduitc.ir.nodes import Schema

Known = t.Type | Value

SCALARS: dict[type, str] = {
    type(None): "none", bool: "bool", int: "int", float: "float", str: "str", bytes: "bytes",
}  # fmt: skip

#: Special methods that do not change what operators, text and truth of a class do.
_HARMLESS = frozenset(("__init__", "__post_init__", "__init_subclass__", "__class_getitem__", "__new__"))
#: Decorators that leave a class what it was, with operators as ``dataclass`` makes them.
_DECORATORS = frozenset((
    "dataclasses.dataclass", "enum.unique", "functools.total_ordering", "typing.final",
    "typing_extensions.final",
))  # fmt: skip
_ORDINARY_BASES = (
    "builtins.", "msgspec.Struct", "enum.", "typing.", "abc.ABC", "conduit.HTTPError", "collections.abc",
)  # fmt: skip
#: What a function outside the project makes, where it is no class.
_MADE_BY = {"sqlite3.connect": "sqlite3.Connection"}


_THEMSELVES = (Function, Class, Module, Unknown)
_NAMED = (t.Ref, t.External)
_COLLECTIONS = (t.ArrayOf, t.DictOf, t.TupleOf)


class Facts(Struct, eq=False):
    """``rebound`` are names whose value may change, ``twice`` those that some module binds more than once.
    The rest is remembered answers."""

    project: Project
    rebound: set[str]
    twice: set[str]
    classes: dict[str, Class]
    names: dict[str, dict[str, Known]]
    plain: dict[str, bool]
    ordinary: dict[int, bool]
    families: dict[int, list[Class]]
    annotations: dict[int, dict[str, ast.expr]]

    # -- names -----------------------------------------------------------------------------------------------

    def name(self, scope: Scope, name: str) -> Known:
        """What a name of a module is to functions, once all modules have been executed."""
        names = self.names.setdefault(scope.name, {})
        known = names.get(name)
        if known is None:
            known = names[name] = self._name(scope, name)
        return known

    def _name(self, scope: Scope, name: str) -> Known:
        value = scope.lookup(name)
        declared = scope.declared.get(name)
        if declared is not None and not isinstance(value, Function | Class):
            type_ = Reader(scope).type(declared)
            if type_ != t.ANY and not isinstance(type_, t.Unknown):
                return loose(type_)
        if name in self.rebound or name in scope.history:
            return Unknown(f"{name} may come to mean something else")
        if scope.stars and name not in scope.names:
            return Unknown(f"{name} may come from {scope.stars[0]}")
        return self.known(value)

    def member(self, owner: Value, name: str) -> Known:
        """``owner.name`` of a function, class, module or external name."""
        if isinstance(owner, Module) and (name in owner.scope.names or name in owner.scope.declared):
            return self.name(owner.scope, name)
        if isinstance(owner, Class) and name in self.rebound:
            return Unknown(f"{name} may come to mean something else")
        return self.known(attribute(owner, name))

    def known(self, value: Value) -> Known:
        """An abstract value as functions see it: containers may have changed since they were made."""
        if isinstance(value, _THEMSELVES):
            return value
        match value:
            case Const(enum=str(full)):
                cls = self.class_of(t.External(full.rpartition(".")[0]))
                return self.project.schemas.reference(cls) if cls is not None else t.ANY
            case Const(value=plain):
                return t.Scalar(SCALARS[type(plain)]) if type(plain) in SCALARS else t.ANY
            case Sequence(kind="tuple", items=items, spoiled=False):
                parts = [self.known(item) for item in items]
                return t.TupleOf(tuple(as_type(one) for one in parts))
            case Sequence(kind=kind):
                return loose(t.ArrayOf(kind, t.ANY))
            case Mapping():
                return loose(t.DictOf(t.ANY, t.ANY))
            case Instance(cls=External(name=name)):
                return loose(FUNCTIONS.get(name) or t.External(_MADE_BY.get(name, name)))
            case Instance(cls=Class() as cls):
                return loose(self.project.schemas.reference(cls))
            case External(name=name) if name in self.rebound:
                return Unknown(f"{name} is set by the project")
            case External(name=name) if name in VALUES:
                return VALUES[name]
            case External():
                return value
        return t.ANY

    # -- classes ---------------------------------------------------------------------------------------------

    def class_of(self, type_: t.Type) -> Class | None:
        """The project class that a type names."""
        if type(type_) is t.Ref:
            return self.classes.get(type_.id)
        return self.classes.get(type_.name) if type(type_) is t.External else None

    def schema(self, cls: Class) -> Schema | None:
        return self.project.schemas.of(cls) if self.project.schemas.kind(cls) else None

    def as_dict(self, type_: t.Type) -> t.Type:
        """A TypedDict as the dict it is; anything else as it is."""
        known = bare(type_)
        if type(known) is t.UnionOf:
            return like(type_, join(*map(self.as_dict, known.items)))
        cls = self.class_of(known) if type(known) is t.Ref else None
        if cls is None:
            return type_
        schema = self.schema(cls)
        if schema is None or schema.kind != "typeddict":
            return type_
        return t.DictOf(t.Scalar("str"), join(*[field.type for field in schema.fields]))

    def annotated(self, cls: Class, name: str) -> t.Type | None:
        """What an annotation in the class's body says of an attribute."""
        known = self.annotations.get(id(cls))
        if known is None:
            known = self.annotations[id(cls)] = {
                statement.target.id: statement.annotation
                for statement in cls.node.body
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
            }
        annotation = known.get(name)
        return loose(Reader(cls.scope, (cls,)).type(annotation)) if annotation is not None else None

    def is_sendable(self, type_: t.Type) -> bool:
        """Is all that such a value holds encoded the same every time? Sets are not: they have no order."""
        for one in t.walk(type_):
            if isinstance(one, t.ArrayOf) and one.kind in ("set", "frozenset"):
                return False
            if isinstance(one, t.Ref) and not self._is_sendable_class(one):
                return False
        return True

    def _is_sendable_class(self, type_: t.Ref) -> bool:
        key = f"sendable {type_.id}"
        known = self.plain.get(key)
        if known is None:
            self.plain[key] = True
            cls = self.class_of(type_)
            schema = self.schema(cls) if cls is not None else None
            fields = schema.fields if schema is not None else ()
            try:
                known = schema is not None and all(
                    exact(field.type) is not None and self.is_sendable(field.type) for field in fields
                )
            except RecursionError:
                known = False
            self.plain[key] = known
        return known

    def family(self, cls: Class) -> list[Class]:
        """A class and all that derive from it: what its name in an annotation may stand for."""
        if not self.families:
            for name, one in self.classes.items():
                for base in ancestry(one) if name == one.full_name else ():
                    self.families.setdefault(id(base), []).append(one)
        return self.families.get(id(cls), [cls])

    def is_ordinary(self, cls: Class) -> bool:
        """Do a class and those below leave attributes, operators and truth as Python makes them?"""
        known = self.ordinary.get(id(cls))
        if known is None:
            known = self.ordinary[id(cls)] = all(
                _is_ordinary(base) for one in self.family(cls) for base in ancestry(one)
            )
        return known

    # -- types -----------------------------------------------------------------------------------------------

    def is_plain(self, type_: t.Type) -> bool:
        """Do operators, text, hash and truth of such a value, and of all in it, run nothing unknown?"""
        if type(type_) is t.Scalar:
            return type_ != t.ANY
        known = bare(type_)
        if isinstance(known, _NAMED):
            return self._is_plain_class(known)
        if isinstance(known, t.Scalar):
            return known != t.ANY
        if isinstance(known, t.DictOf) and known.bare:
            return True
        if isinstance(known, t.Unknown) or known == EMPTY:
            return False
        return all(self.is_plain(inner) for inner in t.children(known))

    def _is_plain_class(self, type_: t.External | t.Ref) -> bool:
        key = type_.id if isinstance(type_, t.Ref) else type_.name
        known = self.plain.get(key)
        if known is None:
            self.plain[key] = True  # a class that holds its own kind is as plain as the rest of it
            cls = self.class_of(type_)
            try:
                known = is_plain_external(key) if cls is None else self._has_plain_parts(cls)
            except RecursionError:
                known = False
            self.plain[key] = known
        return known

    def _has_plain_parts(self, cls: Class) -> bool:
        schema = self.schema(cls)
        return self.is_ordinary(cls) and all(
            self.is_plain(one.type) for one in (schema.fields if schema else ())
        )

    def is_known(self, type_: t.Type) -> bool:
        """Is the outside of a value known: may it be counted, tested, gone through?"""
        if type(type_) is t.Scalar:
            return type_ != t.ANY
        known = bare(type_)
        if isinstance(known, _COLLECTIONS):
            return True
        if isinstance(known, t.UnionOf):
            return known != EMPTY and all(self.is_known(one) for one in known.items)
        if isinstance(known, _NAMED):
            cls = self.class_of(known)
            return self.is_ordinary(cls) if cls is not None else _is_listed(known)
        return self.is_plain(known)


def new_facts(project: Project, rebound: set[str], twice: set[str]) -> Facts:
    """What is taken for granted while nothing has been read yet."""
    schemas = project.schemas
    classes: dict[str, Class] = {}
    for scope in project.scopes.values():
        for cls in scope.classes:
            classes[cls.full_name] = cls
            if schemas.kind(cls) is not None:
                classes[schemas.id(cls)] = cls
    return Facts(project, rebound, twice, classes, {}, {}, {}, {}, {})


def as_type(known: Known) -> t.Type:
    """What a name gives, where it is used as a value."""
    return known if isinstance(known, t.Type) else t.ANY


def _is_listed(type_: t.Type) -> bool:
    name = type_.name if isinstance(type_, t.External) else "?"
    return name.startswith("*") or name in METHODS or is_plain_external(name)


def is_wrapped(cls: Class) -> bool:
    """May a class be something else once its decorators are through with it?"""
    for one in cls.decorators:
        made = one.cls if isinstance(one, Instance) else one
        if not isinstance(made, External) or made.name not in _DECORATORS:
            return True
    return False


def _is_ordinary(base: Value) -> bool:
    if isinstance(base, External):
        return base.name.startswith(_ORDINARY_BASES) and not base.name.endswith(".Protocol")
    if not isinstance(base, Class) or is_wrapped(base):
        return False
    if any(word.arg == "metaclass" for word in base.node.keywords):
        return False
    return not any(
        name.startswith("__") and name not in _HARMLESS and isinstance(value, Function)
        for name, value in base.names.items()
    )
