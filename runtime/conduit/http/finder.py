"""Dispatch tables, as the Python target emits them → the functions that find a route by its path.

A table is ``(methods, exact, trailing, deep, nodes)``, each only literals:

- ``exact``: ``{path: route}``; routes are places in ``entries``, which hold None where there is none.
- ``trailing``: ``{text before the last slash: node}``, nodes after which one parameter may end a route.
- ``deep``: whether the trie holds more than ``trailing`` finds; if not, it need not be walked for a path.
- ``nodes``: the trie, root first; a node is ``(static, typed, plain, leaf, tail)``: ``{segment: node}``, the
  nodes behind a typed and a ``str`` parameter or None, the candidates that end here or take all that is left.
- A candidate is ``(route, converters)``, the names of the converters of its dynamic segments.
"""

from collections.abc import Callable, Sequence
from typing import Any

Hit = tuple[Any, ...]
Accept = Callable[[Hit], object]
Find = Callable[[str], Hit | None]
FindSegments = Callable[[Sequence[str]], Hit | None]
Convert = Callable[[str], Any]
#: (converters, entry, accept)
Linked = tuple[tuple[Convert, ...], Any, Accept | None]

MAX_INT_DIGITS = 18


def finders(
    tables: Sequence[tuple[Any, ...]], entries: Sequence[Any], refine: Sequence[Accept | None]
) -> dict[str, tuple[Find, FindSegments]]:
    """For every method that has routes, how they are found: by path, and by decoded segments."""
    converters = _converters(tables)
    found = {}
    for methods, exact, trailing, deep, nodes in tables:
        linked = _link(nodes, entries, refine, converters)
        hits = {path: (entries[route],) for path, route in exact.items() if entries[route] is not None}
        pair = _finder(hits, trailing, deep, linked)
        found.update(dict.fromkeys(methods, pair))
    return found


def _finder(
    exact: dict[str, Hit], trailing: dict[str, int], deep: bool, nodes: list[list[Any]]
) -> tuple[Find, FindSegments]:
    ints: dict[str, Any] = {}
    others: dict[str, tuple[Linked, ...]] = {}
    for text, number in trailing.items():
        _, typed, plain, _, _ = nodes[number]
        candidates: tuple[Linked, ...] = (*(typed[3] if typed else ()), *(plain[3] if plain else ()))
        if typed and len(typed[3]) == 1 and typed[3][0][0] == (to_int,) and typed[3][0][2] is None:
            ints[text] = candidates[0][1]
            candidates = candidates[1:]
        if candidates:
            others[text] = candidates
    exact_hit, int_entry, other_candidates = exact.get, ints.get, others.get

    def find(path: str) -> Hit | None:
        hit = exact_hit(path)
        if hit is not None:
            return hit
        head, slash, text = path.rpartition("/")
        entry = int_entry(head)
        if entry is not None and (
            # As in to_int, but for the sign: a call costs as much as all this.
            text.isdecimal()
            and len(text) <= MAX_INT_DIGITS
            and text.isascii()
            and (text[0] != "0" or text == "0")
            and slash
        ):
            return (entry, int(text))
        return find_rarer(path, head, slash, text)

    def find_rarer(path: str, head: str, slash: str, text: str) -> Hit | None:
        if path[:1] != "/":
            return None
        entry = int_entry(head)
        if entry is not None and (value := to_int(text)) is not None:
            return (entry, value)
        if text:
            for (convert,), entry, accept in other_candidates(head, ()):
                value = convert(text)
                if value is not None:
                    hit = (entry, value)
                    if accept is None or accept(hit):
                        return hit
        return walk(nodes[0], path[1:].split("/")) if deep else None

    def find_segments(segments: Sequence[str]) -> Hit | None:
        for segment in segments:
            if "/" in segment:
                return walk(nodes[0], segments)
        return find("/" + "/".join(segments) if segments else "")

    return find, find_segments


