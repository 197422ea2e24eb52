"""A pattern → what a person would call it, and whom it is about."""

from __future__ import annotations

from conduitc.mining.counting import Found

#: Parts of a kind that are named; of more, how many there are.
_NAMED = 4
_PARAMETER = " parameter"
#: What is one statement.
_WRITTEN = ("field", "local name", "router", "include call", "middleware registration")


def population_of(found: Found) -> str:
    """``handlers of POST in admin.py``; parts of the same kind one after the other."""
    who, parts = many(found.kind), found.groups
    if not parts:
        return who
    word = parts[0].partition(" ")[0] + " "
    if all(one.startswith(word) and one.count(" ") == 1 for one in parts):
        parts = (parts[0], *(one.removeprefix(word) for one in parts[1:]))
    if len(parts) > _NAMED:
        return f"{who} {', '.join(parts[:_NAMED])} and {len(parts) - _NAMED} more"
    return f"{who} {', '.join(parts)}"


def many(kind: str) -> str:
    """The plural of a kind; some errors are one of their own: ``error HTTPException(404, ...)``."""
    first, space, rest = kind.partition(" ")
    return f"errors {rest}" if space and first == "error" and "(" in rest else f"{kind}s"


def name_of(found: Found) -> str:
    """What is done, by whom, in a few words."""
    return f"{many(found.kind)} {_done(found.template, found.kind)}"


def _done(template: str, kind: str) -> str:
    if template.startswith("@"):
        return _decorated(template)
    if template.startswith(("def ", "async def ")):
        return _signed(template, kind)
    if template.startswith("class "):
        return _classed(template)
    first, _, rest = template.partition(" ")
    if first in ("raise", "return", "assert"):
        return f"{first} {rest}"
    if first in ("if", "except"):
        return f"are raised so: {template}"
    if first in ("with", "async"):
        return f"open {rest.removeprefix('with ').removesuffix(': ...')}"
    if "=" in template.partition("(")[0] or kind in _WRITTEN:
        return f"{'are written' if kind in _WRITTEN else 'have'} {template}"
    return f"call {template}"


def _decorated(template: str) -> str:
    inner = _inside(template)
    if inner and template.startswith("@{router}"):
        return f"are declared with {inner}"
    return f"are wrapped by {template}"


def _signed(template: str, kind: str) -> str:
    _, arrow, returned = template.rpartition(" -> ")
    if arrow:
        return "say what they return" if returned == "{type}" else f"return {returned}"
    if inner := _inside(template):
        return f"are declared {inner}" if kind.endswith(_PARAMETER) else f"take {inner}"
    return "are async def" if template.startswith("async ") else "have a docstring"


def _classed(template: str) -> str:
    _, colon, member = template.partition("):")
    if colon:
        return f"have {' '.join(member.removesuffix(': ...').split())}"
    inner = _inside(template)
    return f"are declared with {inner}" if "=" in inner else f"derive from {inner}"


def _inside(template: str) -> str:
    """What stands between the outermost parentheses, without what is left open."""
    start, end = template.find("("), template.rfind(")")
    inner = template[start + 1 : end].removeprefix("...").removeprefix(", ")
    return inner.removesuffix("...").removesuffix(", ")
