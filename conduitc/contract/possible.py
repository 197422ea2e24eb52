"""Clauses → may any value fit, which ones where they are few, and may one fit two clauses?"""

from itertools import combinations, product

from conduitc.contract.clauses import (
    Clause,
    Conjunction,
    Plain,
    TooMuch,
    branches,
    choices,
    clauses,
    kinds,
    parts,
)
from conduitc.contract.groups import barren
from conduitc.contract.members import member, required
from conduitc.contract.scalars import Interval, longer, step_of
from conduitc.contract.values import together, valid

#: A range of so many whole numbers is looked at one by one.
_FEW = 64
#: So deep in a schema everything is possible.
_DEEPEST = 8
_SPLIT = frozenset(("$ref", "allOf", "anyOf", "oneOf"))


def possible(conjunction: Conjunction, depth: int = 0) -> bool:
    """Is there a value that fits? True where it cannot be told."""
    if False in conjunction:
        return False
    if depth > _DEEPEST:
        return True
    try:
        found = clauses(conjunction)
    except TooMuch:
        return True
    return any(not empty(one, kind, depth + 1) for one in found for kind in kinds(one))


def empty(clause: Clause, kind: str, depth: int = 0) -> bool:
    """Is there no value of that kind?"""
    values = few(clause, kind)
    if values is not None:
        return not values
    if kind in {"integer", "fraction"}:
        step = step_of(clause)
        whole = kind == "fraction" and step is not None and step.denominator == 1
        return whole or Interval(clause, kind).empty
    if kind == "string":
        return longer(clause)
    return barren(clause, kind, lambda inner: possible(inner, depth))


def few(clause: Clause, kind: str) -> list[object] | None:
    """The values of a kind that a clause lets in, where they are few and known."""
    values = choices(clause, kind)
    if values is None and kind == "integer":
        values = Interval(clause, kind).numbers(_FEW)
    if values is None:
        return None
    return [value for value in values if together(valid(value, _own(one)) for one in clause) is not False]


def _own(plain: Plain) -> Plain:
    """A schema without its alternatives, which are clauses."""
    return {key: value for key, value in plain.items() if key not in _SPLIT}


def apart(a: Clause, b: Clause, kind: str) -> bool:
    """Does a member that lists its values, such as a tag, keep the two apart for sure?"""
    if kind != "object":
        return False
    for name in required(a):
        values = _all(member(a, name))
        rules = member(b, name)
        if values is not None and all(
            together(valid(value, one) for one in rules) is False for value in values
        ):
            return True
    return False


def _all(conjunction: Conjunction) -> list[object] | None:
    """All values that fit, where they are few and known."""
    found: list[object] = []
    try:
        for clause in clauses(conjunction):
            for kind in kinds(clause):
                values = few(clause, kind)
                if values is None:
                    return None
                found += values
    except TooMuch:
        return None
    return found


def overlapping(a: Conjunction) -> bool:
    """May a value fit two of the alternatives of a ``oneOf``, so that it is none of *a*?"""
    for one in parts(a):
        either = [clauses((branch,)) for branch in branches(one, "oneOf")]
        for some, more in combinations(either, 2):
            for left, right in product(some, more):
                if any(not apart(left, right, kind) for kind in kinds(left) & kinds(right)):
                    return True
    return False
