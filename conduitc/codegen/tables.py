"""MethodTable → numbers: what the walker in ``dispatch.pyx.jinja`` reads, an array of 32-bit words and one of
bytes. The layout is told here and, by the same names, in ``dispatch.h.jinja``.

A header; displacements of the perfect hash; slots ``owner, at, size, target``; nodes ``static, typed,
accepts, plain, leaf, leaves, tail, tails``; candidates ``route, converter, converters``; then a word for each
converter. One perfect hash holds every text there is: whole paths, the static text before one trailing
parameter, and the static edges of every trie node; its owner tells them apart.
"""

from array import array
from collections.abc import Sequence

from msgspec import Struct

from conduitc.codegen import perfect_hash
from conduitc.ir.dispatch import Candidate, MethodTable, TrieNode

HEADER = ("keys", "buckets", "seed", "nodes", "candidates", "converters", "depth", "deep")

#: Owners that are no trie nodes.
EXACT = (1 << 32) - 1
TRAILING = (1 << 32) - 2

#: One bit each, so that a segment's fitness for several is one number.
CONVERTERS = {"int": 1, "float": 2, "uuid": 4, "str": 8, "path": 16}

#: Added to a route in the target of a trailing text, if the route is all there is and this its converter.
ENDS = {("int",): 1 << 31, ("str",): 1 << 30}

#: Stands in texts for a slash that was escaped in the request: a byte that UTF-8 does not have.
ESCAPED_SLASH = b"\xff"


class PackedTable(Struct, frozen=True):
    """``sections`` are the words with their titles, in the order in which they follow each other."""

    methods: tuple[str, ...]
    sections: tuple[tuple[str, tuple[tuple[int, ...], ...]], ...]
    text: bytes

    def to_bytes(self) -> bytes:
        """The table as ``Walker.from_bytes`` takes it, in this machine's byte order."""
        words = array("I", [word for _, rows in self.sections for row in rows for word in row])
        return words.tobytes() + self.text


def pack(table: MethodTable) -> PackedTable:
    """``table`` as the numbers that the native walker reads."""
    targets = {(EXACT, encode_path(path)): route for path, route in table.exact}
    targets |= {(TRAILING, encode_path(path)): _end(table.nodes, number) for path, number in table.trailing}
    for number, node in enumerate(table.nodes):
        targets |= {(number, encode(text)): child for text, child in node.static}
    keys = list(targets)
    hashed = perfect_hash.build(keys)
    text = bytearray()
    slots = []
    for number in hashed.order:
        key = keys[number]
        slots.append((key[0], len(text), len(key[1]), targets[key]))
        text += key[1]
    nodes, candidates, converters = _trie(table.nodes)
    sizes = (len(keys), len(hashed.displacements), hashed.seed, len(nodes), len(candidates), len(converters))
    sections = (
        (", ".join(HEADER), ((*sizes, _depth(table.nodes), int(table.deep)),)),
        ("displacements", _rows(hashed.displacements)),
        ("slots: owner, at, size, target", tuple(slots)),
        ("nodes: static, typed, accepts, plain, leaf, leaves, tail, tails", nodes),
        ("candidates: route, converter, converters", candidates),
        ("converters", _rows(converters)),
    )
    return PackedTable(table.methods, sections, bytes(text))


def encode(segment: str) -> bytes:
    """A decoded segment. Lone surrogates are kept: a str may hold them, so they must not raise."""
    return segment.encode("utf-8", "surrogatepass").replace(b"/", ESCAPED_SLASH)


def encode_path(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def _end(nodes: Sequence[TrieNode], number: int) -> int:
    """``number``, or the route and its only converter where there is just one way to end.

    That saves the walker four reads, most of what a table of 1,000 routes costs more than one of four.
    """
    node = nodes[number]
    children = [nodes[child] for child in (node.typed, node.plain) if child is not None]
    if len(children) == 1 and len(children[0].leaf) == 1:
        candidate = children[0].leaf[0]
        return ENDS[candidate.converters] | candidate.route if candidate.converters in ENDS else number
    return number


def _trie(
    nodes: Sequence[TrieNode],
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...], list[int]]:
    candidates: list[tuple[int, ...]] = []
    converters: list[int] = []

    def add(found: Sequence[Candidate]) -> tuple[int, int]:
        first = len(candidates)
        for candidate in found:
            candidates.append((candidate.route, len(converters), len(candidate.converters)))
            converters.extend(CONVERTERS[name] for name in candidate.converters)
        return first, len(found)

    packed = []
    for node in nodes:
        accepts = sum(CONVERTERS[name] for name in node.accepts)
        packed.append(
            (
                bool(node.static) + 0,
                node.typed or 0,
                accepts,
                node.plain or 0,
                *add(node.leaf),
                *add(node.tail),
            )
        )
    return tuple(packed), tuple(candidates), converters


def _depth(nodes: Sequence[TrieNode]) -> int:
    """How many nodes stand on the longest way down, the root included. Children have higher numbers."""
    depths = [1] * len(nodes)
    for number, node in enumerate(nodes):
        for child in (*(child for _, child in node.static), node.typed, node.plain):
            if child is not None:
                depths[child] = depths[number] + 1
    return max(depths)


def _rows(words: Sequence[int], width: int = 16) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(words[start : start + width]) for start in range(0, len(words), width))
