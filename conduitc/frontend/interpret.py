"""Executes the top level of a module abstractly: statements → names in its scope, declarations.

``execute(scope)`` runs one module, and first those it imports, as Python would. Tests that are known are
folded; under others, and in ``try``, what happens is conditional. Function bodies are not entered.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from conduitc.frontend.constants import assumed, evaluate, glance
from conduitc.frontend.definitions import class_definition, function_definition
from conduitc.frontend.docs import docstring
from conduitc.frontend.imports import import_from, import_statement
from conduitc.frontend.limits import TOO_LARGE
from conduitc.frontend.loops import assign, turns
from conduitc.frontend.operators import binary, truth
from conduitc.frontend.scope import Frame, Scope, implied
from conduitc.frontend.values import (
    Const,
    External,
    Instance,
    Later,
    Module,
    Sequence,
    TypeForm,
    Unknown,
    Value,
    settled,
)
from conduitc.ir.nodes import Guard

#: How a block ends: at its last line, by leaving the loop, the module or the function, or perhaps by one of
#: these.
FALLS, BREAKS, CONTINUES, LEAVES, PERHAPS = "falls", "breaks", "continues", "leaves", "perhaps"
RETURNS = "returns"


_LEFT = (LEAVES, RETURNS)


def execute(scope: Scope) -> None:
    """Run a module's top level."""
    scope.names["__name__"] = Const(scope.name)
    scope.names["__doc__"] = Const(docstring(scope.source.tree))
    scope.names["__file__"] = Unknown("the place of a file is not known before it runs")
    block(Frame(scope, scope.names), scope.source.tree.body)
    scope.project.dialect.executed(scope)
    scope.complete = True


def block(frame: Frame, statements: list[ast.stmt]) -> str:
    """Run statements in order; says how they end."""
    start = around = frame.guards
    project = frame.scope.project
    stops = project.new_test() if project.stepwise and any(not one.arms for one in start) else None
    ended = FALLS
    for step, statement in enumerate(statements):
        frame.guards = around if stops is None else (*around, Guard(stops, step=step))
        run = _STATEMENTS.get(type(statement))
        try:
            how = run(frame, statement) if run is not None else FALLS
        except RecursionError:
            how = _too_deep(frame, statement)
        if how == PERHAPS:
            around = (*around, Guard(frame.scope.project.new_test()))
            ended = PERHAPS
        elif how is not FALLS:
            ended = how
            break
    frame.guards = start
    return ended


def _too_deep(frame: Frame, statement: ast.stmt) -> str:
    what = f"line {statement.lineno}"
    frame.scope.project.unresolved.append((what, "it is nested too deeply", frame.scope.span(statement)))
    return FALLS


def _expression(frame: Frame, node: ast.Expr) -> str:
    evaluate(frame, node.value)
    return FALLS


def _assign(frame: Frame, node: ast.Assign) -> str:
    value = glance(frame, node.value)
    for target in node.targets:
        assign(frame, target, value, evaluate)
    return FALLS


def _annotated(frame: Frame, node: ast.AnnAssign) -> str:
    if isinstance(node.target, ast.Name) and frame.names is frame.scope.names:
        frame.scope.declared[node.target.id] = node.annotation
    if node.value is not None:
        assign(frame, node.target, glance(frame, node.value), evaluate)
    return FALLS


def _augmented(frame: Frame, node: ast.AugAssign) -> str:
    left, right = evaluate(frame, _loaded(node.target)), evaluate(frame, node.value)
    if isinstance(left, Sequence) and left.kind == "list" and isinstance(node.op, ast.Add):
        more = turns(right)
        if more is None or frame.endless or not implied(frame.guards, left.made):
            left.spoiled = True
        else:
            left.items.extend(more)
        return FALLS
    assign(frame, node.target, binary(node.op, left, right, frame.scope.span(node)), evaluate)
    return FALLS


def _loaded(target: ast.Name | ast.Attribute | ast.Subscript) -> ast.expr:
    return target


def _delete(frame: Frame, node: ast.Delete) -> str:
    for target in node.targets:
        if isinstance(target, ast.Name):
            frame.names.pop(target.id, None)
    return FALLS


