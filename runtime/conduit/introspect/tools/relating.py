"""``deps_and_impact``: what a resource needs, and who may behave otherwise once it changes."""

from __future__ import annotations

from conduit.introspect.tools.budget import Part, fit
from conduit.introspect.tools.common import NEXT, at, bare, head, span_of, sure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.introspect.codebase import Codebase


def deps_and_impact(
    codebase: Codebase, name: str, direction: str = "impact", skip: int = 0
) -> dict[str, Any]:
    """The nearest first; ``by`` says what relation leads there, ``via`` from whom.

    Raises:
        QueryError: there is no such resource, or there are several.
    """
    found = codebase.answer("impact" if direction == "impact" else "deps", name=name)
    of, field = found["of"], found.get("field")
    rows = found["resources"][skip:]
    first = next(iter(rows), None)
    example = None
    if first is not None:
        span = _place(first["by"]) or span_of(codebase, first["id"])
        example = {"text": _said(first, direction), "span": span}
    kinds: dict[str, int] = {}
    for one in found["resources"]:
        kinds[one["kind"]] = kinds.get(one["kind"], 0) + 1
    told = {
        **head(span_of(codebase, of["id"]), sure(codebase), example),
        "of": of["id"] + (f", field {field}" if field else ""),
        "direction": direction,
        "total": found["total"],
        "kinds": found.get("kinds", kinds),
    }
    if found.get("reason"):
        told["reason"] = found["reason"]
    return fit(
        told,
        [
            Part("resources", [_row(one) for one in rows], NEXT, found["total"], min(skip, found["total"])),
            Part("cycles", found["cycles"], "ask about one of them"),
        ],
        complete=found["complete"],
    )


def _place(by: dict[str, Any]) -> dict[str, Any] | None:
    return {"file": by["file"], "line": by["line"]} if by.get("file") else None


def _relation(by: dict[str, Any]) -> str:
    fields = ", ".join(by.get("fields", ()))
    return f"{by['kind']} ({fields})" if fields else str(by["kind"])


def _row(one: dict[str, Any]) -> dict[str, Any]:
    row = {"id": one["id"], **at(one), "by": _relation(one["by"])}
    return row if one["depth"] == 1 else {**row, "via": one["by"]["id"], "depth": one["depth"]}


def _said(one: dict[str, Any], direction: str) -> str:
    """``get_order reads Order (price)``: who needs, and what."""
    near, far = bare(one["by"]["id"]), bare(one["id"])
    who, what = (far, near) if direction == "impact" else (near, far)
    return f"{who} {_relation(one['by'])} {what}"
