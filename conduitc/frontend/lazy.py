"""``--lazy``: which modules may be imported only when one of their routes is first asked for.

In: the project as read, and its App. Out: the groups, for each file the import statements to replace by
stand-ins, and for modules that declare routes and stay eager, why.

A module is put off where all that the rest of the program wants of it, and of what only it imports, is to
include its routers; and where importing it does nothing but define things and declare routes on these.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from conduitc.frontend.lazy_imports import Put, Statement, edges, puts, text_without
from conduitc.frontend.lazy_modules import does_more
from conduitc.frontend.project import Project
from conduitc.ir.nodes import App, LazyGroup
from conduitc.span import Span

Edits = tuple[tuple[Span, str], ...]

#: What a module that is put off may declare.
_KINDS = frozenset({"router", "route", "include"})


class Eager(Struct, frozen=True):
    """A module that declares routes and is imported at the start all the same."""

    module: str
    why: str


class Lazy(Struct, frozen=True):
    """``edits`` are statements and what takes their place, by file."""

    groups: tuple[LazyGroup, ...]
    edits: Mapping[str, Edits]
    eager: tuple[Eager, ...]


#: Where nothing was put off.
NONE = Lazy((), {}, ())


def find(project: Project, app: App) -> Lazy:
    """Groups, edits, and what stays."""
    return _Search(project, app).run()


class _Search:
    """``hard`` are imports that happen whenever the importing module is; ``soft`` those that could wait."""

    def __init__(self, project: Project, app: App) -> None:
        self.project = project
        self.app = app
        self.why: dict[str, str] = {}
        included = {one.span for one in app.declarations if one.kind == "include"}
        self.soft: list[Put] = []
        for scope in project.scopes.values():
            for put, why in puts(scope, included):
                if why is None:
                    self.soft.append(put)
                else:
                    self.why.setdefault(put.module, why)
        waiting = {(one.importer, one.node, one.alias) for one in self.soft}
        self.hard = {name: edges(scope, waiting) for name, scope in project.scopes.items()}
        self.modules = {scope.source.file: name for name, scope in project.scopes.items()}

    def run(self) -> Lazy:
        chosen = {one.module for one in self.soft}
        while True:
            start = self._closure([self.app.module], chosen)
            dropped = {name: why for name in chosen if (why := self._against(name, start, chosen))}
            if not dropped:
                break
            for name, why in dropped.items():
                self.why.setdefault(name, why)
            chosen -= dropped.keys()
        kept = [one for one in self.soft if one.module in chosen and one.importer in start]
        groups = tuple(self._group(name, start, kept) for name in sorted({one.module for one in kept}))
        return Lazy(groups, self._edits(kept), self._eager({one.module for one in groups}))

    def _against(self, name: str, start: set[str], chosen: set[str]) -> str | None:
        """Why the module cannot wait."""
        if name in start:
            return "it is imported for something else, too"
        own = self._own(name, start)
        for module in sorted(own):
            if why := does_more(self.project.scopes[module], self._declared(module)):
                return why if module == name else f"it imports {module}, and {why}"
        for one in self.app.declarations:
            if self.modules.get(one.span.file) in own:
                if one.kind not in _KINDS:
                    return f"it declares `{one.kind}`"
                if one.conditional:
                    return f"`{one.key}` is declared under a condition"
        includes = {span for put in self.soft if put.module in chosen for span in put.includes}
        for route in self.app.routes:
            declared = self.modules.get(route.declaration.span.file)
            if declared in own and not includes.intersection(route.via):
                return f"{route.path.text} is declared on the app itself"
        return None

    def _own(self, name: str, start: set[str]) -> set[str]:
        """What comes with a module that waits."""
        return self._closure([name], set(), start) - start

    def _closure(self, names: Iterable[str], put_off: set[str], known: Iterable[str] = ()) -> set[str]:
        """The modules that importing ``names`` imports, beyond those ``known``; imports of ``put_off`` wait
        where they can."""
        later = {(one.importer, one.module) for one in self.soft if one.module in put_off}
        found = set(known)
        todo = [parent for name in names for parent in _parents(name)]
        while todo:
            name = todo.pop()
            if name in found or name not in self.project.scopes:
                continue
            found.add(name)
            todo += self.hard[name]
            for one in self.soft:
                if one.importer == name and (name, one.module) not in later:
                    todo += _parents(one.module)
        return found

    def _declared(self, module: str) -> set[Span]:
        file = self.project.scopes[module].source.file
        return {one.span for one in self.app.declarations if one.span.file == file}

    def _group(self, name: str, start: set[str], kept: list[Put]) -> LazyGroup:
        own = self._own(name, start)
        declarations = tuple(
            index for index, one in enumerate(self.app.declarations) if self.modules.get(one.span.file) in own
        )
        includes = tuple(span for put in kept if put.module == name for span in put.includes)
        return LazyGroup(name, includes, declarations)

    def _edits(self, kept: list[Put]) -> dict[str, Edits]:
        made: dict[str, dict[Statement, list[Put]]] = {}
        for put in kept:
            made.setdefault(put.importer, {}).setdefault(put.node, []).append(put)
        edits = {}
        for name, statements in made.items():
            scope = self.project.scopes[name]
            edits[scope.source.file] = tuple(
                (scope.span(node), text_without(node, some)) for node, some in statements.items()
            )
        return edits

    def _eager(self, lazy: set[str]) -> tuple[Eager, ...]:
        declaring = {self.modules[one.declaration.span.file] for one in self.app.routes if not one.fallback}
        stay = sorted(declaring - lazy - {self.app.module} - self._behind(lazy))
        return tuple(Eager(one, self.why.get(one, "it is not imported just to be included")) for one in stay)

    def _behind(self, lazy: set[str]) -> set[str]:
        """What comes with a module that waits."""
        start = self._closure([self.app.module], lazy)
        return self._closure(lazy, set(), start) - start


def _parents(name: str) -> Iterator[str]:
    """``a``, ``a.b``, ``a.b.c``: importing a module imports the packages it is in."""
    parts = name.split(".")
    yield from (".".join(parts[: count + 1]) for count in range(len(parts)))


def with_groups(app: App, lazy: Lazy) -> App:
    """The App, knowing its groups."""
    return replace(app, lazy=lazy.groups)
