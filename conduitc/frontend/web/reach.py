"""A group → its routes in the order of the run-time router, prefixes joined; what could not be followed."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from conduitc.frontend import limits
from conduitc.frontend.web.records import Group, Include, Missed, Mount, Placed, Route, Text
from conduitc.span import Span


class Found(Struct, frozen=True):
    """A route or mount as reached from the app: its whole path, the includes on the way, the groups around
    it, outermost first. ``late`` where a group was included before this was declared on it."""

    entry: Route | Mount
    path: Text
    via: tuple[Placed, ...]
    groups: tuple[Group, ...]
    late: bool = False


class Lost(Struct, frozen=True):
    """What could not be followed; ``path`` as far as it is known."""

    what: str
    reason: str
    span: Span


def reach(app: Group) -> Iterator[Found | Lost]:
    """Everything that the app answers, and everything that it may answer besides."""
    if app.framework == "flask":
        yield from _flask(app, None, (), (app,))
    else:
        yield from _asgi(app, Text("", app.span), (), (app,))


def joined(one: Text, other: Text) -> Text:
    """One text after the other."""
    if one.text is None or other.text is None:
        fault = one if one.text is None else other
        return Text(None, other.span, False, fault.reason)
    return Text(one.text + other.text, other.span, one.assumed or other.assumed)


def _asgi(
    group: Group, before: Text, via: tuple[Placed, ...], groups: tuple[Group, ...]
) -> Iterator[Found | Lost]:
    for entry in group.entries:
        late = _is_late(entry.placed, via)
        match entry:
            case Route(path=path, prefixed=prefixed):
                whole = joined(joined(before, group.prefix), path) if prefixed else joined(before, path)
                yield from _route(entry, whole, via, groups, late)
            case Include(group=inner, prefix=prefix, placed=placed):
                if inner in groups or len(groups) > limits.GROUPS:
                    yield Lost(_name(inner), "it includes itself", placed.span)
                    continue
                whole = joined(joined(before, group.prefix), prefix)
                yield from _below(inner, whole, placed, _asgi(inner, whole, (*via, placed), (*groups, inner)))
            case Mount():
                yield from _mount(entry, before, via, groups, late)
            case Missed(what=what, reason=reason, placed=placed):
                yield Lost(what, reason, placed.span)


def _is_late(placed: Placed, via: tuple[Placed, ...]) -> bool:
    """Was this, or what leads to it, put into a group that had been included already? What is declared on an
    app after it was mounted is there all the same."""
    for one in reversed(via):
        if one.order < placed.order and not one.live:
            return True
        placed = one
    return False


def _below(
    inner: Group, prefix: Text, placed: Placed, found: Iterator[Found | Lost]
) -> Iterator[Found | Lost]:
    """What a group has below a prefix; where that is not known, only how much it is."""
    if prefix.text is not None:
        yield from found
        return
    count = sum(1 for _ in found)
    what = f"{count} route{'s' if count != 1 else ''} of {_name(inner)}"
    yield Lost(what, f"the prefix is not known: {prefix.reason}", placed.span)


def _mount(
    entry: Mount, before: Text, via: tuple[Placed, ...], groups: tuple[Group, ...], late: bool
) -> Iterator[Found | Lost]:
    path = entry.path if entry.path.text is None else Text(
        entry.path.text.rstrip("/"), entry.path.span, entry.path.assumed
    )  # fmt: skip
    whole = joined(before, path)
    inner = entry.group
    if inner is not None and inner not in groups and len(groups) <= limits.GROUPS:
        each = _flask if inner.framework == "flask" else _asgi
        found = each(inner, whole, (*via, entry.placed), (*groups, inner))
        yield from _below(inner, whole, entry.placed, found)
        if whole.text is None:
            return
    rest = joined(whole, Text("/{path:path}", path.span))
    if rest.text is None:
        yield Lost(
            entry.target or "a mounted app", f"its path is not known: {rest.reason}", entry.placed.span
        )
    else:
        yield Found(entry, rest, via, groups, late)


def _flask(
    group: Group,
    before: Text | None,
    via: tuple[Placed, ...],
    groups: tuple[Group, ...],
    prefix: Text | None = None,
) -> Iterator[Found | Lost]:
    """``before`` is where the app is mounted, ``prefix`` the blueprint's as it was registered."""
    for entry in group.entries:
        match entry:
            case Route(path=path):
                whole = _rule(prefix, path) if prefix is not None else path
                whole = joined(before, whole) if before is not None else whole
                yield from _route(entry, whole, via, groups, False)
            case Include(group=inner, placed=placed, whole=own):
                if inner in groups or len(groups) > limits.GROUPS:
                    yield Lost(_name(inner), "it registers itself", placed.span)
                    continue
                given = entry.prefix if own or entry.prefix.text is None else inner.prefix
                below = _nested(prefix, given)
                yield from _flask(inner, before, (*via, placed), (*groups, inner), below)
            case Missed(what=what, reason=reason, placed=placed):
                yield Lost(what, reason, placed.span)


def _nested(outer: Text | None, inner: Text) -> Text | None:
    if inner.text == "":
        return outer
    if outer is None or outer.text is None or inner.text is None:
        return inner if outer is None or inner.text is None else outer
    text = f"{outer.text.rstrip('/')}/{inner.text.lstrip('/')}"
    return Text(text, inner.span, outer.assumed or inner.assumed)


def _rule(prefix: Text, path: Text) -> Text:
    if prefix.text is None or path.text is None or not path.text:
        return joined(prefix, path)
    text = f"{prefix.text.rstrip('/')}/{path.text.lstrip('/')}"
    return Text(text, path.span, prefix.assumed or path.assumed)


def _route(
    entry: Route, path: Text, via: tuple[Placed, ...], groups: tuple[Group, ...], late: bool
) -> Iterator[Found | Lost]:
    placed = entry.placed
    if path.text is None:
        shown = entry.path.text if entry.path.text is not None else placed.scope.source.snippet(placed.node)
        yield Lost(f"the path of `{shown}`", path.reason, placed.span)
    elif entry.methods is None:
        yield Lost(f"the methods of {path.text}", "they are not constant", placed.span)
    elif placed.endless:
        yield Lost(path.text, "it is declared in a loop that is not unrolled", placed.span)
    else:
        yield Found(entry, path, via, groups, late)


def _name(group: Group) -> str:
    return group.placed.scope.source.snippet(group.placed.node)
