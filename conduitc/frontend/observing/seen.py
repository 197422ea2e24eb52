"""What one subject does, collected: traits, each once, within bounds."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from conduitc.frontend.observing.texts import Text, Writer
from conduitc.frontend.source import Located, Source
from conduitc.ir.patterns import Subject, Trait
from conduitc.span import Span

#: Traits of one subject; nodes of one body that are looked at.
TRAITS, NODES = 150, 4_000
#: Names that say who may do something.
AUTH = re.compile(
    r"auth|login|logged|signed_?in|user|admin|permission|token|secur|credential|api_?key|principal|role|rbac"
    r"|Security\(",
    re.IGNORECASE,
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Seen:
    """The traits of a subject of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.writer = Writer(source.lines)
        self.traits: dict[tuple[str, str], Trait] = {}

    def add(self, category: str, text: Text | None, node: Located) -> None:
        """One thing that is done at ``node``; the first place counts."""
        if text is None or (category, text.text) in self.traits or len(self.traits) >= TRAITS:
            return
        self.traits[category, text.text] = Trait(category, text.text, self.source.span(node), text.holes)

    def subject(self, kind: str, resource: str, node: Located, groups: tuple[str, ...]) -> Subject:
        """All of it."""
        return Subject(kind, resource, whole(self.source, node), groups, tuple(self.traits.values()))


def whole(source: Source, node: Located) -> Span:
    """Where ``node`` stands, its decorators included."""
    span = source.span(node)
    decorators = getattr(node, "decorator_list", None)
    if not decorators:
        return span
    first = source.span(decorators[0])
    return Span(span.file, first.line, max(first.column - 1, 1), span.end_line, span.end_column)


def own(body: Sequence[ast.stmt]) -> list[ast.AST]:
    """The nodes of a body without those of functions and classes within, outermost first; the first ones."""
    found: list[ast.AST] = list(body)
    for one in found:
        if len(found) > NODES:
            break
        if type(one) in _NESTED:
            continue
        for value in one.__dict__.values():  # a third of the time of ast.iter_child_nodes
            kind = type(value)
            if kind is list:
                found += [item for item in value if type(item) not in _LEAVES]
            elif kind not in _LEAVES:
                found.append(value)
    return found


def statements(body: Sequence[ast.stmt]) -> list[ast.stmt | ast.ExceptHandler]:
    """The statements of a body, and what its ``try``s catch, without functions and classes within."""
    found: list[ast.stmt | ast.ExceptHandler] = list(body)
    for one in found:
        if len(found) > NODES:
            break
        if type(one) not in _NESTED:
            for name in ("body", "orelse", "handlers", "finalbody"):
                found += getattr(one, name, ())
            for case in getattr(one, "cases", ()):
                found += case.body
    return found


_NESTED = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda})
#: What has nothing in it that is looked at.
_LEAVES = frozenset({
    ast.Load, ast.Store, ast.Name, ast.Constant, ast.alias, *ast.operator.__subclasses__(),
    *ast.cmpop.__subclasses__(), *ast.boolop.__subclasses__(), *ast.unaryop.__subclasses__(),
    int, str, type(None),
})  # fmt: skip
