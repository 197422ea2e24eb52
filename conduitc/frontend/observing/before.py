"""Subjects that an earlier analysis in this process made of the same text → the same ones, not made again.

What is told of a function or class is its text, and which of the names of its module are the project's own. A
key holds both, and whatever else the caller used.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Class, Const, External, Function, Unknown
from conduitc.ir.patterns import Subject

_KIND = "subjects"
_NOT_OURS = frozenset({External, Const, Unknown})


class Before:
    """What is known from before. For one run: names of modules are looked at once."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}

    def subjects(
        self, of: Function | Class, what: Hashable, make: Callable[[], Iterable[Subject]]
    ) -> tuple[Subject, ...]:
        """What ``make`` gives for a function or class; ``what`` is all that it uses besides the text."""
        scope, node = of.scope, of.node
        kept = scope.project.kept
        if kept is None:
            return tuple(make())
        source = scope.source
        key = source.file, source.sha256, node.lineno, node.col_offset, self._own(scope), what
        return kept.get(_KIND, key, lambda: tuple(make()))

    def _own(self, scope: Scope) -> frozenset[str]:
        known = self._names.get(scope.name)
        if known is None:
            ours = (name for name, value in scope.names.items() if type(value) not in _NOT_OURS)
            known = self._names[scope.name] = frozenset(ours)
        return known
