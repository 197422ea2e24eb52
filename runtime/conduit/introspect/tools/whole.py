"""``overview`` and ``unresolved``: what is known of the whole, and what is not."""

from __future__ import annotations

from conduit.introspect.statistics import most_needed
from conduit.introspect.tools.budget import Part, fit
from conduit.introspect.tools.common import NARROWER, at, bare, head, span_of, sure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from conduit.introspect.codebase import Codebase

#: Conventions and much-needed resources of an overview.
FEW = 5
#: Routes that one area may hold, or the part of all, and segments of its path at most, where they can be told
#: apart.
MANY, PART, DEEPEST = 16, 20, 4


def overview(codebase: Codebase) -> dict[str, Any]:
    """The app in short: a model's first look."""
    known = codebase.answer("overview")
    routes = codebase.answer("routes")["routes"]
    tools, blocks = codebase.answer("tools")["tools"], codebase.answer("blocks")
    patterns = codebase.answer("patterns", limit=FEW)
    needed = most_needed(codebase.store)[:3]
    shown = next((one for one in routes if one["handler"] and one["methods"]), None)
    example = None if shown is None else _example(codebase, shown)
    told = {
        **head(span_of(codebase, f"module:{known['app']['module']}"), sure(codebase), example),
        "app": {key: one for key, one in known["app"].items() if one},
        "resources": known["resources"],
        "findings": known["diagnostics"],
        "unresolved": known["unresolved"],
    }
    names = [f"{one['kind']} {one['name']}" for one in tools]
    names += [f"block {one['name']}" for one in blocks["blocks"]]
    names += [f"pipeline {one['name']}" for one in blocks["pipelines"]]
    return fit(
        told,
        [
            Part("conventions", [_convention(one) for one in patterns["patterns"]], "ask patterns"),
            Part(
                "most_needed",
                [{"id": one["id"], "users": one["users"], **at(one)} for one in needed],
                "ask find",
            ),
            Part("areas", areas(routes), "ask find with kind:route path:/…"),
            Part("offers", names, "ask find with kind:tool or kind:block"),
        ],
    )


def _example(codebase: Codebase, route: dict[str, Any]) -> dict[str, Any]:
    said = f"{' '.join(route['methods'])} {route['pattern']} is answered by {bare(route['handler'])}"
    return {"text": said, "span": span_of(codebase, route["id"])}


def _convention(one: dict[str, Any]) -> dict[str, Any]:
    said = {key: one[key] for key in ("id", "name", "confidence")}
    return {**said, "followed": f"{one['support']} of {one['n']}"}


def areas(routes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Routes by where their paths begin, the most first; what begins many is taken apart."""
    grouped = {"": [one for one in routes if one["pattern"]]}
    many = max(MANY, len(routes) // PART)
    for depth in range(1, DEEPEST + 1):
        for path in [path for path, own in grouped.items() if len(own) > many or not path]:
            for one in grouped.pop(path):
                grouped.setdefault(_begins(one["pattern"], depth, path), []).append(one)
    ordered = sorted(grouped.items(), key=lambda one: (-len(one[1]), one[0]))
    return [
        {
            "path": path,
            "routes": len(own),
            "methods": " ".join(sorted({method for one in own for method in one["methods"]})),
            **at(own[0]),
        }
        for path, own in ordered
    ]


def _begins(pattern: str, depth: int, path: str) -> str:
    """The first segments of a path; ``path``, which has one less, where the next is a parameter."""
    segments = pattern.split("/")[1 : depth + 1]
    if len(segments) < depth or "{" in segments[-1]:
        return path or "/"
    return "/" + "/".join(segments)


def unresolved(codebase: Codebase, within: str = "", skip: int = 0) -> dict[str, Any]:
    """What the analysis could not prove, by place."""
    listed = codebase.answer("unresolved")["unresolved"]
    lowered = within.lower()
    found = [one for one in listed if not lowered or lowered in _text(one).lower()]
    shown = [
        {
            **at(one),
            "what": one["what"],
            "reason": one["reason"],
            **({"blocks_build": True} if one["blocks_build"] else {}),
        }
        for one in found
    ]
    first = next(iter(found[skip:]), None)
    span = None if first is None else first.get("span")
    example = None if first is None else {"text": f"{first['what']}: {first['reason']}", "span": span}
    told = {**head(span, 1.0, example), "total": len(found), "of": len(listed)}
    return fit(told, [Part("unresolved", shown[skip:], NARROWER, len(found), min(skip, len(found)))])


def _text(one: dict[str, Any]) -> str:
    file = (one.get("span") or {}).get("file", "")
    return f"{file}\n{one['what']}\n{one['reason']}"
