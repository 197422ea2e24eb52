"""One loop of a function → ``ir.loops.Loop``, or ``Refused``.

The types of its locals follow from what they are before the loop and from its assignments: those are read
until nothing changes. A name that is an int before and a float in the loop is a *lenient* float at first.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from conduitc.frontend.numeric.flow import Flow
from conduitc.frontend.numeric.functions import FunctionNames
from conduitc.frontend.numeric.kinds import guess
from conduitc.frontend.numeric.names import LoopNames
from conduitc.frontend.numeric.refusal import NotYetKnown, Refused
from conduitc.frontend.numeric.statements import Statements, assignments
from conduitc.frontend.scope import Scope
from conduitc.ir.loops import Expression, Kind, Loop, Statement, Variable

_ROUNDS = 12
_MOST_NAMES = 60


def read_loop(
    scope: Scope,
    function: FunctionNames,
    loop: ast.For | ast.While,
    bound: frozenset[str],
    above: dict[str, int | None],
) -> Loop:
    """The loop; ``bound`` are the names that have a value before it, ``above`` see ``LoopNames``.

    Raises:
        Refused: it is more than arithmetic on locals, or that cannot be shown.
    """
    names = LoopNames(scope, function, above)
    statements = Statements(names)
    entry = _entry_kinds(scope, function, loop)
    _settle_kinds(names, statements, loop, entry)
    found = _lowered(names, statements, loop)
    names.lenient = frozenset(
        name for name in found.flow.early if names.kinds[name] == "float" and entry.get(name) == "int"
    )
    if names.lenient:
        found = _lowered(names, statements, loop)
    if found.end is None:
        raise Refused("every turn leaves it")
    if not (found.flow.changed.keys() - {found.target} or found.flow.early):
        raise Refused("it computes nothing")
    variables = tuple(_variables(names, found, entry, bound))
    if len(variables) > _MOST_NAMES:
        raise Refused(f"it has more than {_MOST_NAMES} names")
    header = loop.iter if isinstance(loop, ast.For) else loop.test
    return Loop(
        scope.span(loop), scope.span(header), function.qualname, found.target, found.test, found.body,
        variables, tuple(names.callees.items()),
    )  # fmt: skip


class _Lowered(Struct, frozen=True):
    """A loop's parts; ``end`` are the names that every turn gives a value."""

    target: str | None
    test: Expression | None
    body: tuple[Statement, ...]
    flow: Flow
    end: frozenset[str] | None


def _lowered(names: LoopNames, statements: Statements, loop: ast.For | ast.While) -> _Lowered:
    names.constants.clear()
    names.callees.clear()
    flow = Flow()
    target = statements.target(loop.target) if isinstance(loop, ast.For) else None
    test = statements.expressions.test(loop.test) if isinstance(loop, ast.While) else None
    body = statements.block(loop.body, inner=False)
    given = frozenset(names.constants)
    if test is not None:
        flow.reads(test, given)
    if target is not None:
        flow.changed[target] = None
        given |= {target}
    return _Lowered(target, test, body, flow, flow.turn(body, given))


def _entry_kinds(scope: Scope, function: FunctionNames, loop: ast.For | ast.While) -> dict[str, Kind]:
    """What the names of the loop probably are when it begins."""
    mentioned = {one.id for one in ast.walk(loop) if isinstance(one, ast.Name)}
    found = {name: guess(scope, function, name, loop.lineno) for name in sorted(mentioned)}
    return {name: kind for name, kind in found.items() if kind is not None} | {
        name: "int" for name in _range_bounds(loop) if found.get(name) is None
    }


def _range_bounds(loop: ast.For | ast.While) -> Iterator[str]:
    """Names that bound inner ranges."""
    for one in ast.walk(loop):
        match one:
            case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=arguments)):
                yield from (argument.id for argument in arguments if isinstance(argument, ast.Name))


def _settle_kinds(
    names: LoopNames, statements: Statements, loop: ast.For | ast.While, entry: dict[str, Kind]
) -> None:
    names.kinds = dict(entry)
    for _ in range(_ROUNDS):
        assigned = _assigned_kinds(names, statements, loop)
        kinds = entry | {name: _one_of(name, found) for name, found in assigned.items()}
        changed = kinds != names.kinds
        names.kinds = kinds
        if not changed:
            return
    raise Refused("its types do not settle")


def _assigned_kinds(
    names: LoopNames, statements: Statements, loop: ast.For | ast.While
) -> dict[str, set[Kind]]:
    """The kinds that the loop gives to names, as far as known now."""
    found: dict[str, set[Kind]] = {}
    if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name):
        found[loop.target.id] = {"int"}
    for one in assignments(loop.body):
        if isinstance(one, ast.For):
            if isinstance(one.target, ast.Name):
                found.setdefault(one.target.id, set()).add("int")
            continue
        try:
            read = statements.assign(one)
        except NotYetKnown:
            continue
        for name, value in zip(read.targets, read.values, strict=True):
            found.setdefault(name, set()).add(value.kind)
    return found


def _one_of(name: str, kinds: set[Kind]) -> Kind:
    if len(kinds) > 1:
        raise Refused(f"`{name}` is {' and '.join(sorted(kinds))} by turns")
    return next(iter(kinds))


def _variables(
    names: LoopNames, found: _Lowered, entry: dict[str, Kind], bound: frozenset[str]
) -> Iterator[Variable]:
    """The locals in the order they are changed, then those only read, then constants of the module."""
    early, changed = found.flow.early, found.flow.changed
    for name in (*changed, *sorted(early - changed.keys())):
        given, kind = name in early, names.kinds[name]
        if given and name not in bound:
            raise Refused(f"`{name}` may have no value before the loop")
        lenient = name in names.lenient
        if given and entry.get(name, kind) != kind and not lenient:
            raise Refused(f"`{name}` is {entry[name]} before the loop and {kind} in it")
        ends = found.end is not None and name in found.end
        unsure = name in changed and not ends and (lenient or not given)
        yield Variable(name, kind, given, name in changed, unsure, lenient)
    for written, kind in names.constants.items():
        yield Variable(written, kind, True, False)
