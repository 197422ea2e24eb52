"""Routes that meet: the same method, the same kinds segment by segment, and a path that both take.

In: bound routes. Out: the same App. Specific before general never conflicts, nor do routes that need not be
on together. Where the first declared route answers there is no conflict, only routes that are never reached.
Every report names such a path.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from conduitc.diagnostics import Diagnostic, Fix, Label
from conduitc.ir.nodes import App, Dynamic, Route, Static
from conduitc.ir.types import Constrained, Scalar
from conduitc.passes import conflict_rules as rules
from conduitc.passes.alphabet import meeting
from conduitc.passes.conditions import together
from conduitc.passes.language import Languages, Values
from conduitc.passes.scalars import Enums
from conduitc.passes.suggest import quoted
from conduitc.span import Span

#: What a segment counts as where routes are compared: ``int`` and ``float`` share texts, ``uuid`` is alone.
_CLASS = {"int": "{number}", "float": "{number}", "uuid": "{uuid}", "str": "{str}", "path": "{path}"}


class Entry:
    """A route among its rivals; most never have one, so what it takes is found out when asked.

    ``few`` holds, for each segment that takes a few texts only, those.
    """

    def __init__(self, route: Route, enums: Enums) -> None:
        self.route = route
        self.enums = enums

    @cached_property
    def languages(self) -> Languages:
        return languages(self.route, self.enums)

    @cached_property
    def few(self) -> list[frozenset[str] | None]:
        values = (one.finite() if isinstance(one, Values) else None for one in self.languages)
        return [None if texts is None else frozenset(texts) for texts in values]


class Meeting(Struct, frozen=True):
    """Two routes that both answer ``witness`` for each of ``methods``."""

    later: Route
    earlier: Route
    methods: tuple[str, ...]
    witness: str

    @property
    def same_declaration(self) -> bool:
        """Is it one declaration, in a group that is included twice?"""
        a, b = self.later.declaration, self.earlier.declaration
        return bool(self.later.via) and (a.slot, a.turn, a.span) == (b.slot, b.turn, b.span)

    @property
    def includes(self) -> tuple[Span, Span]:
        """The calls that include the group: the later, the earlier."""
        pairs = zip(self.later.via, self.earlier.via, strict=False)
        return next((pair for pair in pairs if pair[0] != pair[1]), (self.later.via[0],) * 2)


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    names = {function.id: function.name for function in app.functions}
    meetings = list(meetings_of(app.routes, enums_of(app))) if app.precedence == "specific" else []
    twice = Counter(one.includes for one in meetings if one.same_declaration)
    found: list[Diagnostic] = []
    for one in meetings:
        if not one.same_declaration:
            found.append(_conflict(one, names))
        elif count := twice.pop(one.includes, 0):
            found.append(_included_twice(one, count))
    return app, (*found, *_fallbacks([one for one in app.routes if one.fallback]))


def _fallbacks(routes: list[Route]) -> Iterator[Diagnostic]:
    for index, again in enumerate(routes):
        first = next((one for one in routes[:index] if together(one, again)), None)
        if first is not None:
            labels = (Label(first.span, "first here"),)
            yield rules.TWO_FALLBACKS.at(again.span, label="again here", labels=labels)


def named(route: Route, names: dict[str, str]) -> str:
    """What answers for a route."""
    if route.mount:
        return "the app mounted here"
    return f"`{names[route.handler] if route.handler else route.answers}`"


def spoken(methods: Sequence[str]) -> str:
    """Methods, as they stand before a path."""
    return "any method on" if "*" in methods else ",".join(methods)


def enums_of(app: App) -> Enums:
    """The values of every enum's members."""
    return {
        schema.id: tuple(member.value for _, member in schema.members)
        for schema in app.schemas
        if schema.kind == "enum"
    }


def languages(route: Route, enums: Enums) -> Languages:
    """What each segment takes: one text, or the values of a dynamic one."""
    refined = {one.key: one.type for one in route.bindings or () if one.source == "path" and one.refined}
    return tuple(
        segment.text
        if isinstance(segment, Static)
        else Values("str", _matching(segment.pattern), enums)
        if segment.pattern and segment.converter != "path"
        else Values(segment.converter or "str", refined.get(segment.name), enums)
        for segment in route.path.segments
    )


def _matching(pattern: str) -> Constrained:
    """Text that a whole pattern matches."""
    return Constrained(Scalar("str"), (("pattern", f"^(?:{pattern})$"),))


