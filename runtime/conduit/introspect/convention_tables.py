"""Answers about conventions in → text for people; nothing that a terminal would obey."""

from __future__ import annotations

from conduit.introspect.tables import counted, plain, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Answer = dict[str, Any]

#: So many followers and exceptions are shown; JSON has all of them.
SHOWN = 10


def patterns(answer: Answer) -> str:
    """One line a pattern."""
    if not answer["total"]:
        return "no conventions: nothing is done the same way three times"
    lines = [
        [
            bare(one["id"]),
            held(one),
            f"{one['confidence']:.2f}",
            one["state"],
            one["name"],
            place(one["span"]),
        ]
        for one in answer["patterns"]
    ]
    return table(["PATTERN", "HOLDS", "SURE", "STATE", "NAME", "EXAMPLE"], lines)


def pattern(one: Answer) -> str:
    """All that is known of one pattern."""
    facts = [
        ["  id", one["id"]],
        ["  state", one["state"]],
        ["  template", one["template"]],
        *([f"    {{{hole}}}", ", ".join(texts)] for hole, texts in sorted(one.get("holes", {}).items())),
        ["  holds", f"{held(one)} {one.get('population', '')}".rstrip()],
        ["  confidence", f"{one['confidence']:.2f}, lift {one.get('lift', 1):.2f}"],
    ]
    parts = [f"{plain(one['category'])}: {plain(one['name'])}", table([], facts)]
    example = one.get("example", {})
    if example.get("text"):
        parts.append(f"example, {plain(place(example.get('span')))}\n{indented(example['text'])}")
    for section in ("followers", "exceptions"):
        if one.get(section):
            parts.append(f"{section}\n{_listed(one[section])}")
    return "\n\n".join(parts)


def how_do_i(answer: Answer) -> str:
    """Each answer with why, where, and what can be copied."""
    if not answer["answers"]:
        return "nothing is known that could answer this"
    parts = []
    for number, one in enumerate(answer["answers"], 1):
        head = f"{number}. {plain(one['title'])}  ({one['confidence']:.2f})"
        where = place(one["span"])
        about = "  ".join([f"   {plain(one['id'])}", *([plain(where)] if where != "-" else [])])
        parts.append(f"{head}\n{about}\n   {plain(one['why'])}\n\n{indented(one['example']['text'], 7)}")
    return "\n\n".join(parts)


# -- pieces --------------------------------------------------------------------------------------------------


def bare(id_: str) -> str:
    """The id of a pattern, as short as it can be asked for."""
    return id_.partition(":")[2] or id_


def held(one: Answer) -> str:
    """``93 of 99``."""
    return f"{one['support']} of {one['n']}"


def place(span: Answer | None) -> str:
    """``file:line``, or ``-`` where there is none."""
    return f"{span['file']}:{span['line']}" if span and span["file"] else "-"


def indented(text: str, by: int = 2) -> str:
    """Lines of source, moved to the right."""
    return "\n".join((" " * by + plain(line)).rstrip() for line in text.replace("\t", "    ").split("\n"))


def _listed(ones: Sequence[Answer]) -> str:
    lines = [[f"  {one.get('id', '-')}", place(one.get("span")), one.get("why", "")] for one in ones[:SHOWN]]
    more = len(ones) - SHOWN
    return table([], lines) + (f"\n  and {counted(more, 'other')}" if more > 0 else "")


TABLES: dict[str, Callable[[Answer], str]] = {one.__name__: one for one in (patterns, pattern, how_do_i)}
