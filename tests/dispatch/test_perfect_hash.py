"""The minimal perfect hash: as many slots as keys, whatever their number."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from conduitc.codegen import perfect_hash
from conduitc.codegen.plan import lower
from conduitc.codegen.tables import EXACT, pack
from conduitc.ir.dispatch import Pattern
from conduitc.ir.nodes import Static

SIZES = [*range(1, 65), 100, 127, 128, 129, 500, 1000, 1023, 2000, 4096, 10_000]


def keys(size: int) -> list[perfect_hash.Key]:
    """Texts of all lengths, many of them alike, of a few owners."""
    dice = random.Random(size)
    texts = [f"{'/api/v1' * (n % 3)}/{n:x}{'/x' * dice.randrange(4)}".encode() for n in range(size)]
    return [(dice.choice((EXACT, 0, 7)), text) for text in texts]


@pytest.mark.parametrize("size", SIZES)
def test_slots_equal_keys(size: int) -> None:
    made = keys(size)
    hashed = perfect_hash.build(made)
    assert sorted(hashed.order) == list(range(size))
    assert [hashed.order[hashed.slot(key)] for key in made] == list(range(size))


def test_no_keys() -> None:
    assert perfect_hash.build([]).order == ()


def test_every_length_of_text_counts_whole() -> None:
    """The hash reads sixteen bytes at a time: no byte of a text may be left out, nor undo another."""
    for size in range(1, 60):
        text = bytes(range(1, size + 1))
        flipped = [text[:at] + bytes([text[at] ^ 128]) + text[at + 1 :] for at in range(size)]
        hashes = {perfect_hash.hash_key((0, one), 0) for one in [text, *flipped]}
        assert len(hashes) == size + 1, size


def test_same_keys_same_tables() -> None:
    assert perfect_hash.build(keys(300)) == perfect_hash.build(keys(300))


def test_keys_given_twice_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^keys are not distinct$"):
        perfect_hash.build([(0, b"a"), (0, b"a")])


@pytest.mark.parametrize("size", [1, 2, 3, 17, 1000, 10_000])
def test_the_native_walker_computes_the_same_hash(walker: Callable[..., Any] | None, size: int) -> None:
    if walker is None:
        pytest.skip("no C compiler")
    paths = [f"/{number:b}" for number in range(size)]
    plan = lower([Pattern(n, ("GET",), (Static(path[1:]),)) for n, path in enumerate(paths)])
    made = walker(pack(plan.tables[0]).to_bytes(), paths, [None] * size)
    assert [made.find(path) for path in paths] == [(path,) for path in paths]
    assert not any(made.find(path + "2") for path in paths)


def test_what_cannot_be_placed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perfect_hash, "_ATTEMPTS", 0)
    with pytest.raises(RuntimeError, match=r"^no perfect hash of 40 keys$"):
        perfect_hash.build(keys(40))


def test_the_tables_of_some_keys() -> None:
    """The largest buckets choose first, single keys get what is left, empty buckets have 0."""
    made = perfect_hash.build([(number % 3, f"/k{number}".encode()) for number in range(11)])
    direct = perfect_hash.DIRECT
    assert made.seed == 0
    assert made.displacements == (0, direct, 1, direct | 7, 0, direct | 9)
    assert made.order == (4, 10, 3, 6, 5, 1, 2, 7, 8, 0, 9)
