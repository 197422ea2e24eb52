"""Source → mutants: the same source with one node changed, as a careless hand would change it.

Left alone are docstrings, annotations, ``__slots__`` (no test can miss those), and calls of ``Rule`` (pages
for people, held by tests of their own).
"""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add, ast.Pow: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: its place and line, what stands there, what is put there; ``tree`` is the whole module."""

    line: int
    end: int
    source: str
    before: str
    after: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.line}: {self.change}"

    @property
    def change(self) -> str:
        return f"{self.before}  ->  {self.after}"


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, the outermost changes first."""
    tree = ast.parse(source)
    lines = source.splitlines()
    places = [place for place in ast.walk(tree) if hasattr(place, "lineno")]
    skipped = {id(one) for place in ast.walk(tree) for one in _left_alone(place)}
    for number, place in enumerate(places):
        if id(place) in skipped:
            continue
        for change in _changes(place):
            copy = deepcopy(tree)
            target = [one for one in ast.walk(copy) if hasattr(one, "lineno")][number]
            before = _shown(target)
            changed = change(target)
            if changed is not target:
                copy = _Replace(target, changed).visit(copy)
            copy = ast.fix_missing_locations(copy)
            first = lines[place.lineno - 1].strip()
            yield Mutant(place.lineno, place.end_lineno or place.lineno, first, before, _shown(changed), copy)


def _shown(node: ast.AST) -> str:
    text = ast.unparse(node).splitlines()
    return text[0] + (" …" if len(text) > 1 else "")


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().visit(node)


def _left_alone(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__slots__":
        yield from ast.walk(node)
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield from ast.walk(first)
    for name in ("annotation", "returns"):
        inside = getattr(node, name, None)
        if inside is not None:
            yield from ast.walk(inside)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Rule", "TypeVar"):
        yield from ast.walk(node)
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
        named = node.targets[0]
        if isinstance(named, ast.Name) and named.id[:1].isupper() and not named.id.isupper():  # a type's name
            yield from ast.walk(node)


Change = Callable[[Any], ast.AST]


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=[op, *_]) if type(op) in _COMPARED:
            yield lambda n: _set(n, ops=[_COMPARED[type(n.ops[0])](), *n.ops[1:]])
        case ast.BoolOp():
            yield lambda n: _set(n, op=ast.Or() if isinstance(n.op, ast.And) else ast.And())
            for left_out in range(len(node.values)):
                yield lambda n, at=left_out: _without(n, at)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield lambda n: n.operand
        case ast.BinOp(op=op) if type(op) in _COMPUTED:
            yield lambda n: _set(n, op=_COMPUTED[type(n.op)]())
        case ast.AugAssign(op=op) if type(op) in _COMPUTED:
            yield lambda n: _set(n, op=_COMPUTED[type(n.op)]())
            yield lambda n: ast.copy_location(ast.Pass(), n)
        case ast.Constant(value=bool(value)):
            yield lambda n: _set(n, value=not n.value)
        case ast.Constant(value=int() | float()):
            yield lambda n: _set(n, value=n.value + 1)
        case ast.Constant(value=str()):
            yield lambda n: _set(n, value="XX" + n.value)
        case ast.Constant(value=bytes()):
            yield lambda n: _set(n, value=b"XX" + n.value)
        case ast.If() | ast.While() | ast.IfExp():
            yield lambda n: _set(n, test=ast.copy_location(ast.UnaryOp(ast.Not(), n.test), n.test))
        case ast.comprehension(ifs=[_, *_]):
            yield lambda n: _set(n, ifs=n.ifs[1:])
        case ast.Return(value=ast.expr() as value) if not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            yield lambda n: _set(n, value=None)
        case ast.Break():
            yield lambda n: ast.copy_location(ast.Continue(), n)
        case ast.Continue():
            yield lambda n: ast.copy_location(ast.Break(), n)
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield lambda n: ast.copy_location(ast.Pass(), n)
        case ast.Raise():
            yield lambda n: ast.copy_location(ast.Pass(), n)
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield lambda n: ast.copy_location(ast.Pass(), n)
        case ast.Slice():
            if node.lower is not None:
                yield lambda n: _set(n, lower=None)
            if node.upper is not None:
                yield lambda n: _set(n, upper=None)
        case ast.Call(keywords=[_, *_]):
            for left_out in range(len(node.keywords)):
                yield lambda n, at=left_out: _set(
                    n, keywords=[k for i, k in enumerate(n.keywords) if i != at]
                )


def _set(node: ast.AST, **fields: object) -> ast.AST:
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def _without(node: ast.BoolOp, at: int) -> ast.AST:
    values = [value for place, value in enumerate(node.values) if place != at]
    return values[0] if len(values) == 1 else _set(node, values=values)
