"""What runs around requests: of the whole app, and of single routes by the groups that they are in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conduitc.frontend.values import Class, External, Value, settled
from conduitc.frontend.web.functions import Functions, answers, function_of
from conduitc.frontend.web.records import Around, Group
from conduitc.ir.nodes import Declaration, Middleware

#: Hooks of a blueprint that are the whole app's.
_OF_APP = ("before_app_request", "after_app_request")


def around_app(groups: Sequence[Group], functions: Functions) -> Iterator[Middleware]:
    """The app's own, outermost first, and what its blueprints declare for all of it."""
    app, *others = groups
    declared = [one for group in others for one in group.around if one.text in _OF_APP]
    yield from _nodes([*_ordered(app), *declared], functions)


def around_routes(groups: Sequence[Group], functions: Functions) -> Iterator[Middleware]:
    """What the groups below the app put around their routes."""
    for group in groups[1:]:
        yield from _nodes([one for one in _ordered(group) if one.text not in _OF_APP], functions)


def _ordered(group: Group) -> list[Around]:
    """What was added last is outermost in Starlette; Flask calls its hooks in their order."""
    return group.around if group.framework == "flask" else list(reversed(group.around))


def _nodes(listed: list[Around], functions: Functions) -> Iterator[Middleware]:
    for index, one in enumerate(listed):
        placed = one.placed
        named = one.kind == "function" and function_of(one.value) is not None
        id_ = functions.id_of(one.value) if named else ""
        text = placed.scope.source.snippet(placed.node)
        name = id_.partition(":")[2] or _name(one.value, one.text or text)
        at = Declaration(-2 - index, 0, "middleware", "", placed.span.line, placed.span)
        yield Middleware(one.kind, name, id_ or None, at, index, placed.span)


def _name(value: Value, text: str) -> str:
    match settled(value):
        case Class() as cls:
            return cls.full_name
        case External(name=name):
            return name
    return answers(value, text)
