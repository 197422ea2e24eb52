"""A linked schema → its *clauses*: alternatives without ``$ref``, ``allOf``, ``anyOf`` and ``oneOf`` in them.

A clause is a tuple of plain schemas that hold together; a value fits the schema if it fits one clause
(``oneOf`` is read as ``anyOf``). Schemas that must all hold of a value are a *conjunction*, a tuple, too.
"""

from collections.abc import Iterator

from conduitc.contract.linked import Schema, key_of, listed

Plain = dict[str, object]
Conjunction = tuple[Schema, ...]
Clause = tuple[Plain, ...]

#: Kinds of values. Numbers are told apart: ``integer`` is any without a fraction, 1.0 included.
KINDS = frozenset(("null", "boolean", "integer", "fraction", "string", "array", "object"))
_MOST, _DEEPEST = 128, 40
_JOINING = frozenset(("$ref", "allOf", "anyOf", "oneOf"))


class TooMuch(Exception):
    """More alternatives, or deeper ones, than are looked at."""


def clauses(conjunction: Conjunction, depth: int = 0) -> list[Clause]:
    """The alternatives.

    Raises:
        TooMuch: they are too many.
    """
    found: list[Clause] = [()]
    for schema in conjunction:
        found = _both(found, _of(schema, depth))
    return found


def _of(schema: Schema, depth: int) -> list[Clause]:
    if isinstance(schema, bool):
        return [()] if schema else []
    if depth > _DEEPEST:
        raise TooMuch
    target = schema.get("$ref")
    own = isinstance(target, str) or schema.keys() - _JOINING
    found: list[Clause] = [(schema,)] if own else [()]
    if isinstance(target, dict | bool):
        found = _both(found, _of(target, depth + 1))
    for one in branches(schema, "allOf"):
        found = _both(found, _of(one, depth + 1))
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            either = [clause for one in branches(schema, keyword) for clause in _of(one, depth + 1)]
            found = _both(found, either)
    return found


def _both(some: list[Clause], others: list[Clause]) -> list[Clause]:
    if len(some) * len(others) > _MOST:
        raise TooMuch
    return [(*one, *other) for one in some for other in others]


def branches(schema: Plain, keyword: str) -> list[Schema]:
    """The schemas listed under a keyword."""
    found = schema.get(keyword, [])
    return found if isinstance(found, list) else []


def parts(conjunction: Conjunction, depth: int = 0) -> Iterator[Plain]:
    """Every schema that must hold as a whole: those given, and what their ``$ref`` and ``allOf`` add."""
    for schema in conjunction:
        if isinstance(schema, dict) and depth <= _DEEPEST:
            yield schema
            target = schema.get("$ref")
            more = [target] if isinstance(target, dict) else []
            yield from parts((*more, *branches(schema, "allOf")), depth + 1)


def kinds(clause: Clause) -> frozenset[str]:
    """The kinds of values that a clause can let in."""
    found = KINDS
    for one in clause:
        if "type" in one:
            found &= frozenset(kind for name in listed(one["type"]) for kind in _kinds_named(name))
        if "enum" in one:
            found &= frozenset(map(kind_of, listed(one["enum"])))
    return found


def _kinds_named(name: object) -> tuple[str, ...]:
    return ("integer", "fraction") if name == "number" else (str(name),)


def kind_of(value: object) -> str:
    """The kind of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "fraction"
        case str():
            return "string"
        case dict():
            return "object"
    return "array"


def choices(clause: Clause, kind: str) -> list[object] | None:
    """The values of a kind that a clause lists; None where it lists none, so that any may fit."""
    lists = [listed(one["enum"]) for one in clause if "enum" in one]
    if not lists:
        return [None] if kind == "null" else [True, False] if kind == "boolean" else None
    others = [{key_of(value) for value in some} for some in lists[1:]]
    return [
        value
        for value in lists[0]
        if kind_of(value) == kind and all(key_of(value) in some for some in others)
    ]


def by_name(schema: Plain, keyword: str) -> dict[str, Schema]:
    """The schemas by name under a keyword."""
    found = schema.get(keyword, {})
    return found if isinstance(found, dict) else {}


def texts_under(schema: Plain, keyword: str) -> dict[str, list[str]]:
    """The lists of names by name under a keyword."""
    found = schema.get(keyword, {})
    return found if isinstance(found, dict) else {}


def others(one: Plain) -> Schema:
    """What holds of members that nothing else speaks of."""
    found = one.get("additionalProperties", True)
    return found if isinstance(found, dict | bool) else True


def least(clause: Clause, keyword: str) -> float:
    """The greatest of the lower bounds, 0 where there is none."""
    return max((_number(one[keyword]) for one in clause if keyword in one), default=0)


def most(clause: Clause, keyword: str) -> float:
    """The least of the upper bounds."""
    return min((_number(one[keyword]) for one in clause if keyword in one), default=float("inf"))


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0
