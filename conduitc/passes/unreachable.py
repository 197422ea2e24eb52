"""Routes that nothing ever reaches: whatever path they take, another route takes it first.

In: bound routes. Out: the same App. With specific before general and backtracking this happens only to a
route one of whose segments takes a few values (an enum, a ``Literal``, narrow bounds) or that ends in
``path``, so only those are asked about. Where the first declared route answers, each is asked about the ones
before it. A route is reported only where it is never reached whatever the conditions of the others come to.

``/pets/cat``, ``/pets/dog``, and ``/pets/{kind}`` with ``kind: Literal["cat", "dog"]``   →   the last
"""

from collections.abc import Iterator

from conduitc.diagnostics import Diagnostic, Label, Rule
from conduitc.ir.nodes import WEBSOCKET, App, Dynamic, Guard, Route
from conduitc.passes.conditions import Conditions, conditions, follows
from conduitc.passes.conflicts import enums_of, languages, named, spoken
from conduitc.passes.hiding import Tree, Winners, add, hidden
from conduitc.passes.language import Languages
from conduitc.passes.scalars import Enums
from conduitc.passes.suggest import listed

#: At most so many winners are named.
_NAMED = 3

#: At most so many undecided tests are thought through, one after the other.
_TESTS = 6


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    names = {function.id: function.name for function in app.functions}
    table = Table(app.routes, enums_of(app), first_wins=app.precedence == "declaration")
    found = []
    for index, route in enumerate(app.routes):
        if route.weighed:
            winners = table.repeated(index)
        elif not (route.fallback or _given(route)) and (table.first_wins or _suspect(route)):
            winners = table.winners(index)
        else:
            continue
        if winners is not None:
            found.append(_report(route, winners, names, table.first_wins))
    return app, tuple(found)


def _ends_with_rest(route: Route) -> bool:
    """Does a ``path`` segment, if there is any, end the path, and is it nothing but that?"""
    *before, last = route.path.segments or (None,)
    glued = isinstance(last, Dynamic) and last.converter == "path" and last.pattern != ""
    return not glued and not any(isinstance(one, Dynamic) and one.converter == "path" for one in before)


def _given(route: Route) -> bool:
    """Is it a page that the framework adds by itself? Nobody declared it, so nobody misses it."""
    return route.handler == "" and route.answers.startswith(("fastapi.", "flask."))


def _suspect(route: Route) -> bool:
    if any(one.refined for one in route.bindings or ()):
        return True
    return any(
        one.converter == "path" if isinstance(one, Dynamic) else "\0" in one.text
        for one in route.path.segments
    )


