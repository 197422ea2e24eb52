"""Names that may come to mean something else at run time: ``global``, ``config.X = …``, ``setattr``.

Nothing may be concluded from the value of such a name. The project's own go by their bare name, whatever
module they belong to (rather too many than too few), others by their full name. What function bodies do is
added while they are read.
"""

import ast
from collections.abc import Iterator

from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Class, External, Module, Value

#: A module that has one of these in its text may set any name of its own …
_OWN = ("globals()", "vars(", "locals()", "__dict__")
#: … and with one of these, of any module.
_ANY = ("sys.modules", "import_module", "__import__", "exec(", "eval(", "reload(")
WORDS = (*_OWN, *_ANY)


def rebound_at_top(project: Project) -> set[str]:
    """What the top levels of the project's modules set, other than by binding names of their own."""
    found: set[str] = set()
    for scope in project.scopes.values():
        text = scope.source.text
        if any(word in text for word in _OWN):
            found |= scope.names.keys()
        if any(word in text for word in _ANY):
            found |= {name for other in project.scopes.values() for name in other.names}
        for statement in _statements(scope.source.tree.body):
            if isinstance(statement, _SETTING):
                found |= _set_by(scope, statement)
    return found


def bound_twice(project: Project) -> set[str]:
    """Bare names that some module binds more than once."""
    return {name for scope in project.scopes.values() for name in scope.history}


def aliases(project: Project) -> list[tuple[str, str]]:
    """``(name, what it is called)`` where a name is imported ``as`` something else."""
    return [
        (alias.name, alias.asname)
        for scope in project.scopes.values()
        for node in scope.source.tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    ]


def with_aliases(names: set[str], pairs: list[tuple[str, str]]) -> set[str]:
    """``names``, and what they are called elsewhere."""
    return names | {alias for name, alias in pairs if name in names}


def settable(owner: Value, name: ast.expr | None) -> set[str]:
    """What ``setattr(owner, name, …)`` may set: nothing that matters if ``owner`` is no module or class."""
    known = str(name.value) if isinstance(name, ast.Constant) else None
    if isinstance(owner, External):
        return {f"{owner.name}.{known}"} if known is not None else set()
    if not isinstance(owner, Module | Class):
        return set()
    if known is not None:
        return {known}
    return set(owner.scope.names if isinstance(owner, Module) else owner.names)


def dotted_name(node: ast.expr) -> str | None:
    """``a.b.c`` as text; None for any other expression."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def _set_by(scope: Scope, statement: ast.stmt) -> set[str]:
    match statement:
        case ast.Assign(targets=[ast.Attribute(value=owner, attr=name), *_]):
            return _set_in(scope, owner, ast.Constant(name))
        case ast.Expr(value=ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[owner, name, *_])):
            return _set_in(scope, owner, name)
    return set()


def _set_in(scope: Scope, owner: ast.expr, name: ast.expr) -> set[str]:
    dotted = dotted_name(owner)
    return settable(scope.resolve(dotted), name) if dotted else set()


_SETTING = (ast.Assign, ast.Expr)
_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.TryStar)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a top level and of its compound statements; functions are not entered."""
    for statement in body:
        if isinstance(statement, _COMPOUND):
            for name in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(statement, name, []))
            for handler in getattr(statement, "handlers", []):
                yield from _statements(handler.body)
        else:
            yield statement
