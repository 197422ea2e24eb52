"""Two JSON Schemas → what the first lets in and the second does not.

Exact on what this compiler writes, and on most of what people write: without a gap every value that fits *a*
fits *b*; a gap that is sure has a value that fits *a* only. Where a keyword cannot be looked into (``not``,
``if``, ``contains`` …) and differs, the gap is not sure.
"""

import msgspec
from msgspec.structs import replace

from conduitc.contract.clauses import (
    KINDS,
    Clause,
    Conjunction,
    TooMuch,
    choices,
    clauses,
    kinds,
    parts,
)
from conduitc.contract.gaps import Gap, Where, merged, unsure
from conduitc.contract.groups import TAKEN, array, mapping
from conduitc.contract.linked import Schema, linked, meant, same
from conduitc.contract.members import member, names
from conduitc.contract.possible import apart, empty, few, overlapping, possible
from conduitc.contract.scalars import number, string
from conduitc.contract.values import together, valid
from conduitc.contract.words import kinds_said, values_said

#: Comparisons of parts in one of two schemas.
_MOST = 20_000
#: References that lead to references.
_LONGEST = 40
_NUMBERS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"))
Pair = tuple[tuple[int, ...], tuple[int, ...]]
_LOOKED_INTO = {
    "integer": _NUMBERS,
    "fraction": _NUMBERS,
    "string": frozenset(("minLength", "maxLength", "pattern", "format", "contentEncoding")),
    "array": frozenset(("minItems", "maxItems", "prefixItems", "items", "uniqueItems")),
    "object": frozenset((
        "minProperties", "maxProperties", "properties", "patternProperties", "additionalProperties",
        "propertyNames", "required", "dependentRequired",
    )),
}  # fmt: skip
_OTHERS = {
    "array": frozenset(("contains", "minContains", "maxContains", "unevaluatedItems")),
    "object": frozenset(("dependentSchemas", "unevaluatedProperties")),
    "string": frozenset(("contentMediaType", "contentSchema")),
}
#: What concerns one kind of values only.
_OF_ONE_KIND = frozenset().union(*_LOOKED_INTO.values(), *_OTHERS.values())
_SPLIT = frozenset(("type", "enum", "$ref", "allOf", "anyOf", "oneOf"))
#: What depends on everything beside it, so that equal words may mean another thing.
_BESIDE = frozenset(("unevaluatedItems", "unevaluatedProperties"))
#: Differences that no other alternative can make good: it has the same one.
_MONOTONE = frozenset((
    "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "required", "uniqueItems",
    "pattern", "format",
))  # fmt: skip


def gaps(a: object, b: object, side: str = "") -> list[Gap]:
    """What *a* lets in and *b* does not.

    Schemas seldom say that there are no other members than those they name, and mean it. With a ``side``
    members that *a* does not name count for nothing. ``TAKEN``, *a* is what was taken before, *b* what is
    now: new arguments may have types; a member that *b* does not name any more is a gap, too, as nobody looks
    at it. ``GIVEN``, *a* is what is given now, *b* what was before.
    """
    try:
        if msgspec.json.encode(a) == msgspec.json.encode(b):
            return []
        return Comparison(side).conjunctions((linked(a),), (linked(b),), ())
    except RecursionError:
        return [unsure((), "nesting")]


