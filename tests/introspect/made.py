"""Code bases made up for tests: graphs of functions, tables of routes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from conduit.introspect import Codebase

SPAN = {"file": "a.py", "line": 1, "column": 1, "end_line": 1, "end_column": 2}
ABOUT = {
    "title": "A",
    "version": "1",
    "description": "",
    "module": "a",
    "variable": "app",
    "entry": "a.py",
    "dialect": "conduit",
    "precedence": "specific",
    "redirect_slashes": False,
}


def document(resources: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Metadata of these; what each must have besides is added."""
    return {
        "schema": "1.0.0",
        "app": ABOUT,
        "resources": sorted(({"span": SPAN, **one} for one in resources), key=lambda one: str(one["id"])),
        "edges": sorted(
            ({"span": SPAN, **one} for one in edges), key=lambda one: (one["from"], one["to"], one["kind"])
        ),
        "patterns": [],
        "diagnostics": [],
        "unresolved": [],
    }


def codebase(made: Mapping[str, Any]) -> Codebase:
    return Codebase(json.dumps(made).encode())


def name(number: int) -> str:
    return f"function:a.f{number:04d}"


def calls(graph: Sequence[Sequence[int]]) -> Codebase:
    """Function ``n`` calls those of ``graph[n]``."""
    functions = [{"id": name(n), "kind": "function", "name": f"f{n:04d}"} for n in range(len(graph))]
    edges = [
        {"from": name(n), "to": name(other), "kind": "calls"}
        for n, others in enumerate(graph)
        for other in set(others)
    ]
    return codebase(document(functions, edges))
