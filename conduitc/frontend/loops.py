"""What a loop goes through, and the binding of assignment targets."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from conduitc.frontend.limits import TURNS
from conduitc.frontend.operators import truth
from conduitc.frontend.scope import Frame, implied
from conduitc.frontend.values import (
    Class,
    Const,
    Instance,
    Mapping,
    Module,
    Sequence,
    Unknown,
    Value,
    settled,
)

Evaluate = Callable[[Frame, ast.expr], Value]


def turns(value: Value, *, ordered: bool = True) -> list[Value] | None:
    """What a loop over ``value`` goes through, where that is known and not too much; a set has no order."""
    match settled(value):
        case Sequence(kind="set" | "frozenset", items=items) if ordered and len(items) > 1:
            return None
        case Sequence(items=items, spoiled=False) if len(items) <= TURNS:
            return list(items)
        case Mapping(items=pairs, spoiled=False) if len(pairs) <= TURNS:
            return [Const(key) for key in pairs]
        case Const(value=str(text), enum=None) if len(text) <= TURNS:
            return [Const(letter) for letter in text]
        case Class(names=names):
            members: list[Value] = [one for one in names.values() if isinstance(one, Const) and one.enum]
            return members or None
    return None


def rounds(frame: Frame, loops: list[ast.comprehension], evaluate: Evaluate) -> Iterator[tuple[Frame, bool]]:
    """A frame for each evaluation of a comprehension's element, and whether it is certain to happen."""
    if not loops:
        yield frame, True
        return
    loop = loops[0]
    names = {} if frame.names is frame.scope.names else frame.names
    values = turns(evaluate(frame, loop.iter))
    known = values is not None and frame.scope.project.afford(len(values))
    for value in (
        values if values is not None and known else [Unknown("one turn of a loop that is not unrolled")]
    ):
        inner = replace(frame, names=dict(names), endless=frame.endless + (not known))
        assign(inner, loop.target, value, evaluate)
        tests = [truth(evaluate(inner, test)) for test in loop.ifs]
        if False in tests:
            continue
        certain = known and None not in tests
        if None in tests:
            inner.under(frame.scope.project.new_test())
        for innermost, sure in rounds(inner, loops[1:], evaluate):
            yield innermost, sure and certain


def assign(frame: Frame, target: ast.expr, value: Value, evaluate: Evaluate) -> None:
    """Bind the names of an assignment's target; note what it changes in known objects."""
    if isinstance(target, ast.Name):
        frame.bind(target.id, value, target.lineno)
    elif isinstance(target, ast.Tuple | ast.List):
        for one, part in zip(target.elts, _parts(value, target.elts), strict=True):
            assign(frame, one.value if isinstance(one, ast.Starred) else one, part, evaluate)
    elif isinstance(target, ast.Attribute):
        owner = evaluate(frame, target.value)
        if isinstance(owner, Module):
            owner.scope.bind(target.attr, value, target.lineno)
        elif isinstance(owner, Class | Instance):
            owner.names[target.attr] = _attribute(owner, target.attr, value, frame)
    elif isinstance(target, ast.Subscript):
        _assign_item(evaluate(frame, target.value), evaluate(frame, target.slice), value, frame)


def _attribute(owner: Class | Instance, name: str, value: Value, frame: Frame) -> Value:
    """What an attribute holds once it was set, perhaps: what is set under an unknown test need not be."""
    made = owner.call.guards if isinstance(owner, Instance) and owner.call is not None else ()
    if frame.scope.project.stepwise or implied(frame.guards, made):
        return value
    known = owner.names.get(name)
    if known is None or known is value:
        return value
    if isinstance(known, Const) and isinstance(value, Const) and known.value == value.value:
        return value
    return Unknown(f"{name} depends on a test that is not known")


def _parts(value: Value, targets: list[ast.expr]) -> list[Value]:
    """What each of several targets gets; a starred one takes what the others leave."""
    found = turns(value)
    starred = [index for index, one in enumerate(targets) if isinstance(one, ast.Starred)]
    spare = len(found) - len(targets) if found is not None else -1
    if found is not None and spare == 0 and not starred:
        return found
    if found is not None and spare >= -1 and len(starred) == 1:
        first, last = starred[0], starred[0] + spare + 1
        return [*found[:first], Sequence("list", found[first:last]), *found[last:]]
    return [Unknown("a part of a value that is not known")] * len(targets)


def _assign_item(owner: Value, key: Value, value: Value, frame: Frame) -> None:
    made = owner.made if isinstance(owner, Mapping | Sequence) else ()
    certain = implied(frame.guards, made) and not frame.endless
    if isinstance(owner, Mapping) and isinstance(key, Const) and certain:
        owner.items[key.value] = value
    elif isinstance(owner, Sequence) and isinstance(key, Const) and isinstance(key.value, int) and certain:
        if -len(owner.items) <= key.value < len(owner.items):
            owner.items[key.value] = value
    elif isinstance(owner, Mapping | Sequence):
        owner.spoiled = True
