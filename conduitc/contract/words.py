"""Gaps in words: what is said of kinds and values, and of what changed."""

from collections.abc import Iterable

import msgspec

from conduitc.contract.gaps import ANY, Gap

_MOST = 3


def kinds_said(kinds: Iterable[str]) -> str:
    """``integer or null``."""
    found = set(kinds)
    if "fraction" in found:
        found = found - {"fraction", "integer"} | {"number"}
    if {"array", "boolean", "null", "number", "object", "string"} <= found:
        return "any value"
    return " or ".join([*sorted(found - {"null"}), *(["null"] if "null" in found else [])]) or "nothing"


def values_said(values: list[object]) -> str:
    """``"a", "b" and 3 more``."""
    shown = [msgspec.json.encode(value).decode() for value in values[:_MOST]]
    more = len(values) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def place(gap: Gap) -> str:
    """``item.tags[].name``; empty for the whole."""
    found = ""
    for name in gap.where:
        if name == ANY:
            found += "[]"
        elif name.startswith("["):
            found += name
        else:
            found += f".{name}" if found else name
    return found


def taken(gap: Gap) -> str:
    """What is wrong with *b*, where *a* was taken before and *b* is now."""
    match gap.keyword:
        case "required":
            return "is required now"
        case "member":
            return "is no longer taken"
        case "additionalProperties":
            return "takes no other members now"
        case "values":
            return f"no longer takes {gap.a}"
        case "enum":
            return f"takes only {gap.b} now"
        case "alternative":
            return f"takes no such {gap.a} any more"
    return f"takes {gap.b} now, and took {gap.a}" if gap.sure else f"has another `{gap.keyword}` now"


def given(gap: Gap) -> str:
    """What is wrong with *a*, where *b* was promised before and *a* is now."""
    match gap.keyword:
        case "required":
            return "may be missing now"
        case "member":
            return "may be there now, and was not"
        case "additionalProperties":
            return "may have other members now"
        case "values":
            return f"may be {gap.a} now"
        case "alternative":
            return f"may be another {gap.a} now"
    return f"may be {gap.a} now, and was {gap.b}" if gap.sure else f"has another `{gap.keyword}` now"