def _if(frame: Frame, node: ast.If) -> str:
    value = evaluate(frame, node.test)
    known = truth(value)
    if known is not None and isinstance(value, Const) and value.assumed:
        return _branches(frame, [node.body, node.orelse], likely=0 if known else 1)
    if known is not None:
        skipped = node.orelse if known else node.body
        if skipped:
            _note_skipped(frame, node.test, skipped)
        return block(frame, node.body if known else node.orelse)
    return _branches(frame, [node.body, node.orelse])


def _note_skipped(frame: Frame, test: ast.expr, skipped: list[ast.stmt]) -> None:
    """What a folded test leaves out still counts: names for type checkers, a server that is started."""
    names = {one.id for one in ast.walk(test) if isinstance(one, ast.Name)}
    names |= {one.attr for one in ast.walk(test) if isinstance(one, ast.Attribute)}
    if "TYPE_CHECKING" in names:
        for statement in skipped:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                for alias in statement.names:
                    frame.scope.typing_only.add(alias.asname or alias.name.partition(".")[0])
    elif "__name__" in names:
        for statement in skipped:
            match statement:
                case ast.Expr(value=ast.Call(func=ast.Attribute(attr="run")) as call):
                    evaluate(frame, call)


def _branches(
    frame: Frame, blocks: list[list[ast.stmt]], just_one: bool = True, likely: int | None = None
) -> str:
    """Run alternatives of which one happens, each from the same start, and join what they leave.

    Not ``just_one``: of several something may happen. ``likely`` is the one that happens if the environment
    says nothing else.
    """
    if not frame.scope.project.branch(len(frame.names)):
        return _too_many(frame, blocks)
    start, around = dict(frame.names), frame.guards
    ends: list[tuple[str, dict[str, Value]]] = []
    test = frame.scope.project.new_test()
    for arm, statements in enumerate(blocks):
        _restore(frame, start)
        frame.under(test, arm, len(blocks) if just_one else 0)
        unlikely = frame.unlikely
        frame.unlikely = unlikely or likely not in (None, arm)
        ends.append((block(frame, statements), dict(frame.names)))
        frame.unlikely = unlikely or (arm == likely and ends[-1][0] is RETURNS)
        frame.guards = around
    staying = [names for how, names in ends if how not in _LEFT]
    first = None if likely is None or ends[likely][0] in _LEFT else ends[likely][1]
    _restore(frame, _joined(staying, first) if staying else start)
    hows = {how for how, _ in ends if how not in _LEFT}
    returns = any(how is RETURNS for how, _ in ends)
    if not hows:
        return RETURNS if returns else LEAVES
    return hows.pop() if len(hows) == 1 and not returns else PERHAPS


def _too_many(frame: Frame, blocks: list[list[ast.stmt]]) -> str:
    """Too many names in too many branches: what follows would take minutes, and is not looked at."""
    found = [statements[0] for statements in blocks if statements]
    place = frame.scope.span(found[0]) if found else frame.scope.source.whole()
    frame.scope.report(TOO_LARGE.at(place, what="this is one of too many branches among too many names"))
    return LEAVES


def _restore(frame: Frame, names: dict[str, Value]) -> None:
    frame.names.clear()
    frame.names.update(names)


def _joined(ends: list[dict[str, Value]], likely: dict[str, Value] | None) -> dict[str, Value]:
    joined = dict(ends[0])
    for names in ends[1:]:
        for name, value in names.items():
            old = joined.setdefault(name, value)
            if old is not value and not _equal(old, value):
                if likely is not None and isinstance(given := settled(likely.get(name, old)), Const):
                    joined[name] = assumed(given)
                    continue
                lost = any(isinstance(one, Instance) and one.state is not None for one in (old, value))
                joined[name] = Unknown(f"{name} depends on a test that is not known", lost=lost)
    return joined


def _equal(one: Value, other: Value) -> bool:
    match one, other:
        case Const(), Const():
            return (
                one.value == other.value and type(one.value) is type(other.value) and one.enum == other.enum
            )
        case External(), External():
            return one.name == other.name
        case Module(), Module():
            return one.scope is other.scope
        case Later(), Later():
            return one.what != "" and one.what == other.what
    return False


def _try(frame: Frame, node: ast.Try | ast.TryStar) -> str:
    # The body may stop anywhere: the handlers and what follows see it as having happened or not.
    happened = [*node.body, *node.orelse]
    if not frame.scope.project.stepwise and all(_gives_up(one.body[-1]) for one in node.handlers):
        how = block(frame, happened)
        return how if how is not FALLS else block(frame, node.finalbody)
    how = _branches(frame, [happened, *(handler.body for handler in node.handlers)], just_one=False)
    after = block(frame, node.finalbody)
    return how if after is FALLS else after


