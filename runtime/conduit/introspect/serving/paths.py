"""What stands in an address → a query of ``QUERIES`` and its arguments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from conduit.introspect.serving.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: Characters of what is asked, and how many arguments.
MOST, SEVERAL = 4096, 16
_BROKEN = re.compile(rb"%(?![0-9a-fA-F]{2})")


class Way:
    """An address below ``/introspect/v1/``: the query it stands for, what it takes of the path and of the
    query string. ``takes``: name there → argument, and how it is read."""

    __slots__ = ("about", "below", "query", "takes")

    def __init__(
        self, query: str, about: str, takes: Mapping[str, tuple[str, str]], below: str | None = None
    ) -> None:
        self.query, self.about, self.takes, self.below = query, about, takes, below


_LIMIT = {"limit": ("limit", "number")}
_FILTER = {"filter": ("filter", "text")}
_DEPS = {"reverse": ("reverse", "flag"), "depth": ("depth", "number"), **_LIMIT}

#: First segment → the way without more of a path.
WAYS = {
    "resources": Way("resources", "all resources, or those that pass filter=", {**_FILTER, **_LIMIT}),
    "routes": Way("routes", "all routes, or those that pass filter=", {**_FILTER, **_LIMIT}),
    "patterns": Way("patterns", "how things are done here", {"category": ("category", "text"), **_LIMIT}),
    "who": Way(
        "who_handles",
        "which route answers method= and url=",
        {"method": ("method", "text"), "url": ("url", "text")},
    ),
    "ask": Way("how_do_i", "an answer to q=, with an example", {"q": ("text", "text"), **_LIMIT}),
    "tools": Way("tools", "what is offered to models", {}),
    "blocks": Way("blocks", "blocks, and pipelines of them", {}),
    "unresolved": Way("unresolved", "what could not be proven, and why", _LIMIT),
    "stats": Way("stats", "figures", {}),
}
#: The same, where the name of one follows.
BELOW = {
    "resources": Way("resource", "all about one resource", {}, "name"),
    "deps": Way("deps", "what a resource needs; reverse=1: who needs it", _DEPS, "name"),
    "impact": Way("impact", "who may behave otherwise once it changes", _LIMIT, "name"),
    "patterns": Way("pattern", "all about one pattern", {}, "name"),
    "stack": Way("effective_stack", "what runs around and before a route's handler", {}, "name"),
}
_OVERVIEW = Way("overview", "", {})
#: Shorthands of filters, by first segment.
_FACETS = {"routes": ("method", "middleware", "tag"), "resources": ("kind",)}
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


def read(path: str, query_string: bytes) -> tuple[str, dict[str, Any]]:
    """``deps/schema%3Ashop.User``, decoded, and ``reverse=1`` → ``deps`` and its arguments.

    Raises:
        Refusal: 404, 414 or 422.
    """
    if len(path) + len(query_string) > MOST:
        raise Refusal(414, f"an address has at most {MOST} characters", "too long")
    first, slash, rest = path.partition("/")
    way = _OVERVIEW if not path else BELOW.get(first) if rest else WAYS.get(first)
    if way is None or (slash and not rest):
        raise _nowhere(first)
    arguments: dict[str, Any] = {} if way.below is None else {way.below: rest}
    filters = []
    for name, value in _pairs(query_string):
        if not rest and name in _FACETS.get(first, ()):
            blank = any(map(str.isspace, value)) and '"' not in value
            filters.append(f'"{name}:{value}"' if blank else f"{name}:{value}")
            continue
        if name not in way.takes:
            known = ", ".join((*way.takes, *(_FACETS.get(first, ()) if not rest else ()))) or "nothing"
            raise _wrong(f"{first or 'the overview'} takes {known}, and no {name[:40]!r}")
        argument, kind = way.takes[name]
        if argument in arguments:
            raise _wrong(f"{name!r} is given more than once")
        arguments[argument] = _value(name, value, kind)
    if filters:
        arguments["filter"] = " ".join([*filters, arguments.get("filter", "")]).strip()
    return way.query, arguments


def links() -> dict[str, str]:
    """What may be asked, by address."""
    from conduit.introspect.queries import QUERIES

    found = {
        f"{first}?{'&'.join(f'{one}=' for one in way.takes)}".rstrip("?"): way for first, way in WAYS.items()
    }
    found |= {f"{first}/{{id}}": way for first, way in BELOW.items()}
    return {
        f"/introspect/v1/{address}": way.about
        for address, way in sorted(found.items())
        if way.query in QUERIES
    }


def _pairs(query_string: bytes) -> list[tuple[str, str]]:
    if not query_string:
        return []
    parts = [part.partition(b"=") for part in query_string.split(b"&") if part]
    if len(parts) > SEVERAL:
        raise _wrong(f"more than {SEVERAL} arguments")
    return [(_decoded(name), _decoded(value)) for name, _, value in parts]


def _decoded(part: bytes) -> str:
    if _BROKEN.search(part):
        raise _wrong("the query string holds a malformed escape")
    try:
        text = unquote_to_bytes(part.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise _wrong("the query string is not UTF-8") from None
    if "\0" in text:
        raise _wrong("the query string holds NUL")
    return text


def _value(name: str, text: str, kind: str) -> str | int | bool:
    if kind == "number":
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise _wrong(f"{name!r} must be a whole number, not {text[:40]!r}")
        return int(text)
    if kind == "flag":
        if text.lower() not in _FLAGS:
            raise _wrong(f"{name!r} must be true or false, not {text[:40]!r}")
        return _FLAGS[text.lower()]
    return text


def _wrong(why: str) -> Refusal:
    return Refusal(422, why, "wrong")


def _nowhere(first: str) -> Refusal:
    from difflib import get_close_matches

    known = dict.fromkeys((*WAYS, *BELOW))
    close = get_close_matches(first[:40], known, n=3)
    return Refusal(404, f"nothing is asked at {first[:40]!r}", "nowhere", candidates=close)
