"""An executed project → for each module a digest of all that reading its functions depends on.

A module's *outline* is what can be seen of it from outside of its functions: text, and what its containers
hold by now. ``Worlds.of(scope)`` is made of the module's own text, the outlines of the modules that its names
lead to, in the order in which they were executed, and what holds for the whole project. Equal digests mean:
reading a function of that module gives the same node again.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator

from conduitc.frontend.effects.rebinding import WORDS
from conduitc.frontend.imports import DYNAMIC
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.frontend.source import Source
from conduitc.frontend.values import (
    Class,
    Const,
    External,
    Function,
    Instance,
    Mapping,
    Module,
    Sequence,
    Unknown,
    Value,
    ancestry,
)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_TOLD = frozenset({Sequence, Mapping, Instance, External, Unknown})
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
#: So many parts of a container are looked at; of larger ones nothing is kept.
_PARTS = 2_000


class Outline:
    """What one source shows; made once for each version of a file.

    ``sets`` where its top level gives something an attribute, which may be another module's name.
    """

    def __init__(self, source: Source) -> None:
        inner = sorted(_bodies(source.tree.body))
        found = hashlib.blake2b(digest_size=16)
        done = 0
        for start, end in inner:
            found.update("\n".join(source.lines[done:start]).encode("utf-8", "surrogatepass"))
            found.update(b"\0")
            done = max(done, end)
        found.update("\n".join(source.lines[done:]).encode("utf-8", "surrogatepass"))
        words = [word for word in (*WORDS, *DYNAMIC) if word in source.text]
        found.update(repr((source.file, words)).encode())
        self.digest = found.digest()
        self.sets = any(map(_sets, _statements(source.tree.body)))


def _bodies(statements: Iterable[ast.stmt]) -> Iterator[tuple[int, int]]:
    """The lines (from 0, the last one excluded) of bodies that share no line with their function's head."""
    for one in _statements(statements):
        if isinstance(one, _FUNCTIONS):
            first = one.body[0]
            start = min([first.lineno, *(x.lineno for x in getattr(first, "decorator_list", ()))])
            if start > _head_end(one):
                yield start - 1, one.end_lineno or start


def _head_end(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The last line on which something of the signature stands."""
    parts = [one for one in (*ast.walk(node.args), node.returns) if one is not None]
    return max([node.lineno, *(getattr(one, "end_lineno", 0) or 0 for one in parts)])


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a top level, of its blocks and classes; functions are not entered."""
    for one in body:
        yield one
        if not isinstance(one, _FUNCTIONS):
            for name in _BLOCKS:
                for inner in getattr(one, name, ()):
                    if isinstance(inner, ast.stmt):
                        yield from _statements((inner,))
                    else:
                        yield from _statements(inner.body)


def _sets(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            pass
        case ast.AugAssign() | ast.AnnAssign() | ast.For() | ast.AsyncFor():
            targets = [statement.target]
        case ast.With() | ast.AsyncWith():
            targets = [one.optional_vars for one in statement.items if one.optional_vars]
        case ast.Expr(value=ast.Call(func=ast.Name(id="setattr" | "delattr"))):
            return True
        case _:
            return False
    return any(isinstance(part, ast.Attribute) for one in targets for part in ast.walk(one))


class Worlds:
    """Digests for the modules of ``project`` once it is executed; ``globally`` is part of all of them."""

    def __init__(self, project: Project, globally: object) -> None:
        self._project = project
        self._order = {name: rank for rank, name in enumerate(project.scopes)}
        self._outlines: dict[str, bytes] = {}
        outlines = {name: _outline(project, scope.source) for name, scope in project.scopes.items()}
        for name, scope in project.scopes.items():
            self._outlines[name] = _digest(name.encode(), outlines[name].digest, _state(scope))
        self._near = _near(project)
        # what is set in another module is remembered there with the line it was set on
        setters = [
            scope.source.sha256.encode() for name, scope in project.scopes.items() if outlines[name].sets
        ]
        shared = {name: known for name, known in project.identities.items() if len(known) > 1}
        ranks = {
            name: [(getattr(node, "lineno", 0), variant) for node, variant in known]
            for name, known in shared.items()
        }
        self._globally = _digest(*setters, repr((globally, sorted(ranks.items()))).encode())

    def of(self, scope: Scope) -> bytes:
        """All that functions of a module depend on, their own text included."""
        found = {scope.name: None}
        waiting = [scope.name]
        for name in waiting:
            for other in self._near[name]:
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        parts = [self._outlines[name] for name in sorted(found, key=self._order.__getitem__)]
        return _digest(scope.source.sha256.encode(), self._globally, *parts)


def _outline(project: Project, source: Source) -> Outline:
    if project.kept is None:
        return Outline(source)
    return project.kept.get("outline", (source.file, source.sha256), lambda: Outline(source))


def _near(project: Project) -> dict[str, list[str]]:
    """The modules that a module's names may lead to at once."""
    found: dict[str, dict[str, None]] = {name: {} for name in project.scopes}
    for name, scope in project.scopes.items():
        near = found[name]
        near.update((other, None) for other, _ in scope.imports if other in project.scopes)
        near.update((one.scope.name, None) for one in scope.names.values() if type(one) is Module)
        for cls in scope.classes:
            for base in ancestry(cls)[1:]:
                if isinstance(base, Class) and base.scope is not scope:
                    found[base.scope.name][name] = None
                    near[base.scope.name] = None
    return {name: list(near) for name, near in found.items()}


def _state(scope: Scope) -> bytes:
    """What no text of the module says: what its containers hold by now, whoever put it there, which names
    come from outside of the project, and which are not known."""
    found: dict[str, object] = {}
    for prefix, names in (("", scope.names), *((one.qualname, one.names) for one in scope.classes)):
        for name, value in names.items():
            if type(value) in _TOLD:
                found[f"{prefix}.{name}"] = _told(value, [_PARTS])
    return repr(found).encode("utf-8", "backslashreplace") if found else b""


def _told(value: Value, left: list[int]) -> object:
    """``value`` as plain material; ``left`` is how many parts may still be looked at."""
    left[0] -= 1
    if left[0] < 0:
        return id(value)
    match value:
        case Const():
            return type(value.value).__name__, value.value, value.enum
        case Sequence():
            return value.kind, value.spoiled, [_told(one, left) for one in value.items]
        case Mapping():
            return value.spoiled, [(key, _told(one, left)) for key, one in value.items.items()]
        case Instance():
            return _told(value.cls, left), [(name, _told(one, left)) for name, one in value.names.items()]
        case Function() | Class():
            return type(value).__name__, value.scope.name, value.qualname
        case External():
            return value.name
        case Unknown():
            return value.reason
        case Module():
            return value.scope.name
    return type(value).__name__


def _digest(*parts: bytes) -> bytes:
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(4, "big") + part)
    return found.digest()
