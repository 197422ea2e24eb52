"""Numeric loops: what a loop of the user's does, as far as C can do it exactly as Python would.

Every operation is total and pure: one that cannot give Python's very result (an overflow, a division by zero)
marks the turn as failed, and Python does that turn. ``printed`` gives a loop as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from conduitc.ir.declared import Node
from conduitc.span import Span

#: Numbers, and what they are read from: lists and bytes, which no loop changes.
Kind = Literal["int", "float", "bool", "list[int]", "list[float]", "bytes"]
#: The sequences, with the kind of their elements.
ELEMENTS: dict[Kind, Kind] = {"list[int]": "int", "list[float]": "float", "bytes": "int"}


class Number(Node, frozen=True):
    """A constant."""

    value: int | float | bool
    kind: Kind


class Read(Node, frozen=True):
    """The value of a variable."""

    name: str
    kind: Kind


class Apply(Node, frozen=True):
    """An operation of ``OPERATIONS``; ``and``, ``or`` and ``select`` evaluate what they need only."""

    operation: str
    arguments: tuple[Expression, ...]
    kind: Kind


Expression = Number | Read | Apply


class Assign(Node, frozen=True):
    """All values are computed, then given to the targets."""

    targets: tuple[str, ...]
    values: tuple[Expression, ...]
    line: int


class If(Node, frozen=True):
    """``test`` is a bool."""

    test: Expression
    then: tuple[Statement, ...]
    other: tuple[Statement, ...]
    line: int


class Repeat(Node, frozen=True):
    """``for target in range(start, stop, step)``, inside another loop."""

    target: str
    start: Expression
    stop: Expression
    step: Expression
    body: tuple[Statement, ...]
    other: tuple[Statement, ...]
    line: int


class While(Node, frozen=True):
    """A ``while`` inside another loop."""

    test: Expression
    body: tuple[Statement, ...]
    other: tuple[Statement, ...]
    line: int


class Jump(Node, frozen=True):
    """``leave``: what comes now is for Python to do: ``return``, ``raise``, a ``break`` of the whole loop."""

    where: Literal["break", "continue", "leave"]
    line: int


Statement = Assign | If | Repeat | While | Jump


class Variable(Node, frozen=True):
    """A local of the loop, or a constant from outside, by the expression that reads it in the source.

    ``given``: its value comes from Python. ``changed``: the loop assigns it. ``unsure``: a turn may end
    without having assigned it, so it goes back only where it was. ``lenient``: a float, perhaps an int yet.
    """

    name: str
    kind: Kind
    given: bool
    changed: bool
    unsure: bool = False
    lenient: bool = False


class Loop(Node, frozen=True):
    """A ``for`` (``target`` is its variable) or a ``while`` (``test``). ``header``: where its iterable or
    test stands. ``callees``: the functions it calls, as written, and what that must be."""

    span: Span
    header: Span
    function: str
    target: str | None
    test: Expression | None
    body: tuple[Statement, ...]
    variables: tuple[Variable, ...]
    callees: tuple[tuple[str, str], ...] = ()

    @property
    def given(self) -> tuple[Variable, ...]:
        return tuple(one for one in self.variables if one.given)

    @property
    def changed(self) -> tuple[Variable, ...]:
        return tuple(one for one in self.variables if one.changed)


class LeftAlone(Node, frozen=True):
    """A loop that looks numeric, and why Python does it."""

    span: Span
    function: str
    reason: str


class LoopModule(Node, frozen=True):
    """The loops of one module. ``key`` tells their compiled form from any other's; the copied source asks for
    it at ``place`` (an empty span): ``before`` a statement, ``after`` one, or on a ``line`` that has none."""

    file: str
    key: str
    place: Span
    where: Literal["before", "after", "line"]
    loops: tuple[Loop, ...]


class NumericLoops(Node, frozen=True):
    """All of a project."""

    modules: tuple[LoopModule, ...] = ()
    left: tuple[LeftAlone, ...] = ()


#: Where nothing was looked for.
NO_LOOPS = NumericLoops()


def printed(loop: Loop) -> Iterator[str]:
    """The loop as stable text, a line each."""
    names = ", ".join(map(_variable, loop.variables))
    head = f"for {loop.target}" if loop.test is None else f"while {shown(loop.test)}"
    yield f"{loop.function}: {head} [{names}]"
    yield from _block(loop.body, 1)


def _variable(one: Variable) -> str:
    marks = zip("iocu", (one.given, one.changed, one.lenient, one.unsure), strict=True)
    return f"{one.name}: {one.kind} {''.join(mark for mark, is_so in marks if is_so)}"


def _block(body: tuple[Statement, ...], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for one in body:
        match one:
            case Assign():
                yield f"{indent}{', '.join(one.targets)} = {', '.join(map(shown, one.values))}"
            case Jump():
                yield f"{indent}{one.where}"
            case If():
                yield f"{indent}if {shown(one.test)}"
                yield from _block(one.then, depth + 1)
            case Repeat():
                bounds = ", ".join(map(shown, (one.start, one.stop, one.step)))
                yield f"{indent}for {one.target} in {bounds}"
                yield from _block(one.body, depth + 1)
            case While():
                yield f"{indent}while {shown(one.test)}"
                yield from _block(one.body, depth + 1)
        if not isinstance(one, Assign | Jump) and one.other:
            yield f"{indent}else"
            yield from _block(one.other, depth + 1)


def shown(expression: Expression) -> str:
    """An expression as text."""
    if isinstance(expression, Apply):
        return f"{expression.operation}({', '.join(map(shown, expression.arguments))})"
    return repr(expression.value) if isinstance(expression, Number) else expression.name
