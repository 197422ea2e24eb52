"""``find``: resources by filter, or all about the one that is named."""

from __future__ import annotations

from conduit.introspect.errors import QueryError
from conduit.introspect.filters import FACETS, KINDS
from conduit.introspect.finding import told
from conduit.introspect.tools.budget import Part, fit
from conduit.introspect.tools.common import NARROWER, at, bare, head, sure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.introspect.codebase import Codebase

#: Members of a resource that are lists, in the order in which they matter.
_LISTS = ("fields", "parameters", "decorators", "annotations", "comments")


def find(codebase: Codebase, query: str, skip: int = 0) -> dict[str, Any]:
    """The resource of that name, or those that pass the filter.

    Raises:
        QueryError: there is none, or the filter is not understood.
    """
    named = codebase.find(query)
    if len(named) == 1 or (not named and _is_id(query)):
        return _one(codebase, codebase.answer("resource", name=query))
    if named:
        return _listed(codebase, [told(row) for row in named], len(named), skip)
    found = codebase.answer("resources", filter=query)
    if not found["total"]:
        said = "" if ":" not in query else "; all filters must hold"
        raise QueryError("unknown", f"nothing is {query!r}{said}", codebase.store.suggest(query))
    if found["total"] == 1:
        return _one(codebase, codebase.answer("resource", name=found["resources"][0]["id"]))
    return _listed(codebase, found["resources"], found["total"], skip)


def _is_id(query: str) -> bool:
    """Whether it is written as an id, and as no filter."""
    kind, colon, _ = query.partition(":")
    return bool(colon) and kind in KINDS and kind not in FACETS


def _listed(codebase: Codebase, rows: list[dict[str, Any]], total: int, skip: int) -> dict[str, Any]:
    first = next(iter(rows[skip:]), None)
    body = None if first is None else codebase.answer("resource", name=first["id"])
    span = None if body is None else body.get("span")
    example = None if body is None else {"text": line_of(body), "span": span}
    whole = {**head(span, sure(codebase), example), "total": total}
    shown = [{"id": one["id"], **at(one)} for one in rows[skip:]]
    return fit(whole, [Part("resources", shown, NARROWER, total, min(skip, total))])


def _one(codebase: Codebase, body: dict[str, Any]) -> dict[str, Any]:
    """All about one; facts without where each comes from, but for what was concluded from bodies."""
    facts = body.get("facts", {})
    span = body.get("span")
    conditional = bool(facts.get("conditional", {}).get("value"))
    example = {"text": line_of(body), "span": span}
    known = {**head(span, sure(codebase, not conditional), example)}
    known |= {key: body[key] for key in ("id", "kind", "name", "doc") if key in body}
    inferred = [name for name, fact in facts.items() if fact.get("provenance") == "inferred"]
    listed = {key: body[key] for key in _LISTS if body.get(key)}
    known |= {key: one for key, one in body.items() if key not in (*known, *_LISTS, "facts", "span")}
    parts = [Part(key, one, "read the source") for key, one in listed.items() if isinstance(one, list)]
    known |= {key: one for key, one in listed.items() if not isinstance(one, list)}
    stated = [{name: fact.get("value")} for name, fact in facts.items()]
    parts.insert(2, Part("facts", stated, "read the source"))
    if inferred:
        known["inferred"] = inferred
    return fit(known, parts)


def line_of(body: dict[str, Any]) -> str:
    """A resource in a line, as a person would write it down."""
    facts = {name: fact.get("value") for name, fact in body.get("facts", {}).items()}
    taken = ", ".join(_member(one) for one in body.get("parameters", ()))
    match body["kind"]:
        case "route":
            gives = f" -> {facts['response']}" if facts.get("response") else ""
            handler = bare(str(facts.get("handler") or facts.get("answers") or ""))
            return f"{body['name']} is answered by {handler}({taken}){gives}"
        case "schema":
            return f"{body['name']}({', '.join(_member(one) for one in body.get('fields', ()))})"
        case "function" | "tool" | "provider" | "prompt":
            known = facts.get("returns") or facts.get("response")
            return f"{body['name']}({taken})" + (f" -> {known}" if known else "")
    return f"{body['kind']} {body['name']}"


def _member(one: dict[str, Any]) -> str:
    """``name: type``; what need not be given has a question mark."""
    name = f"{one.get('name', '')}{'' if one.get('required', True) else '?'}"
    return f"{name}: {one['type']}" if one.get("type") else name
