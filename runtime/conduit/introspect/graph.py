"""Edges → who needs whom: neighbours, closures within depth and time, cycles.

Resources are numbers here. A closure is walked a level at a time, with a byte a resource for what was seen
(sets take twice as long), so that ten thousand resources cost two milliseconds.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from time import perf_counter

from conduit.introspect import index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from conduit.introspect.store import Store

    Neighbours = Sequence[Sequence[int]]

#: So many resources are expanded, or looked at, between two looks at the clock.
STEP = 512
#: The part of the time after which nothing more is looked for.
FINDING = 0.5
#: And after which cycles are given up.
_CYCLES = 0.85


class Relation:
    """One edge, seen from one of its ends: the other one, what stands between them, and where."""

    __slots__ = ("fields", "file", "kind", "line", "other")

    def __init__(self, other: int, kind: str, file: str, line: int, fields: list[str]) -> None:
        self.other, self.kind, self.file, self.line, self.fields = other, kind, file, line, fields


class Clock:
    """A bound in seconds, from now on; None is no bound. ``tell`` is asked what time it is."""

    __slots__ = ("_seconds", "_start", "_tell")

    def __init__(self, seconds: float | None, tell: Callable[[], float] = perf_counter) -> None:
        self._tell = tell
        self._seconds = seconds
        self._start = tell()

    def over(self, share: float = 1.0) -> bool:
        """Is time up, or so much of it? What is found first must leave some to be told."""
        return self._seconds is not None and self._tell() - self._start >= self._seconds * share


class Closure:
    """What was reached: ``levels[0]`` is where it began. ``deeper``, ``late``: there was more to follow."""

    __slots__ = ("deeper", "late", "levels")

    def __init__(self, levels: list[list[int]], deeper: bool, late: bool) -> None:
        self.levels, self.deeper, self.late = levels, deeper, late


class Graph:
    """``forward[n]`` are the resources that number ``n`` needs, ``backward[n]`` those that need it.

    A resource has one number object throughout: what is walked fits into the processor's cache.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        degrees = store.column("degree")
        self._numbers = list(range(len(degrees)))
        targets = [*map(self._numbers.__getitem__, store.column("target"))]
        self._starts = [0, *accumulate(degrees)]
        self.forward: Neighbours = [tuple(targets[start:end]) for start, end in pairwise(self._starts)]
        self._backward: Neighbours | None = None
        self._incoming: Neighbours | None = None

    @property
    def backward(self) -> Neighbours:
        if self._backward is None:
            found: list[list[int]] = [[] for _ in self.forward]
            for source, targets in zip(self._numbers, self.forward, strict=True):
                for target in targets:
                    found[target].append(source)
            self._backward = [*map(tuple, found)]  # lists are walked when garbage is collected
        return self._backward

    @property
    def incoming(self) -> Neighbours:
        """The numbers of the edges that lead to each resource, in the order of ``backward``."""
        if self._incoming is None:
            found: list[list[int]] = [[] for _ in self.forward]
            for edge, target in enumerate(self._store.column("target")):
                found[target].append(edge)
            self._incoming = [*map(tuple, found)]
        return self._incoming

    def prepare(self, *, reverse: bool) -> None:
        """Derive all that walking needs, and telling by what something is reached: part of loading, which the
        first question pays, and not of any question's time."""
        _ = self.backward
        if not reverse:
            _ = self.incoming
        for name in ("id", "kind", "relations", "relation", "files", "edge_file", "edge_line", "edge_fields"):
            self._store.column(name)

    def out_of(self, number: int, kind: str | None = None) -> list[Relation]:
        """The relations of a resource to what it needs; of one kind."""
        targets, first = self.forward[number], self._starts[number]
        found = enumerate(targets, first)
        if kind is None:
            return [self._relation(target, edge) for edge, target in found]
        kinds = self._store.column("relations")
        wanted = kinds.index(kind) if kind in kinds else -1
        relation = self._store.column("relation")
        return [self._relation(target, edge) for edge, target in found if relation[edge] == wanted]

    def into(self, number: int) -> list[Relation]:
        """The relations of those that need a resource to it."""
        pairs = zip(self.backward[number], self.incoming[number], strict=True)
        return [self._relation(source, edge) for source, edge in pairs]

    def led_by(self, number: int, nearer: Collection[int], *, reverse: bool) -> Relation | None:
        """The first relation between a resource and one of ``nearer``: from those to it, or ``reverse``."""
        if reverse:
            targets, first = self.forward[number], self._starts[number]
            found = next(((one, first + place) for place, one in enumerate(targets) if one in nearer), None)
        else:
            pairs = zip(self.backward[number], self.incoming[number], strict=True)
            found = next((pair for pair in pairs if pair[0] in nearer), None)
        return None if found is None else self._relation(*found)

    def _relation(self, other: int, edge: int) -> Relation:
        column = self._store.column
        kind = column("relations")[column("relation")[edge]]
        file, line = column("files")[column("edge_file")[edge]], column("edge_line")[edge]
        return Relation(other, kind, file, line, index.parts(column("edge_fields")[edge]))


