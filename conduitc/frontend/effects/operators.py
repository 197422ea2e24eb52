"""Operators, comparisons and choices → what they are known to be."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conduitc.frontend.effects.arithmetic import arithmetic
from conduitc.frontend.effects.body import Body, know, plain, truth, typed
from conduitc.frontend.effects.facts import Known, as_type
from conduitc.frontend.effects.local_types import BOOL, INT, bare, item_of, join
from conduitc.frontend.effects.names import is_request_part, request_part
from conduitc.frontend.values import Class
from conduitc.ir import types as t


def _binary(body: Body, node: ast.BinOp) -> Known:
    left = plain(body, node.left, "an operator on")
    return arithmetic(type(node.op), left, plain(body, node.right, "an operator on"))


def _unary(body: Body, node: ast.UnaryOp) -> Known:
    if isinstance(node.op, ast.Not):
        truth(body, node.operand)
        return BOOL
    found = plain(body, node.operand, "an operator on")
    return INT if found == BOOL else found


def _boolean(body: Body, node: ast.BoolOp) -> Known:
    *tested, last = node.values
    types = [truth(body, one) for one in tested]
    if isinstance(node.op, ast.Or):  # None is never what an ``or`` stops at
        types = [t.strip_optional(one)[0] for one in types]
    return join(*types, typed(body, last))


def _conditional(body: Body, node: ast.IfExp) -> Known:
    truth(body, node.test)
    return join(typed(body, node.body), typed(body, node.orelse))


_IDENTITY = (ast.Is, ast.IsNot)
_MEMBERSHIP = (ast.In, ast.NotIn)


def _compare(body: Body, node: ast.Compare) -> Known:
    left = node.left
    for op, right in zip(node.ops, node.comparators, strict=True):
        if type(op) in _IDENTITY:
            know(body, left)
            know(body, right)
        elif type(op) in _MEMBERSHIP:
            _contains(body, left, right)
        else:
            plain(body, left, "a comparison of")
            plain(body, right, "a comparison of")
        left = right
    return BOOL


def _contains(body: Body, left: ast.expr, right: ast.expr) -> None:
    plain(body, left, "a search for")
    if is_request_part(body, right):
        request_part(body, right, left, right)
        return
    known = know(body, right)
    if isinstance(known, Class) and body.facts.is_ordinary(known):
        return
    type_ = body.facts.as_dict(as_type(known))
    if isinstance(bare(type_), t.DictOf):  # only the hash and the keys that share it are looked at
        return
    if item_of(type_) is None or not body.facts.is_plain(type_):
        body.unknown(right, type_, "a search in")


READERS: dict[type[ast.expr], Callable[[Body, Any], Known]] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.Compare: _compare,
}
