"""The dispatch plan: how the paths of an app are told apart, independent of the language it is emitted in.

Made by ``codegen.plan.lower`` from patterns; both dispatch targets are emitted from it and from nothing else.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from conduitc.ir.nodes import Segment

#: The converters that share the rank "typed": they compete with each other, and come before ``str``.
TYPED = ("int", "float", "uuid")


class Pattern(Struct, frozen=True):
    """What dispatch knows of a route: ``index`` is its place among the app's routes (and in ``entries``)."""

    index: int
    methods: tuple[str, ...]
    segments: tuple[Segment, ...]


class Candidate(Struct, frozen=True):
    """A route that a path of this shape may belong to; ``converters`` of its dynamic segments, in order."""

    route: int
    converters: tuple[str, ...]


class TrieNode(Struct, frozen=True):
    """What may follow some leading segments. Children are numbers of nodes in the same table.

    ``static`` is sorted by text. A segment that one of ``accepts`` takes leads to ``typed``, any that is not
    empty to ``plain`` (``str``). ``leaf`` are the routes that end here, ``tail`` those whose ``path`` takes
    what is left, each in the order in which they are tried.
    """

    static: tuple[tuple[str, int], ...] = ()
    typed: int | None = None
    accepts: tuple[str, ...] = ()
    plain: int | None = None
    leaf: tuple[Candidate, ...] = ()
    tail: tuple[Candidate, ...] = ()


class MethodTable(Struct, frozen=True):
    """All routes that compete for a request of one of ``methods`` (several where the sets are the same).

    ``exact`` maps a whole path to its route. ``nodes`` is the trie of the others, the root first.
    ``trailing`` maps static text up to and without the last slash to the node where one parameter follows;
    ``deep`` says that the trie holds more than that.
    """

    methods: tuple[str, ...]
    exact: tuple[tuple[str, int], ...]
    nodes: tuple[TrieNode, ...]
    trailing: tuple[tuple[str, int], ...]
    deep: bool

    def routes(self) -> set[int]:
        """The routes that can be reached here."""
        found = {candidate.route for node in self.nodes for candidate in (*node.leaf, *node.tail)}
        return found | {route for _, route in self.exact}

    def texts(self) -> int:
        """How many texts are told apart: each has its slot in the perfect hash."""
        return len(self.exact) + len(self.trailing) + sum(len(node.static) for node in self.nodes)

    def ends(self) -> set[int]:
        """The nodes behind the one parameter that ``trailing`` is about."""
        nodes = [self.nodes[number] for _, number in self.trailing]
        return {child for node in nodes for child in (node.typed, node.plain) if child is not None}


class DispatchPlan(Struct, frozen=True):
    """Every table of an app, and the patterns they were made from."""

    patterns: tuple[Pattern, ...]
    tables: tuple[MethodTable, ...]

    def summary(self) -> list[str]:
        """What a build says about its tables, a line each."""
        if not self.tables:
            return ["no routes"]
        buckets = ", ".join(f"{'+'.join(table.methods)} {len(table.routes())}" for table in self.tables)
        slots = sum(table.texts() for table in self.tables)
        ours = [count for table in self.tables for count in self._comparisons(table)]
        scan = [place for table in self.tables for place in range(1, len(table.routes()) + 1)]
        return [
            f"method buckets: {buckets}",
            f"perfect-hash slots used: {slots} of {slots}",
            f"trie nodes: {sum(len(table.nodes) for table in self.tables)}",
            f"mean comparisons a lookup: {_mean(ours)}; a linear scan: {_mean(scan)}",
        ]

    def _comparisons(self, table: MethodTable) -> Iterator[int]:
        """For every route, the texts and converters compared until a path of it is found."""
        segments = {pattern.index: len(pattern.segments) for pattern in self.patterns}
        short = {candidate.route for child in table.ends() for candidate in table.nodes[child].leaf}
        exact = {route for _, route in table.exact}
        for route in table.routes():
            yield 1 if route in exact else 3 if route in short else 2 + segments[route]


def _mean(numbers: Sequence[int]) -> str:
    return f"{sum(numbers) / len(numbers):.1f}"