def closure(
    neighbours: Neighbours,
    start: Collection[int],
    depth: int | None = None,
    clock: Clock | None = None,
    first: Iterable[int] = (),
) -> Closure:
    """All that is reached from ``start`` in up to ``depth`` steps; ``first`` are one step away besides."""
    levels = [list(start)]
    seen = bytearray(len(neighbours))
    for one in levels[0]:
        seen[one] = 1
    new = [one for one in first if not seen[one]]
    for one in new:
        seen[one] = 1
    while depth is None or len(levels) <= depth:
        frontier = levels[-1]
        for place in range(0, len(frontier), STEP):
            if clock is not None and clock.over(FINDING):
                return Closure([*levels, new] if new else levels, False, True)
            for node in frontier[place : place + STEP]:
                for one in neighbours[node]:
                    if not seen[one]:
                        seen[one] = 1
                        new.append(one)
        if not new:
            return Closure(levels, False, False)
        levels.append(new)
        new = []
    deeper = any(not seen[one] for node in levels[-1] for one in neighbours[node])
    return Closure(levels, deeper, False)


def cycles(
    neighbours: Neighbours, among: Collection[int], clock: Clock | None = None
) -> list[list[int]] | None:
    """Groups of resources that need each other, and those that need themselves; None where time is up.

    Tarjan's strongly connected components, without recursion; only edges within ``among`` count.
    """
    inside = among if isinstance(among, set) else set(among)
    found: list[list[int]] = []
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    closed: set[int] = set()
    for root in sorted(inside):
        work = [] if root in order else [(root, iter(neighbours[root]))]
        if work:
            order[root] = low[root] = len(order)
            stack.append(root)
        while work:
            node, rest = work[-1]
            new = next((one for one in rest if one in inside and _look(one, node, order, low, closed)), None)
            if new is not None:
                if not len(order) % STEP and clock is not None and clock.over(_CYCLES):
                    return None
                order[new] = low[new] = len(order)
                stack.append(new)
                work.append((new, iter(neighbours[new])))
                continue
            work.pop()
            if work:
                above = work[-1][0]
                low[above] = min(low[above], low[node])
            if low[node] == order[node]:
                group = _cut(stack, node)
                closed.update(group)
                if len(group) > 1 or node in neighbours[node]:
                    found.append(sorted(group))
    return sorted(found)


def _look(one: int, node: int, order: dict[int, int], low: dict[int, int], closed: set[int]) -> bool:
    """Is ``one`` new? Where it is not, and in the same group, ``node`` reaches as low as that."""
    if one not in order:
        return True
    if one not in closed:
        low[node] = min(low[node], order[one])
    return False


def _cut(stack: list[int], node: int) -> list[int]:
    """What stands on ``stack`` from ``node`` on."""
    group = []
    while True:
        group.append(stack.pop())
        if group[-1] == node:
            return group
