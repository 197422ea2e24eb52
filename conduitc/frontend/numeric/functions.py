"""A module's tree → its functions, and of each what its names are: local, shared with other scopes, deleted.

Comprehensions run at once and are no scopes here; what a lambda, an inner function or a generator expression
mentions is *shared*: it may be read or changed while a loop runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct, field

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)
#: Who names one of these may see more of a frame than its variables' values.
_FRAME_READERS = frozenset({"locals", "vars", "dir", "eval", "exec", "_getframe", "currentframe"})


class Binding(Struct, frozen=True):
    """A name gets a value: ``how`` is the statement (or walrus, or comprehension) that gives it."""

    line: int
    how: ast.AST


class FunctionNames(Struct, eq=False):
    """The names of one function. ``parent`` is the function it stands in."""

    node: FunctionDef
    qualname: str
    parent: FunctionNames | None
    parameters: dict[str, ast.expr | None] = field(default_factory=dict)
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    reads_frames: bool = False
    loops: list[ast.For | ast.While] = field(default_factory=list)

    def is_local(self, name: str) -> bool:
        return name in self.parameters or (name in self.bindings and name not in self.outer)

    def is_free(self, name: str) -> bool:
        """Whether the name belongs to a function around this one."""
        around = self.parent
        while around is not None:
            if around.is_local(name):
                return True
            around = around.parent
        return False


def functions_of(tree: ast.Module) -> Iterator[FunctionNames]:
    """Every function of the module, methods and inner ones too, in the order of the source."""
    yield from _functions(tree.body, "", None)


def _functions(body: list[ast.stmt], prefix: str, parent: FunctionNames | None) -> Iterator[FunctionNames]:
    for node in _definitions(body):
        qualname = prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from _functions(node.body, qualname + ".", parent)
        else:
            found = _read(node, qualname, parent)
            yield found
            yield from _functions(node.body, qualname + ".<locals>.", found)


def _definitions(body: list[ast.stmt]) -> Iterator[FunctionDef | ast.ClassDef]:
    """Those that stand in a block, or in the blocks of its statements."""
    for statement in body:
        if isinstance(statement, FunctionDef | ast.ClassDef):
            yield statement
        elif not isinstance(statement, ast.Expr | ast.Assign | ast.Return):
            for child in ast.iter_child_nodes(statement):
                if isinstance(child, ast.stmt):
                    yield from _definitions([child])
                elif isinstance(child, ast.ExceptHandler | ast.match_case):
                    yield from _definitions(child.body)


def _read(node: FunctionDef, qualname: str, parent: FunctionNames | None) -> FunctionNames:
    names = FunctionNames(node, qualname, parent)
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names.parameters = {one.arg: one.annotation for one in plain}
    names.parameters |= {one.arg: None for one in (arguments.vararg, arguments.kwarg) if one}
    waiting: list[ast.AST] = list(reversed(node.body))
    while waiting:
        one = waiting.pop()
        _note(names, one)
        if isinstance(one, _LATER):
            names.shared |= _mentioned(one)
            waiting.extend(_at_once(one))
        elif isinstance(one, _COMPREHENSIONS):
            names.bindings.update({walrus: [Binding(0, one)] for walrus in _walruses(one)})
        else:
            waiting.extend(reversed(list(ast.iter_child_nodes(one))))
    names.reads_frames |= any(_reads_frames(one) for one in ast.walk(node))
    return names


def _at_once(node: ast.AST) -> list[ast.AST]:
    """What of a scope is evaluated where it stands: decorators, defaults."""
    if isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        return [*defaults, *getattr(node, "decorator_list", ())]
    return []


def _note(names: FunctionNames, node: ast.AST) -> None:
    """What this node does to names, its children aside."""
    match node:
        case ast.Assign():
            _bind(names, node.targets, node)
        case ast.AnnAssign() if node.value is not None:
            _bind(names, [node.target], node)
        case ast.AugAssign() | ast.NamedExpr():
            _bind(names, [node.target], node)
        case ast.For() | ast.AsyncFor():
            _bind(names, [node.target], node)
            if isinstance(node, ast.For):
                names.loops.append(node)
        case ast.While():
            names.loops.append(node)
        case ast.withitem() if node.optional_vars is not None:
            _bind(names, [node.optional_vars], node)
        case ast.Import() | ast.ImportFrom():
            for alias in node.names:
                _add(names, (alias.asname or alias.name).partition(".")[0], node)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            _add(names, node.name, node)
        case ast.ExceptHandler(name=str(name)):
            _add(names, name, node)
            names.deleted.add(name)
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            _add(names, name, node)
        case ast.Global() | ast.Nonlocal():
            names.outer.update(node.names)
        case ast.Delete():
            names.deleted.update(one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _bind(names: FunctionNames, targets: list[ast.expr], how: ast.AST) -> None:
    for target in targets:
        for one in ast.walk(target):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                _add(names, one.id, how)


def _add(names: FunctionNames, name: str, how: ast.AST) -> None:
    names.bindings.setdefault(name, []).append(Binding(getattr(how, "lineno", 0), how))


def _mentioned(node: ast.AST) -> set[str]:
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    outer = [one for one in ast.walk(node) if isinstance(one, ast.Nonlocal)]
    return found.union(*(one.names for one in outer))


def _walruses(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.NamedExpr) and isinstance(one.target, ast.Name):
            yield one.target.id


def _reads_frames(node: ast.AST) -> bool:
    name = getattr(node, "id", None) if isinstance(node, ast.Name) else getattr(node, "attr", None)
    return name in _FRAME_READERS
