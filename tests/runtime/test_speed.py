"""What is compiled means the same as what it stands for."""

from asyncio import sleep
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import msgspec
import pytest
from conduit.http.entry import step
from conduit.http.sets import ATOMS, _suspects, look_for_set
from hypothesis import given
from hypothesis import strategies as st

speed = pytest.importorskip("conduit.http._speed", reason="this installation has no native modules")


@dataclass
class Tagged:
    name: str
    tags: Any = field(default_factory=list)


class Row(msgspec.Struct):
    cells: list[Any]


class Kind(Enum):
    A = {1}


class Names(list[Any]):
    pass


def values() -> st.SearchStrategy[Any]:
    leaves = st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.binary(max_size=3), st.just(Kind.A)
    )
    return st.recursive(
        st.one_of(leaves, st.sets(st.integers(), max_size=2), st.frozensets(st.integers(), max_size=2)),
        lambda below: st.one_of(
            st.lists(below, max_size=3),
            st.lists(below, max_size=2).map(tuple),
            st.lists(below, max_size=2).map(Names),
            st.dictionaries(st.text(max_size=2), below, max_size=3),
            below.map(lambda value: Tagged("a", value)),
            st.lists(below, max_size=2).map(Row),
        ),
        max_leaves=12,
    )


@given(values())
def test_a_set_is_found_wherever_the_slow_look_finds_one(value: Any) -> None:
    assert speed.Looker(ATOMS, _suspects, look_for_set)(value) == look_for_set(value)


def test_what_is_deep_or_contains_itself_is_left_to_the_slow_look() -> None:
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    itself: list[Any] = []
    itself.append(itself)
    look = speed.Looker(ATOMS, _suspects, look_for_set)
    assert not look(deep)
    assert look(itself)


@pytest.mark.parametrize("finish", [step, speed.finish])
def test_a_coroutine_that_waits_for_nothing_is_finished(finish: Any) -> None:
    async def gives() -> int:
        return 7

    async def fails() -> None:
        raise KeyError("k")

    assert finish(gives()) == 7
    with pytest.raises(KeyError):
        finish(fails())
    with pytest.raises(RuntimeError, match="waited"):
        finish(sleep(0))
