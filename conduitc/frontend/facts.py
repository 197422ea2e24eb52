"""What is told of a whole project whatever its dialect: modules, functions, schemas, what is unresolved."""

from __future__ import annotations

from conduitc.frontend.docs import Comments, docstring
from conduitc.frontend.functions import function_node
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Function
from conduitc.ir.nodes import Effects, Module, Schema, SlotSite, Unresolved
from conduitc.ir.nodes import Function as FunctionNode


class Facts:
    """Nodes of a project's modules. ``used`` are the functions that are read in full, with what they call."""

    def __init__(self, project: Project, used: dict[str, Function]) -> None:
        self.project = project
        self.used = used
        self.scopes = [scope for scope in project.scopes.values() if scope.source.file]

    def module(self, scope: Scope, slots: tuple[SlotSite, ...]) -> Module:
        source = scope.source
        return Module(
            scope.name, source.file, scope.package, source.sha256, docstring(source.tree), source.whole(),
            tuple(scope.imports), slots,
        )  # fmt: skip

    def functions(self) -> tuple[FunctionNode, ...]:
        """All that are used, and every other one at module level."""
        found = dict(self.used)
        for scope in self.scopes:
            for function in scope.functions:
                if function.home is None:
                    found.setdefault(function.id, function)
        comments = {scope.name: Comments(scope.source) for scope in self.scopes}
        return tuple(
            function_node(one, Effects(), comments[one.scope.name].of(one.node)) for one in found.values()
        )

    def schemas(self) -> tuple[Schema, ...]:
        known = self.project.schemas
        classes = [cls for scope in self.scopes for cls in scope.classes if known.kind(cls) is not None]
        return tuple(known.of(cls) for cls in classes)

    def unresolved(self) -> tuple[Unresolved, ...]:
        return tuple(Unresolved(what, reason, span) for what, reason, span in self.project.unresolved)
