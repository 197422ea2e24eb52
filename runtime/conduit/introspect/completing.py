"""The words typed so far → what may come next, for shells."""

from __future__ import annotations

from conduit.introspect.filters import FACETS, KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conduit.introspect.codebase import Codebase

#: Questions about one resource, and the only kind of resource that they are about.
_NAMED = ("deps", "impact", "resource")
_LISTS = {"resources": "", "routes": "route"}


def names_after(codebase: Codebase, words: Sequence[str]) -> list[str]:
    """What may follow ``words`` (those after the build), one word each, sorted."""
    found: Iterable[str] = ()
    command, last = next(iter(words), ""), (list(words) or [""])[-1]
    typed = [word for word in words[1:] if not word.startswith("-")]
    if last == "--middleware":
        found = {one.rpartition(".")[2] for row in codebase.store.rows for one in row.middleware}
    elif last == "--tag":
        found = {tag for row in codebase.store.rows for tag in row.tags}
    elif command == "who":
        found = _methods(codebase) if not typed else _paths(codebase, typed[0]) if len(typed) == 1 else ()
    elif command in _NAMED:
        found = _paths(codebase, typed[0]) if len(typed) == 1 else () if typed else _all(codebase, command)
    elif command in _LISTS:
        found = _terms(codebase)
    elif command == "patterns" and not typed:
        found = {*codebase.store.column("p_category"), "review"}
    elif command == "pattern" and not typed:
        found = (id_.partition(":")[2] for id_ in codebase.store.column("p_id"))
    return sorted(one for one in set(found) if one and one.isprintable() and " " not in one)


def _all(codebase: Codebase, command: str) -> Iterable[str]:
    """Names of one word, and the methods that begin the names of routes."""
    rows = codebase.store.rows
    names = {row.name for row in rows if row.kind != "route"} | {row.pattern for row in rows}
    names |= _methods(codebase)
    several = {row.name for row in rows if len(codebase.store.names[row.name]) > 1}
    names |= {row.id for row in rows if row.name in several}
    if command == "impact":
        schemas = [row for row in rows if row.kind == "schema" and row.name not in several]
        bodies = [(row.name, codebase.store.body(row)) for row in schemas]
        names |= {f"{name}.{field['name']}" for name, body in bodies for field in body.get("fields", ())}
    return names


def _methods(codebase: Codebase) -> set[str]:
    return {method for row in codebase.store.rows for method in row.methods if method != "*"}


def _paths(codebase: Codebase, method: str) -> set[str]:
    """Of the routes of a method, as declared."""
    return {row.pattern for row in codebase.store.rows if {method.upper(), "*"} & set(row.methods)}


def _terms(codebase: Codebase) -> set[str]:
    """Terms of a filter whose values are few; of the others the beginning."""
    rows = codebase.store.rows
    here = {row.kind for row in rows} & set(KINDS)
    terms = {f"kind:{kind}" for kind in here} | {f"method:{method}" for method in _methods(codebase)}
    terms |= {f"tag:{tag}" for row in rows for tag in row.tags}
    terms |= {f"middleware:{one.rpartition('.')[2]}" for row in rows for one in row.middleware}
    terms |= {f"uses:{row.kind}.{row.name}" for row in rows if row.kind == "schema"}
    return terms | {f"{facet}:" for facet in FACETS}
