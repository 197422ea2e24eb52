"""Which functions of the project the used ones call, by the names in their bodies; nothing is executed.

What handlers, providers and middleware call themselves is looked up in modules that nothing else needed so
far, up to a bound; from there on only modules that are read already count.
"""

from __future__ import annotations

import ast

from conduitc.frontend import limits
from conduitc.frontend.project import Project
from conduitc.frontend.values import Class, Function, Later, Value, attribute, member, settled
from conduitc.frontend.web.functions import Functions
from conduitc.ir.nodes import Unresolved


class Calls:
    """The calls of one app's functions, by id. ``left`` are those whose modules were not read."""

    def __init__(self, project: Project, functions: Functions) -> None:
        self.project = project
        self.functions = functions
        self.made: dict[str, tuple[str, ...]] = {}
        self.left: dict[str, Unresolved] = {}

    def follow(self) -> None:
        """Read the bodies of all used functions, and of those that they call."""
        first = set(self.functions.used)
        waiting = list(self.functions.used)
        for id_ in waiting:
            function = self.functions.used[id_]
            called: dict[str, None] = {}
            nodes = list(ast.walk(function.node))
            own = _own_names(nodes)
            for node in nodes:
                if not isinstance(node, ast.Call) or _head(node.func) in own:
                    continue
                found = self._called(function, node.func, id_ in first)
                if found is not None and found is not function:
                    called[found.id] = None
                    if found.id not in self.functions.used:
                        self.functions.use(found)
                        waiting.append(found.id)
            self.made[id_] = tuple(called)

    def _called(self, function: Function, node: ast.expr, first: bool) -> Function | None:
        value = self._value(function, node, first)
        return value if isinstance(value, Function) and value.scope.source.file else None

    def _value(self, function: Function, node: ast.expr, first: bool) -> Value | None:
        """What a name or dotted name in a body means, where the module says so."""
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls") and function.home:
                return member(function.home, node.attr)
            owner = self._value(function, node.value, first)
            found = (
                attribute(owner, node.attr) if owner is not None and not isinstance(owner, Class) else None
            )
            return self._read(function, found, node, first)
        if not isinstance(node, ast.Name):
            return None
        for names in function.closure:
            if node.id in names:
                return self._read(function, names[node.id], node, first)
        value = function.scope.names.get(node.id)
        return self._read(function, value, node, first) if value is not None else None

    def _read(self, function: Function, value: Value | None, node: ast.expr, first: bool) -> Value | None:
        if not isinstance(value, Later) or value.found is not None or value.origin in self.project.scopes:
            return settled(value) if value is not None else None
        if first and len(self.project.scopes) < limits.CALLED:
            return settled(value)
        if first:
            what, reason = value.origin, "a module that only bodies use was not read: there are too many"
            self.left.setdefault(what, Unresolved(what, reason, function.scope.span(node)))
        return None


def _own_names(nodes: list[ast.AST]) -> set[str]:
    """The names that a body binds itself."""
    own = {one.arg for one in nodes if isinstance(one, ast.arg)} - {"self", "cls"}
    return own | {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def _head(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
