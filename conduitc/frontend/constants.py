"""Expressions at the top level of a module → abstract values. See also ``calls``, ``operators``.

Nothing of the program is run: only literals are computed with, within bounds.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conduitc.frontend import limits
from conduitc.frontend.calls import result
from conduitc.frontend.loops import rounds, turns
from conduitc.frontend.operators import binary, compare, formats, is_type, subscript, truth
from conduitc.frontend.scope import Call, Frame
from conduitc.frontend.values import (
    Bound,
    Class,
    Const,
    External,
    Later,
    Mapping,
    Sequence,
    TypeForm,
    Unknown,
    Value,
    attribute,
    settled,
)
from conduitc.ir.nodes import Constant


def evaluate(frame: Frame, node: ast.expr) -> Value:
    """The value of an expression as far as the text gives it away."""
    value = glance(frame, node)
    return settled(value) if type(value) is Later else value


def glance(frame: Frame, node: ast.expr) -> Value:
    """The same, but left for later where it is: what is only handed on need not be known."""
    if isinstance(node, ast.Constant):  # most are one of these two
        return Const(node.value)
    project = frame.scope.project
    if isinstance(node, ast.Name):
        value = frame.lookup(node.id)
        project.assumed += type(value) is Const and value.assumed
        return value
    reader = _READERS.get(type(node))
    if reader is None:
        return Unknown("this expression is not computed at build time", frame.scope.span(node))
    before = project.assumed
    value = reader(frame, node)
    return assumed(value) if project.assumed != before else value


def assumed(value: Value) -> Value:
    """``value`` as something that holds only if the environment says nothing else."""
    if type(value) is not Const or value.assumed:
        return value
    return Const(value.value, value.enum, value.plain, assumed=True)


def computed(frame: Frame, node: ast.expr, value: Value) -> Value:
    """``value``, unless what the program computes has become too much."""
    match value:
        case Const(value=str() | bytes() as text):
            size = len(text)
        case Sequence(items=items) | Mapping(items=items):
            size = len(items)
        case _:
            return value
    if size < _SMALL or frame.scope.project.compute(size):
        return value
    return Unknown("the program computes too much of this sort", frame.scope.span(node))


#: Values of fewer characters or items are not counted: there are no more of them than statements run.
_SMALL = 100


def constant(value: Value | None, text: str) -> Constant | None:
    """``value`` for the IR, where it is constant through and through."""
    if value is None:
        return None
    try:
        plain = _plain(value, [limits.PARTS])
    except (ValueError, RecursionError):
        return None
    enum = value.name if isinstance(value, External) else value.enum if isinstance(value, Const) else None
    return Constant(plain, text, enum)


def _plain(value: Value, left: list[int]) -> object:
    """The plain value; ``left`` is of how many parts it may still be made: one may stand in many places."""
    left[0] -= 1
    if left[0] < 0:
        raise ValueError
    match value:
        case Const():
            return value.value
        case Sequence(kind=kind, items=items, spoiled=False):
            inner = [_plain(item, left) for item in items]
            return tuple(inner) if kind == "tuple" else inner
        case Mapping(items=pairs, spoiled=False):
            return {key: _plain(item, left) for key, item in pairs.items()}
        case External(name=name) if name.startswith("conduit."):
            head, _, last = name.rpartition(".")
            if last.isupper() and head.rpartition(".")[2][:1].isupper():
                return last
    raise ValueError


def _attribute(frame: Frame, node: ast.Attribute) -> Value:
    owner = glance(frame, node.value)
    found = attribute(owner, node.attr)
    frame.scope.project.assumed += type(found) is Const and found.assumed
    if isinstance(found, Bound):
        return frame.scope.project.dialect.attribute(found, frame, node) or found
    if isinstance(owner, Class) and isinstance(found, Unknown):
        return frame.scope.project.dialect.attribute(Bound(owner, node.attr), frame, node) or found
    return found


def _named(frame: Frame, node: ast.NamedExpr) -> Value:
    value = evaluate(frame, node.value)
    frame.bind(node.target.id, value, node.lineno)
    return value


def _joined(frame: Frame, node: ast.JoinedStr) -> Value:
    text = ""
    for part in node.values:
        value = _formatted(frame, part) if isinstance(part, ast.FormattedValue) else evaluate(frame, part)
        if not (isinstance(value, Const) and isinstance(value.value, str)):
            return value
        text += value.value
        if len(text) > limits.LENGTH and len(node.values) > 1:
            return Unknown("the text is too long to compute", frame.scope.span(node))
    return computed(frame, node, Const(text))


def _formatted(frame: Frame, node: ast.FormattedValue) -> Value:
    value = evaluate(frame, node.value)
    if isinstance(value, Unknown):
        return value
    form = _joined(frame, node.format_spec) if isinstance(node.format_spec, ast.JoinedStr) else Const("")
    if not isinstance(value, Const) or not isinstance(form, Const) or value.enum:
        what = (
            "an enum member's text depends on its class, write .value"
            if value_is_enum(value)
            else "not a constant"
        )
        return Unknown(what, frame.scope.span(node.value))
    plain: Any = value.value
    if not formats("{" + str(form.value), [plain], "{"):
        return Unknown("the text is too long to compute", frame.scope.span(node.value))
    try:
        if node.conversion != -1:
            plain = _CONVERSIONS[node.conversion](plain)
        return Const(format(plain, str(form.value)))
    except (ValueError, TypeError, ArithmeticError) as error:
        return Unknown(str(error), frame.scope.span(node.value))


def value_is_enum(value: Value) -> bool:
    return isinstance(value, Const) and value.enum is not None


def _sequence(kind: str) -> Callable[[Frame, ast.List | ast.Tuple | ast.Set], Value]:
    def read(frame: Frame, node: ast.List | ast.Tuple | ast.Set) -> Value:
        items: list[Value] = []
        for element in node.elts:
            if isinstance(element, ast.Starred):
                inner = turns(evaluate(frame, element.value))
                if inner is None:
                    return Unknown("what is unpacked is not known", frame.scope.span(element))
                items.extend(inner)
                if len(items) > limits.TURNS:
                    return Unknown("it is too long to compute", frame.scope.span(node))
            else:
                items.append(glance(frame, element))
        return computed(frame, node, Sequence(kind, items, made=frame.guards))

    return read


def _mapping(frame: Frame, node: ast.Dict) -> Value:
    items: dict[object, Value] = {}
    for key, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(frame, value_node) if key is None else glance(frame, value_node)
        if key is None:
            if not isinstance(value, Mapping):
                return Unknown("what is unpacked is not known", frame.scope.span(value_node))
            items.update(value.items)
            if len(items) > limits.TURNS:
                return Unknown("it is too long to compute", frame.scope.span(node))
            continue
        known = evaluate(frame, key)
        if not isinstance(known, Const):
            return Unknown("a key is not a constant", frame.scope.span(key))
        items[known.value] = value
    return computed(frame, node, Mapping(items, made=frame.guards))


def _unary(frame: Frame, node: ast.UnaryOp) -> Value:
    value = evaluate(frame, node.operand)
    if isinstance(node.op, ast.Not):
        known = truth(value)
        return Const(not known) if known is not None else Unknown("not known", frame.scope.span(node))
    if isinstance(value, Const) and isinstance(value.value, int | float):
        number = value.value
        if isinstance(node.op, ast.USub):
            return Const(-number)
        if isinstance(node.op, ast.UAdd):
            return Const(+number)
        if isinstance(number, int) and abs(number) <= limits.MAGNITUDE:
            return Const(~number)
    return Unknown("the operand is not a number", frame.scope.span(node))


def _boolean(frame: Frame, node: ast.BoolOp) -> Value:
    stops = isinstance(node.op, ast.Or)
    value: Value = Const(None)
    for part in node.values:
        value = evaluate(frame, part)
        known = truth(value)
        if known is None:
            return Unknown("not known", frame.scope.span(part))
        if known is stops:
            return value
    return value


def _choice(frame: Frame, node: ast.IfExp) -> Value:
    known = truth(evaluate(frame, node.test))
    if known is None:
        return Unknown("it depends on a test that is not known", frame.scope.span(node.test))
    return evaluate(frame, node.body if known else node.orelse)


def _binary(frame: Frame, node: ast.BinOp) -> Value:
    left, right = evaluate(frame, node.left), evaluate(frame, node.right)
    if isinstance(node.op, ast.BitOr) and (is_type(left) or is_type(right)):
        return TypeForm(None, node, frame.scope)
    made = frame.scope.project.dialect.operator(type(node.op).__name__, left, right, frame, node)
    return made or computed(frame, node, binary(node.op, left, right, frame.scope.span(node)))


def _compare(frame: Frame, node: ast.Compare) -> Value:
    values = [evaluate(frame, part) for part in (node.left, *node.comparators)]
    for op, left, right in zip(node.ops, values, values[1:], strict=False):
        known = compare(op, left, right)
        if known is None:
            return Unknown("not known", frame.scope.span(node))
        if not known:
            return Const(False)
    return Const(True)


def _subscript(frame: Frame, node: ast.Subscript) -> Value:
    base = evaluate(frame, node.value)
    if isinstance(base, Class | External | TypeForm):
        return TypeForm(base, node, frame.scope)
    if isinstance(node.slice, ast.Slice):
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        key = [evaluate(frame, part) if part else Const(None) for part in parts]
    else:
        key = [evaluate(frame, node.slice)]
    return computed(frame, node, subscript(base, key, frame.scope.span(node)))


def _comprehension(frame: Frame, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
    items: list[Value] = []
    pairs: dict[object, Value] = {}
    complete = True
    for inner, known in rounds(frame, node.generators, evaluate):
        complete = complete and known
        if isinstance(node, ast.DictComp):
            key, value = evaluate(inner, node.key), evaluate(inner, node.value)
            complete = complete and isinstance(key, Const)
            pairs[key.value if isinstance(key, Const) else None] = value
        else:
            items.append(evaluate(inner, node.elt))
    if not complete:
        return Unknown("the loop cannot be unrolled", frame.scope.span(node))
    if isinstance(node, ast.DictComp):
        return Mapping(pairs)
    return Sequence("set" if isinstance(node, ast.SetComp) else "list", items, made=frame.guards)


def _call(frame: Frame, node: ast.Call) -> Value:
    function = glance(frame, node.func)
    found = Call(node, frame.scope, [], {}, frame.conditional, frame.endless > 0, guards=frame.guards)
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            inner = turns(evaluate(frame, argument.value))
            found.open = found.open or inner is None
            found.positional.extend(inner or ())
        else:
            found.positional.append(glance(frame, argument))
    for keyword in node.keywords:
        value = glance(frame, keyword.value)
        if keyword.arg is not None:
            found.keywords[keyword.arg] = value
        elif isinstance(value := settled(value), Mapping):
            found.keywords.update((str(key), item) for key, item in value.items.items())
            found.open = found.open or value.spoiled
        else:
            found.open = True
    if type(function) is Later and not frame.scope.project.dialect.concerns(found):
        return Later(lambda: result(frame, settled(function), found), function.origin)
    return computed(frame, node, result(frame, settled(function), found))


def _lambda(frame: Frame, node: ast.Lambda) -> Value:
    return Unknown("it is a lambda", frame.scope.span(node))


_CONVERSIONS: dict[int, Callable[[object], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}

_READERS: dict[type[ast.expr], Callable[..., Value]] = {
    ast.Attribute: _attribute,
    ast.Await: lambda frame, node: evaluate(frame, node.value),
    ast.Call: _call,
    ast.JoinedStr: _joined,
    ast.List: _sequence("list"),
    ast.Tuple: _sequence("tuple"),
    ast.Set: _sequence("set"),
    ast.Dict: _mapping,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _choice,
    ast.Subscript: _subscript,
    ast.NamedExpr: _named,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
}