def walk(root: list[Any], segments: Sequence[str]) -> Hit | None:
    """The first hit in order of priority; the stack holds what to go back to, the lowest priority first."""
    end = len(segments)
    stack: list[tuple[Any, int, tuple[str, ...]]] = [(root, 0, ())]
    while stack:
        node, at, texts = stack.pop()
        if at < 0:  # a tail was put aside: its candidates stand in the place of a node
            candidates, texts = node, (*texts, "/".join(segments[~at:]))
        elif at == end:
            candidates = node[3]
        else:
            static, typed, plain, _, tail = node
            segment = segments[at]
            if tail:
                stack.append((tail, ~at, texts))
            if segment:
                if plain is not None:
                    stack.append((plain, at + 1, (*texts, segment)))
                if typed is not None:
                    stack.append((typed, at + 1, (*texts, segment)))
            child = static.get(segment)
            if child is not None:
                stack.append((child, at + 1, texts))
            continue
        for converters, entry, accept in candidates:
            hit = _convert(entry, converters, texts)
            if hit is not None and (accept is None or accept(hit)):
                return hit
    return None


def _convert(entry: Any, converters: tuple[Convert, ...], texts: tuple[str, ...]) -> Hit | None:
    hit = [entry]
    for convert, text in zip(converters, texts, strict=True):
        value = convert(text)
        if value is None:
            return None
        hit.append(value)
    return tuple(hit)


# -- converters: the value, or None where the text is refused ------------------------------------------------


def to_int(text: str) -> int | None:
    digits = text[1:] if text[:1] == "-" else text
    if (
        digits.isdecimal()
        and len(digits) <= MAX_INT_DIGITS
        and digits.isascii()
        and (digits[0] != "0" or len(digits) == 1)
    ):
        return int(text)
    return None


def _make_to_float() -> Convert:
    import re
    from math import isfinite

    grammar = re.compile(r"-?(?:0|[1-9][0-9]{0,16})(?:\.[0-9]{1,17})?(?:[eE][+-]?[0-9]{1,3})?").fullmatch

    def to_float(text: str) -> float | None:
        return value if grammar(text) and isfinite(value := float(text)) else None

    return to_float


def _make_to_uuid() -> Convert:
    import re
    from uuid import UUID

    digit = "[0-9a-fA-F]"
    grammar = re.compile(f"{digit}{{8}}-{digit}{{4}}-{digit}{{4}}-{digit}{{4}}-{digit}{{12}}").fullmatch

    def to_uuid(text: str) -> UUID | None:
        return UUID(text) if grammar(text) else None

    return to_uuid


# -- linking: literals → the same with entries and functions in place ----------------------------------------


def _converters(tables: Sequence[tuple[Any, ...]]) -> dict[str, Convert]:
    """Those that ``tables`` name: float and uuid cost an import."""
    used = {
        name
        for *_, nodes in tables
        for _, _, _, leaf, tail in nodes
        for _, names in (*leaf, *tail)
        for name in names
    }
    makers: dict[str, Callable[[], Convert]] = {"float": _make_to_float, "uuid": _make_to_uuid}
    known: dict[str, Convert] = {"int": to_int, "str": str, "path": str}
    return known | {name: make() for name, make in makers.items() if name in used}


def _link(
    nodes: Sequence[tuple[Any, ...]],
    entries: Sequence[Any],
    refine: Sequence[Accept | None],
    converters: dict[str, Convert],
) -> list[list[Any]]:
    def link_candidates(candidates: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[Linked, ...]:
        return tuple(
            (tuple(converters[name] for name in names), entries[route], refine[route] if names else None)
            for route, names in candidates
            if entries[route] is not None
        )

    linked: list[list[Any]] = [[] for _ in nodes]
    for node, (static, typed, plain, leaf, tail) in zip(linked, nodes, strict=True):
        node += (
            {text: linked[child] for text, child in static.items()},
            None if typed is None else linked[typed],
            None if plain is None else linked[plain],
            link_candidates(leaf),
            link_candidates(tail),
        )
    return linked
