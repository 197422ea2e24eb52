"""Routes in → for each, which others it wins over: some path fits both, and this one is asked.

At the first difference from the left, static wins over typed, typed over ``str``, ``str`` over ``path``. The
routes of a method stand in a trie; a route walks every branch that shares a path with it, so the cost is that
of what overlaps, not of all pairs.
"""

import re
from collections.abc import Iterable, Iterator

from conduitc.ir.nodes import Dynamic, Route, Segment, Static

_LANGUAGES = {
    "int": re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    "float": re.compile(r"-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?"),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
    "str": re.compile(r".+", re.DOTALL),
    "path": re.compile(r".*", re.DOTALL),
}
_RANK = {"int": 1, "float": 1, "uuid": 1, "str": 2, "path": 3}


class _Node:
    """``children`` by segment: the text of a static one, ``{conv}`` (which no text is) of a dynamic one."""

    def __init__(self) -> None:
        self.children: dict[tuple[bool, str], _Node] = {}
        self.routes: list[str] = []


def winners(routes: Iterable[Route]) -> dict[str, list[str]]:
    """``{route id: ids of the routes it wins over}``, those without left out."""
    by_method: dict[str, list[Route]] = {}
    for route in routes:
        for method in () if route.fallback else route.methods:
            by_method.setdefault(method, []).append(route)
    anywhere = by_method.pop("*", [])
    found: dict[str, set[str]] = {}
    for competing in [*(listed + anywhere for listed in by_method.values()), anywhere]:
        root = _trie(competing)
        for route in competing:
            found.setdefault(route.id, set()).update(_beaten(root, route.path.segments))
    return {id_: sorted(beaten - {id_}) for id_, beaten in found.items() if beaten - {id_}}


def _trie(routes: list[Route]) -> _Node:
    root = _Node()
    for route in routes:
        node = root
        for segment in route.path.segments:
            node = node.children.setdefault(_key(segment), _Node())
        node.routes.append(route.id)
    return root


def _key(segment: Segment) -> tuple[bool, str]:
    if isinstance(segment, Dynamic):
        return True, segment.converter or "str"
    return False, segment.text


def _beaten(root: _Node, segments: tuple[Segment, ...]) -> Iterator[str]:
    """Routes below ``root`` that share a path with ``segments`` and lose; ``ahead`` once that is decided."""
    waiting = [(root, 0, False)]
    while waiting:
        node, at, ahead = waiting.pop()
        if at == len(segments):
            if ahead:
                yield from node.routes
            continue
        segment = segments[at]
        if isinstance(segment, Dynamic) and segment.converter == "path":
            if ahead:
                yield from (id_ for child in node.children.values() for id_ in _all(child))
            continue
        rank = _rank(segment)
        for (dynamic, other), child in node.children.items():
            theirs = _RANK[other] if dynamic else 0
            if not _overlap(segment, dynamic, other) or (theirs < rank and not ahead):
                continue
            if dynamic and other == "path":
                yield from child.routes
            else:
                waiting.append((child, at + 1, ahead or rank < theirs))


def _overlap(segment: Segment, dynamic: bool, other: str) -> bool:
    """Is there a text that both take?"""
    if isinstance(segment, Static):
        return _LANGUAGES[other].fullmatch(segment.text) is not None if dynamic else segment.text == other
    mine = segment.converter or "str"
    if not dynamic:
        return _LANGUAGES[mine].fullmatch(other) is not None
    return "uuid" not in (mine, other) or mine == other or bool({mine, other} & {"str", "path"})


def _rank(segment: Segment) -> int:
    return _RANK[segment.converter or "str"] if isinstance(segment, Dynamic) else 0


def _all(node: _Node) -> Iterator[str]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield from node.routes
        waiting.extend(node.children.values())
