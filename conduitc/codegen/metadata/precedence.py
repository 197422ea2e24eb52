"""Routes in → for each, which others it wins over: some path fits both, and this one is asked.

At the first difference from the left, static wins over typed, typed over ``str``, ``str`` over ``path``;
where the order of declaration decides, the earlier route over the later. The routes of a method stand in a
trie; a route walks every branch that shares a path with it, so the cost is that of what overlaps, not of all
pairs.
"""

import re
from collections.abc import Iterable, Iterator

from conduitc.ir.nodes import WEBSOCKET, Dynamic, Route, Segment, Static

_LANGUAGES = {
    "int": re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    "float": re.compile(r"-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?"),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
    "str": re.compile(r".+", re.DOTALL),
    "path": re.compile(r".*", re.DOTALL),
}
_RANK = {"int": 1, "float": 1, "uuid": 1, "str": 2, "path": 3}


class _Node:
    """``static`` children by their text, ``dynamic`` ones by their converter."""

    def __init__(self) -> None:
        self.static: dict[str, _Node] = {}
        self.dynamic: dict[str, _Node] = {}
        self.routes: list[str] = []

    def child(self, segment: Segment) -> "_Node":
        """The child for ``segment``, made where there is none."""
        if isinstance(segment, Dynamic):
            return self.dynamic.setdefault(segment.converter or "str", _Node())
        return self.static.setdefault(segment.text, _Node())


def winners(routes: Iterable[Route], precedence: str = "specific") -> dict[str, list[str]]:
    """``{route id: ids of the routes it wins over}``, those without left out."""
    routes = tuple(routes)
    if precedence != "specific":
        return _earlier(routes)
    found: dict[str, set[str]] = {}
    for competing in _competitions(routes):
        root = _trie(competing)
        for route in competing:
            found.setdefault(route.id, set()).update(_beaten(root, route.path.segments))
    return {id_: sorted(beaten - {id_}) for id_, beaten in found.items() if beaten - {id_}}


def _competitions(routes: tuple[Route, ...]) -> Iterator[list[Route]]:
    """The routes that a request of one method may belong to, for each method."""
    by_method: dict[str, list[Route]] = {}
    for route in routes:
        for method in () if route.fallback else route.methods:
            by_method.setdefault(method, []).append(route)
    anywhere, sockets = by_method.pop("*", []), by_method.pop(WEBSOCKET, [])
    yield from (listed + anywhere for listed in by_method.values())
    yield from (anywhere, sockets)


def _earlier(routes: tuple[Route, ...]) -> dict[str, list[str]]:
    """As ``winners`` where the first declared wins."""
    places = {route.id: place for place, route in enumerate(routes)}
    found: dict[str, set[str]] = {}
    for competing in _competitions(routes):
        root = _trie(competing)
        for route in competing:
            later = {id_ for id_ in _meeting(root, route.path.segments) if places[id_] > places[route.id]}
            found.setdefault(route.id, set()).update(later)
    return {id_: sorted(beaten) for id_, beaten in found.items() if beaten}


def _meeting(root: _Node, segments: tuple[Segment, ...]) -> Iterator[str]:
    """Routes below ``root`` that share a path with ``segments``."""
    waiting = [(root, 0)]
    while waiting:
        node, at = waiting.pop()
        if at == len(segments):
            yield from node.routes
            continue
        segment = segments[at]
        if _rank(segment) == _RANK["path"]:
            yield from _below(node)
            continue
        waiting += [(child, at + 1) for child in _same(node, segment, True)]
        for converter, child in node.dynamic.items():
            if converter == "path":
                yield from child.routes
            elif _overlap(segment, converter):
                waiting.append((child, at + 1))


def _trie(routes: list[Route]) -> _Node:
    root = _Node()
    for route in routes:
        node = root
        for segment in route.path.segments:
            node = node.child(segment)
        node.routes.append(route.id)
    return root


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
        rank = _rank(segment)
        if rank == _RANK["path"]:
            if ahead:
                yield from _below(node)
            continue
        waiting += [(child, at + 1, ahead) for child in _same(node, segment, ahead)]
        for converter, child in node.dynamic.items():
            theirs = _RANK[converter]
            if (theirs < rank and not ahead) or not _overlap(segment, converter):
                continue
            if converter == "path":
                yield from child.routes
            else:
                waiting.append((child, at + 1, ahead or rank < theirs))


def _same(node: _Node, segment: Segment, ahead: bool) -> Iterator[_Node]:
    """Static children that ``segment`` takes too; to a dynamic one they matter only once it is ahead."""
    if isinstance(segment, Static):
        if segment.text in node.static:
            yield node.static[segment.text]
    elif ahead:
        accepts = _LANGUAGES[segment.converter or "str"].fullmatch
        yield from (child for text, child in node.static.items() if accepts(text))


def _overlap(segment: Segment, converter: str) -> bool:
    """Is there a text that both take?"""
    if isinstance(segment, Static):
        return _LANGUAGES[converter].fullmatch(segment.text) is not None
    mine = segment.converter or "str"
    return "uuid" not in (mine, converter) or mine == converter or bool({mine, converter} & {"str", "path"})


def _rank(segment: Segment) -> int:
    return _RANK[segment.converter or "str"] if isinstance(segment, Dynamic) else 0


def _below(node: _Node) -> Iterator[str]:
    waiting = [*node.static.values(), *node.dynamic.values()]
    while waiting:
        node = waiting.pop()
        yield from node.routes
        waiting += [*node.static.values(), *node.dynamic.values()]
