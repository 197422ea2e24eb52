"""Arrays and objects: does all that clause *a* lets in fit clause *b*?

``compare(a, b, where)`` gives the gaps between two conjunctions, ``possible(a)`` says whether any value fits.
"""

import math
import re
from collections.abc import Callable, Iterator

from conduitc.contract.clauses import Clause, Conjunction, Plain, by_name, least, most, others, texts_under
from conduitc.contract.gaps import ANY, Gap, Where, unsure
from conduitc.contract.linked import Schema
from conduitc.contract.members import item, longest, member, names, prefix, required
from conduitc.contract.scalars import sizes
from conduitc.contract.values import valid

Compare = Callable[[Conjunction, Conjunction, Where], list[Gap]]
Possible = Callable[[Conjunction], bool]
#: What a schema says: what was taken before and is now, what is given now and was before.
TAKEN, GIVEN = "taken", "given"
_TEXT: Schema = {"type": "string"}


def array(a: Clause, b: Clause, compare: Compare, possible: Possible) -> Iterator[Gap]:
    """Gaps between arrays."""
    ours, theirs = longest(a), longest(b)
    yield from sizes((_span(a, ours),), (_span(b, theirs),), "Items", "items")
    last = max(prefix(a), prefix(b))
    for index in range(last + 1):
        if index >= min(ours, theirs) or not possible(item(a, index)):
            break
        at = f"[{index}]" if index < last else ANY
        yield from compare(item(a, index), item(b, index), (at,))
    once = [any(one.get("uniqueItems") is True for one in clause) for clause in (a, b)]
    if once[1] and not once[0] and ours > 1:
        yield Gap((), "uniqueItems", "the same item twice", "each item once")


def _span(clause: Clause, longest_: float) -> Plain:
    return {
        "minItems": least(clause, "minItems"),
        **({"maxItems": longest_} if longest_ != math.inf else {}),
    }


def mapping(a: Clause, b: Clause, compare: Compare, possible: Possible, side: str) -> Iterator[Gap]:
    """Gaps between objects; ``side`` as in ``subset.gaps``."""
    needed = required(a)
    for name in required(b):
        if name not in needed:
            yield Gap((name,), "required")
    try:
        room = _room(a, possible)
        held: Plain = {} if room == math.inf else {"maxProperties": room}
        yield from sizes((*a, held), b, "Properties", "members", low=len(needed))
        yield from _members(a, b, compare, possible, side)
    except re.error:
        yield unsure((), "patternProperties")
    yield from _names(a, b, compare)
    yield from _dependent(a, b)


def _room(clause: Clause, possible: Possible) -> float:
    """How many members there can be, as far as their names say."""
    if False not in _rest(clause) or any(by_name(one, "patternProperties") for one in clause):
        return math.inf
    return sum(possible(member(clause, name)) for name in names(clause))


def _members(a: Clause, b: Clause, compare: Compare, possible: Possible, side: str) -> Iterator[Gap]:
    # who names members means these, though others are let in
    named = side and any("properties" in one for one in a)
    for name in dict.fromkeys((*names(a), *names(b))):
        ours, theirs = member(a, name), member(b, name)
        if not theirs or not possible(ours) or (named and not ours and name not in names(a)):
            continue
        if False in theirs:
            yield Gap((name,), "member")
        else:
            yield from compare(ours, theirs, (name,))
    known = {pattern: None for one in a for pattern in by_name(one, "patternProperties")}
    wanted = {pattern: None for one in b for pattern in by_name(one, "patternProperties")}
    for pattern in dict.fromkeys((*known, *wanted)):
        ours, theirs = _under(a, pattern), _under(b, pattern)
        found = compare(ours, theirs, (f"/{pattern}/",)) if possible(ours) else []
        # a name may match several patterns: with other patterns, nobody knows which names are meant
        yield from (
            found if known == wanted else [unsure((f"/{pattern}/",), "patternProperties")] * bool(found)
        )
    ours, theirs = _rest(a), _rest(b)
    if not possible(ours) or (named and not ours and (side == GIVEN or False not in theirs)):
        return
    if False in theirs:
        yield Gap((), "additionalProperties") if known == wanted else unsure((), "patternProperties")
    elif theirs:
        yield from compare(ours, theirs, (ANY,))


def _under(clause: Clause, pattern: str) -> Conjunction:
    """What holds of members with a name like this, at least."""
    found: list[Schema] = []
    for one in clause:
        patterns = by_name(one, "patternProperties")
        found.append(patterns.get(pattern, True) if patterns else others(one))
    return tuple(schema for schema in found if schema is not True)


def _rest(clause: Clause) -> Conjunction:
    return tuple(schema for one in clause if (schema := others(one)) is not True)


def _names(a: Clause, b: Clause, compare: Compare) -> Iterator[Gap]:
    ours, theirs = _name_rules(a), _name_rules(b)
    if not theirs:
        return
    if False in _rest(a) and not any(by_name(one, "patternProperties") for one in a):
        fit = [valid(name, one) for name in names(a) if False not in member(a, name) for one in theirs]
        if False not in fit:
            yield from [unsure((), "propertyNames")] if None in fit else []
            return
    if any(one.keyword != "type" for one in compare((_TEXT, *ours), theirs, ())):
        yield Gap((), "propertyNames", "members of more names", "members of some names")


def _name_rules(clause: Clause) -> Conjunction:
    found = [one["propertyNames"] for one in clause if "propertyNames" in one]
    return tuple(one for one in found if isinstance(one, dict | bool) and one is not True)


def _dependent(a: Clause, b: Clause) -> Iterator[Gap]:
    """Members that must be there where another one is."""
    for one in b:
        for trigger, wanted in texts_under(one, "dependentRequired").items():
            held = {*required(a), trigger}.union(
                *(texts_under(other, "dependentRequired").get(trigger, ()) for other in a)
            )
            for name in wanted:
                if name not in held and False not in member(a, trigger):
                    yield Gap((name,), "required")


def barren(clause: Clause, kind: str, possible: Possible) -> bool:
    """Is there no array, or no object, that fits?"""
    noun = "Items" if kind == "array" else "Properties"
    low, high = least(clause, f"min{noun}"), most(clause, f"max{noun}")
    if kind == "array":
        return low > longest(clause) or (low > 0 and not possible(item(clause, 0)))
    needed = required(clause)
    try:
        return max(low, len(needed)) > min(high, _room(clause, possible)) or any(
            not possible(member(clause, name)) for name in needed
        )
    except re.error:
        return False
