"""Import statements as ``--lazy`` sees them: what they import, and whether that could wait.

An import can wait where it stands at the top level and every use of the name it binds is the first argument
of an ``include`` that the compiler recognised.
"""

import ast
from collections.abc import Collection, Iterator

from msgspec import Struct

from conduitc.frontend.import_faults import absolute
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Module
from conduitc.span import Span

Statement = ast.Import | ast.ImportFrom

_LATER = '__import__("conduit.lazy", fromlist=["lazy"])'


class Put(Struct, frozen=True, eq=False):
    """One name that an import binds. ``attribute`` is the router's name in ``module``; None where the module
    itself is bound. ``includes`` are the calls that use it."""

    importer: str
    node: Statement
    alias: ast.alias
    module: str
    attribute: str | None
    includes: tuple[Span, ...]

    @property
    def bound(self) -> str:
        return self.alias.asname or self.alias.name


def puts(scope: Scope, included: Collection[Span]) -> Iterator[tuple[Put, str | None]]:
    """The names of project modules that top-level imports bind; with each, why it cannot wait, or None."""
    for node in scope.source.tree.body:
        if not isinstance(node, Statement):
            continue
        for alias in node.names:
            target = _target(scope, node, alias)
            if target is None:
                continue
            module, attribute = target
            uses = _uses(scope, alias.asname or alias.name)
            spans = [_include(scope, included, use, attribute is None) for use in uses]
            found = tuple(span for span in spans if span is not None)
            put = Put(scope.name, node, alias, module, attribute, found)
            yield put, _against(scope, put, len(uses))


def edges(scope: Scope, waiting: Collection[tuple[str, ast.stmt, ast.alias]]) -> list[str]:
    """The project modules that importing ``scope`` imports, less what could wait."""
    found: list[str] = []
    for node in _executed(scope.source.tree):
        if not isinstance(node, Statement):
            continue
        for alias in node.names:
            if (alias.asname or alias.name) in scope.typing_only:
                continue
            if (scope.name, node, alias) not in waiting:
                found += _imported(scope, node, alias)
    return found


def text_without(node: Statement, some: list[Put]) -> str:
    """The statement without the names of ``some``, and these bound to stand-ins instead; as many lines."""
    gone = {put.alias for put in some}
    rest = [alias for alias in node.names if alias not in gone]
    parts = []
    if rest:
        parts.append(ast.unparse(_with_names(node, rest)))
    for put in some:
        call = f"module({put.module!a})"
        if put.attribute is not None:
            call = f"router({put.module!a}, {put.attribute!a})"
        parts.append(f"{put.bound} = {_LATER}.{call}")
    return "; ".join(parts) + "\n" * ((node.end_lineno or node.lineno) - node.lineno)


def _with_names(node: Statement, names: list[ast.alias]) -> Statement:
    if isinstance(node, ast.Import):
        return ast.Import(names)
    return ast.ImportFrom(node.module, names, node.level)


def _target(scope: Scope, node: Statement, alias: ast.alias) -> tuple[str, str | None] | None:
    """The module that a name is, or is taken from; None where that is not of the project."""
    if isinstance(node, ast.Import):
        return (alias.name, None) if alias.name in scope.project.scopes else None
    base = absolute(scope, node)
    if base not in scope.project.scopes or alias.name == "*":
        return None
    inner = f"{base}.{alias.name}"
    value = scope.project.scopes[base].names.get(alias.name)
    if inner in scope.project.scopes and (value is None or isinstance(value, Module)):
        return inner, None
    return base, alias.name


def _imported(scope: Scope, node: Statement, alias: ast.alias) -> list[str]:
    """The project modules, parents too, that one name of an import executes."""
    names = [alias.name]
    if isinstance(node, ast.ImportFrom):
        base = absolute(scope, node)
        names = [base, f"{base}.{alias.name}"]
    found = []
    for name in names:
        parts = name.split(".")
        dotted = (".".join(parts[: count + 1]) for count in range(len(parts)))
        found += [one for one in dotted if one in scope.project.scopes]
    return found


def _executed(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that importing a module may execute: not those of functions."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.expr):
                continue
            if isinstance(child, ast.stmt):
                yield child
            todo.append(child)


def _uses(scope: Scope, name: str) -> list[ast.Name]:
    return [node for node in ast.walk(scope.source.tree) if isinstance(node, ast.Name) and node.id == name]


def _include(scope: Scope, included: Collection[Span], use: ast.Name, module: bool) -> Span | None:
    """The recognised ``include`` that a name is the argument of: itself, or an attribute of it."""
    for node in ast.walk(scope.source.tree):
        if isinstance(node, ast.Call) and node.args and scope.span(node) in included:
            given = node.args[0]
            inner = given.value if module and isinstance(given, ast.Attribute) else given
            if inner is use and (module == isinstance(given, ast.Attribute)):
                return scope.span(node)
    return None


def _against(scope: Scope, put: Put, uses: int) -> str | None:
    where = f"{scope.source.file}:{put.node.lineno}"
    if isinstance(put.node, ast.Import) and put.alias.asname is None and "." in put.alias.name:
        return f"{where} imports it under its full name: give it a name with `as`"
    if len(put.includes) < uses:
        return f"{scope.source.file} uses `{put.bound}` for more than including it"
    if not uses:
        return f"{where} imports it without including it there"
    if _shares_its_line(scope, put.node):
        return f"{where}: another statement stands on the same line"
    if _asked_for_elsewhere(scope, put.bound):
        return f"other modules take `{put.bound}` from {scope.source.file}"
    return None


def _shares_its_line(scope: Scope, node: Statement) -> bool:
    return any(
        other is not node
        and other.lineno <= (node.end_lineno or 0)
        and (other.end_lineno or 0) >= node.lineno
        for other in scope.source.tree.body
    )


def _asked_for_elsewhere(scope: Scope, name: str) -> bool:
    """Whether another module imports the name from here, or reads it as an attribute of this module."""
    for other in scope.project.scopes.values():
        if other is scope or name not in other.source.text:
            continue
        for node in ast.walk(other.source.tree):
            if isinstance(node, ast.ImportFrom) and absolute(other, node) == scope.name:
                if any(alias.name in (name, "*") for alias in node.names):
                    return True
            elif isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.value, ast.Name):
                value = other.names.get(node.value.id)
                if isinstance(value, Module) and value.scope is scope:
                    return True
    return False
