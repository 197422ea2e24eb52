"""Is every path of one route taken by others? Their segments as a tree, walked by all of its paths at once.

In: what a route's segments take, and trees of its rivals. Out: who takes them, None where one is left over.

Of a segment with unlimited values one text of every kind is tried (``alphabet``); so what is left over is
always a real path. A rival whose values cannot be told apart like this (times, patterns) counts only where it
surely takes all that the route's segment takes.
"""

from collections.abc import Iterator
from itertools import chain

from msgspec import Struct, field

from conduitc.ir.nodes import Route
from conduitc.ir.types import Type
from conduitc.passes.alphabet import alphabet
from conduitc.passes.language import STATIC, Languages, Values

#: A rest of a path with more slashes is not asked about: each of them may stand escaped, or not.
_SLASHES = 6


class Branch(Struct):
    """Rivals that go on with a dynamic segment; whether an alphabet can tell what that takes."""

    values: Values
    exact: bool
    below: "Tree"


class Tree(Struct):
    """Rivals by their segments. ``ends`` are routes that end here, ``tails`` those that take any rest.

    ``few`` finds the dynamic segments that take a few texts only by these, ``many`` are the others. ``rests``
    holds rivals that take a few rests only, word by word; a rest never puts a route ahead, so it counts only
    for one that is ahead already.
    """

    statics: dict[str, "Tree"] = field(default_factory=dict)
    branches: dict[tuple[str, Type | None], Branch] = field(default_factory=dict)
    few: dict[str, list[Branch]] = field(default_factory=dict)
    many: list[Branch] = field(default_factory=list)
    ends: list[Route] = field(default_factory=list)
    tails: list[Route] = field(default_factory=list)
    rests: "Tree | None" = None


#: Where rivals stand after some segments, and whether they are already ahead of the route in question.
State = list[tuple[Tree, bool]]
#: Who takes the paths instead; None where some path is left over.
Winners = dict[str, Route] | None
#: What is left of a path: the number of the next segment, or the text of a rest; and the state before it.
Step = tuple[int, str | None, State]


def add(root: Tree, segments: Languages, route: Route) -> None:
    """Put one more rival into a tree."""
    node = root
    for segment in segments:
        if isinstance(segment, str):
            node = node.statics.setdefault(segment, Tree())
        elif segment.converter == "path":
            _add_rest(node, segment, route)
            return
        else:
            node = _branch(node, segment)
    node.ends.append(route)


def _branch(node: Tree, values: Values) -> Tree:
    known = node.branches.get((values.converter, values.type))
    if known is None:
        known = Branch(values, values.exact(), Tree())
        node.branches[values.converter, values.type] = known
        few = values.finite()
        if few is None:
            node.many.append(known)
        for text in few or ():
            node.few.setdefault(text, []).append(known)
    return known.below


def _add_rest(node: Tree, segment: Values, route: Route) -> None:
    if segment.type is None:
        node.tails.append(route)
        return
    node.rests = node.rests or Tree()
    for text in segment.finite() or ():
        for words in _readings(text):
            below = node.rests
            for word in words:
                below = below.statics.setdefault(word, Tree())
            below.ends.append(route)


def _readings(text: str) -> Iterator[list[str]]:
    """The segments that may make up a rest: a slash in it stands between two, or escaped in one."""
    if text.count("/") > _SLASHES:
        return
    yield [text]
    for at, letter in enumerate(text):
        if letter == "/":
            yield from ([text[:at], *rest] for rest in _readings(text[at + 1 :]))


def hidden(segments: Languages, root: Tree, ahead: bool) -> Winners:
    """Who takes every path of ``segments``; ``ahead``: all rivals go before, however general they are."""
    winners: dict[str, Route] = {}
    if _nothing(segments):
        return winners
    seen: set[tuple[int, str | None, tuple[tuple[int, bool], ...]]] = set()
    todo: list[Iterator[Step]] = [iter([(0, None, [(root, ahead)])])]
    while todo:
        step = next(todo[-1], None)
        if step is None:
            todo.pop()
            continue
        at, rest, state = step
        key = (at, rest, tuple((id(tree), ahead) for tree, ahead in state))
        if key in seen:
            continue
        seen.add(key)
        ends = at == len(segments)
        found = _ended(state) if ends else _tail(state)
        if found is not None:
            winners[found.id] = found
        elif ends or not state:
            return None
        else:
            todo.append(_onward(segments, at, rest, state))
    return winners


