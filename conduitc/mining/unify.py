"""A tree with holes and a tree → do they match, and what stands in the holes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

#: What stands in each hole, by its name.
Holes = dict[str, str]
#: An identifier that begins so is a hole of the name that follows; alone it is "and whatever else".
HOLE = "__hole__"
_IGNORED = frozenset({"ctx", "kind", "type_comment", "type_params"})


def unify(pattern: Any, node: Any, holes: Holes) -> bool:
    """Whether ``node`` matches; ``holes`` are filled, also where it turns out that it does not."""
    if isinstance(pattern, str):
        return _name(pattern, node, holes)
    if isinstance(pattern, ast.Name) and pattern.id.startswith(HOLE):
        return isinstance(node, ast.expr) and _fill(pattern.id, ast.unparse(node), holes)
    if isinstance(pattern, ast.FunctionDef | ast.AsyncFunctionDef):
        return _function(pattern, node, holes)
    if type(pattern) is not type(node):
        return False
    special = _SPECIAL.get(type(pattern))
    if special is not None:
        return special(pattern, node, holes)
    if isinstance(pattern, ast.AST):
        return all(
            unify(getattr(pattern, name), getattr(node, name), holes)
            for name in pattern._fields
            if name not in _IGNORED
        )
    if isinstance(pattern, list):
        if _any_body(pattern):
            return True
        return len(pattern) == len(node) and all(map(unify, pattern, node, [holes] * len(pattern)))
    return bool(pattern == node)


def _fill(hole: str, text: str, holes: Holes) -> bool:
    """A hole that stands twice is filled with the same text."""
    return holes.setdefault(hole.removeprefix(HOLE), text) == text


def _name(pattern: str, node: Any, holes: Holes) -> bool:
    if pattern.startswith(HOLE):
        return isinstance(node, str) and _fill(pattern, node, holes)
    return bool(pattern == node)


def _constant(pattern: ast.Constant, node: ast.Constant, holes: Holes) -> bool:
    """``"{name}"`` takes any text; 1, True and 1.0 are three things."""
    if isinstance(pattern.value, str) and pattern.value.startswith(HOLE):
        return isinstance(node.value, str) and _fill(pattern.value, node.value, holes)
    return type(pattern.value) is type(node.value) and bool(pattern.value == node.value)


def _call(pattern: ast.Call, node: ast.Call, holes: Holes) -> bool:
    return unify(pattern.func, node.func, holes) and _arguments(
        pattern.args, pattern.keywords, node.args, node.keywords, holes
    )


def _list(pattern: ast.List, node: ast.List, holes: Holes) -> bool:
    """``...`` at the end takes whatever else there is."""
    wanted = pattern.elts
    if wanted and _rest(wanted[-1]):
        wanted = wanted[:-1]
        return len(wanted) <= len(node.elts) and all(map(unify, wanted, node.elts, [holes] * len(wanted)))
    return unify(wanted, node.elts, holes)


def _raise(pattern: ast.Raise, node: ast.Raise, holes: Holes) -> bool:
    """``from error`` may follow, whether the pattern says so or not."""
    return unify(pattern.exc, node.exc, holes) and (
        pattern.cause is None or unify(pattern.cause, node.cause, holes)
    )


def _item(pattern: ast.withitem, node: ast.withitem, holes: Holes) -> bool:
    """``as name`` may follow, too."""
    return unify(pattern.context_expr, node.context_expr, holes) and (
        pattern.optional_vars is None or unify(pattern.optional_vars, node.optional_vars, holes)
    )


def _dict(pattern: ast.Dict, node: ast.Dict, holes: Holes) -> bool:
    """Entries in any order; ``**{others}`` takes whatever else there is."""
    wanted = [pair for pair in zip(pattern.keys, pattern.values, strict=True) if pair[0] is not None]
    given = list(zip(node.keys, node.values, strict=True))
    if len(wanted) == len(pattern.keys) and len(given) != len(wanted):
        return False
    return all(any(_entry(one, other, holes) for other in given) for one in wanted)


def _entry(
    wanted: tuple[ast.expr | None, ast.expr], given: tuple[ast.expr | None, ast.expr], holes: Holes
) -> bool:
    tried = dict(holes)
    if given[0] is None or not unify(wanted[0], given[0], tried) or not unify(wanted[1], given[1], tried):
        return False
    holes.update(tried)
    return True


def _class(pattern: ast.ClassDef, node: ast.ClassDef, holes: Holes) -> bool:
    """Bases in any place; the body is whatever it is, or has the statements of the pattern's."""
    if not unify(pattern.name, node.name, holes):
        return False
    wanted = [one for one in pattern.bases if not _rest(one)]
    return (
        all(_somewhere(one, node.bases, holes) for one in wanted)
        and _keywords(pattern.keywords, node.keywords, holes, open_=True)
        and (_any_body(pattern.body) or all(_somewhere(one, node.body, holes) for one in pattern.body))
    )


