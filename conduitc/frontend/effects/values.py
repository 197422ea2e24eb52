"""Literals, comprehensions, lambdas and awaits → what they are known to be."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conduitc.frontend.effects.body import Body, each, know, plain, truth, typed
from conduitc.frontend.effects.facts import Known
from conduitc.frontend.effects.local_types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    JSON,
    SEEN,
    STR,
    bare,
    iterator,
    join,
    like,
)
from conduitc.frontend.effects.targets import assign
from conduitc.ir import types as t

LAMBDA = t.External("*lambda")

_CONSTANTS: dict[type, t.Type] = {
    str: STR, int: INT, bool: BOOL, type(None): t.NONE, float: FLOAT, bytes: BYTES,
    complex: t.External("builtins.complex"), type(...): t.External("builtins.slice"),
}  # fmt: skip


def _constant(body: Body, node: ast.Constant) -> Known:
    return _CONSTANTS[type(node.value)]


# -- displays ------------------------------------------------------------------------------------------------


def _elements(body: Body, nodes: list[ast.expr]) -> list[t.Type]:
    return [each(body, one.value) if isinstance(one, ast.Starred) else typed(body, one) for one in nodes]


def _list(body: Body, node: ast.List) -> Known:
    return t.ArrayOf("list", join(*_elements(body, node.elts)))


def _tuple(body: Body, node: ast.Tuple) -> Known:
    parts = tuple(_elements(body, node.elts))
    if any(isinstance(one, ast.Starred) for one in node.elts):
        return t.ArrayOf("tuple", join(*parts))
    return t.TupleOf(parts)


def _set(body: Body, node: ast.Set) -> Known:
    items = _elements(body, node.elts)
    for one, item in zip(node.elts, items, strict=True):
        if not body.facts.is_plain(item):
            body.unknown(one, item, "a set with")
    return t.ArrayOf("set", join(*items))


def _dict(body: Body, node: ast.Dict) -> Known:
    keys: list[t.Type] = []
    values: list[t.Type] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            inner, outer = _unpacked(body, value)
            keys.append(inner)
            values.append(outer)
        else:
            known = type(key) is ast.Constant and type(key.value) is str
            keys.append(STR if known else plain(body, key, "a key of"))
            values.append(typed(body, value))
    return t.DictOf(join(*keys), join(*values))


def _unpacked(body: Body, node: ast.expr) -> tuple[t.Type, t.Type]:
    """Keys and values of ``**node``."""
    type_ = typed(body, node)
    known = bare(type_)
    if type_ == JSON or (isinstance(known, t.DictOf) and known.bare):
        return JSON, JSON
    if isinstance(known, t.DictOf):
        return like(type_, known.key), like(type_, known.value)
    return STR, body.unknown(node, type_, "unpacking of")


def _joined(body: Body, node: ast.JoinedStr) -> Known:
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            plain(body, part.value, "the text of")
            if part.format_spec is not None:
                typed(body, part.format_spec)
    return STR


# -- comprehensions ------------------------------------------------------------------------------------------


def _comprehension(made: Callable[[t.Type], t.Type]) -> Callable[[Body, Any], Known]:
    def read(body: Body, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Known:
        names = _enter(body, node.generators)
        element = typed(body, node.elt)
        if isinstance(node, ast.SetComp) and not body.facts.is_plain(element):
            body.unknown(node.elt, element, "a set with")
        body.names = names
        return made(element)

    return read


def _dict_comprehension(body: Body, node: ast.DictComp) -> Known:
    names = _enter(body, node.generators)
    made = t.DictOf(plain(body, node.key, "a key of"), typed(body, node.value))
    body.names = names
    return made


def _enter(body: Body, loops: list[ast.comprehension]) -> dict[str, Known]:
    """Bind the names of a comprehension; gives back the names there were before."""
    names = body.names
    body.names = dict(names)
    for loop in loops:
        if loop.is_async:
            body.awaits = True
            know(body, loop.iter)
            found: t.Type = SEEN
        else:
            found = each(body, loop.iter)
        for target in _names_in(loop.target):
            body.names.pop(target, None)
        assign(body, loop.target, found)
        for test in loop.ifs:
            truth(body, test)
    return names


def _names_in(target: ast.expr) -> list[str]:
    if isinstance(target, ast.Name):
        return [target.id]
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


# -- what runs later or elsewhere ----------------------------------------------------------------------------


def _await(body: Body, node: ast.Await) -> Known:
    body.awaits = True
    body.awaited = node.value
    return typed(body, node.value)


def _yield(body: Body, node: ast.Yield | ast.YieldFrom) -> Known:
    body.yields = True
    if node.value is not None:
        typed(body, node.value)
    return t.ANY


def _named(body: Body, node: ast.NamedExpr) -> Known:
    found = know(body, node.value)
    body.bind(node, node.target.id, found)
    body.stale.add(node.target.id)
    return found


def _lambda(body: Body, node: ast.Lambda) -> Known:
    """Nobody knows when it is called: only what it reads counts. Callbacks of known calls are read there."""
    body.nested += 1
    call_lambda(body, node, [])
    body.nested -= 1
    return LAMBDA


def call_lambda(body: Body, node: ast.Lambda, arguments: list[t.Type]) -> t.Type:
    """What a lambda gives for arguments of these types."""
    for default in (*node.args.defaults, *node.args.kw_defaults):
        if default is not None:
            typed(body, default)
    names, yields, awaits = body.names, body.yields, body.awaits
    body.names = dict(names)
    for index, argument in enumerate(every_argument(node.args)):
        body.names[argument.arg] = arguments[index] if index < len(arguments) else t.ANY
    found = typed(body, node.body)
    body.names, body.yields, body.awaits = names, yields, awaits
    return found


def every_argument(arguments: ast.arguments) -> list[ast.arg]:
    """All parameters, in the order of a signature."""
    several = [
        *arguments.posonlyargs,
        *arguments.args,
        arguments.vararg,
        *arguments.kwonlyargs,
        arguments.kwarg,
    ]
    return [one for one in several if one is not None]


def _starred(body: Body, node: ast.Starred) -> Known:
    return iterator(each(body, node.value))


READERS: dict[type[ast.expr], Callable[[Body, Any], Known]] = {
    ast.Constant: _constant,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.JoinedStr: _joined,
    ast.ListComp: _comprehension(lambda element: t.ArrayOf("list", element)),
    ast.SetComp: _comprehension(lambda element: t.ArrayOf("set", element)),
    ast.GeneratorExp: _comprehension(iterator),
    ast.DictComp: _dict_comprehension,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.NamedExpr: _named,
    ast.Lambda: _lambda,
    ast.Starred: _starred,
}