def _nothing(segments: Languages) -> bool:
    """Is there no path at all? ``%00`` never gets as far as a route."""
    return any(
        "\0" in one if isinstance(one, str) else one.type is not None and _empty(one) for one in segments
    )


def _empty(values: Values) -> bool:
    few = values.finite()
    if few is not None or not values.exact():
        return few == ()
    return not any(map(values.accepts, alphabet([values])))


def _onward(segments: Languages, at: int, rest: str | None, state: State) -> Iterator[Step]:
    """Every way to go on, one segment further."""
    segment, end = segments[at], len(segments)
    if isinstance(segment, str):
        yield at + 1, None, _by_text(segment, STATIC, state)
    elif segment.converter != "path":
        for after in _after(segment, state):
            yield at + 1, None, after
    elif rest is not None:
        yield from _through(rest, at, end, state)
    elif (texts := segment.finite()) is not None:
        for text in texts:
            if text.count("/") > _SLASHES:
                yield end, None, []
            else:
                yield from _through(text, at, end, state)
    else:
        for after in chain(_after(Values("str"), state, 0), [_by_text("", 0, state)]):
            yield end, None, after
            yield at, None, after


def _through(rest: str, at: int, end: int, state: State) -> Iterator[Step]:
    """The ways through a text that a ``path`` segment takes."""
    yield end, None, _by_text(rest, 0, state)
    for place, letter in enumerate(rest):
        if letter == "/":
            yield at, rest[place + 1 :], _by_text(rest[:place], 0, state)


def _after(values: Values, state: State, rank: int | None = None) -> Iterator[State]:
    """Where rivals stand after one segment, for every kind of text that ``values`` takes."""
    rank = values.rank if rank is None else rank
    few = values.finite()
    if few is not None:
        yield from (_by_text(text, rank, state) for text in few)
    elif not values.exact():
        yield _by_cover(values, rank, state)
    else:
        if (
            values.converter == "str" and values.type is None
        ):  # most routes are reached by any word; the alphabet is dear
            yield _by_text(_fresh(state), rank, state, values)
        rivals = [one.values for tree, _ in state for one in tree.branches.values() if one.exact]
        for text in alphabet([values, *rivals], _statics(state)):
            if values.accepts(text):
                yield _by_text(text, rank, state, values)


def _fresh(state: State) -> str:
    """A word that none of the rivals says."""
    word = "x"
    while any(word in tree.statics or (tree.rests and word in tree.rests.statics) for tree, _ in state):
        word += "x"
    return word


def _statics(state: State) -> set[str]:
    found = {text for tree, _ in state for text in tree.statics}
    return found.union(*(tree.rests.statics for tree, _ in state if tree.rests))


def _by_text(text: str, rank: int, state: State, one_of: Values | None = None) -> State:
    """Rivals that take a text where the route takes it as a segment of ``rank``, and are not behind it.

    The text stands for others of ``one_of``, where that is given.
    """
    after: State = []
    for tree, ahead in state:
        if text in tree.statics:
            after.append((tree.statics[text], ahead or rank < STATIC))
        if ahead and tree.rests and text in tree.rests.statics:
            after.append((tree.rests.statics[text], True))
        for one in (*tree.few.get(text, ()), *tree.many):
            own = one.values.rank
            if (ahead or own >= rank) and _takes(one, text, one_of):
                after.append((one.below, ahead or own > rank))
    return after


def _takes(branch: Branch, text: str, one_of: Values | None) -> bool:
    if one_of is not None and not branch.exact:
        return branch.values.covers(one_of)
    return branch.values.accepts(text)


def _by_cover(values: Values, rank: int, state: State) -> State:
    """The same for all texts that ``values`` takes, by what is sure without trying."""
    return [
        (one.below, ahead or one.values.rank > rank)
        for tree, ahead in state
        for one in tree.branches.values()
        if (ahead or one.values.rank >= rank) and one.values.covers(values)
    ]


def _tail(state: State) -> Route | None:
    return next((tree.tails[0] for tree, ahead in state if ahead and tree.tails), None)


def _ended(state: State) -> Route | None:
    return next((tree.ends[0] for tree, ahead in state if ahead and tree.ends), None)