class Comparison:
    """One comparison of two schemas; what is being compared already is taken for granted."""

    def __init__(self, side: str) -> None:
        self._side = side
        self._open: set[Pair] = set()
        self._known: dict[Pair, list[Gap]] = {}
        self._granted = self._count = 0

    def conjunctions(self, a: Conjunction, b: Conjunction, where: Where) -> list[Gap]:
        """The gaps between two conjunctions."""
        a, b = tuple(map(_meant, a)), tuple(_meant(one) for one in b if one is not True)
        if all(any(same(one, other) for other in a) for one in b) and (len(a) == len(b) or not self._side):
            return []
        pair = tuple(map(id, a)), tuple(map(id, b))
        if pair in self._open:
            self._granted += 1
            return []
        found = self._known.get(pair)
        if found is None:
            granted = self._granted
            self._open.add(pair)
            found = self._counted(a, b)
            self._open.discard(pair)
            if granted == self._granted:  # what hangs on a thing taken for granted is not known for good
                self._known[pair] = found
        return [replace(one, where=(*where, *one.where)) for one in found]

    def _counted(self, a: Conjunction, b: Conjunction) -> list[Gap]:
        self._count += 1
        try:
            return merged(self._clauses(a, b)) if self._count < _MOST else [unsure((), "anyOf")]
        except TooMuch:
            return [unsure((), "anyOf")]

    def _clauses(self, a: Conjunction, b: Conjunction) -> list[Gap]:
        ours, theirs = clauses(a), clauses(b)
        present = [(one, kind) for one in ours for kind in sorted(kinds(one)) if not empty(one, kind)]
        left = frozenset(kind for _, kind in present)
        right = frozenset(kind for one in theirs for kind in kinds(one))
        found = self._gone(ours, theirs) if self._side == TAKEN else []
        if left - right:
            found.append(Gap((), "type", kinds_said(left), kinds_said(right)))
        refused: list[object] = []
        exclusive = any(not _held(one["oneOf"], a) for one in parts(b) if "oneOf" in one)
        for clause, kind in present:
            if kind in right:
                found += self._clause(clause, kind, a, b, theirs, refused, exclusive)
        if overlapping(a):
            found = [replace(one, sure=False) for one in found]
        if refused:
            found.append(Gap((), "values", values_said(refused), _listed(theirs)))
        return found

    def _clause(
        self,
        clause: Clause,
        kind: str,
        a: Conjunction,
        b: Conjunction,
        theirs: list[Clause],
        refused: list[object],
        exclusive: bool,
    ) -> list[Gap]:
        """The gaps of one alternative of *a*, values of one kind; those that are listed go to ``refused``."""
        values = few(clause, kind)
        if values is not None:
            held = [value for value in values if together(valid(value, one) for one in a) is not False]
            fits = [(value, together(valid(value, one) for one in b)) for value in held]
            bad = [value for value, fit in fits if fit is False]
            if not bad and all(fit for _, fit in fits):
                return []
            if choices(clause, kind) is not None or len(theirs) > 1:
                refused += bad
                if all(fit is not None for _, fit in fits):
                    return []
        # a range of a few numbers is better told by its ends
        able = [one for one in theirs if kind in kinds(one)]
        near = [one for one in able if not apart(clause, one, kind)] if len(able) > 1 else able
        if not near:
            return [Gap((), "alternative", kinds_said({kind}))]
        found = [self._plain(clause, one, kind) for one in near]
        if not all(found):
            return [unsure((), "oneOf")] if exclusive and len(near) > 1 else []
        if len(near) == 1:
            return found[0]
        common = [
            one
            for one in found[0]
            if one.sure
            and one.keyword in _MONOTONE
            and all(any(_alike(one, other) for other in some) for some in found[1:])
        ]
        return common or [unsure((), "anyOf")]

    def _plain(self, a: Clause, b: Clause, kind: str) -> list[Gap]:
        """The gaps between two alternatives, values of one kind."""
        found: list[Gap] = []
        listed = choices(b, kind)
        if listed is not None and kind not in {"null", "boolean"}:
            found.append(Gap((), "enum", "any other value", _listed([b])))
        if kind in {"integer", "fraction"}:
            found += number(a, b, kind)
        elif kind == "string":
            found += string(a, b)
        elif kind == "array":
            found += array(a, b, self.conjunctions, possible)
        elif kind == "object":
            found += mapping(a, b, self.conjunctions, possible, self._side)
        return [*found, *_closed_books(a, b, kind)]

    def _gone(self, ours: list[Clause], theirs: list[Clause]) -> list[Gap]:
        """Members that were named and are not any more, though any may be given."""
        here = [one for one in theirs if "object" in kinds(one)]
        named = {name for one in here for name in names(one)}
        return [
            Gap((name,), "member")
            for name in dict.fromkeys(name for one in ours if "object" in kinds(one) for name in names(one))
            if name not in named
            and here
            and not any(member(one, name) for one in here)
            and any(possible(member(one, name)) for one in ours)
        ]


def _meant(schema: Schema) -> Schema:
    """What a mere reference refers to, so that it is known again."""
    for _ in range(_LONGEST):
        target = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(schema, dict) or not isinstance(target, dict | bool) or len(meant(schema)) > 1:
            break
        schema = target
    return schema


def _held(either: object, a: Conjunction) -> bool:
    return any(same(either, one["oneOf"]) for one in parts(a) if "oneOf" in one)


def _alike(one: Gap, other: Gap) -> bool:
    return other.sure and (one.where, one.keyword) == (other.where, other.keyword)


def _listed(theirs: list[Clause]) -> str:
    found = [value for one in theirs for kind in sorted(KINDS) for value in choices(one, kind) or ()]
    return values_said(found)


def _closed_books(a: Clause, b: Clause, kind: str) -> list[Gap]:
    """What *b* says in words that are not looked into, unless *a* says just the same."""
    passed = _SPLIT | (_OF_ONE_KIND - _OTHERS.get(kind, frozenset()))
    found = []
    for one in b:
        for keyword, value in meant(one).items():
            if keyword in passed and not (keyword == "$ref" and isinstance(value, str)):
                continue
            trio = ("if", "then", "else") if keyword in ("if", "then", "else") else (keyword,)
            if keyword in _BESIDE or not any(
                all(same(one.get(key), other.get(key)) for key in trio) for other in a
            ):
                found.append(unsure((), keyword))
    return found
