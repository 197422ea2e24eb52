"""``who_handles`` and ``effective_stack``: a request's way to its handler."""

from __future__ import annotations

from conduit.introspect.tools.budget import Part, fit
from conduit.introspect.tools.common import at, bare, head, span_of, sure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from conduit.introspect.codebase import Codebase


def who_handles(codebase: Codebase, url: str, method: str = "GET") -> dict[str, Any]:
    """The route that answers, what runs before, and why others do not; else what answers instead."""
    found = codebase.answer("who_handles", method=method, url=url)
    route = found.get("route") or {}
    handler = route.get("handler", "")
    span = span_of(codebase, route["id"]) if route else None
    request = f"{found['method']} {found['path']}"
    told = {
        **head(span, sure(codebase, found["certain"]), _call(codebase, request, route)),
        "request": request,
        "outcome": found["outcome"],
        **{key: found[key] for key in ("status", "why", "allow") if found.get(key)},
    }
    if route:
        told["route"] = {key: route[key] for key in ("id", "methods", "pattern") if route[key]}
        told["handler"] = {"id": handler, "span": span_of(codebase, handler)}
        told["values"] = route["values"]
    stack = [_layer(one) for one in found.get("stack", ())]
    losers = [{"id": one["id"], **at(one), "why": one["why"]} for one in found["losers"]]
    return fit(
        told,
        [
            Part("stack", stack, "ask effective_stack"),
            Part("losers", losers, "ask find with kind:route path:/…"),
        ],
    )


def effective_stack(codebase: Codebase, route: str) -> dict[str, Any]:
    """What runs for a route, the outermost first.

    Raises:
        QueryError: there is no such route, or there are several.
    """
    found = codebase.answer("effective_stack", name=route)
    body = codebase.answer("resource", name=found["route"])
    conditional = bool(body.get("facts", {}).get("conditional", {}).get("value"))
    layers = found["stack"]
    names = [one["layer"] if one["layer"] == "parameters" else bare(one.get("id", "")) for one in layers]
    handler = layers[-1].get("id", "") if layers else ""
    example = {"text": " -> ".join(names), "span": span_of(codebase, handler)}
    told = {
        **head(body.get("span"), sure(codebase, not conditional), example),
        "route": found["route"],
    }
    catching = [
        {"catches": one["catches"], "id": one["id"], **at(one)} for one in found["exception_handlers"]
    ]
    return fit(
        told,
        [
            Part("stack", [_layer(one) for one in layers], "read the source"),
            Part("exception_handlers", catching, "ask find with kind:function"),
        ],
    )


def _layer(one: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: one[key] for key in ("layer", "id", "level", "reads", "runs", "because") if one.get(key)}
    return {**kept, **at(one)}


def _call(codebase: Codebase, request: str, route: Mapping[str, Any]) -> dict[str, Any] | None:
    """The call that the request ends in."""
    if not route or not route["handler"]:
        return None
    values = ", ".join(f"{name}={value!r}" for name, value in route["values"].items())
    said = f"{request} calls {bare(route['handler'])}({values})"
    return {"text": said, "span": span_of(codebase, route["handler"])}