class Table:
    """The routes of an app as rivals of one of them, which is asked about in the order of declaration.

    Trees are kept: most routes ask for the same.
    """

    def __init__(self, routes: tuple[Route, ...], enums: Enums, first_wins: bool) -> None:
        self.routes = routes
        self.first_wins = first_wins
        self._enums = enums
        self._trees: dict[tuple[str, Conditions | None], tuple[Tree, int]] = {}
        self._languages: dict[int, Languages] = {}
        self._conditions = [conditions(one) for one in routes]
        self._plain = [not one.fallback and _ends_with_rest(one) for one in routes]

    def repeated(self, index: int) -> Winners:
        """The first route of the same path and methods, where that is always on; None where there is none."""
        route = self.routes[index]
        for one in range(index):
            first = self.routes[one]
            same = set(route.methods) <= set(first.methods) and self._segments(one) == self._segments(index)
            if same and follows(self._conditions[one], self._conditions[index]):
                return {first.id: first}
        return None

    def winners(self, index: int) -> Winners:
        """Who takes every path of a route, for each of its methods; None where some path is left over."""
        if not self._plain[index]:
            return None
        winners: dict[str, Route] = {}
        for method in self.routes[index].methods:
            found = self._hidden(index, method, None)
            if found is not None and any(self._conditions[one] for one in self._rivals(index, method)):
                found = self._whatever_happens(index, method, self._conditions[index], found, _TESTS)
            if found is None:
                return None
            winners |= found
        return winners

    def _whatever_happens(
        self, index: int, method: str, known: Conditions, likely: dict[str, Route], tests: int
    ) -> Winners:
        """Who takes every path where ``known`` holds, whatever else does; ``likely`` is who may."""
        surely = self._hidden(index, method, known)
        test = self._undecided(index, method, known, likely)
        if surely is not None or test is None or tests == 0:
            return surely
        winners: dict[str, Route] = {}
        for arm in range(test.arms):
            then = known | {Guard(test.test, arm, test.arms)}
            found = self._whatever_happens(index, method, then, likely, tests - 1)
            if found is None:
                return None
            winners |= found
        return winners

    def _undecided(
        self, index: int, method: str, known: Conditions, likely: dict[str, Route]
    ) -> Guard | None:
        """A test of which just one arm happens, best one that decides about a likely winner."""
        decided = {one.test for one in known}
        rivals = sorted(self._rivals(index, method), key=lambda one: (self.routes[one].id not in likely, one))
        guards = (
            guard for one in rivals for guard in sorted(self._conditions[one], key=lambda one: one.test)
        )
        return next((one for one in guards if one.arms and one.test not in decided), None)

    def _hidden(self, index: int, method: str, known: Conditions | None) -> Winners:
        """Who takes every path: of the rivals that are on where ``known`` holds, or of all."""
        tree, done = self._trees.get((method, known), (Tree(), 0))
        for one in self._rivals(index, method, done):
            if known is None or follows(self._conditions[one], known):
                add(tree, self._segments(one), self.routes[one])
        self._trees[method, known] = (tree, self._end(index))
        return hidden(self._segments(index), tree, self.first_wins)

    def _rivals(self, index: int, method: str, start: int = 0) -> Iterator[int]:
        """The routes that compete for ``method``, from number ``start``."""
        accepted = {method} if method == WEBSOCKET else {method, "*"}
        if method == "HEAD" and not self.first_wins:
            accepted.add("GET")
        for one in range(start, self._end(index)):
            route = self.routes[one]
            if self._plain[one] and not accepted.isdisjoint(route.methods):
                yield one

    def _end(self, index: int) -> int:
        return index if self.first_wins else len(self.routes)

    def _segments(self, index: int) -> Languages:
        if index not in self._languages:
            self._languages[index] = languages(self.routes[index], self._enums)
        return self._languages[index]


def _report(route: Route, winners: dict[str, Route], names: dict[str, str], first_wins: bool) -> Diagnostic:
    some = list(winners.values())
    paths = list(dict.fromkeys(one.path.text for one in some))
    more = len(paths) - _NAMED
    said = (
        listed(paths) if more <= 0 else f"{', '.join(f'`{one}`' for one in paths[:_NAMED])} and {more} more"
    )
    if not some:
        help_ = "no value satisfies the annotations of its parameters"
    elif first_wins:
        help_ = "declare it before them" if len(some) > 1 else "declare it before that one"
    else:
        help_ = "remove it, or let it take more values"
    return UNREACHABLE.at(
        route.path.span,
        label=f"{named(route, names)} never {'answers' if route.mount else 'runs'}",
        labels=tuple(Label(one.path.span, f"{named(one, names)} takes it first") for one in some[:_NAMED]),
        help=help_,
        method=spoken(route.methods),
        path=route.path.text,
        winners=f"{said} take{'s' if len(paths) == 1 else ''} every path of it"
        if some
        else "no path fits it",
    )


UNREACHABLE = Rule(
    code="CDT242",
    slug="unreachable-route",
    severity="warning",
    message="{method} `{path}` is never reached: {winners}",
    docs="""More specific routes go first, and here they leave nothing over: whatever this route would
take, one of them takes. It needs a parameter of few values (an enum, a `Literal`, narrow bounds) or a
`path` tail for that to happen; a plain general route beside specific ones is always reached. In FastAPI
and Starlette apps the route that is declared first answers, so a general one hides the specific ones below
it; of two rules of Flask with the same path, the first does.""",
    bad="""\
from typing import Literal

from conduit import Conduit

app = Conduit()

@app.get("/pets/cat")
def cat():
    return "meow"

@app.get("/pets/dog")
def dog():
    return "woof"

@app.get("/pets/{kind}")
def pet(kind: Literal["cat", "dog"]):
    return kind
""",
    good="""\
from typing import Literal

from conduit import Conduit

app = Conduit()

@app.get("/pets/cat")
def cat():
    return "meow"

@app.get("/pets/{kind}")
def pet(kind: Literal["cat", "dog"]):
    return kind
""",
)
