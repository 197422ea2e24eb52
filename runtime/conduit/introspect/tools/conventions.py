"""``how_do_i`` and ``patterns``: how things are done in this code base."""

from __future__ import annotations

from conduit.introspect.tools.budget import Part, fit
from conduit.introspect.tools.common import NEXT, at, head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.introspect.codebase import Codebase

#: Answers to one question.
FEW = 5


def how_do_i(codebase: Codebase, question: str) -> dict[str, Any]:
    """The best answers; the first one's example is the answer's own.

    Raises:
        QueryError: the question is not understood.
    """
    found = codebase.answer("how_do_i", text=question, limit=FEW)
    answers = found["answers"]
    best = answers[0] if answers else None
    told = {
        **head(
            best["span"] if best else None,
            best["confidence"] if best else 0.0,
            best["example"] if best else None,
        ),
        "question": question,
    }
    texts = {_text(best)} if best else set()
    shown = []
    for one in answers:
        row = {key: value for key, value in one.items() if key not in ("span", "example")} | at(one)
        text = _text(one)
        if text and text not in texts:  # several conventions may have one example
            row["example"] = {"text": text, **at(one["example"])}
        texts.add(text)
        shown.append(row)
    return fit(told, [Part("answers", shown, "ask more narrowly")], complete=found.get("complete", True))


def _text(one: dict[str, Any]) -> str:
    """That of an answer's example."""
    return str((one.get("example") or {}).get("text", ""))


def patterns(codebase: Codebase, category: str | None = None, id: str = "", skip: int = 0) -> dict[str, Any]:
    """One convention in full, or those of a category, the most confident first.

    Raises:
        QueryError: there is no such convention or category.
    """
    if id:
        return _one(codebase.answer("pattern", name=id), skip)
    found = codebase.answer("patterns", category=category)
    rows = found["patterns"][skip:]
    if not rows:
        told = {**head(None, 1.0, None), "total": found["total"]}
        return fit(told, [])
    best = codebase.answer("pattern", name=rows[0]["id"])
    shown = [
        {
            **{key: one[key] for key in ("id", "name", "state", "confidence")},
            "followed": f"{one['support']} of {one['n']}",
            **at(one),
        }
        for one in rows
    ]
    told = {**head(rows[0]["span"], rows[0]["confidence"], best.get("example")), "total": found["total"]}
    return fit(told, [Part("patterns", shown, NEXT, found["total"], skip)])


def _one(entry: dict[str, Any], skip: int) -> dict[str, Any]:
    example = entry.get("example")
    told = head((example or {}).get("span"), entry["confidence"], example)
    kept = ("id", "category", "name", "state", "template", "holes", "population", "support", "n", "lift")
    told |= {key: entry[key] for key in kept if key in entry}
    shown = [_follower(one) for one in entry.get("followers", ())]
    return fit(
        told,
        [
            Part("exceptions", [_follower(one) for one in entry.get("exceptions", ())], "read the source"),
            Part("followers", shown[skip:], NEXT, len(shown), min(skip, len(shown))),
        ],
    )


def _follower(one: dict[str, Any]) -> dict[str, Any]:
    return {**{key: one[key] for key in ("id", "why") if one.get(key)}, **at(one)}