def meetings_of(routes: tuple[Route, ...], enums: Enums) -> Iterator[Meeting]:
    """Each route that meets one before it, with the first that it meets."""
    buckets: dict[tuple[str, ...], list[Entry]] = {}
    for route in routes:
        if route.fallback:
            continue
        kinds = tuple(
            _CLASS[one.converter or "str"] if isinstance(one, Dynamic) else one.text + "/"
            for one in route.path.segments
        )
        rivals = buckets.setdefault(kinds, [])
        entry = Entry(route, enums)
        found = (_meeting(entry, rival) for rival in rivals)
        if first := next((one for one in found if one), None):
            yield first
        rivals.append(entry)


def _meeting(later: Entry, earlier: Entry) -> Meeting | None:
    one, other = later.route, earlier.route
    methods = tuple(method for method in one.methods if method in other.methods)
    if not methods or any(a and b and a.isdisjoint(b) for a, b in zip(later.few, earlier.few, strict=True)):
        return None
    if not together(one, other):
        return None
    witness = witness_of(later.languages, earlier.languages)
    return None if witness is None else Meeting(one, other, methods, witness)


def witness_of(one: Languages, other: Languages) -> str | None:
    """A path that two routes of the same kinds both take."""
    from urllib.parse import quote  # only faulty programs pay for it

    parts = []
    for mine, theirs in zip(one, other, strict=True):
        part = (
            mine if isinstance(mine, str) else meeting(mine, theirs) if isinstance(theirs, Values) else None
        )
        if part is None:
            return None
        tail = isinstance(mine, Values) and mine.converter == "path"
        parts.append(quote(part, safe=":@!$&'()*+,;=" + "/" * tail))
    return "/" + "/".join(parts)


def _conflict(one: Meeting, names: dict[str, str]) -> Diagnostic:
    later, earlier = one.later, one.earlier
    method = spoken(one.methods)
    labels = []
    if earlier.path.span != later.path.span:
        label = f"{named(earlier, names)} answers {method} {earlier.path.text}"
        labels.append(Label(earlier.path.span, label))
    labels += [
        Label(route.via[-1], f"`{route.path.text}` is included here")
        for route in (later, earlier)
        if route.via
    ]
    return rules.CONFLICT.at(
        later.path.span,
        label=f"{named(later, names)} answers {method} {later.path.text}"
        + ("" if labels else ", more than once"),
        labels=tuple(labels),
        help="let every turn of the loop give another path"
        if later.declaration.slot == earlier.declaration.slot
        else "give one of them a path or a method of its own",
        fix=_fix(later, earlier, names),
        method=method,
        one=later.path.text,
        other=earlier.path.text,
        witness=one.witness,
    )


def _fix(later: Route, earlier: Route, names: dict[str, str]) -> Fix | None:
    """Tell them apart by a word before the parameter that they name differently, or after the path."""
    written = later.declaration.key.partition(" ")[2]
    if later.mount or later.declaration.slot == earlier.declaration.slot:  # a loop's text stands there once
        return None
    for mine, theirs in zip(later.path.segments, earlier.path.segments, strict=True):
        if not (isinstance(mine, Dynamic) and isinstance(theirs, Dynamic)) or mine.name == theirs.name:
            continue
        if at := re.search(rf"/[:*{{]{mine.name}\b", written):
            word = mine.name.replace("_", "-")
            return _pasted(later, f"{written[: at.start()]}/by-{word}{written[at.start() :]}")
    word = names[later.handler].replace("_", "-")
    if any(
        one == Static(word) or (isinstance(one, Dynamic) and one.converter == "path")
        for one in later.path.segments
    ):
        return None
    return _pasted(later, f"{written.rstrip('/')}/{word}")


def _pasted(route: Route, path: str) -> Fix:
    return Fix(f"make it `{path}`", route.path.span, quoted(path))


def _included_twice(one: Meeting, count: int) -> Diagnostic:
    span, first = one.includes
    return rules.INCLUDED_TWICE.at(
        span,
        label="again, with the same prefix" if span != first else "more than once, with the same prefix",
        labels=(Label(first, "first here"),) if span != first else (),
        help="leave one of them out, or give it a `prefix` of its own",
        count=f"{count} route{'s' if count > 1 else ''}",
        method=spoken(one.methods),
        witness=one.witness,
    )
