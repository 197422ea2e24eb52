"""A project → its numeric loops (``ir.loops``): those that can be compiled, and why the others cannot."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from conduitc.frontend.numeric.bound import bound_at_loops
from conduitc.frontend.numeric.functions import FunctionNames, functions_of
from conduitc.frontend.numeric.headers import PREFIX, loop_edits
from conduitc.frontend.numeric.loop import read_loop
from conduitc.frontend.numeric.place import place_of
from conduitc.frontend.numeric.refusal import Refused
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.frontend.source import Source
from conduitc.ir.loops import LeftAlone, Loop, LoopModule, NumericLoops

#: A module without such a line has no loop to read.
_LOOP = re.compile(r"^[ \t]+(for\b.*\brange\b|while\b)", re.MULTILINE)
_DEEP = "it is nested too deeply"
#: What the C compiler takes about half a minute for.
MOST = 400


def read_loops(project: Project) -> NumericLoops:
    """All numeric loops of the project's modules."""
    modules: list[LoopModule] = []
    left: list[LeftAlone] = []
    for scope in project.scopes.values():
        if scope.source.file and _LOOP.search(scope.source.text):
            try:
                loops, refused = read_module(scope)
            except RecursionError:
                left.append(LeftAlone(scope.source.whole(), "all of it", _DEEP))
                continue
            room = MOST - sum(len(one.loops) for one in modules)
            module, why = _module(scope.source, loops[:room])
            if module is not None:
                modules.append(module)
                loops, why = loops[room:], f"a build compiles {MOST} loops at most"
            left += [*refused, *(LeftAlone(one.span, one.function, why) for one in loops)]
    return NumericLoops(tuple(modules), tuple(left))


def _module(source: Source, loops: list[Loop]) -> tuple[LoopModule | None, str]:
    """The loops of one module, or why they cannot be called from it."""
    place = place_of(source) if loops else None
    if place is None:
        return None, "the module has no line above it that could ask for what was compiled"
    module = LoopModule(source.file, f"loops_{source.sha256[:16]}", *place, tuple(loops))
    try:
        loop_edits(source.text, module)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None, "its header cannot be changed without changing more"
    return module, ""


def read_module(scope: Scope) -> tuple[list[Loop], list[LeftAlone]]:
    """The loops of one module, outer before inner; and those that look numeric but are not."""
    above = bound_once(scope.source.tree)
    ours = PREFIX in scope.source.text
    loops: list[Loop] = []
    left: list[LeftAlone] = []
    for function in functions_of(scope.source.tree):
        bound = bound_at_loops(function) if function.loops else {}
        for loop in function.loops:
            try:
                if ours:
                    raise Refused(f"the module uses names that start with {PREFIX}")
                loops.append(_read(scope, function, loop, bound, above))
            except (Refused, RecursionError) as error:
                why = str(error) if isinstance(error, Refused) else _DEEP
                if _looks_numeric(loop):
                    left.append(LeftAlone(scope.span(loop), function.qualname, why))
    return loops, _outermost(left)


def _read(
    scope: Scope,
    function: FunctionNames,
    loop: ast.For | ast.While,
    bound: dict[ast.For | ast.While, frozenset[str]],
    above: dict[str, int | None],
) -> Loop:
    if function.reads_frames:
        raise Refused("the function reads its own frame (locals, eval, exec …)")
    if loop not in bound:
        raise Refused("it is never reached")
    if isinstance(loop, ast.For) and not _over_range(loop):
        raise Refused("it is over something other than a range")
    return read_loop(scope, function, loop, bound[loop], above)


def bound_once(tree: ast.Module) -> dict[str, int | None]:
    """The names of a module: with the line that gives the one value they ever have, or None."""
    found: dict[str, int | None] = {}
    for statement in tree.body:
        for name in _bound(statement):
            sure = isinstance(statement, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom)
            found[name] = statement.end_lineno if sure and name not in found else None
    for one in ast.walk(tree):
        if isinstance(one, ast.Global):
            found.update(dict.fromkeys(one.names))
    return found


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement of the module binds or deletes, in whatever block of it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        one = waiting.pop()
        match one:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield one.name
                continue
            case ast.Name(ctx=ast.Store() | ast.Del()):
                yield one.id
            case ast.alias():
                yield (one.asname or one.name).partition(".")[0]
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                yield name
        waiting.extend(ast.iter_child_nodes(one))


def _over_range(loop: ast.For) -> bool:
    match loop.iter:
        case ast.Call(func=ast.Name(id="range"), keywords=[]):
            return isinstance(loop.target, ast.Name)
    return False


def _looks_numeric(loop: ast.For | ast.While) -> bool:
    """Arithmetic in a counted or conditional loop that neither waits nor handles errors."""
    if isinstance(loop, ast.For) and not _over_range(loop):
        return False
    found = False
    for one in ast.walk(loop):
        if isinstance(
            one, ast.Await | ast.Yield | ast.YieldFrom | ast.Try | ast.With | ast.AsyncWith | ast.AsyncFor
        ):
            return False
        found = found or isinstance(one, ast.BinOp | ast.AugAssign)
    return found


def _outermost(left: list[LeftAlone]) -> list[LeftAlone]:
    """A loop inside one that is left for the same reason adds nothing."""
    found: list[LeftAlone] = []
    for one in left:
        inside = any(
            one.span.file == other.span.file
            and other.span.line <= one.span.line
            and one.span.end_line <= other.span.end_line
            and one.reason == other.reason
            for other in found
        )
        if not inside:
            found.append(one)
    return found
