"""What a name of a function probably holds at a line: int, float, bool, or unknown.

A guess is enough: the compiled loop looks at what it is given and does nothing where that is something else.
"""

from __future__ import annotations

import ast

from conduitc.frontend.numeric.functions import Binding, FunctionNames
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Const, External, Function
from conduitc.ir.loops import ELEMENTS, Kind

_BY_NAME: dict[str, Kind] = {"int": "int", "float": "float", "bool": "bool"}
_SEQUENCES: dict[str, Kind] = {one: one for one in ELEMENTS}
_DEEP = 12
#: What calls give, where that is the same for all arguments.
_CALLS: dict[str, Kind] = {
    **dict.fromkeys(
        ("builtins.int", "builtins.len", "builtins.ord", "builtins.hash", "math.floor", "math.ceil",
         "math.trunc", "math.gcd", "math.isqrt", "math.comb", "math.factorial", "math.lcm",
         "time.perf_counter_ns", "time.monotonic_ns", "time.time_ns", "random.randrange", "random.randint"),
        "int",
    ),
    **dict.fromkeys(
        ("builtins.float", "time.perf_counter", "time.monotonic", "time.time", "random.random", "math.dist",
         "random.uniform", "random.gauss"),
        "float",
    ),
    **dict.fromkeys(
        ("builtins.bool", "builtins.isinstance", "builtins.callable", "builtins.any", "builtins.all",
         "math.isnan", "math.isinf", "math.isfinite"),
        "bool",
    ),
}  # fmt: skip


def guess(scope: Scope, names: FunctionNames, name: str, line: int, depth: int = 0) -> Kind | None:
    """The kind of ``name`` before ``line``: by its last assignment above, else by its annotation."""
    if depth > _DEEP:
        return None
    earlier = [one for one in names.bindings.get(name, ()) if one.line < line]
    for binding in reversed(earlier):
        kind = _bound_kind(scope, names, binding, name, depth)
        if kind is not None:
            return kind
    return annotated(names.parameters.get(name))


def annotated(annotation: ast.expr | None) -> Kind | None:
    """The kind that an annotation names, through quotes and ``Annotated``."""
    match annotation:
        case ast.Name(id=name):
            return "bytes" if name == "bytes" else _BY_NAME.get(name)
        case ast.Constant(value=str(name)):
            return _BY_NAME.get(name.strip()) or _SEQUENCES.get(name.strip())
        case ast.Subscript(value=ast.Name(id="list"), slice=ast.Name(id=name)):
            return _SEQUENCES.get(f"list[{name}]")
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
            return annotated(first)
    return None


def _bound_kind(scope: Scope, names: FunctionNames, binding: Binding, name: str, depth: int) -> Kind | None:
    def of(node: ast.expr) -> Kind | None:
        return _rough(scope, names, node, binding.line, depth + 1)

    match binding.how:
        case ast.AnnAssign(annotation=annotation):
            return annotated(annotation)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name) and target.id == name:
                    return of(value)
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    pairs = zip(target.elts, value.elts, strict=False)
                    for one, given in pairs:
                        if isinstance(one, ast.Name) and one.id == name:
                            return of(given)
        case ast.AugAssign(op=operator, value=value):
            return _arithmetic(operator, guess(scope, names, name, binding.line, depth + 1), of(value))
        case ast.NamedExpr(value=value):
            return of(value)
        case ast.For(target=ast.Name(), iter=ast.Call(func=ast.Name(id="range"))):
            return "int"
    return None


def _rough(scope: Scope, names: FunctionNames, node: ast.expr, line: int, depth: int) -> Kind | None:
    """The kind of an expression."""
    match node:
        case ast.Constant(value=bool()):
            return "bool"
        case ast.Constant(value=int()):
            return "int"
        case ast.Constant(value=float()):
            return "float"
        case ast.Name(id=name):
            if names.is_local(name):
                return guess(scope, names, name, line, depth)
            return kind_of(scope.lookup(name))
        case ast.UnaryOp(op=ast.Not()) | ast.Compare():
            return "bool"
        case ast.UnaryOp(operand=operand):
            kind = _rough(scope, names, operand, line, depth)
            return "int" if kind == "bool" else kind
        case ast.BinOp(left=left, op=operator, right=right):
            sides = [_rough(scope, names, one, line, depth) for one in (left, right)]
            return _arithmetic(operator, *sides)
        case ast.Subscript(value=ast.Name(id=name)) if names.is_local(name):
            sequence = guess(scope, names, name, line, depth)
            return ELEMENTS.get(sequence) if sequence is not None else None
        case ast.IfExp(body=body):
            return _rough(scope, names, body, line, depth)
        case ast.Call(func=ast.Name() | ast.Attribute()):
            return _called(scope, names, node, line, depth)
    return None


def _arithmetic(operator: ast.operator, left: Kind | None, right: Kind | None) -> Kind | None:
    if left is None or right is None or left in ELEMENTS or right in ELEMENTS:
        return None
    return "float" if isinstance(operator, ast.Div) or "float" in (left, right) else "int"


def _called(scope: Scope, names: FunctionNames, node: ast.Call, line: int, depth: int) -> Kind | None:
    target = called(scope, names, node.func)
    if target in _CALLS:
        return _CALLS[target]
    if target in ("builtins.abs", "builtins.min", "builtins.max", "builtins.round") and node.args:
        kind = _rough(scope, names, node.args[0], line, depth)
        return "int" if kind == "bool" or (target == "builtins.round" and len(node.args) == 1) else kind
    if target is not None and target.startswith("math."):
        return "float"
    if isinstance(node.func, ast.Name) and not names.is_local(node.func.id):
        value = scope.lookup(node.func.id)
        return annotated(value.node.returns) if isinstance(value, Function) else None
    return None


def called(scope: Scope, names: FunctionNames, node: ast.expr) -> str | None:
    """The full name of what is called, where that is a function outside the project: ``math.sqrt``."""
    match node:
        case ast.Name(id=name) if not (names.is_local(name) or names.is_free(name) or name in names.outer):
            value = scope.lookup(name)
            return value.name if isinstance(value, External) else None
        case ast.Attribute(value=inner, attr=attribute):
            above = called(scope, names, inner)
            return f"{above}.{attribute}" if above else None
    return None


def kind_of(value: object) -> Kind | None:
    """The kind of a constant of the module."""
    if not isinstance(value, Const) or value.enum is not None:
        return None
    found = type(value.value).__name__
    return _BY_NAME.get(found)