def _arguments(
    wanted: Sequence[ast.expr],
    keywords: Sequence[ast.keyword],
    given: Sequence[ast.expr],
    named: Sequence[ast.keyword],
    holes: Holes,
) -> bool:
    open_ = any(map(_rest, wanted)) or any(map(_rest, keywords))
    first = next((at for at, one in enumerate(wanted) if _rest(one)), len(wanted))
    if len(given) < first or (len(given) > first and not open_):
        return False
    return all(map(unify, wanted[:first], given, [holes] * first)) and _keywords(
        keywords, named, holes, open_=open_
    )


def _keywords(
    wanted: Sequence[ast.keyword], given: Sequence[ast.keyword], holes: Holes, *, open_: bool
) -> bool:
    """By name, in any order."""
    wanted = [one for one in wanted if not _rest(one)]
    named = {one.arg: one.value for one in given}
    if not open_ and len(wanted) != len(given):
        return False
    return all(one.arg in named and unify(one.value, named[one.arg], holes) for one in wanted)


def _function(pattern: ast.FunctionDef | ast.AsyncFunctionDef, node: Any, holes: Holes) -> bool:
    """An ``async`` pattern takes nothing else; what it says of parameters and return type must hold."""
    kinds = (ast.AsyncFunctionDef,) if isinstance(pattern, ast.AsyncFunctionDef) else _FUNCTIONS
    if not isinstance(node, kinds) or not unify(pattern.name, node.name, holes):
        return False
    if pattern.returns is not None and not (node.returns and unify(pattern.returns, node.returns, holes)):
        return False
    taken = parameters(node.args)
    if not all(any(_parameter(wanted, one, holes) for one in taken) for wanted in parameters(pattern.args)):
        return False
    return _any_body(pattern.body) or all(_somewhere(one, node.body, holes) for one in pattern.body)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Parameter = tuple[ast.arg, ast.expr | None]


def parameters(taken: ast.arguments) -> list[Parameter]:
    """Each with its default; ``*args`` and ``**kwargs`` are left out."""
    plain = [*taken.posonlyargs, *taken.args]
    missing: list[ast.expr | None] = [None] * (len(plain) - len(taken.defaults))
    return [
        *zip(plain, [*missing, *taken.defaults], strict=True),
        *zip(taken.kwonlyargs, taken.kw_defaults, strict=True),
    ]


def _parameter(wanted: Parameter, given: Parameter, holes: Holes) -> bool:
    tried = dict(holes)
    if not unify(wanted[0].arg, given[0].arg, tried):
        return False
    for part, other in ((wanted[0].annotation, given[0].annotation), (wanted[1], given[1])):
        if part is not None and (other is None or not unify(part, other, tried)):
            return False
    holes.update(tried)
    return True


def _somewhere(pattern: ast.AST, among: Sequence[ast.AST], holes: Holes) -> bool:
    for one in among:
        tried = dict(holes)
        if unify(pattern, one, tried):
            holes.update(tried)
            return True
    return False


def _rest(node: ast.AST) -> bool:
    """Is it the ``...`` that stands for whatever else there is?"""
    if isinstance(node, ast.keyword):
        return node.arg is None and isinstance(node.value, ast.Name) and node.value.id == HOLE
    return isinstance(node, ast.Constant) and node.value is ...


def _any_body(body: Sequence[Any]) -> bool:
    return len(body) == 1 and isinstance(body[0], ast.Expr) and _rest(body[0].value)


_SPECIAL: dict[type, Callable[[Any, Any, Holes], bool]] = {
    ast.Constant: _constant,
    ast.Call: _call,
    ast.Dict: _dict,
    ast.List: _list,
    ast.Raise: _raise,
    ast.withitem: _item,
    ast.ClassDef: _class,
}
