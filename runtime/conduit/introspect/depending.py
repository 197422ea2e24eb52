"""Who needs whom, from one resource on: ``deps`` within a depth, ``impact`` all the way, both in time."""

from __future__ import annotations

from itertools import pairwise

from conduit.introspect.errors import QueryError
from conduit.introspect.finding import the, told
from conduit.introspect.graph import FINDING, STEP, Clock, Closure, closure, cycles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from conduit.introspect.graph import Relation
    from conduit.introspect.store import Row, Store

#: Steps, unless more or fewer are asked for.
DEPTH = 10
#: Seconds, after which an answer is what was found until then.
SECONDS = 0.1
#: The part of the time after which nothing more is listed.
_TELLING = 0.85
#: Who has the field of a schema only because it has the whole schema: what is on the wire.
_WIRE = frozenset({"takes", "returns"})
#: Schemas that hold, or extend, another one.
_HOLDING = frozenset({"uses", "extends"})
_TOUCHING = frozenset({"reads", "writes", "makes"})


def deps(
    store: Store,
    name: str,
    *,
    reverse: bool = False,
    depth: int = DEPTH,
    limit: int | None = None,
    clock: Clock | None = None,
) -> dict[str, Any]:
    """What ``name`` needs (or, ``reverse``, what needs it), nearest first; see docs/introspection.md.

    Raises:
        QueryError: there is no such resource, or several; the depth is below 1.
    """
    if depth < 1:
        raise QueryError("wrong", f"depth is at least 1, not {depth}")
    row, graph = the(store, name), store.graph
    graph.prepare(reverse=reverse)
    clock = clock or Clock(SECONDS)
    found = closure(
        graph.backward if reverse else graph.forward, [row.number], depth, clock, _members(store, row)
    )
    answer = _answer(store, row, found, limit, clock, reverse=reverse)
    return {"of": answer.pop("of"), "reverse": reverse, "depth": depth, **answer}


def impact(
    store: Store, name: str, *, limit: int | None = None, clock: Clock | None = None
) -> dict[str, Any]:
    """All that may behave otherwise once ``name`` changes: a resource, or ``Schema.field``.

    Raises:
        QueryError: there is no such resource, or several.
    """
    row, field = _meant(store, name)
    store.graph.prepare(reverse=True)
    clock = clock or Clock(SECONDS)
    if field is None:
        found = closure(store.graph.backward, [row.number], None, clock, _members(store, row))
    else:
        found = _of_field(store, row, field, clock)
    kinds: dict[str, int] = {}
    kind_of = store.column("kind").__getitem__
    for level in found.levels[1:]:
        of_level = [*map(kind_of, level)]
        for kind in {*of_level}:
            kinds[kind] = kinds.get(kind, 0) + of_level.count(kind)
    answer = _answer(store, row, found, limit, clock, reverse=True)
    said = {} if field is None else {"field": field}
    return {"of": answer.pop("of"), **said, "kinds": dict(sorted(kinds.items())), **answer}


def _answer(
    store: Store, row: Row, found: Closure, limit: int | None, clock: Clock, *, reverse: bool
) -> dict[str, Any]:
    """What was reached, and why that is not all, if it is not."""
    total = sum(map(len, found.levels[1:]))
    listed, all_told = _listed(store, found, limit, clock, reverse=reverse)
    late = found.late or not all_told
    groups = None if late else cycles(store.graph.forward, set().union(*found.levels), clock)
    ids = store.column("id")
    reason = None
    if groups is None:
        reason = "time is up: this is what was found until then"
    elif found.deeper:
        reason = f"there is more beyond depth {len(found.levels) - 1}"
    return {
        "of": told(row),
        "complete": reason is None,
        "reason": reason,
        "total": total,
        "resources": listed,
        "cycles": [[ids[one] for one in group] for group in groups or ()],
    }


def _listed(
    store: Store, found: Closure, limit: int | None, clock: Clock, *, reverse: bool
) -> tuple[list[dict[str, Any]], bool]:
    """Resources by their distance, and whether there was time for all that were wanted."""
    listed: list[dict[str, Any]] = []
    for depth, (before, level) in enumerate(pairwise(found.levels), 1):
        nearer = set(before)
        for number in sorted(level):
            if len(listed) == limit:
                return listed, True
            if listed and not len(listed) % STEP and clock.over(_TELLING):
                return listed, False
            listed.append(_reached(store, number, depth, nearer, reverse=reverse))
    return listed, True


def _reached(
    store: Store, number: int, depth: int, nearer: Collection[int], *, reverse: bool
) -> dict[str, Any]:
    """A resource, how far away it is, and by what it is reached."""
    relation = store.graph.led_by(number, nearer, reverse=reverse)
    row = store.rows[number]
    if relation is None:  # a module's own
        by: dict[str, Any] = {"id": f"module:{_module(store, row)}", "kind": "defines"}
        by |= {"file": row.file, "line": row.line}
    else:
        by = {"id": store.column("id")[relation.other], "kind": relation.kind}
        by |= {"file": relation.file, "line": relation.line}
        if relation.fields:
            by["fields"] = relation.fields
    return {**told(row), "depth": depth, "by": by}


def _members(store: Store, row: Row) -> list[int]:
    """What stands in a module; of anything else nothing."""
    if row.kind != "module":
        return []
    name = row.id.partition(":")[2]
    return [one.number for one in store.rows if one is not row and _module(store, one) == name]


def _module(store: Store, row: Row) -> str:
    """The module in which a resource stands, as its id tells; empty where it is none of the app's."""
    name = row.id.partition(":")[2].partition("#")[0]
    if row.kind == "module":
        return ""
    while name and store.number(f"module:{name}") is None:
        name = name.rpartition(".")[0]
    return name


# -- fields --------------------------------------------------------------------------------------------------


def _meant(store: Store, name: str) -> tuple[Row, str | None]:
    """The resource, or the schema and its field."""
    owner, dot, field = name.rpartition(".")
    if dot and not store.find(name):
        schemas = [row for row in store.find(owner) if row.kind == "schema"]
        if len(schemas) == 1:
            known = [one["name"] for one in store.body(schemas[0]).get("fields", ())]
            if field in known:
                return schemas[0], field
            from difflib import get_close_matches

            close = [f"{owner}.{one}" for one in get_close_matches(field, known, n=3)]
            raise QueryError("unknown", f"{schemas[0].name} has no field {field!r}", close)
    return the(store, name), None


def _of_field(store: Store, schema: Row, field: str, clock: Clock) -> Closure:
    """Bodies that touch the field, what takes or returns its schema, and all that needs these.

    A schema that holds this one hands on what is on the wire, and nothing else: whoever gets hold of the
    inner one to read the field, touches it.
    """
    graph, kinds = store.graph, store.column("kind")
    levels, seen = [[schema.number]], {schema.number}
    while levels[-1]:
        new: set[int] = set()
        for place, number in enumerate(levels[-1]):
            if not place % STEP and clock.over(FINDING):
                return Closure([*levels, [*(new - seen)]], False, True)
            if kinds[number] != "schema":
                new.update(graph.backward[number])
                continue
            own = field if number == schema.number else None
            new |= {one.other for one in graph.into(number) if _matters(one, kinds, own)}
        new -= seen
        seen |= new
        levels.append(sorted(new))
    return Closure(levels[:-1], False, False)


def _matters(relation: Relation, kinds: list[str], field: str | None) -> bool:
    if relation.kind in _TOUCHING:
        return field is not None and field in relation.fields
    if relation.kind in _HOLDING:
        return kinds[relation.other] == "schema"
    return relation.kind in _WIRE
