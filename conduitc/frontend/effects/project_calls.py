"""Calls of the project's own functions, methods and classes → what they give.

A function's own body says what it does, so its id goes into ``calls``; its annotation says what it gives.
"""

from __future__ import annotations

import ast

from conduitc.frontend.annotations import Reader
from conduitc.frontend.effects.body import Arguments, Body
from conduitc.frontend.effects.facts import is_wrapped
from conduitc.frontend.effects.local_types import bare, is_error, loose
from conduitc.frontend.values import Class, External, Function, ancestry, derives, member
from conduitc.ir import types as t
from conduitc.ir.nodes import Computed, Field

#: Computed defaults of fields that are harmless to make.
_FACTORIES = frozenset(
    (
        "bool",
        "bytes",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "set",
        "str",
        "tuple",
        "uuid4",
        "uuid.uuid4",
    )
)
_PLAINLY_MADE = ("builtins.object", "msgspec.Struct", "enum.", "typing.", "typing_extensions.", "abc.ABC")


def project_call(body: Body, node: ast.expr, function: Function, awaited: bool) -> t.Type:
    """A function of the project is called."""
    if function.opaque is not None:
        return body.obstacle(node, f"{function.qualname} is wrapped by {function.opaque}")
    if not body.nested:
        body.calls[function.id] = None
    if isinstance(function.node, ast.AsyncFunctionDef) and not awaited:
        return body.obstacle(node, f"{function.qualname} is async and not awaited here")
    if function.node.returns is None:
        return t.ANY
    home = (function.home,) if function.home is not None else ()
    return loose(Reader(function.scope, home).type(function.node.returns))


def method(body: Body, node: ast.Call, cls: Class, awaited: bool) -> t.Type:
    """``instance.name(…)`` of a project class."""
    assert isinstance(node.func, ast.Attribute)
    name = node.func.attr
    found = member(cls, name)
    if not isinstance(found, Function) or derives(cls, "typing.Protocol", "typing_extensions.Protocol"):
        return body.obstacle(node, f"{cls.name}.{name}() is not known")
    for one in body.facts.family(cls):
        own = one.names.get(name)
        if isinstance(own, Function) and own is not found:
            project_call(body, node, own, awaited)
    return project_call(body, node, found, awaited)


def call_super(body: Body, node: ast.Call, name: str, awaited: bool) -> t.Type:
    """``super().name(…)``: the next class that defines it, or one of Python's own."""
    home = body.function.home
    above = ancestry(home)[1:] if home is not None else []
    for one in above:
        found = one.names.get(name) if isinstance(one, Class) else None
        if isinstance(found, Function):
            return project_call(body, node, found, awaited)
    if name == "__init__" and all(isinstance(one, Class) or _is_plainly_made(one) for one in above):
        return t.NONE
    return body.obstacle(node, f"super().{name}() is not known")


def _is_plainly_made(cls: object) -> bool:
    return isinstance(cls, External) and (cls.name.startswith(_PLAINLY_MADE) or is_error(cls.name))


# -- instances -----------------------------------------------------------------------------------------------


def construct(body: Body, node: ast.expr, cls: Class, given: Arguments) -> t.Type:
    """An instance is made; ``__init__`` and ``__post_init__`` are called."""
    schema = body.facts.schema(cls)
    if schema is not None and schema.kind == "enum":
        if not body.facts.is_ordinary(cls):
            return body.obstacle(node, f"{cls.name}() runs code of its own")
        return body.facts.project.schemas.reference(cls)
    if is_wrapped(cls):
        return body.obstacle(node, f"{cls.name} is wrapped by a decorator that is not known")
    if not all(isinstance(one, Class) or _is_plainly_made(one) for one in ancestry(cls)):
        return body.obstacle(node, f"{cls.name}() is made by a class outside the project")
    own = [
        found
        for name in ("__new__", "__init__", "__post_init__")
        if isinstance(found := member(cls, name), Function)
    ]
    for found in own:
        project_call(body, node, found, awaited=False)
    made = body.facts.project.schemas.reference(cls)
    if schema is None:
        return made
    pairs = [(field, _given_for(field, index, given)) for index, field in enumerate(schema.fields)]
    body.touch(schema.id, "makes", node, *[field.name for field, value in pairs if value is not None])
    for field, value in pairs:
        computed = value is None and isinstance(field.default, Computed) and not given.open
        if computed and not _is_made_here(field):
            body.obstacle(node, f"the default of {cls.name}.{field.attribute} is computed")
    exact = not own and not given.open and all(_fits(field, value) for field, value in pairs)
    return made if exact else loose(made)


def _given_for(field: Field, index: int, given: Arguments) -> t.Type | None:
    if index < len(given.positional):
        return given.positional[index]
    return given.keywords.get(field.attribute)


def _is_made_here(field: Field) -> bool:
    """Is a computed default an empty collection and the like?"""
    assert isinstance(field.default, Computed)
    return field.default.text in _FACTORIES


def _fits(field: Field, value: t.Type | None) -> bool:
    """Is what a field gets of its declared type, as far as encoding goes?"""
    if value is None:
        return not isinstance(field.default, Computed) or _is_made_here(field)
    declared = bare(field.type)
    return value == declared or (isinstance(declared, t.UnionOf) and value in map(bare, declared.items))
