"""The packed tables, number by number: small ones as the native walker reads them."""

from typing import Any

import pytest

from conduitc.codegen import perfect_hash
from conduitc.codegen.plan import lower
from conduitc.codegen.tables import CONVERTERS, EXACT, TRAILING, encode, encode_path, pack
from conduitc.ir.dispatch import Pattern
from conduitc.ir.nodes import Dynamic, Static
from conduitc.span import NOWHERE


def pattern(index: int, path: str) -> Pattern:
    segments = [
        Dynamic("x", text[1:], NOWHERE) if text[:1] == ":" else Static(text) for text in path.split("/")[1:]
    ]
    return Pattern(index, ("POST",), tuple(segments))


def packed(*paths: str) -> dict[str, Any]:
    """The sections by their first word, and the texts by owner."""
    (table,) = lower([pattern(index, path) for index, path in enumerate(paths)]).tables
    made = pack(table)
    sections = {title.partition(":")[0].partition(",")[0]: rows for title, rows in made.sections}
    keys = {
        (owner, made.text[at : at + size].decode()): target for owner, at, size, target in sections["slots"]
    }
    return {**sections, "keys_by_owner": keys, "made": made}


def test_exact_and_trailing_texts() -> None:
    found = packed("/a", "/b/:int", "/c/:str", "/d/:int", "/d/:str")
    assert found["keys_by_owner"] == {
        (EXACT, "/a"): 0,
        (TRAILING, "/b"): 1 | 1 << 31,
        (TRAILING, "/c"): 2 | 1 << 30,
        (TRAILING, "/d"): 5,
        (0, "b"): 1,
        (0, "c"): 3,
        (0, "d"): 5,
    }
    ((keys, buckets, _, nodes, candidates, converters, depth, deep),) = found["keys"]
    assert (keys, buckets, nodes, candidates, converters, depth, deep) == (7, 4, 8, 4, 4, 3, 0)
    assert found["nodes"] == (
        (1, 0, 0, 0, 0, 0, 0, 0),
        (0, 2, CONVERTERS["int"], 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 1, 1, 0),
        (0, 0, 0, 4, 1, 0, 1, 0),
        (0, 0, 0, 0, 1, 1, 2, 0),
        (0, 6, CONVERTERS["int"], 7, 2, 0, 2, 0),
        (0, 0, 0, 0, 2, 1, 3, 0),
        (0, 0, 0, 0, 3, 1, 4, 0),
    )
    assert found["candidates"] == ((1, 0, 1), (2, 1, 1), (3, 2, 1), (4, 3, 1))
    assert found["converters"] == ((1, 8, 1, 8),)


def test_a_parameter_of_two_converters_is_looked_up_in_the_trie() -> None:
    found = packed("/a/:int", "/a/:uuid", "/b/:float")
    assert found["keys_by_owner"][TRAILING, "/a"] == 1
    assert found["keys_by_owner"][TRAILING, "/b"] == 3


def test_the_sections_have_titles() -> None:
    assert [title for title, _ in packed("/a/:int")["made"].sections] == [
        "keys, buckets, seed, nodes, candidates, converters, depth, deep",
        "displacements",
        "slots: owner, at, size, target",
        "nodes: static, typed, accepts, plain, leaf, leaves, tail, tails",
        "candidates: route, converter, converters",
        "converters",
    ]


def test_tails_and_several_converters() -> None:
    found = packed("/:uuid/:float/*x".replace("*x", ":path"), "/:int/:uuid/z")
    ((_, _, _, nodes, candidates, converters, depth, deep),) = found["keys"]
    assert (nodes, candidates, converters, depth, deep) == (4, 2, 5, 4, 1)
    assert found["nodes"][0] == (0, 1, CONVERTERS["int"] | CONVERTERS["uuid"], 0, 0, 0, 0, 0)
    assert found["nodes"][1] == (0, 2, CONVERTERS["float"] | CONVERTERS["uuid"], 0, 0, 0, 0, 0)
    assert found["nodes"][2] == (1, 0, 0, 0, 0, 0, 0, 1)
    assert found["nodes"][3] == (0, 0, 0, 0, 1, 1, 2, 0)
    assert found["candidates"] == ((0, 0, 3), (1, 3, 2))
    assert found["converters"] == ((4, 2, 16, 1, 4),)


def test_words_come_in_rows_of_sixteen() -> None:
    found = packed(*(f"/a{number}/:str" for number in range(40)))
    assert [len(row) for row in found["converters"]] == [16, 16, 8]
    assert [len(row) for row in found["displacements"]] == [16, 16, 8]
    words = sum(len(row) for _, rows in found["made"].sections for row in rows)
    assert len(found["made"].to_bytes()) == 4 * words + len(found["made"].text)


def test_texts() -> None:
    assert encode("a/ü\ud800") == b"a\xff\xc3\xbc\xed\xa0\x80"
    assert encode_path("/a/ü\ud800") == b"/a/\xc3\xbc\xed\xa0\x80"


@pytest.mark.parametrize("size", [1, 2, 5, 16, 100])
def test_hashes_are_those_of_the_native_side(size: int) -> None:
    """Fixed, as a build made today is read by the walker of tomorrow."""
    keys = [(number % 3, f"/text/{number}".encode() * (1 + number % 4)) for number in range(size)]
    made = perfect_hash.build(keys)
    assert len(made.displacements) == max(1, (size + 1) // 2)
    assert sorted(made.order) == list(range(size))
    assert [made.order[made.slot(key)] for key in keys] == list(range(size))


#: Under the seeds 0 and 5. The native side computes the same, which the differential tests show.
KNOWN = {
    (0, b""): (0x0, 0xFC986F37A2ABBFEC),
    (7, b"a"): (0x24BC90E225DA00C2, 0xE622BEB45942557),
    (7, b"abcd"): (0x277B42BF57ABBD3B, 0xCAB98D939294486B),
    (7, b"abcdefgh"): (0xD75031D7CF45B840, 0x73C3AF296F94A5CB),
    (7, b"abcdefghijklmnop"): (0xF604DD16747D50BA, 0x624CA8CF8B1E951),
    (EXACT, b"abcdefghijklmnopq"): (0x2F358EAD986376B2, 0x75F71AE2CC24B8A),
    (TRAILING, b"/api/v1/users/abcdefghijklmnopqrstuvwxyz/and/more"): (
        0xC163420629094CE2,
        0xAB5FE0FAC8608A30,
    ),
}


@pytest.mark.parametrize("key", KNOWN)
def test_known_hashes(key: perfect_hash.Key) -> None:
    assert (perfect_hash.hash_key(key, 0), perfect_hash.hash_key(key, 5)) == KNOWN[key]
