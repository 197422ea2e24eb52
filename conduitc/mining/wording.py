"""A pattern → what a person would call it, and whom it is about."""

from __future__ import annotations

from conduitc.mining.counting import Found

#: Kinds of subjects in the plural.
_MANY = {"handler": "handlers", "schema": "schemas", "field": "fields", "test": "tests"}
#: Parts of a kind that are named; of more, how many there are.
_NAMED = 4


def population_of(found: Found) -> str:
    """``handlers of POST in admin.py``; parts of the same kind one after the other."""
    many = _MANY.get(found.kind, f"{found.kind}s")
    if not found.groups:
        return many
    parts = found.groups
    if len(parts) > _NAMED:
        return f"{many} {', '.join(parts[:_NAMED])} and {len(parts) - _NAMED} more"
    return f"{many} {', '.join(parts)}"


def name_of(found: Found) -> str:
    """What is done, by whom, in a few words."""
    many = _MANY.get(found.kind, f"{found.kind}s")
    return f"{many} {_done(found.template)}"


def _done(template: str) -> str:
    if template.startswith("@"):
        return _decorated(template)
    if template.startswith(("def ", "async def ")):
        return _signed(template)
    if template.startswith("class "):
        base = _inside(template)
        return f"derive from {base}" if base else f"say {template}"
    if template.startswith("raise "):
        return f"raise {template[6:]}"
    if template.startswith("return "):
        return f"return {template[7:]}"
    return f"say {template}"


def _decorated(template: str) -> str:
    inner = _inside(template)
    if inner and template.startswith("@{router}"):
        return f"are declared with {inner}"
    return f"are wrapped by {template}"


def _signed(template: str) -> str:
    before, arrow, returned = template.rpartition(" -> ")
    if arrow:
        return "say what they return" if returned == "{type}" else f"return {returned}"
    inner = _inside(template)
    if inner:
        return f"take {inner}"
    return "are async def" if template.startswith("async ") else "have a docstring"


def _inside(template: str) -> str:
    """What stands between the outermost parentheses, without what is left open."""
    start, end = template.find("("), template.rfind(")")
    inner = template[start + 1 : end].removeprefix("...").removeprefix(", ")
    return inner.removesuffix("...").removesuffix(", ")

