"""What all answers have: where it stands, how sure it is, one example."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from conduit.introspect.codebase import Codebase

NARROWER = "ask with skip={next}, or with a narrower filter"
NEXT = "ask with skip={next}"


def head(
    span: Mapping[str, Any] | None, confidence: float, example: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The first members of an answer."""
    return {"span": span, "confidence": confidence, "example": example}


def sure(codebase: Codebase, certain: bool = True) -> float:
    """How much of what the answer rests on is proven: the share of the code base that is resolved, and half
    of that where it depends on what is known at run time only. 1 is all; less is never rounded to it."""
    about = codebase.store.about
    known = len(codebase.store.column("id"))
    share = known / (known + about.unresolved) if known else 1.0
    return int(share * (100 if certain else 50)) / 100


def at(place: Mapping[str, Any]) -> dict[str, str]:
    """``file:line``; nothing in a stripped build."""
    span = place.get("span") or place
    return {"at": f"{span['file']}:{span['line']}"} if span.get("file") else {}


def span_of(codebase: Codebase, id_: str) -> dict[str, Any] | None:
    """From where to where a resource stands; None where that is not known."""
    if codebase.store.number(id_) is None:
        return None
    found: dict[str, Any] | None = codebase.answer("resource", name=id_).get("span")
    return found


def bare(id_: str) -> str:
    """``app.get_user`` of ``function:app.get_user``."""
    return id_.partition(":")[2] or id_
