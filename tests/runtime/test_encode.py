"""Encoding: values by what they are, sets in an order of their own, dictionaries in theirs."""

import os
import subprocess
import sys
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
import numpy as np
import pytest
from conduit.http.encode import encode_json
from conduit.http.sets import holds_set


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "not this"


class Number(int):
    pass


class Real(float):
    pass


class Colour(Enum):
    RED = "red"


@dataclass
class Tagged:
    name: str
    tags: set[str] = field(default_factory=set)
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True)
class Frozen:
    tags: frozenset[int]


class Outer(msgspec.Struct, frozen=True, rename="camel"):
    inner_ones: list[Tagged]
    anything: Any = None


@dataclass
class Dishonest:
    tags: list[str]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Text("x"), '"x"'),
        (Number(3), "3"),
        (Real(1.5), "1.5"),
        ({Text("k"): Text("v"), "n": [Number(1)]}, '{"k":"v","n":[1]}'),
        ({Number(1): 2}, '{"1":2}'),
        (np.int64(3), "3"),
        (np.float32(1.5), "1.5"),
        (np.float64("nan"), "null"),
        (np.longdouble(2.5), "2.5"),
        (np.bool_(True), "true"),
        (np.str_("s"), '"s"'),
        (np.array([[1.0, np.inf], [3.0, 4.0]]), "[[1.0,null],[3.0,4.0]]"),
        (np.array(3), "3"),
        ({"a": np.arange(3)}, '{"a":[0,1,2]}'),
        (Colour.RED, '"red"'),
        (date(2026, 1, 2), '"2026-01-02"'),
        (Decimal("1.50"), '"1.50"'),
        (2**70, str(2**70)),
        ({3, 1, 2}, "[1,2,3]"),
        (frozenset("cab"), '["a","b","c"]'),
        ({10, 9.5, True}, "[true,9.5,10]"),
        ({"b", 1, None}, '["b",1,null]'),
        ({(2, 1), (1, 2)}, "[[1,2],[2,1]]"),
        ({frozenset({2, 1}), frozenset({1, 3})}, "[[1,2],[1,3]]"),
        ({float("nan"), 1.0}, "[1.0,null]"),
        ({"z": 1, "a": {"y", "x"}}, '{"z":1,"a":["x","y"]}'),
        ([{"a": {"d": ({"y", "x"},)}}], '[{"a":{"d":[["x","y"]]}}]'),
        (OrderedDict(b={2, 1}, a=1), '{"b":[1,2],"a":1}'),
        (Tagged("n", {"b", "a"}), '{"name":"n","tags":["a","b"],"colour":"red"}'),
        (Frozen(frozenset({2, 1})), '{"tags":[1,2]}'),
        (
            Outer([Tagged("n", {"b", "a"})], {"z": {2, 1}}),
            '{"innerOnes":[{"name":"n","tags":["a","b"],"colour":"red"}],"anything":{"z":[1,2]}}',
        ),
        (Dishonest({"b", "a"}), '{"tags":["a","b"]}'),  # type: ignore[arg-type]
    ],
)
def test_values(value, text):
    assert encode_json(value) == text.encode()


def test_what_is_encoded_stays_as_it_was():
    value = Outer([Tagged("n", {"b", "a"})], {"z": {2, 1}})
    encode_json(value)
    assert value == Outer([Tagged("n", {"b", "a"})], {"z": {2, 1}})
    assert type(value.inner_ones[0].tags) is set


def test_annotations_that_cannot_be_evaluated_are_looked_into():
    @dataclass
    class Strange:
        tags: "Nowhere"  # noqa: F821

    assert encode_json(Strange({"b", "a"})) == b'{"tags":["a","b"]}'


@pytest.mark.parametrize("value", [np.complex64(1), object(), {"x": 1j}])
def test_refused(value):
    with pytest.raises(TypeError, match=r"(numpy\.complex64|object|complex) cannot be sent as JSON"):
        encode_json(value)


def test_no_set_is_missed():
    assert holds_set([{"a": 1}, {"a": {1}}])
    assert holds_set([[[[{1}]]]])
    assert holds_set(({"a": [()]}, [frozenset()]))
    assert not holds_set([{"a": [1, "x", (1.5, None)]}, {}, [b"x"]])


@pytest.mark.parametrize("width", [1, 2, 2000])
def test_what_contains_itself_ends(width):
    one: list[Any] = []
    one.extend([one] * width)
    with pytest.raises(RecursionError):
        encode_json({"a": one})


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_the_hash_seed_does_not_show(seed):
    code = (
        "from conduit.http.encode import encode_json\n"
        "print(encode_json({'b': {'x', 'y', 'z', 'w'}, 'a': [frozenset({'q', 1, (2, 'r')})]}).decode())"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.strip() == '{"b":["w","x","y","z"],"a":[["q",1,[2,"r"]]]}'
