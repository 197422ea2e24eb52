"""A reference for questions about routes: which of them answers a path, by trying all of them.

Written from the language alone and slow; shares no code with the passes or with codegen.
"""

import re
from dataclasses import dataclass

PATTERN = {
    "int": r"-?(0|[1-9][0-9]{0,17})",
    "float": r"-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?",
    "uuid": r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
    "str": r"[^/]+",
    "path": r"(?s:.*)",
}
RANK = {"static": 3, "int": 2, "float": 2, "uuid": 2, "str": 1, "path": 0}


@dataclass(frozen=True)
class Seg:
    """``kind`` static or a converter; ``only`` the texts that an annotation leaves."""

    kind: str
    text: str = ""
    only: frozenset[str] | None = None

    def takes(self, text: str) -> bool:
        if self.kind == "static":
            return text == self.text
        return bool(re.fullmatch(PATTERN[self.kind], text)) and (self.only is None or text in self.only)


def takes(route: tuple[Seg, ...], path: list[str]) -> bool:
    if route and route[-1].kind == "path":
        head = len(route) - 1
        if len(path) <= head:
            return False
        begins = all(s.takes(t) for s, t in zip(route[:-1], path[:head], strict=True))
        return begins and route[-1].takes("/".join(path[head:]))
    return len(route) == len(path) and all(s.takes(t) for s, t in zip(route, path, strict=True))


def priority(route: tuple[Seg, ...]) -> tuple[int, ...]:
    return tuple(RANK[segment.kind] for segment in route)


def best(routes: list[tuple[Seg, ...]], path: list[str]) -> list[int]:
    """The routes that share the highest priority among those that take the path."""
    taking = [i for i, route in enumerate(routes) if takes(route, path)]
    top = max((priority(routes[i]) for i in taking), default=None)
    return [i for i in taking if priority(routes[i]) == top]
