"""What a clause says of the members of an object and of the items of an array."""

import re

from conduitc.contract.clauses import Clause, Conjunction, Plain, branches, by_name, most, others
from conduitc.contract.linked import Schema
from conduitc.contract.values import valid


def names(clause: Clause) -> dict[str, None]:
    """The members that are named, in order."""
    return dict.fromkeys(name for one in clause for name in by_name(one, "properties"))


def required(clause: Clause) -> dict[str, None]:
    """The members that must be there, in order."""
    return dict.fromkeys(str(name) for one in clause for name in branches(one, "required"))


def member(clause: Clause, name: str) -> Conjunction:
    """What holds of the member ``name``.

    Raises:
        re.error: a pattern of names is none of Python's.
    """
    found: list[Schema] = []
    for one in clause:
        own = [*_named(one, name), *_matched(one, name)]
        rule = one.get("propertyNames", True)
        allowed = not isinstance(rule, dict | bool) or valid(name, rule) is not False
        found += own or [others(one)] if allowed else [False]
    return tuple(schema for schema in found if schema is not True)


def _named(one: Plain, name: str) -> list[Schema]:
    properties = by_name(one, "properties")
    return [properties[name]] if name in properties else []


def _matched(one: Plain, name: str) -> list[Schema]:
    patterns = by_name(one, "patternProperties")
    return [schema for pattern, schema in patterns.items() if re.search(pattern, name)]


def item(clause: Clause, index: int) -> Conjunction:
    """What holds of the item at a place."""
    found = []
    for one in clause:
        first = branches(one, "prefixItems")
        rest = one.get("items", True)
        schema = first[index] if index < len(first) else rest
        if isinstance(schema, dict | bool) and schema is not True:
            found.append(schema)
    return tuple(found)


def prefix(clause: Clause) -> int:
    """From which place on all items are alike."""
    return max((len(branches(one, "prefixItems")) for one in clause), default=0)


def longest(clause: Clause) -> float:
    """The greatest length of an array."""
    found = most(clause, "maxItems")
    for index in range(prefix(clause) + 1):
        if False in item(clause, index):
            return min(found, index)
    return found
