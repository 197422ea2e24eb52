"""A URL → the segments it is matched by; routes and segments → which of them match, and who of those is
asked.

This follows the rules of the app language and shares nothing with the tables of a build: it tries every
route.
"""

from __future__ import annotations

import re

from conduit.introspect.accepting import accepted, converts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

WEBSOCKET = "WEBSOCKET"
#: How specific a segment is: at the first difference from the left, less wins.
_KINDS = {"int": 1, "float": 1, "uuid": 1, "str": 2, "path": 3}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_MALFORMED = re.compile(rb"%(?![0-9a-fA-F]{2})")


class BadPath(ValueError):
    """The path does not decode; the message says why."""


class Segment:
    """One segment of a route: text, or the name and converter of a parameter."""

    __slots__ = ("converter", "name", "text")

    def __init__(self, written: str) -> None:
        self.text, self.name, self.converter = written, "", ""
        if written[:1] == "{" and written[-1:] == "}":
            self.name, _, converter = written[1:-1].partition(":")
            self.converter = converter or "str"

    @property
    def rank(self) -> int:
        return _KINDS.get(self.converter, 2) if self.converter else 0


class Candidate:
    """A route that a request may belong to. ``accepts`` are alternatives by parameter.

    Those that are ``weighed`` are tried by their ``weight`` within their ``block``; a ``loose`` one takes a
    slash at its end, or none.
    """

    __slots__ = (
        *("accepts", "block", "conditional", "id", "loose", "methods", "mount", "number", "order", "pattern"),
        *("_compiled", "regex", "segments", "weighed", "weight"),
    )

    def __init__(self, number: int, id_: str, methods: Sequence[str], pattern: str) -> None:
        self.number, self.id, self.methods, self.pattern = number, id_, methods, pattern
        self.segments = [Segment(one) for one in pattern.split("/")[1:]]
        self.accepts: dict[str, list[dict[str, Any]]] = {}
        self.conditional = self.mount = self.loose = self.weighed = False
        self.order = self.block = 0
        self.weight: tuple[tuple[int, object, int], ...] = ()
        self.regex = ""
        self._compiled: re.Pattern[str] | None = None

    def fullmatch(self, path: str) -> re.Match[str] | None:
        """``regex`` on a decoded path. It is compiled once what stands before its first parameter fits."""
        if self._compiled is None:
            if not path.startswith(self.pattern.partition("{")[0]):
                return None
            try:
                self._compiled = re.compile(self.regex)
            except re.error:
                return None
        return self._compiled.fullmatch(path)

    @property
    def ranks(self) -> tuple[int, ...]:
        return tuple(segment.rank for segment in self.segments)


class Match:
    """A candidate whose shape fits a path; ``refused``, ``doubt``: why its values do not, or may not.

    One that ``redirects`` does not answer: it asks for a slash at the end.
    """

    __slots__ = ("candidate", "doubt", "redirects", "refused", "values", "weight")

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        self.values: dict[str, str] = {}
        self.refused: str | None = None
        self.doubt: str | None = None
        self.weight = candidate.weight
        self.redirects = False


def path_of(url: str) -> str:
    """Less scheme and authority, query and fragment."""
    path = _ABSOLUTE.sub("", url, count=1) if _ABSOLUTE.match(url) else url
    path = path.partition("#")[0].partition("?")[0]
    return path or "/"


def segments_of(path: str) -> list[str]:
    """What stands between the slashes, decoded; none where the path has no slash at its beginning.

    Raises:
        BadPath: a malformed escape, NUL, or not UTF-8.
    """
    raw = path.encode(errors="surrogatepass")
    if b"%" not in raw:
        return path.split("/")[1:] if path.startswith("/") else []
    if _MALFORMED.search(raw):
        raise BadPath("the path holds a malformed escape")
    if b"%00" in raw:
        raise BadPath("the path holds NUL")
    from urllib.parse import unquote_to_bytes

    try:
        decoded = [unquote_to_bytes(part).decode() for part in raw.split(b"/")]
    except UnicodeDecodeError:
        raise BadPath("the path is not UTF-8") from None
    return decoded[1:] if raw.startswith(b"/") else []


def match(candidate: Candidate, segments: Sequence[str]) -> Match | None:
    """None where not even the shape fits: number of segments and static text."""
    wanted = candidate.segments
    if candidate.regex:
        return _by_regex(candidate, "/" + "/".join(segments)) if segments else None
    if wanted and wanted[-1].converter == "path" and len(segments) >= len(wanted):
        head = len(wanted) - 1
        segments = [*segments[:head], "/".join(segments[head:])]
    if len(segments) != len(wanted) or not wanted:
        return None
    pairs = [*zip(wanted, segments, strict=True)]
    if any(one.text != text for one, text in pairs if not one.converter):
        return None
    found = Match(candidate)
    for one, text in pairs:
        if one.converter:
            _take(found, one, text)
    return found


def regex_of(segments: Sequence[Segment], path: str) -> str:
    """What a decoded path must match as a whole: of frameworks, whose parameters never hold a slash but where
    they are a ``path``."""
    parts = {"": "", "path": path}
    return "".join(
        f"/(?P<{one.name}>{parts.get(one.converter, '[^/]+')})"
        if one.converter
        else f"/{re.escape(one.text)}"
        for one in segments
    )


def _by_regex(candidate: Candidate, path: str) -> Match | None:
    """Other languages match a decoded path as a whole."""
    matched = candidate.fullmatch(path)
    if matched is None:
        return None
    found = Match(candidate)
    found.values = {name: value for name, value in matched.groupdict().items() if value is not None}
    return found


def _take(found: Match, segment: Segment, text: str) -> None:
    found.values[segment.name] = text
    if found.refused is not None:
        return
    if not converts(segment.converter, text):
        what = "an empty segment" if not text else repr(text)
        found.refused = f"{what} is no {segment.converter} (`{segment.name}`)"
        return
    alternatives = found.candidate.accepts.get(segment.name)
    taken = accepted(alternatives, text) if alternatives else True
    if taken is None:
        found.doubt = f"whether `{segment.name}` takes {text!r} is decided by its annotation at run time"
    elif not taken:
        found.refused = f"{text!r} is not accepted by the annotation of `{segment.name}`"


def standing(candidate: Candidate, method: str, specific: bool = True) -> int | None:
    """How a route stands in a tie for a request of ``method``; None: it is out.

    Where the first declared wins (not ``specific``), methods count as they stand.
    """
    if method in candidate.methods:
        return 0
    if specific and method == "HEAD" and "GET" in candidate.methods:
        return 1
    return 2 if "*" in candidate.methods and method != WEBSOCKET else None
