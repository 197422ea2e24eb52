"""Routes that nothing ever reaches: whatever path they take, a more specific route takes it first.

In: bound routes. Out: the same App. With specific before general and backtracking this happens only to a
route one of whose segments takes a few values (an enum, a ``Literal``, narrow bounds) or that ends in
``path``: any other has values that no static text equals. So only those are asked about, by walking all their
paths through the tree of their rivals at once; a segment of unlimited values counts as taken where a rival's
surely holds it whole.

``/pets/cat``, ``/pets/dog``, and ``/pets/{kind}`` with ``kind: Literal["cat", "dog"]``   →   the last
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from conduitc.diagnostics import Diagnostic, Label, Rule
from conduitc.ir.nodes import App, Dynamic, Route
from conduitc.passes.conflicts import Languages, enums_of, languages
from conduitc.passes.language import STATIC, Values
from conduitc.passes.scalars import Enums
from conduitc.passes.suggest import listed

#: At most so many winners are named.
_NAMED = 3


class Tree(Struct):
    """Rivals by their segments. ``ends`` are routes that end here, ``tails`` those that take any rest.

    ``rests`` holds those that take a few rests only, word by word; a rest never puts a route ahead, so it
    counts only for one that is ahead already.
    """

    statics: dict[str, "Tree"] = field(default_factory=dict)
    values: list[tuple[Values, "Tree"]] = field(default_factory=list)
    ends: list[Route] = field(default_factory=list)
    tails: list[Route] = field(default_factory=list)
    rests: "Tree | None" = None


#: Where rivals stand after some segments, and whether they are already ahead of the route in question.
State = list[tuple[Tree, bool]]
#: Who takes the paths instead; None where some path is left over.
Winners = dict[str, Route] | None


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    enums = enums_of(app)
    names = {function.id: function.name for function in app.functions}
    trees: dict[str, Tree] = {}
    found = []
    for route in app.routes:
        if not _suspect(route):
            continue
        winners = _winners(route, app.routes, enums, trees)
        if winners is not None:
            found.append(_report(route, winners, names))
    return app, tuple(found)


def _suspect(route: Route) -> bool:
    dynamic = [one for one in route.path.segments if isinstance(one, Dynamic)]
    refined = any(one.refined for one in route.bindings or ())
    return not route.fallback and (refined or any(one.converter == "path" for one in dynamic))


def _winners(route: Route, routes: tuple[Route, ...], enums: Enums, trees: dict[str, Tree]) -> Winners:
    """Who takes every path of ``route`` for each of its methods, or None."""
    segments = languages(route, enums)
    winners: dict[str, Route] = {}
    for method in route.methods:
        if method not in trees:
            trees[method] = tree_of(rivals(method, routes), enums)
        found = hidden(segments, [(trees[method], False)])
        if found is None:
            return None
        winners |= found
    return winners


def rivals(method: str, routes: tuple[Route, ...]) -> Iterator[Route]:
    """The routes that compete for ``method``; a conditional one may be off, so it proves nothing."""
    accepted = {method, "*"} | ({"GET"} if method == "HEAD" else set())
    for route in routes:
        if not (route.fallback or route.declaration.conditional) and accepted & set(route.methods):
            yield route


def tree_of(routes: Iterator[Route], enums: Enums) -> Tree:
    """All routes in one tree."""
    root = Tree()
    for route in routes:
        node = root
        for segment in languages(route, enums):
            if isinstance(segment, str):
                node = node.statics.setdefault(segment, Tree())
            elif segment.converter == "path":
                _add_rest(node, segment, route)
                break
            else:
                below = next((tree for values, tree in node.values if values == segment), None)
                if below is None:
                    below = Tree()
                    node.values.append((segment, below))
                node = below
        else:
            node.ends.append(route)
    return root


def _add_rest(node: Tree, segment: Values, route: Route) -> None:
    if segment.type is None:
        node.tails.append(route)
        return
    node.rests = node.rests or Tree()
    for text in segment.finite() or ():
        below = node.rests
        for word in text.split("/"):
            below = below.statics.setdefault(word, Tree())
        below.ends.append(route)


def hidden(segments: Languages, state: State) -> Winners:
    """Who takes every path that goes on with ``segments``, rivals standing at ``state``."""
    if segments and (ahead := _tail(state)):
        return ahead
    if not segments:
        return _ended(state)
    first, rest = segments[0], segments[1:]
    if isinstance(first, str):
        return _onward(rest, _by_text(first, STATIC, state))
    texts = first.finite()
    if texts is None:
        return _hidden_tail(state) if first.converter == "path" else _onward(rest, _by_values(first, state))
    if first.converter == "path":
        return _all(_words(text.split("/"), state) for text in texts)
    # most texts lead to the same rivals
    after = (_by_text(text, first.rank, state) for text in texts)
    distinct = {tuple((id(tree), ahead) for tree, ahead in one): one for one in after}
    return _all(_onward(rest, one) for one in distinct.values())


def _all(parts: Iterable[Winners]) -> Winners:
    """Everybody who is needed, or None where one part is left over."""
    winners: dict[str, Route] = {}
    for found in parts:
        if found is None:
            return None
        winners |= found
    return winners


def _onward(rest: Languages, state: State) -> Winners:
    return hidden(rest, state) if state else None


def _words(words: list[str], state: State) -> Winners:
    """Who takes one text of a ``path`` segment, slashes and all."""
    for word in words:
        if ahead := _tail(state):
            return ahead
        state = _by_text(word, 0, state)
    return _ended(state)


def _hidden_tail(state: State) -> Winners:
    """Who takes every rest of a path, be it empty, one segment or many.

    A segment is empty or not, and who takes all that are not must take a text that nothing static equals.
    """
    winners: dict[str, Route] = {}
    for after in (_by_text("", 0, state), _by_values(Values("str"), state, 0)):
        ended = _ended(after)
        further = None if ended is None else _tail(after) or _hidden_tail(after)
        if ended is None or further is None:
            return None
        winners |= ended | further
    return winners


def _by_text(text: str, rank: int, state: State) -> State:
    """Rivals that take one text where the route takes it as a segment of ``rank``, and are not behind it."""
    after: State = []
    for tree, ahead in state:
        if text in tree.statics:
            after.append((tree.statics[text], ahead or rank < STATIC))
        if ahead and tree.rests and text in tree.rests.statics:
            after.append((tree.rests.statics[text], True))
        for values, below in tree.values:
            if (ahead or values.rank >= rank) and values.accepts(text):
                after.append((below, ahead or values.rank > rank))
    return after


def _by_values(values: Values, state: State, rank: int | None = None) -> State:
    """The same for all texts that ``values`` takes."""
    own = values.rank if rank is None else rank
    return [
        (below, ahead or rival.rank > own)
        for tree, ahead in state
        for rival, below in tree.values
        if (ahead or rival.rank >= own) and rival.covers(values)
    ]


def _tail(state: State) -> Winners:
    return next(({tree.tails[0].id: tree.tails[0]} for tree, ahead in state if ahead and tree.tails), None)


def _ended(state: State) -> Winners:
    return next(({tree.ends[0].id: tree.ends[0]} for tree, ahead in state if ahead and tree.ends), None)


def _report(route: Route, winners: dict[str, Route], names: dict[str, str]) -> Diagnostic:
    some = list(winners.values())
    said = [one.path.text for one in some]
    if len(said) > _NAMED:
        said[_NAMED:] = [f"{len(said) - _NAMED} more"]
    return UNREACHABLE.at(
        route.path.span,
        label=f"`{names[route.handler]}` never runs",
        labels=tuple(Label(one.path.span, f"`{names[one.handler]}` takes it first") for one in some[:_NAMED]),
        help="remove it, or let it take more values"
        if some
        else "no value satisfies the annotations of its parameters",
        method=",".join(route.methods),
        path=route.path.text,
        winners=f"{listed(said)} take{'s' if len(said) == 1 else ''} every path of it"
        if said
        else "no path fits it",
    )


UNREACHABLE = Rule(
    code="CDT242",
    slug="unreachable-route",
    severity="warning",
    message="{method} `{path}` is never reached: {winners}",
    docs="""More specific routes go first, and here they leave nothing over: whatever this route would
take, one of them takes. It needs a parameter of few values (an enum, a `Literal`, narrow bounds) or a
`path` tail for that to happen; a plain general route beside specific ones is always reached.""",
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
