"""Compiled loops → the edits of a copied source that call them. Lines stay, and so does the loop.

    for i in range(n):  →   for i in (_conduit_over if (_conduit_done := _conduit_loop_0(_conduit_over
                                := range(n), total)) is None else ((i := …), (total := …), …)[-1]):
    while n != 1:       →   while ((_conduit_done := _conduit_loop_1(n)) is None or ((n := …),)) and (n != 1):

(each on one line). A compiled loop does as many turns as it can and gives back the values these lead to,
or None where that was not even one. A ``for`` goes on over what is left of its range, a ``while`` with its
test.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

from conduitc.diagnostics import CompileError
from conduitc.frontend.edits import Offsets, Replacement, apply
from conduitc.frontend.rewrite import REWRITE_FAILED
from conduitc.ir.loops import Loop, LoopModule, Variable

#: Names in the copy that start so are ours.
PREFIX = "_conduit_"
_OVER, _DONE, _LOOP = PREFIX + "over", PREFIX + "done", PREFIX + "loop_"


def with_loops(text: str, module: LoopModule) -> str:
    """The source of ``module`` with its loops' headers changed.

    Raises:
        CompileError: more than that would change.
    """
    try:
        return apply(text, loop_edits(text, module))
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        why = str(error) or type(error).__name__
        raise CompileError(REWRITE_FAILED.at(module.place, file=module.file, why=why)) from None


def loop_edits(text: str, module: LoopModule) -> list[Replacement]:
    """The edits of ``text``, the module's source.

    Raises:
        ValueError: they would change more than the headers of the loops.
    """
    offsets = Offsets(text)
    edits = [_request(offsets, module)]
    for index, loop in enumerate(module.loops):
        edits += _header(offsets, index, loop)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, after = ast.parse(text), ast.parse(apply(text, edits))
    if not _same(after, before):
        raise ValueError("more than the headers of loops would change")
    return edits


def _request(offsets: Offsets, module: LoopModule) -> Replacement:
    """The statement that finds the compiled loops, if they are loaded; else nothing is done by them."""
    count = len(module.loops)
    names = "".join(f"{_LOOP}{index}, " for index in range(count)).strip()
    found = f'__import__("sys").modules.get("_conduit.loops"), "{module.key}"'
    text = f"{names} = getattr({found}, (lambda *_: None,) * {count})"
    start, _ = offsets.of(module.place)
    shape = {"before": "{}; ", "after": "; {}", "line": "{}  "}[module.where]
    return Replacement(start, start, shape.format(text))


def _header(offsets: Offsets, index: int, loop: Loop) -> Iterator[Replacement]:
    start, end = offsets.of(loop.header)
    given = [*(written for written, _ in loop.callees), *(one.name for one in loop.given)]
    call = f"({_DONE} := {_LOOP}{index}("
    if loop.target is None:
        values = "".join(f"{one}, " for one in _values(loop.changed, 0)).strip()
        yield Replacement(start, start, f"({call}{', '.join(given)})) is None or ({values})) and (")
        yield Replacement(end, end, ")")
        return
    values = ", ".join([*_values(loop.changed, 1), f"{_DONE}[0]"])
    yield Replacement(start, start, f"({_OVER} if {call}{_OVER} := ")
    rest = "".join(f", {one}" for one in given)
    yield Replacement(end, end, f"{rest})) is None else ({values})[-1])")


def _values(changed: Sequence[Variable], first: int) -> Iterator[str]:
    """What gives the locals their values back."""
    for position, one in enumerate(changed, first):
        value = f"{_DONE}[{position}]"
        given = f"({one.name} := {value})"
        yield f"{value} is None or {given}" if one.unsure else given


def _same(new: ast.AST, old: ast.AST) -> bool:
    """Whether the trees, which may be deep, are equal once the edits are taken out of ``new``."""
    waiting: list[tuple[object, object]] = [(new, old)]
    while waiting:
        one, other = waiting.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, list) and isinstance(other, list):
            one = [item for item in one if not _is_request(item)]
            if len(one) != len(other):
                return False
            waiting += zip(one, other, strict=True)
        elif isinstance(one, ast.AST):
            _restore(one)
            waiting += ((getattr(one, name, None), getattr(other, name, None)) for name in one._fields)
        elif one != other and not (one != one and other != other):  # noqa: PLR0124
            return False
    return True


def _restore(node: ast.AST) -> None:
    """Puts back what an edit wraps."""
    match node:
        case ast.For(
            iter=ast.IfExp(
                test=ast.Compare(left=ast.NamedExpr(value=ast.Call(args=[ast.NamedExpr() as over, *_])))
            )
        ) if over.target.id == _OVER:
            node.iter = over.value
        case ast.While(
            test=ast.BoolOp(values=[ast.BoolOp(values=[ast.Compare(left=ast.NamedExpr() as done), _]), test])
        ) if done.target.id == _DONE:
            node.test = test


def _is_request(statement: object) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=name), *_])]):
            return name.startswith(_LOOP)
    return False
