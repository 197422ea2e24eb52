"""Answers in → text: ``table`` for people, ``json`` for programs, ``mermaid``, ``markdown`` for documents."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Shown = Callable[[dict[str, Any]], str]


def render(query: str, answer: dict[str, Any], form: str) -> str:
    """The answer to ``query`` as text.

    Raises:
        KeyError: it has no such form.
    """
    if form == "json":
        import json

        return json.dumps(answer, indent=2, ensure_ascii=False)
    if form == "markdown":
        from conduit.introspect.markdown import document

        return document(answer)
    shown: dict[str, Shown]
    if form == "mermaid":
        from conduit.introspect.mermaid import DRAWINGS as shown
    elif query in ("patterns", "pattern", "how_do_i"):
        from conduit.introspect.convention_tables import TABLES as shown
    else:
        from conduit.introspect.tables import TABLES as shown
    return shown[query](answer)
