"""The dispatch plan: how the paths of an app are told apart, independent of the language it is emitted in.

Made by ``codegen.plan.lower`` from patterns; both dispatch targets are emitted from it and from nothing else.
"""

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


class DispatchPlan(Struct, frozen=True):
    """Every table of an app, and the patterns they were made from."""

    patterns: tuple[Pattern, ...]
    tables: tuple[MethodTable, ...]
