"""A function whose body is one ``return`` of a static expression → the value that every call returns."""

from __future__ import annotations

import ast

from conduitc.frontend.constants import constant, evaluate
from conduitc.frontend.effects.facts import Facts
from conduitc.frontend.effects.rebinding import dotted_name
from conduitc.frontend.scope import Frame, Scope
from conduitc.frontend.values import Const, Function, Instance, Sequence, Unknown, Value, attribute
from conduitc.ir.nodes import Constant

#: What a static expression is made of, and its parts. Calls are not: even ``str(x)`` may be somebody else's.
_PARTS: dict[type[ast.expr], tuple[str, ...]] = {
    ast.Constant: (), ast.JoinedStr: ("values",), ast.FormattedValue: ("value", "format_spec"),
    ast.Dict: ("keys", "values"), ast.List: ("elts",), ast.Tuple: ("elts",), ast.BinOp: ("left", "right"),
    ast.UnaryOp: ("operand",),
}  # fmt: skip


def constant_of(facts: Facts, function: Function, local: frozenset[str]) -> Constant | None:
    """The constant, if there is one, and no name in it can come to mean something else."""
    body = function.node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if len(body) != 1 or not isinstance(body[0], ast.Return):
        return None
    node = body[0].value
    if node is None:
        return Constant(None, "None")
    try:
        if not _is_static(facts, function.scope, node, local):
            return None
        value = evaluate(Frame(function.scope, {}), node)
        return None if isinstance(value, Unknown) else constant(value, _text(function.scope, node))
    except RecursionError:
        return None


def _is_static(facts: Facts, scope: Scope, node: ast.expr, local: frozenset[str]) -> bool:
    waiting = [node]
    for one in waiting:
        if isinstance(one, _NAMES):
            if not _is_lasting(facts, scope, one, local):
                return False
            continue
        parts = _PARTS.get(type(one))
        if parts is None:
            return False
        for name in parts:
            part = getattr(one, name)
            if isinstance(part, list):
                waiting.extend(part)
            elif part is not None:
                waiting.append(part)
    return True


_NAMES = (ast.Name, ast.Attribute)


def _is_lasting(facts: Facts, scope: Scope, node: ast.expr, local: frozenset[str]) -> bool:
    """Does a name hold the same value for ever? A list or dict may be changed without being bound again."""
    dotted = dotted_name(node)
    if dotted is None or dotted.partition(".")[0] in local:
        return False
    names = dotted.split(".")
    if not (facts.rebound.isdisjoint(names) and facts.twice.isdisjoint(names)):
        return False
    value = scope.lookup(names[0])
    for name in names[1:]:
        if isinstance(value, Instance):  # anything that holds it may set its attributes
            return False
        value = attribute(value, name)
    return _is_immutable(value)


def _is_immutable(value: Value) -> bool:
    if isinstance(value, Sequence):
        return value.kind == "tuple" and not value.spoiled and all(map(_is_immutable, value.items))
    return isinstance(value, Const)


def _text(scope: Scope, node: ast.expr) -> str:
    """The expression as it is spelled; on one line."""
    if node.lineno == node.end_lineno:
        line = scope.source.lines[node.lineno - 1]
        return line.encode()[node.col_offset : node.end_col_offset].decode()
    return " ".join(ast.unparse(node).split())
