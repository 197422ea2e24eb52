"""Routes → DispatchPlan.

The trie's edges are *kinds* (static text, typed, str, path), not converters: priority compares kinds from
left to right, so all typed segments at one place are one edge, and which of the routes behind it applies is
decided at the leaf, by converters. That keeps backtracking exact and the trie as small as the patterns.
"""

from collections.abc import Sequence

from conduitc.ir.dispatch import TYPED, Candidate, DispatchPlan, MethodTable, Pattern, TrieNode
from conduitc.ir.nodes import WEBSOCKET, Dynamic, Route, Static

ANY_METHOD = "*"


def patterns(routes: Sequence[Route]) -> tuple[Pattern, ...]:
    """What dispatch needs of ``routes``: their place, methods and settled segments, fallbacks left out."""
    return tuple(
        Pattern(index, route.methods, route.path.segments)
        for index, route in enumerate(routes)
        if not route.fallback
    )


def lower(patterns: Sequence[Pattern]) -> DispatchPlan:
    """The tables for ``patterns``, which must be free of conflicts and have every converter settled."""
    grouped: dict[tuple[int, ...], list[str]] = {}
    by_index = {pattern.index: pattern for pattern in patterns}
    for method in _methods(patterns):
        ranked = sorted(
            (rank, pattern.index)
            for pattern in patterns
            if (rank := _rank(pattern.methods, method)) is not None
        )
        grouped.setdefault(tuple(index for _, index in ranked), []).append(method)
    tables = [
        _table(tuple(methods), [by_index[index] for index in members]) for members, methods in grouped.items()
    ]
    return DispatchPlan(tuple(patterns), tuple(tables))


def _methods(patterns: Sequence[Pattern]) -> list[str]:
    """Methods that get a table, in a fixed order: HEAD wherever GET has one."""
    found = {method for pattern in patterns for method in pattern.methods}
    return sorted(found | {"HEAD"} if "GET" in found else found)


def _rank(methods: Sequence[str], method: str) -> int | None:
    """Who wins a tie in the table of ``method``: 0 before 1 before 2; None does not compete."""
    if method in methods:
        return 0
    if method == "HEAD" and "GET" in methods:
        return 1
    return 2 if ANY_METHOD in methods and method != WEBSOCKET else None


class _Draft:
    """A trie node being filled."""

    __slots__ = ("accepts", "leaf", "plain", "static", "tail", "typed")

    def __init__(self) -> None:
        self.static: dict[str, int] = {}
        self.typed: int | None = None
        self.accepts: set[str] = set()
        self.plain: int | None = None
        self.leaf: list[Candidate] = []
        self.tail: list[Candidate] = []

    def freeze(self) -> TrieNode:
        return TrieNode(
            tuple(sorted(self.static.items())),
            self.typed,
            tuple(name for name in TYPED if name in self.accepts),
            self.plain,
            tuple(self.leaf),
            tuple(self.tail),
        )


def _table(methods: tuple[str, ...], members: Sequence[Pattern]) -> MethodTable:
    """``members`` come in the order in which ties are decided."""
    exact: dict[str, int] = {}
    drafts = [_Draft()]
    for pattern in members:
        path = _static_path(pattern)
        if path is None:
            _insert(drafts, pattern)
        else:
            exact.setdefault(path, pattern.index)
    nodes = tuple(draft.freeze() for draft in drafts)
    trailing = _trailing(nodes)
    return MethodTable(methods, tuple(sorted(exact.items())), nodes, trailing, _is_deep(nodes, trailing))


def _static_path(pattern: Pattern) -> str | None:
    """The one path that ``pattern`` matches.

    A static segment that holds a slash is met by an escaped slash only, so it has no such path.
    """
    texts = [s.text for s in pattern.segments if isinstance(s, Static) and "/" not in s.text]
    return "".join(f"/{text}" for text in texts) if len(texts) == len(pattern.segments) else None


def _insert(drafts: list[_Draft], pattern: Pattern) -> None:
    at = drafts[0]
    candidate = Candidate(
        pattern.index, tuple(_converter(s) for s in pattern.segments if isinstance(s, Dynamic))
    )
    for place, segment in enumerate(pattern.segments, 1):
        if isinstance(segment, Static):
            number = _next(drafts, at.static.get(segment.text))
            at.static[segment.text] = number
            at = drafts[number]
            continue
        converter = _converter(segment)
        if converter == "path":
            if place != len(pattern.segments):
                raise ValueError(f"a path parameter must be last: {pattern}")
            at.tail.append(candidate)
            return
        if converter == "str":
            at.plain = _next(drafts, at.plain)
            at = drafts[at.plain]
        else:
            at.accepts.add(converter)
            at.typed = _next(drafts, at.typed)
            at = drafts[at.typed]
    at.leaf.append(candidate)


def _next(drafts: list[_Draft], number: int | None) -> int:
    """``number``, or that of a node just added."""
    if number is None:
        drafts.append(_Draft())
        return len(drafts) - 1
    return number


def _converter(segment: Dynamic) -> str:
    if segment.converter not in (*TYPED, "str", "path"):
        raise ValueError(f"converter not settled: {segment}")
    return segment.converter


def _trailing(nodes: Sequence[TrieNode]) -> tuple[tuple[str, int], ...]:
    """Static chains from the root after which one parameter ends a route.

    Such a route comes right after the exact paths in priority: it may be looked up before the trie is walked.
    """
    found: list[tuple[str, int]] = []
    reached = [("", 0)]
    for text, number in reached:
        node = nodes[number]
        ends = [nodes[child].leaf for child in (node.typed, node.plain) if child is not None]
        if any(ends):
            found.append((text, number))
        reached.extend((f"{text}/{key}", child) for key, child in node.static if "/" not in key)
    return tuple(sorted(found))


def _is_deep(nodes: Sequence[TrieNode], trailing: Sequence[tuple[str, int]]) -> bool:
    ends = {child for _, number in trailing for child in (nodes[number].typed, nodes[number].plain)}
    return any(node.tail or (node.leaf and number not in ends) for number, node in enumerate(nodes))
