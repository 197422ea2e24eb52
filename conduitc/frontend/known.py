"""Functions and classes that an earlier analysis in this process read → their nodes, where nothing changed.

Without such analyses (``project.kept`` is None) nothing is known, kept or computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from conduitc.frontend import limits
from conduitc.frontend.effects import Names, Reading
from conduitc.frontend.outlines import Worlds
from conduitc.frontend.project import Project
from conduitc.frontend.values import Class, Function
from conduitc.ir.nodes import Function as FunctionNode
from conduitc.ir.nodes import Schema

_KIND, _SCHEMA = "function", "schema"

Key = tuple[bytes, str, int, int, str | None]


class Entry(Struct, frozen=True):
    """A node, the names that its body asked its module for, and those that it rebinds."""

    node: FunctionNode
    asked: frozenset[str]
    rebound: frozenset[str]


class Known:
    """What is known of a project's functions before they are read."""

    def __init__(self, project: Project, names: Names) -> None:
        self._project = project
        self._kept = project.kept if _is_roomy(project) else None
        self._worlds = Worlds(project, names) if self._kept is not None else None
        self._digests: dict[str, bytes] = {}
        self._found: dict[int, Entry] = {}
        self._doubtful: set[int] = set()

    def find(self, function: Function) -> bool:
        """Whether something is known of ``function``."""
        if self._kept is None:
            return False
        entry: Entry | None = self._kept.recall(_KIND, self._key(function))
        if entry is None or entry.node.id != function.id:
            return False
        self._found[id(function)] = entry
        return True

    def rebound(self) -> set[str]:
        """The names that bodies rebind that need not be read."""
        return {name for entry in self._found.values() for name in entry.rebound}

    def node(self, function: Function, uncertain: frozenset[str]) -> FunctionNode | None:
        """The node; None where the body must be read after all, because of a name that is ``uncertain``."""
        entry = self._found[id(function)]
        return entry.node if uncertain.isdisjoint(entry.asked) else None

    @contextmanager
    def making(self, made: Function | Class) -> Iterator[None]:
        """Whether reading leaves traces outside of the node: then it must be read each time."""
        if self._kept is None:
            yield
            return
        project = self._project
        doubtful, project.doubtful = project.doubtful, False
        before = _traces(project)
        yield
        if project.doubtful or _traces(project) != before:
            self._doubtful.add(id(made))
        project.doubtful = project.doubtful or doubtful

    def keep(
        self, function: Function, node: FunctionNode, reading: Reading, uncertain: frozenset[str]
    ) -> None:
        """Remember what was read, where it depends on nothing but its key."""
        if self._kept is None or id(function) in self._doubtful or not uncertain.isdisjoint(reading.asked):
            return
        self._kept.remember(_KIND, self._key(function), Entry(node, reading.asked, reading.rebound))

    def schema(self, cls: Class, make: Callable[[], Schema]) -> Schema:
        """The schema of a class as it was, or what ``make`` gives."""
        if self._kept is None:
            return make()
        key = self._key(cls)
        found: Schema | None = self._kept.recall(_SCHEMA, key)
        if found is not None and found.id == self._project.schemas.id(cls):
            return found
        with self.making(cls):
            schema = make()
        if id(cls) not in self._doubtful:
            self._kept.remember(_SCHEMA, key, schema)
        return schema

    def _key(self, made: Function | Class) -> Key:
        scope, node = made.scope, made.node
        digest = self._digests.get(scope.name)
        if digest is None:
            assert self._worlds is not None
            digest = self._digests[scope.name] = self._worlds.of(scope)
        opaque = made.opaque if isinstance(made, Function) else None
        return digest, made.qualname, node.lineno, node.col_offset, opaque


def _is_roomy(project: Project) -> bool:
    """Is the program far from its limits? Near them, what is found depends on what was read before."""
    spent = project.steps * 2 < limits.STEPS and project.work * 2 < limits.WORK
    return spent and project.branched * 2 < limits.BRANCHED


def _traces(project: Project) -> tuple[int, ...]:
    return (
        project.steps, project.work, project.branched, project.tests, len(project.scopes),
        len(project.diagnostics), len(project.unresolved), len(project.externals),
        len(project.identities),
    )  # fmt: skip
