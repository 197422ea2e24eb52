"""Names that may come to mean something else: bound twice, declared ``global``, or set from elsewhere.

Nothing may be concluded from the value of such a name. They go by their bare name, whatever module they
belong to: rather too many than too few. What function bodies do is added while they are read.
"""

import ast
from collections.abc import Iterator

from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Class, Module, Value

#: A module that has one of these in its text may set any name of its own …
_OWN = ("globals()", "vars(", "locals()", "__dict__")
#: … and with one of these, of any module.
_ANY = ("sys.modules", "import_module", "__import__", "exec(", "eval(", "reload(")


def rebound_at_top(project: Project) -> set[str]:
    """Names that the top levels of the project's modules bind more than once, or may set in other ways."""
    found: set[str] = set()
    for scope in project.scopes.values():
        found |= scope.history.keys()
        text = scope.source.text
        if any(word in text for word in _OWN):
            found |= scope.names.keys()
        if any(word in text for word in _ANY):
            found |= {name for other in project.scopes.values() for name in other.names}
        if "setattr(" in text:
            for call in _calls(scope.source.tree.body):
                found |= _set_by_name(scope, call)
    return found


def with_aliases(project: Project, names: set[str]) -> set[str]:
    """``names``, and what they are called where they are imported ``as`` something else."""
    return names | {
        alias.asname
        for scope in project.scopes.values()
        for node in scope.source.tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname and alias.name in names
    }


def settable(owner: Value, name: ast.expr | None) -> set[str]:
    """What ``setattr(owner, name, …)`` may set: nothing that matters if ``owner`` is no module or class."""
    if not isinstance(owner, Module | Class):
        return set()
    if isinstance(name, ast.Constant):
        return {str(name.value)}
    return set(owner.scope.names if isinstance(owner, Module) else owner.names)


def dotted_name(node: ast.expr) -> str | None:
    """``a.b.c`` as text; None for any other expression."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def _set_by_name(scope: Scope, call: ast.Call) -> set[str]:
    if not isinstance(call.func, ast.Name) or call.func.id not in ("setattr", "delattr") or not call.args:
        return set()
    dotted = dotted_name(call.args[0])
    owner = scope.resolve(dotted) if dotted else None
    return settable(owner, call.args[1] if len(call.args) > 1 else None) if owner else set()


def _calls(body: list[ast.stmt]) -> Iterator[ast.Call]:
    """Calls that are statements of a top level or of its compound statements; functions are not entered."""
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            yield statement.value
        elif isinstance(statement, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.TryStar):
            for name in ("body", "orelse", "finalbody"):
                yield from _calls(getattr(statement, name, []))
            for handler in getattr(statement, "handlers", []):
                yield from _calls(handler.body)
