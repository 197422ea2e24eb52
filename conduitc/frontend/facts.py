"""What is told of a whole project whatever its dialect: modules, functions, schemas, what is unresolved."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from conduitc.frontend.docs import Comments, docstring
from conduitc.frontend.effects import Reader, names_of
from conduitc.frontend.functions import function_node, parameters_of
from conduitc.frontend.known import Known
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Class, Function
from conduitc.ir.nodes import Function as FunctionNode
from conduitc.ir.nodes import Module, Parameter, Schema, SlotSite, Unresolved
from conduitc.ir.types import Scalar, Type, Unknown, walk
from conduitc.span import Span


class Facts:
    """Nodes of a project's modules. ``used`` are the functions that are read in full, with what they call."""

    def __init__(self, project: Project, used: dict[str, Function]) -> None:
        self.project = project
        self.used = used
        self.scopes = [scope for scope in project.scopes.values() if scope.source.file]
        self._commented: dict[str, Comments] = {}
        self._known: Known | None = None

    def module(self, scope: Scope, slots: tuple[SlotSite, ...]) -> Module:
        source = scope.source
        return Module(
            scope.name, source.file, scope.package, source.sha256, docstring(source.tree), source.whole(),
            tuple(scope.imports), slots,
        )  # fmt: skip

    def functions(self) -> tuple[FunctionNode, ...]:
        """All that are used, every other one at module level, and the methods that those call."""
        listed = list(self._all())
        self._name(listed)
        names = names_of(self.project)
        reader = Reader(self.project, names)
        known = self._known = Known(self.project, names)
        read: list[tuple[Function, tuple[Parameter, ...]] | None] = []
        for one in listed:
            if known.find(one):
                read.append(None)
                continue
            with known.making(one):
                parameters = parameters_of(one)
                reader.read(one, parameters)
            read.append((one, parameters))
        uncertain = reader.uncertain(known.rebound())
        nodes = []
        for one, fresh in zip(listed, read, strict=True):
            node = known.node(one, uncertain) if fresh is None else None
            if node is None:
                with known.making(one):
                    parameters = fresh[1] if fresh is not None else parameters_of(one)
                    reading = reader.reading(one, parameters, uncertain)
                    comments = self._comments(one.scope).of(one.node)
                    node = function_node(one, parameters, reading.effects, comments)
                known.keep(one, node, reading, uncertain)
            nodes.append(node)
        called = {id_ for node in nodes for id_ in node.effects.calls}
        return tuple(
            node for one, node in zip(listed, nodes, strict=True) if one.home is None or node.id in called
        )

    def _name(self, listed: list[Function]) -> None:
        """Give everything its id first, so that these do not depend on what is read, and when."""
        schemas = self.project.schemas
        for scope in self.scopes:
            for cls in scope.classes:
                if schemas.kind(cls) is not None:
                    schemas.id(cls)
        for one in listed:
            assert one.id
        for scope in self.scopes:
            for one in scope.functions:
                assert one.id

    def _all(self) -> Iterator[Function]:
        """Every function of the project once: as it is used, else as it was defined first."""
        yield from self.used.values()
        nodes = {id(one.node) for one in self.used.values()}
        for scope in self.scopes:
            for one in scope.functions:
                if id(one.node) not in nodes:
                    nodes.add(id(one.node))
                    yield one

    def schemas(self) -> tuple[Schema, ...]:
        known = self.project.schemas
        classes = [cls for scope in self.scopes for cls in scope.classes if known.kind(cls) is not None]
        before = self._known or Known(self.project, names_of(self.project))
        return tuple(before.schema(cls, partial(self._schema, cls)) for cls in classes)

    def _schema(self, cls: Class) -> Schema:
        schema = self.project.schemas.of(cls)
        decorators = tuple(cls.scope.source.snippet(one) for one in cls.node.decorator_list)
        return replace(schema, decorators=decorators, comments=self._comments(cls.scope).of(cls.node))

    def _comments(self, scope: Scope) -> Comments:
        found = self._commented.get(scope.name)
        if found is None:
            found = self._commented[scope.name] = Comments(scope.source)
        return found

    def unresolved(
        self, functions: tuple[FunctionNode, ...], schemas: tuple[Schema, ...]
    ) -> tuple[Unresolved, ...]:
        """What could not be followed, and the annotations that have no meaning."""
        listed = [Unresolved(what, reason, span) for what, reason, span in self.project.unresolved]
        if not self.project.doubtful:
            return tuple(listed)
        for function in functions:
            used = function.id in self.used
            for parameter in function.parameters:
                listed.extend(_unknown(parameter.type, parameter.span, blocks=used))
            listed.extend(_unknown(function.returns, function.returns_span or function.span, blocks=False))
        for schema in schemas:
            for field in schema.fields:
                listed.extend(_unknown(field.type, field.span, blocks=False))
        return tuple(listed)


def _unknown(type_: Type | None, span: Span, *, blocks: bool) -> Iterator[Unresolved]:
    if type_ is None or isinstance(type_, Scalar):
        return
    for one in walk(type_):
        if isinstance(one, Unknown):
            yield Unresolved(one.text, one.reason, span, blocks)