def _gives_up(last: ast.stmt) -> bool:
    """Does a block that ends like this hand its failure on?"""
    match last:
        case (
            ast.Raise() | ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="sys"), attr="exit")))
        ):
            return True
    return False


def _for(frame: Frame, node: ast.For | ast.AsyncFor) -> str:
    values = turns(evaluate(frame, node.iter))
    if values is None or not frame.scope.project.afford(len(values) * len(node.body)):
        return _unrolled_not(frame, node.body, node.orelse, node.target)
    around = frame.guards
    how = FALLS
    for value in values:
        assign(frame, node.target, value, evaluate)
        how = block(frame, node.body)
        if how in (BREAKS, *_LEFT):
            break
        if how == PERHAPS:
            frame.under(frame.scope.project.new_test())
    frame.guards = around
    if how in _LEFT:
        return how
    return block(frame, node.orelse) if how is not BREAKS else FALLS


def _while(frame: Frame, node: ast.While) -> str:
    if truth(evaluate(frame, node.test)) is False:
        return block(frame, node.orelse)
    return _unrolled_not(frame, node.body, node.orelse, None)


def _unrolled_not(frame: Frame, body: list[ast.stmt], orelse: list[ast.stmt], target: ast.expr | None) -> str:
    """A loop of unknown length: its body once, as something that may happen any number of times."""
    if target is not None:
        assign(frame, target, Unknown("it changes in a loop that is not unrolled"), evaluate)
    frame.endless += 1
    for name in _assigned(body):
        frame.names[name] = Unknown(f"{name} changes in a loop that is not unrolled")
    _branches(frame, [body, []])
    for name in _assigned(body):
        frame.names[name] = Unknown(f"{name} changes in a loop that is not unrolled")
    frame.endless -= 1
    return block(frame, orelse)


def _assigned(body: list[ast.stmt]) -> list[str]:
    found: list[str] = []
    for statement in body:
        if isinstance(statement, ast.AugAssign | ast.Assign):
            for one in ast.walk(statement):
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                    found.append(one.id)
    return found


def _with(frame: Frame, node: ast.With | ast.AsyncWith) -> str:
    for item in node.items:
        value = evaluate(frame, item.context_expr)
        if item.optional_vars is not None:
            given = Unknown("what `with` gives is not known")
            assign(frame, item.optional_vars, given if not isinstance(value, Unknown) else value, evaluate)
    return block(frame, node.body)


def _match(frame: Frame, node: ast.Match) -> str:
    evaluate(frame, node.subject)
    return _branches(frame, [*(case.body for case in node.cases), []])


def _import(frame: Frame, node: ast.Import) -> str:
    import_statement(frame, node, execute)
    return FALLS


def _import_from(frame: Frame, node: ast.ImportFrom) -> str:
    import_from(frame, node, execute)
    return FALLS


def _function(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    function_definition(frame, node)
    return FALLS


def _class(frame: Frame, node: ast.ClassDef) -> str:
    class_definition(frame, node, block)
    return FALLS


def _return(frame: Frame, node: ast.Return) -> str:
    value = glance(frame, node.value) if node.value is not None else Const(None)
    if frame.returned is not None:
        frame.returned.append((value, frame.unlikely))
    return RETURNS


def _global(frame: Frame, node: ast.Global) -> str:
    frame.shared = {*frame.shared, *node.names}
    return FALLS


def _alias(frame: Frame, node: ast.stmt) -> str:
    """``type X = ...`` of Python 3.12."""
    name, value = getattr(node, "name", None), getattr(node, "value", None)
    if isinstance(name, ast.Name) and isinstance(value, ast.expr):
        frame.bind(name.id, TypeForm(None, value, frame.scope), node.lineno)
    return FALLS


_STATEMENTS: dict[type[ast.stmt], Callable[..., str]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.If: _if,
    ast.For: _for,
    ast.While: _while,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.Match: _match,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.AsyncFor: _for,
    ast.AsyncWith: _with,
    ast.Return: _return,
    ast.Global: _global,
    ast.Raise: lambda frame, node: LEAVES,
    ast.Break: lambda frame, node: BREAKS,
    ast.Continue: lambda frame, node: CONTINUES,
}
if hasattr(ast, "TypeAlias"):
    _STATEMENTS[ast.TypeAlias] = _alias
